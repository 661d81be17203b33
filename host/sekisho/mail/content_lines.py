"""Calendars and business cards in words: content lines unfolded and unescaped (RFC 5545 §3.1, §3.3.11; RFC 6350 §3.2)."""

from __future__ import annotations

from sekisho.mail import text_links

MAX_LINES = 20_000
# What a mail program shows of an event or a card. Of other properties (UID, RRULE, X-...) only links are worth a line.
_SHOWN = frozenset(
    {"SUMMARY", "DESCRIPTION", "LOCATION", "URL", "COMMENT", "CONTACT", "ATTACH", "CONFERENCE", "X-ALT-DESC"}
    | {"FN", "ORG", "TITLE", "NOTE", "ADR"}
)
_IDENTIFIERS = frozenset({"UID", "PRODID", "TZURL", "BEGIN", "END", "TZID"})


def read(text: str) -> tuple[str, str]:
    """The words that a reader is shown, one property a line, and the HTML that stands in X-ALT-DESC ("" where none does)."""
    unfolded = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n ", "").replace("\n\t", "")
    shown: list[str] = []
    html: list[str] = []
    for line in unfolded.split("\n", MAX_LINES)[:MAX_LINES]:
        named, value = _value(line)
        parameters = named.upper().split(";")
        name = parameters[0].rpartition(".")[2]  # a card's group stands before it
        if name in _IDENTIFIERS:
            continue
        if name == "X-ALT-DESC" or "FMTTYPE=TEXT/HTML" in parameters:
            html.append(_unescaped(value))
        elif name in _SHOWN:
            shown.append(_unescaped(value))
        else:
            shown.extend(text_links.find(_unescaped(value)))
        shown.extend(text_links.find(named))  # ALTREP and the like
    return "\n".join(shown), "\n".join(html)


def _value(line: str) -> tuple[str, str]:
    """What stands before the colon, and behind it; a colon between quotation marks ends nothing."""
    at = 0
    for nth, piece in enumerate(line.split('"')):
        colon = piece.find(":") if nth % 2 == 0 else -1
        if colon >= 0:
            return line[: at + colon], line[at + colon + 1 :]
        at += len(piece) + 1
    return "", line


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    out = value.replace("\\\\", "\0").replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";")
    return out.replace("\0", "\\")
