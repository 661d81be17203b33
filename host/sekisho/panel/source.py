"""The header as it stands in the bytes, with every piece of evidence marked in its place."""

from __future__ import annotations

from sekisho.facts.route import Step
from sekisho.mail.charset import guess
from sekisho.mail.fields import Field
from sekisho.mail.received import spans as spans_of
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, marked, more, sentence, span
from sekisho.panel.primitives import block as make
from sekisho.panel.vouching import note as vouched
from sekisho.report import Finding

MAX_FIELDS = 150
MAX_FIELD = 4000  # characters of one field
MAX_MARK = 300


def block(view: View) -> Primitive:
    """The source block."""
    words, header, source = view.words, view.facts.message.header, view.facts.message.source
    read = {step.field.start: step for step in view.facts.route.steps}
    body: list[Primitive] = [sentence(words("source.hint"), "muted")]
    for field in header.fields[:MAX_FIELDS]:
        text = guess(source[field.value : field.end][: MAX_FIELD * 2])[:MAX_FIELD]
        evidence = [finding for finding in view.findings if field.anchor in finding.where]
        spans = [
            span(guess(source[field.start : field.value]), "field-name"),
            *_spans(text, field, evidence, read.get(field.start), view),
        ]
        body.append(marked(spans, field.anchor))
    if len(header.fields) > MAX_FIELDS:
        body.append(more(words("source.more", count=len(header.fields) - MAX_FIELDS)))
    return make("source", words("source"), body)


def _spans(text: str, field: Field, evidence: list[Finding], step: Step | None, view: View) -> list[Primitive]:
    marks: list[tuple[int, int, str, str | None, str | None]] = []
    for finding in evidence:
        found = [place for value in _texts(finding.values) for place in _places(text, value)]
        marks += [(start, end, "mark", finding.id, finding.title) for start, end in found]
        if not found and step is None:
            begin = len(text) - len(text.lstrip())
            marks.append((begin, min(len(text.rstrip()), begin + MAX_MARK), "mark", finding.id, finding.title))
    if step is not None:
        raw = step.received.raw
        for role, place in spans_of(step.received).items():
            said = raw[place.start : place.end]
            nth = raw.count(said, 0, place.start)
            found = _places(text, said)
            if nth < len(found):
                marks.append((*found[nth], role, None, vouched(role, step.hop, view.words)))
    out: list[Primitive] = []
    at = 0
    # Evidence first where two marks begin together; what overlaps an earlier mark is left to it.
    for start, end, role, finding_id, note in sorted(marks, key=lambda mark: (mark[0], mark[3] is None, -mark[1])):
        if start < at or end <= start:
            continue
        out.append(span(text[at:start]))
        out.append(span(text[start:end], role, finding_id, note))
        at = end
    out.append(span(text[at:]))
    return [piece for piece in out if piece["text"]]


def _texts(values: dict[str, object]) -> list[str]:
    return [value for value in values.values() if isinstance(value, str) and len(value) > 3]


def _places(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where `wanted` stands in `text`, whatever its case. At most 20 places."""
    out: list[tuple[int, int]] = []
    haystack, needle = text.lower(), wanted.lower()
    at = haystack.find(needle) if needle and len(haystack) == len(text) else -1
    while at >= 0 and len(out) < 20:
        out.append((at, at + len(needle)))
        at = haystack.find(needle, at + len(needle))
    return out
