"""The parts of a message (RFC 2045, RFC 2046) as places in its bytes; a part is decoded only when somebody reads it."""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, a2b_qp, a2b_uu

from sekisho.mail import charset, fields
from sekisho.mail.words import base64_bytes, parameters
from sekisho.named import NamedTuple

MAX_PARTS = 1_000
MAX_DEPTH = 30  # real mails reach 8
_LINE = re.compile(rb"\r\n|\n|\r")
_UU_BEGIN = re.compile(rb"begin [0-7]{3,4} [^\r\n]{1,200}\r?\n")


class Part(NamedTuple):
    """One MIME entity. `start:end` is its body in the source, still encoded."""

    number: int  # its place among the message's entities
    depth: int
    content_type: str
    parameters: dict[str, str]
    encoding: str
    disposition: str
    filename: str | None
    content_id: str
    start: int
    end: int
    leaf: bool


class Parts(NamedTuple):
    parts: tuple[Part, ...]
    defects: tuple[str, ...]


def parse(source: bytes, header: fields.Header) -> Parts:
    """Every entity in the order it stands, the whole message first. Bounded in count and depth; nothing raises."""
    out: list[Part] = []
    defects: list[str] = []
    # A stack of work instead of recursion: the sender chooses the depth.
    work: list[tuple[fields.Header, int, int, str]] = [(header, len(source), 0, "text/plain")]
    while work:
        head, end, depth, default = work.pop()
        if len(out) >= MAX_PARTS:
            defects.append("too-many-parts")
            break
        part = _part(len(out), depth, head, end, default)
        out.append(part)
        if part.leaf:
            continue
        if depth >= MAX_DEPTH:
            defects.append("parts-too-deep")
            continue
        children: list[tuple[fields.Header, int, int, str]] = []
        if part.content_type == "message/rfc822":
            inner = fields.parse(source, part.start, end)
            children.append((inner, end, depth + 1, "text/plain"))
        else:
            bounds, closed = _split(source, part)
            if not closed:
                defects.append("multipart-not-closed" if bounds else "multipart-without-parts")
            below = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
            children = [(fields.parse(source, start, stop), stop, depth + 1, below) for start, stop in bounds]
        work.extend(reversed(children))
    return Parts(tuple(out), tuple(dict.fromkeys(defects)))


def content(source: bytes, part: Part) -> bytes:
    """The part's body with its transfer encoding undone (RFC 2045 §6); an unknown or broken one as far as it goes."""
    body = source[part.start : part.end]
    if part.encoding == "base64":
        try:
            return a2b_base64(body)
        except Error:
            return base64_bytes(body)
    if part.encoding == "quoted-printable":
        return a2b_qp(body)
    if part.encoding in ("x-uuencode", "uuencode", "x-uue"):
        return _uudecoded(body)
    return body


def text(source: bytes, part: Part, limit: int) -> str:
    """The text of a text part, decoded as declared or guessed; at most `limit` encoded bytes are read."""
    cut = part._replace(end=min(part.end, part.start + limit))
    return charset.decode(content(source, cut), part.parameters.get("charset", ""))


def _part(number: int, depth: int, head: fields.Header, end: int, default: str) -> Part:
    typed = head.first("content-type")
    content_type, values = parameters(typed.body) if typed else (default, {})
    if content_type.count("/") != 1 or content_type.startswith("/") or content_type.endswith("/"):
        content_type = "text/plain"  # RFC 2045 §5.2
    disposed = head.first("content-disposition")
    disposition, disposed_values = parameters(disposed.body) if disposed else ("", {})
    encoding = head.first("content-transfer-encoding")
    identity = head.first("content-id")
    multipart = content_type.startswith("multipart/") and bool(values.get("boundary"))
    encoded = (encoding.text.partition(";")[0].strip().lower() if encoding else "") or "7bit"
    nested = content_type == "message/rfc822" and encoded in ("7bit", "8bit", "binary")
    return Part(
        number=number,
        depth=depth,
        content_type=content_type,
        parameters=values,
        encoding=encoded,
        disposition=disposition,
        filename=disposed_values.get("filename") or values.get("name"),
        content_id=identity.text.strip("<>") if identity else "",
        start=min(head.body, end),
        end=end,
        leaf=not (multipart or nested),
    )


def _split(source: bytes, part: Part) -> tuple[list[tuple[int, int]], bool]:
    """Start and end of each body part between delimiter lines (RFC 2046 §5.1.1), and whether the close delimiter was there."""
    delimiter = b"--" + part.parameters["boundary"].rstrip().encode("utf-8", "replace")
    bounds: list[tuple[int, int]] = []
    opened = -1
    at = part.start
    while len(bounds) < MAX_PARTS:
        at = source.find(delimiter, at, part.end)
        if at < 0:
            break
        after = at + len(delimiter)
        if at > part.start and source[at - 1] not in b"\r\n":
            at = after
            continue
        closing = source.startswith(b"--", after)
        line = _LINE.search(source, after, part.end)
        tail = source[after + 2 * closing : line.start() if line else min(part.end, after + 200)]
        if tail.strip(b" \t"):
            at = after  # a longer boundary that begins like this one
            continue
        if opened >= 0:
            stop = at
            if source[stop - 2 : stop] == b"\r\n":
                stop -= 2
            elif stop > opened:
                stop -= 1
            bounds.append((opened, max(opened, stop)))
        if closing:
            return bounds, True
        at = opened = line.end() if line else part.end
    if opened >= 0 and len(bounds) < MAX_PARTS:
        bounds.append((opened, part.end))
    return bounds, False


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
