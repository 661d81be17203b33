"""The header section as it stands in the bytes: every field with its place (RFC 5322 §2.2).

A field keeps its offsets into the source, so that evidence can be marked where it stands. Obsolete and broken forms are
read as mail programs read them: white space before the colon, a bare CR or LF as line end, a first line that is none.
"""

from __future__ import annotations

import re

from sekisho.mail.charset import guess
from sekisho.named import NamedTuple

MAX_HEADER = 1 << 20  # bytes read as header; a longer one is cut there and said so
MAX_FIELDS = 4000  # real mails have under 200

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_FOLDS = tuple((end + blank, blank) for end in (b"\r\n", b"\n", b"\r") for blank in (b" ", b"\t"))

# What Thunderbird itself writes above a message in its store; it changes when a message is read or starred.
_STATUS = re.compile(rb"(?:(?:X-Mozilla-[!-9;-~]*|X-Account-Key|X-UIDL):[^\r\n]*(?:\r\n|\n|\r))+", re.IGNORECASE)
# An mbox separator (RFC 4155) that a caller left in front.
_FROM_LINE = re.compile(rb"From [^\r\n]*(?:\r\n|\n|\r)")


class Field(NamedTuple):
    """One header field. `start:end` is the whole field in the source without its last line end; `value` starts its body."""

    name: str  # lower case
    raw_name: str
    body: bytes  # unfolded, without surrounding white space
    start: int
    value: int
    end: int
    nth: int  # how many fields of the same name stand above it

    @property
    def text(self) -> str:
        """The body as text, not yet decoded (RFC 2047 words still stand)."""
        return guess(self.body)

    @property
    def anchor(self) -> str:
        """The name of its place in the report: field:from, field:received:0."""
        return f"field:{self.name}:{self.nth}" if self.name == "received" or self.nth else f"field:{self.name}"


class Header(NamedTuple):
    fields: tuple[Field, ...]
    body: int  # offset where the body starts
    defects: tuple[str, ...]
    named: dict[str, list[Field]]  # the same fields by their lower-case name

    def first(self, name: str) -> Field | None:
        """The topmost field of that (lower-case) name."""
        found = self.named.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list[Field]:
        return self.named.get(name, [])


def status_lines(source: bytes) -> int:
    """How many bytes at the start are Thunderbird's own status lines (or an mbox separator), not the message's."""
    at = 0
    if source.startswith(b"From "):
        separator = _FROM_LINE.match(source, 0, 1000)
        at = separator.end() if separator else 0
    status = _STATUS.match(source, at, at + 4096)
    return status.end() if status else at


def parse(source: bytes, start: int = 0, end: int | None = None, in_multipart: bool = False) -> Header:
    """The header section that begins at `start`. Linear; a header without an empty line runs to the first line that can't be one.

    `in_multipart`: a line that begins with two dashes may be a delimiter (RFC 2046 §5.1.1), and is no part of the header.
    """
    stop = len(source) if end is None else end
    limit = min(stop, start + MAX_HEADER)
    fields: list[Field] = []
    named: dict[str, list[Field]] = {}
    defects: list[str] = []
    at = start
    body = stop
    # The next line feed and carriage return, each looked for once however many of the other there are.
    feed, carriage = source.find(b"\n", at, limit), source.find(b"\r", at, limit)

    def end_of_line(begin: int) -> tuple[int, int]:
        """Where the line that begins there ends, and where the next one begins."""
        nonlocal feed, carriage
        if 0 <= feed < begin:
            feed = source.find(b"\n", begin, limit)
        if 0 <= carriage < begin:
            carriage = source.find(b"\r", begin, limit)
        if carriage < 0 or 0 <= feed < carriage:
            return (feed, feed + 1) if feed >= 0 else (limit, limit)
        return carriage, carriage + (2 if feed == carriage + 1 else 1)

    while at < limit:
        line_stop, following = end_of_line(at)
        if line_stop == at:
            body = following
            break
        if in_multipart and source.startswith(b"--", at):
            defects.append("header-ends-without-empty-line")
            body = at
            break
        match = _FIELD.match(source, at, line_stop)
        if match is None:
            if source[at] in b" \t" and fields and not source[at:line_stop].strip():
                at = following
                continue
            if source[at] in b" \t" or not fields:
                # A fold with nothing to fold into, or a first line that is no field: mail programs skip it.
                defects.append("header-line")
                at = following
                if len(defects) > MAX_FIELDS:
                    body = at
                    break
                continue
            defects.append("header-ends-without-empty-line")
            body = at
            break
        while following < limit and source[following] in b" \t":
            # A line of nothing but blanks folds too (obs-FWS): only a really empty line ends the header.
            line_stop, following = end_of_line(following)
        name = match.group(1).decode("ascii")
        lower = name.lower()
        alike = named.setdefault(lower, [])
        value = source[match.end() : line_stop]
        field = Field(lower, name, _unfolded(value).strip(b" \t\r\n"), at, match.end(), line_stop, len(alike))
        alike.append(field)
        fields.append(field)
        at = following
        if len(fields) >= MAX_FIELDS:
            defects.append("too-many-fields")
            body = at
            break
    else:
        body = limit
        if limit < stop:
            defects.append("header-too-long")
    return Header(tuple(fields), body, tuple(dict.fromkeys(defects)), named)


def _unfolded(value: bytes) -> bytes:
    if b"\n" in value or b"\r" in value:
        # Plain replacing: a substitution makes an object of every piece, and a megabyte of folds has 300,000.
        for fold, blank in _FOLDS:
            value = value.replace(fold, blank)
    return value
