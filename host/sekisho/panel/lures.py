"""The sentences that press for something, each marked with the finding that rests on it."""

from __future__ import annotations

from sekisho.panel import View
from sekisho.panel.primitives import Primitive, fold, marked, more, sentence, span

MAX_SHOWN = 20  # sentences of one place


def sentences(view: View) -> Primitive | None:
    """A fold with one marked text a place (subject, sender's name, part); None where nothing presses."""
    titles = {finding.id: finding.title for finding in view.findings}
    places: dict[str, list[Primitive]] = {}
    ends: dict[str, int] = {}
    left_out = 0
    for lure in view.facts.lures.every:
        finding = f"lure-{lure.kind}"
        if finding not in titles or lure.start < ends.get(lure.where, 0):
            continue  # a sentence that presses for two things stands here once
        ends[lure.where] = lure.end
        shown = places.setdefault(lure.where, [])
        if len(shown) >= 2 * MAX_SHOWN:
            left_out += 1
            continue
        shown += (span(lure.sentence, "mark", finding, titles[finding]), span("\n"))
    if not places:
        return None
    body = [sentence(view.words("facts.lures-hint"), "muted")]
    body += [marked(spans[:-1], where if where.startswith("part:") else None) for where, spans in places.items()]
    if left_out:
        body.append(more(view.words("facts.lures-more", count=left_out)))
    return fold(view.words("facts.lures"), body)
