"""The parts of a message (RFC 2045, RFC 2046) as places in its bytes; a part is decoded only when somebody reads it.

Where the standards leave room, or a sender does not follow them, a message is taken apart as Thunderbird does it: what it
shows to the reader is what has to be looked at (tests/thunderbird asks it about hundreds of such messages).
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, a2b_qp, a2b_uu
from collections.abc import Iterator

from sekisho.mail import charset, fields
from sekisho.mail.words import base64_bytes, parameters
from sekisho.named import NamedTuple

MAX_PARTS = 1_000
STRETCH = 1 << 18  # bytes of a long text that are decoded at once
MAX_LOOKED_BACK = 4_096  # bytes, for a place to cut it
MAX_DEPTH = 66  # real mails reach 8; Thunderbird shows nothing deeper than this
_LINE = re.compile(rb"\r\n|\n|\r")
_UU_BEGIN = re.compile(rb"begin [0-7]{3,4} [^\r\n]{1,200}\r?\n")
_BLANKS = b" \t\r\n\x0b\x0c\x00"  # what may stand behind a boundary
_LONE_CR = re.compile(rb"=\r(?!\n)")
_UU = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
ENCODED = _UU | {"base64", "quoted-printable"}
SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})  # RFC 8551 §3.2
MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_NO_TYPE = frozenset({"application/octet-stream", "application/x-unknown-content-type"})
# What a file of no type, or of one that says nothing, is read as: by its name, and shown even if it is an attachment.
_BY_NAME = {
    "htm": "text/html",
    "html": "text/html",
    "shtml": "text/html",
    "txt": "text/plain",
    "text": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    "eml": "message/rfc822",
    "p7m": "application/pkcs7-mime",
}


class Part(NamedTuple):
    """One MIME entity. `start:end` is its body, still encoded, in `held` or, where that is None, in the message's source."""

    number: int  # its place among the message's entities
    depth: int
    content_type: str  # as declared
    read_as: str  # the type by which it is shown
    parameters: dict[str, str]
    encoding: str
    disposition: str
    filename: str | None
    content_id: str
    start: int
    end: int
    leaf: bool
    held: bytes | None = None  # the decoded message that it stands in, where that message was encoded


class Parts(NamedTuple):
    parts: tuple[Part, ...]
    defects: tuple[str, ...]


def parse(source: bytes, header: fields.Header) -> Parts:
    """Every entity in the order it stands, the whole message first. Bounded in count and depth; nothing raises."""
    reading = _Reading(4 * len(source))  # base64 in base64 in base64 ... comes to that
    reading.read(source, None, header, 0)
    return Parts(tuple(reading.parts), tuple(dict.fromkeys(reading.defects)))


def content(source: bytes, part: Part) -> bytes:
    """The part's body with its transfer encoding undone (RFC 2045 §6); an unknown or broken one as far as it goes."""
    body = (source if part.held is None else part.held)[part.start : part.end]
    if part.encoding == "base64":
        padding = body.find(b"=")
        if padding >= 0 and body[padding:].strip(b"= \t\r\n"):
            return base64_bytes(body)  # something follows, which a2b_base64 would leave out
        try:
            return a2b_base64(body)
        except Error:
            return base64_bytes(body)
    if part.encoding == "quoted-printable":
        # a2b_qp takes all up to the next line feed for a part of such a line end.
        return a2b_qp(_LONE_CR.sub(b"=\n", body) if b"=\r" in body else body)
    if part.encoding in _UU:
        return _uudecoded(body)
    return body


def text(source: bytes, part: Part, limit: int) -> tuple[str, Iterator[str]]:
    """The text of a text part, decoded as declared or guessed: its first `limit` bytes or a little less, and what follows.

    What follows comes in stretches, decoded as they are asked for, so that no more than one of them is held.
    UTF-7 is refused, but Thunderbird reads it: where its reading differs it follows, so that no link hides in it.
    """
    label = part.parameters.get("charset", "")
    chunks = _chunks(source, part)
    data = next(chunks, b"")
    while len(data) <= limit:
        following = next(chunks, b"")
        if not following:
            break
        data += following
    if not label and part.content_type == "text/html":
        label = charset.in_html(data)
    if len(data) <= limit:
        return _decoded(data, label), iter(())
    mark = charset.marked(data)
    wide = (mark or label).lower().startswith("utf-16")
    end = _stretch(data, limit, wide)
    return _decoded(data[:end], label), _stretches(data[end:], chunks, mark or label, wide)


def _chunks(source: bytes, part: Part) -> Iterator[bytes]:
    """A part's content in stretches where its encoding allows that, so that a large one is not held beside the message."""
    if part.encoding not in ENCODED or part.encoding == "quoted-printable":
        whole = source if part.held is None else part.held
        begin = part.start
        while begin < part.end:
            end = min(begin + STRETCH, part.end)
            if part.encoding in ENCODED:
                end = whole.find(b"\n", end, part.end) + 1 or part.end
            yield content(source, part._replace(start=begin, end=end))
            begin = end
    else:
        yield content(source, part)


def _stretches(data: bytes, chunks: Iterator[bytes], label: str, wide: bool) -> Iterator[str]:
    while True:
        while len(data) < STRETCH and (following := next(chunks, b"")):
            data += following
        if not data:
            return
        begin = 0
        while len(data) - begin >= STRETCH or (begin < len(data) and len(data) < STRETCH):
            end = _stretch(data, begin + STRETCH, wide)
            yield _decoded(data[begin:end], label)
            begin = end
        data = data[begin:]


def _stretch(data: bytes, end: int, wide: bool) -> int:
    """A place at or before `end` where no character is cut, nor a link if there is a line end or a tag near."""
    if end >= len(data):
        return len(data)
    if wide:
        return end & ~1
    for sign in (b"\n", b"<", b" "):
        at = data.rfind(sign, end - MAX_LOOKED_BACK, end)
        if at >= 0:
            return at
    for at in range(end, end - 4, -1):
        if data[at] & 0xC0 != 0x80:
            return at  # no character of UTF-8 goes on here
    return end


def _decoded(data: bytes, label: str) -> str:
    decoded = charset.decode(data, label)
    if charset.is_utf_7(label) and (other := data.decode("utf-7", "replace")) != decoded:
        return decoded + "\n" + charset.scalar(other)
    return decoded


class _Open(NamedTuple):
    """A multipart whose close delimiter has not come yet."""

    part: int  # its place in the list
    boundary: bytes
    in_multipart: bool  # its parent is a multipart too, and asks it about every line


class _Reading:
    """One walk through a message, from delimiter line to delimiter line."""

    def __init__(self, size: int) -> None:
        self.parts: list[Part] = []
        self.defects: list[str] = []
        self._to_decode = size  # bytes of encoded messages that will still be decoded

    def read(self, source: bytes, held: bytes | None, header: fields.Header, depth: int) -> None:
        """The entity that `source` is; `depth` is its own."""
        first = len(self.parts)
        opened: list[_Open] = []
        closed: set[int] = set()
        names: dict[bytes, int] = {}  # how many open multiparts have this boundary
        live: list[int] = []  # parts that have not ended, the innermost last

        def enter(head: fields.Header, level: int, default: str, in_multipart: bool) -> None:
            while True:
                part = _part(len(self.parts), level, head, len(source), default)._replace(held=held)
                live.append(len(self.parts))
                self.parts.append(part)
                if part.leaf:
                    return
                if level >= MAX_DEPTH:
                    self.defects.append("parts-too-deep")
                    return
                if part.read_as not in MESSAGES:
                    boundary = part.parameters["boundary"].rstrip().encode("utf-8", "surrogateescape")
                    opened.append(_Open(part.number, boundary, in_multipart))
                    names[boundary] = names.get(boundary, 0) + 1
                    return
                if part.encoding in ENCODED:
                    return  # read when its end is known
                if len(self.parts) >= MAX_PARTS:
                    return
                head = fields.parse(source, part.start, in_multipart=bool(opened))
                level, default, in_multipart = level + 1, "text/plain", False

        def leave(level: int, stop: int) -> None:
            while live and self.parts[live[-1]].depth > level:
                at = live.pop()
                self.parts[at] = part = self.parts[at]._replace(end=max(self.parts[at].start, stop))
                if at == len(self.parts) - 1:
                    self._decoded(source, part)

        def shut(down_to: int) -> None:
            while len(opened) > down_to:
                boundary = opened.pop().boundary
                names[boundary] -= 1
                if not names[boundary]:
                    del names[boundary]

        enter(header, depth, "text/plain", False)
        at = max(0, header.body - 1)
        # The next lines that can be a delimiter, behind either kind of line end.
        feed, carriage = source.find(b"\n--", at), source.find(b"\r--", at)
        while opened:
            if 0 <= feed < at:
                feed = source.find(b"\n--", at)
            if 0 <= carriage < at:
                carriage = source.find(b"\r--", at)
            if feed < 0 and carriage < 0:
                break
            line_start = (feed if carriage < 0 or 0 <= feed < carriage else carriage) + 1
            line = _LINE.search(source, line_start + 2)
            at = line.start() if line else len(source)
            said = source[line_start + 2 : at].rstrip(_BLANKS)
            if said not in names and not (said.endswith(b"--") and said[:-2] in names):
                continue
            taker = _taker(opened, said)
            if taker < 0:
                continue
            multipart = opened[taker]
            level = self.parts[multipart.part].depth
            leave(level, _before(source, line_start))
            shut(taker + 1)
            if said != multipart.boundary:
                shut(taker)
                closed.add(multipart.part)
                continue
            if len(self.parts) >= MAX_PARTS:
                self.defects.append("too-many-parts")
                break
            head = fields.parse(source, line.end() if line else len(source), in_multipart=True)
            digest = self.parts[multipart.part].content_type == "multipart/digest"
            enter(head, level + 1, "message/rfc822" if digest else "text/plain", True)
        leave(depth - 1, len(source))
        for part in self.parts[first:]:
            if (
                part.held is held
                and part.content_type.startswith("multipart/")
                and not part.leaf
                and part.number not in closed
            ):
                has_parts = part.number + 1 < len(self.parts) and self.parts[part.number + 1].depth > part.depth
                self.defects.append("multipart-not-closed" if has_parts else "multipart-without-parts")

    def _decoded(self, source: bytes, part: Part) -> None:
        """An encoded message is taken apart too: Thunderbird shows it, though RFC 2046 §5.2.1 forbids it. So is what a signature encloses."""
        enclosed = part.read_as in SMIME
        if part.depth >= MAX_DEPTH or (not enclosed and (part.leaf or part.read_as not in MESSAGES)):
            return
        self._to_decode -= part.end - part.start
        if self._to_decode < 0 or len(self.parts) >= MAX_PARTS:
            self.defects.append("parts-too-deep" if self._to_decode < 0 else "too-many-parts")
            return
        inner: bytes | None = content(source, part)
        if enclosed and inner is not None:
            from sekisho.mail import cms  # of no use to most mails

            inner = cms.signed_content(inner)
            if inner is None:
                return  # encrypted, or no content: a file like any other
            self.parts[part.number] = part._replace(leaf=False)
        if inner is not None:
            self.read(inner, inner, fields.parse(inner), part.depth + 1)


def _taker(opened: list[_Open], said: bytes) -> int:
    """Which open multipart a delimiter line belongs to; -1: none.

    Thunderbird hands a line inwards. Each multipart takes it if it has its boundary and the multipart right in it does
    not: where boundaries are alike, or one is the other's with two dashes behind it, that decides.
    """
    takes = [False] * (len(opened) + 1)
    for at in range(len(opened) - 1, -1, -1):
        boundary = opened[at].boundary
        inner = takes[at + 1] and at + 1 < len(opened) and opened[at + 1].in_multipart
        takes[at] = not inner and (said == boundary or said == boundary + b"--")
    return takes.index(True) if True in takes else -1


def _before(source: bytes, at: int) -> int:
    """Where the text before a delimiter line ends: the line end in front of the delimiter belongs to it."""
    return at - 2 if source[max(0, at - 2) : at] == b"\r\n" else at - 1


def _part(number: int, depth: int, head: fields.Header, end: int, default: str) -> Part:
    typed = head.first("content-type")
    content_type, values = parameters(typed.body) if typed else ("", {})
    content_type = _token(content_type).rpartition("?")[2]
    declared = content_type or default
    if declared.count("/") != 1 or declared.startswith("/") or declared.endswith("/"):
        declared = "text/plain"  # RFC 2045 §5.2
    disposed = head.first("content-disposition")
    disposition, disposed_values = parameters(disposed.body) if disposed else ("", {})
    encoding = head.first("content-transfer-encoding")
    identity = head.first("content-id")
    encoded = (_token(encoding.text.strip().lower()) if encoding else "") or "7bit"
    filename = disposed_values.get("filename") or values.get("name")
    read_as = declared
    if filename and (declared in _NO_TYPE or not content_type):
        read_as = _BY_NAME.get(filename.rpartition(".")[2].lower(), declared)
        if read_as == "message/rfc822" and encoded == "base64":
            read_as = declared
    multipart = read_as.startswith("multipart/") and "boundary" in values
    return Part(
        number=number,
        depth=depth,
        content_type=declared,
        read_as=read_as,
        parameters=values,
        encoding=encoded,
        disposition=disposition,
        filename=filename,
        content_id=identity.text.strip("<>") if identity else "",
        start=min(head.body, end),
        end=end,
        leaf=not (multipart or read_as in MESSAGES),
    )


def _token(value: str) -> str:
    """What stands before the first blank, comma or semicolon: Thunderbird knows no comments in these fields."""
    for at, char in enumerate(value):
        if char in " \t\r\n\x0b\x0c\x00,;":
            return value[:at]
    return value


def _uudecoded(body: bytes) -> bytes:
    begin = _UU_BEGIN.search(body)
    out = bytearray()
    for line in body[begin.end() if begin else 0 :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            out += a2b_uu(line)
        except Error:
            continue
    return bytes(out)
