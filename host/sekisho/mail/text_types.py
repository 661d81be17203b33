"""What the parts that are neither plain text nor HTML show as words, and which parts show words at all.

The list is Thunderbird's: it shows every kind of text and of message that it does not know as plain text, in the mail's body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sekisho.mail import text_links
from sekisho.mail.mime import Part

MAX_LINES = 1_000  # held one by one
_HTML = frozenset({"text/html", "text/x-amp-html"})
_CONTENT_LINES = frozenset(
    {"text/calendar", "application/ics", "text/vcard", "text/x-vcard", "text/directory", "text/x-vcalendar"}
)
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_NO_WORDS = frozenset({"text/rtf", "message/partial", "message/external-body"})


def shows_words(part: Part) -> bool:
    """Whether a reader is shown the part's words in the mail's body, or would be by another program."""
    kind = part.read_as
    if not part.leaf or kind in _NO_WORDS:
        return False
    return kind.startswith(("text/", "message/")) or kind in ("application/pgp", "application/ics")


def is_html(part: Part) -> bool:
    return part.read_as in _HTML


def words(part: Part, text: str) -> tuple[str, str]:
    """What a part's text, already decoded, says: the words, and HTML that stands in it ("" where none does)."""
    if part.read_as in _CONTENT_LINES:
        from sekisho.mail import content_lines

        return content_lines.read(text)
    if part.read_as in _ENRICHED:
        return _enriched(text, part.read_as == "text/richtext"), ""
    if part.parameters.get("format", "").lower() == "flowed":
        flowed = _flowed(text, part.parameters.get("delsp", "").lower() == "yes")
        # Thunderbird makes its links of the lines as they stand.
        known = set(text_links.find(flowed))
        return "\n".join([flowed, *(url for url in text_links.find(text) if url not in known)]), ""
    return text, ""


def _enriched(text: str, rich: bool) -> str:
    """RFC 1896, or RFC 1341 §7.1.3 for its forerunner, without its commands; `<<` is `<`, a lone line end is a blank."""
    plain = text.replace("\r\n", "\n").replace("<<", "\0")
    if rich:
        plain = re.sub(r"(?i)<nl>", "\n", plain).replace("<lt>", "\0")
    return re.sub(r"<[^<>\n]{1,60}>", "", plain).replace("\0", "<")


def _flowed(text: str, delsp: bool) -> str:
    """Soft line breaks undone (RFC 3676 §4): with DelSp the blank goes too, and a URL cut there is whole again."""
    whole: list[str] = []
    out: list[str] = []  # the last lines
    before = ""  # what the line above was quoted with; it flows on into a line of the same depth
    flows = False
    for line in _lines(text.replace("\r\n", "\n")):
        if len(out) > MAX_LINES:
            whole.append("".join(out[:-1]))
            del out[:-1]
        said = line.lstrip(">")
        quoted = line[: len(line) - len(said)]
        said = said.removeprefix(" ")  # stuffed
        if flows and quoted == before:
            if delsp:
                out[-1] = out[-1][:-1]
            out.append(said)
        else:
            out.append(("\n" if out else "") + (quoted + " " if quoted else "") + said)
        flows = said.endswith(" ") and said != "-- "
        before = quoted
    return "".join((*whole, *out))


def _lines(text: str) -> Iterator[str]:
    """One after the other: all at once short lines take eight times the room of the text."""
    at = 0
    while (end := text.find("\n", at)) >= 0:
        yield text[at:end]
        at = end + 1
    yield text[at:]
