"""The header as it stands in the bytes, with every piece of evidence marked in its place.

A mark is made where a value of a finding stands, also across a fold; what stands in encoded words (RFC 2047) is marked word by whole word.
Where no value can be found the field itself is the evidence, and of a Received line what the finding is about: its date or its peer.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sekisho.facts.route import Step
from sekisho.mail.charset import guess
from sekisho.mail.fields import Field
from sekisho.mail.received import spans as spans_of
from sekisho.named import NamedTuple
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, action, marked, more, sentence, span
from sekisho.panel.primitives import block as make
from sekisho.panel.vouching import note as vouched
from sekisho.report import Finding

MAX_FIELDS = 150  # and so many more with evidence in them
MAX_FIELD = 4000  # characters of one field
MAX_TEXT = 150_000  # characters of all fields; of those behind it the evidence alone is shown
MAX_MARK = 300
MAX_MARKS = 200  # of one field
MAX_NOTES = 4  # findings that one mark tells of
# Of a Received line these are about its date; all others are about who handed over, or who took it.
_OF_TIME = frozenset({"date-in-future", "date-long-before", "held-up", "clock-zone-elsewhere", "no-date"})
_PEER = ("address", "rdns", "helo", "by")


class _Mark(NamedTuple):
    start: int
    end: int
    role: str
    finding: str | None
    note: str


def block(view: View) -> Primitive:
    """The source block."""
    words, header = view.words, view.facts.message.header
    read = {step.field.start: step for step in view.facts.route.steps}
    evidence: dict[str, list[Finding]] = {}
    for finding in view.findings:
        for place in finding.where:
            evidence.setdefault(place, []).append(finding)
    body: list[Primitive] = [sentence(words("source.hint"), "muted")]
    if header.fields:
        body.append(action(words("source.next"), "next_mark", {}, words("source.keys")))
        body.append(action(words("source.copy"), "copy_header", {}))
    left, beyond, left_out = MAX_TEXT, MAX_FIELDS, 0
    for number, field in enumerate(header.fields):
        found = evidence.get(field.anchor, [])
        if number >= MAX_FIELDS or left <= 0:
            if not found or not beyond:
                left_out += 1
                continue
            beyond -= 1
        spans = _field(field, found, read.get(field.start), view)
        for piece in spans:
            left -= len(piece["text"])
        body.append(marked(spans, field.anchor))
    if left_out:
        body.append(more(words("source.more", count=left_out)))
    return make("source", words("source"), body)


def _field(field: Field, found: list[Finding], step: Step | None, view: View) -> list[Primitive]:
    source = view.facts.message.source
    name = span(guess(source[field.start : field.value]), "field-name")
    # A line end is CR LF in most stores; a CR alone is none, and is seen.
    text = guess(source[field.value : field.end][: MAX_FIELD * 2]).replace("\r\n", "\n")
    spans = _spans(text[:MAX_FIELD], found, step, view)
    if len(text) > MAX_FIELD:
        spans.append(span("…", "muted", None, view.words("source.cut")))
    return [name, *spans]


def _spans(text: str, found: list[Finding], step: Step | None, view: View) -> list[Primitive]:
    if step is None and not found:
        return [span(text)] if text else []
    roles = list(_roles(text, step, view)) if step is not None else []
    marks = [mark for finding in found for mark in _evidence(text, finding, roles)][:MAX_MARKS] + roles
    if not marks:
        return [span(text)] if text else []
    if not found and (apart := _apart(text, roles)) is not None:
        return apart
    out: list[Primitive] = []
    edges = sorted({0, len(text), *(mark.start for mark in marks), *(mark.end for mark in marks)})
    for start, end in pairwise(edges):
        over = [mark for mark in marks if mark.start <= start and end <= mark.end]
        piece = _told(text[start:end], over)
        if out and all(out[-1][name] == piece[name] for name in ("role", "finding", "note")):
            out[-1]["text"] += piece["text"]
        else:
            out.append(piece)
    return out


def _apart(text: str, roles: list[_Mark]) -> list[Primitive] | None:
    """The text with marks that have nothing in common, as in most Received lines; None where two stand in one place."""
    out: list[Primitive] = []
    at = 0
    for mark in sorted(roles):
        if mark.start < at:
            return None
        if mark.start > at:
            out.append(span(text[at : mark.start]))
        out.append(span(text[mark.start : mark.end], mark.role, mark.finding, mark.note))
        at = mark.end
    if at < len(text):
        out.append(span(text[at:]))
    return out


def _told(text: str, over: list[_Mark]) -> Primitive:
    """A piece of text with all that its marks say; evidence comes before what a part of the line is."""
    if not over:
        return span(text)
    notes = list(dict.fromkeys(mark.note for mark in over))
    return span(text, over[0].role, over[0].finding, "\n".join(notes[:MAX_NOTES]))


def _roles(text: str, step: Step, view: View) -> Iterator[_Mark]:
    """HELO, name, address and writer of a Received line, and whose word each is."""
    raw = step.received.raw
    for role, place in spans_of(step.received).items():
        said = raw[place.start : place.end]
        nth = raw.count(said, 0, place.start)
        found = _places(text, said)
        if nth < len(found):
            yield _Mark(*found[nth], role, None, vouched(role, step.hop, view.words))


def _evidence(text: str, finding: Finding, roles: list[_Mark]) -> list[_Mark]:
    """Where in a field a finding's evidence stands; at least one place in a field that is not empty."""
    found = [place for value in _texts(finding.values) for place in _places(text, value)]
    if not found:
        found = [_whole(text, finding, roles)]
    return [_Mark(start, end, "mark", finding.id, finding.title) for start, end in dict.fromkeys(found)]


def _whole(text: str, finding: Finding, roles: list[_Mark]) -> tuple[int, int]:
    """The part of a field that a finding is about, where none of its values stands there."""
    if roles and finding.id not in _OF_TIME:
        first = min(roles, key=lambda mark: _PEER.index(mark.role) if mark.role in _PEER else len(_PEER))
        return first.start, first.end
    begin = text.rfind(";") + 1 if roles else 0
    begin += len(text[begin:]) - len(text[begin:].lstrip())
    return begin, min(len(text.rstrip()), begin + MAX_MARK)


# ------------------------------------------------------------------ where a value stands


def _texts(values: dict[str, object]) -> list[str]:
    return [value for value in values.values() if isinstance(value, str) and len(value) > 3]


def _places(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where `wanted` stands in `text`, whatever its case and its folding; encoded words that say it, whole. At most 20 places."""
    lower, needle = text.lower(), " ".join(wanted.lower().split())
    if not needle:
        return []
    if len(lower) == len(text) and (found := list(_finds(lower, needle))):
        return found
    if " " in needle or len(lower) != len(text):
        flat, at = _flat(text)
        if folded := [(at[start], at[end - 1] + 1) for start, end in _finds(flat, needle)]:
            return folded
    return list(_encoded(text, needle)) if "=?" in text else []


def _finds(haystack: str, needle: str) -> Iterator[tuple[int, int]]:
    at = haystack.find(needle)
    for _ in range(20):
        if at < 0:
            return
        yield at, at + len(needle)
        at = haystack.find(needle, at + len(needle))


def _flat(text: str) -> tuple[str, list[int]]:
    """The text in lower case with every stretch of white space as one blank, and where each of its characters stands in `text`."""
    out: list[str] = []
    at: list[int] = []
    for number, character in enumerate(text):
        if character.isspace():
            if out and out[-1] == " ":
                continue
            character = " "
        lower = character.lower()
        out.append(lower if len(lower) == 1 else character)
        at.append(number)
    return "".join(out), at


def _encoded(text: str, needle: str) -> Iterator[tuple[int, int]]:
    """Runs of encoded words that say `needle`, words of one run being read together as they are written."""
    from sekisho.mail.words import decode_words

    for start, end in _runs(text):
        said = decode_words(text[start:end].encode("utf-8", "replace"))
        if needle in " ".join(said.lower().split()):
            yield start, end


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Encoded words (=?charset?encoding?text?=) with nothing but white space between them."""
    start = end = -1
    at = text.find("=?")
    while at >= 0:
        close = at + 2
        for mark in ("?", "?", "?="):
            close = text.find(mark, close) + len(mark)
            if close < len(mark):
                break  # never closed, and neither is any word behind it
        else:
            if end < 0 or text[end:at].strip():
                if end >= 0:
                    yield start, end
                start = at
            end = close
            at = text.find("=?", end)
            continue
        break
    if end >= 0:
        yield start, end
