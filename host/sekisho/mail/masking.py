"""A raw message without what is the reader's: still a message of the same shape, for somebody who is to look into it.

What the reader's own is, and how it is found in a text, is the caller's (`veil`: text to text). Here it is brought to every place
that a message has: fields with their encoded words, parts under their transfer encoding and charset, messages inside.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Callable

from sekisho.mail import charset, fields, mime
from sekisho.mail.words import decode_words, parameters

ADDRESS = "masked@masked.invalid"  # where a field has to have an address
MAX_LAYERS = 3  # encoded messages in encoded messages
MAX_TEXT = 48 << 10  # bytes of one text that are looked through; what is behind them is left out
MAX_TEXTS = 192 << 10  # and of all texts of a message
MAX_HEADER = 64 << 10  # bytes of fields, and of what stands between parts; a field behind them is left out
MAX_PICTURE = (
    16 << 10
)  # bytes of a picture that is kept: what is drawn in a larger one, a code or a name, is not looked for
MAX_NAME = 80  # bytes of a field's name
MAX_WORD = 10  # characters of one encoded word
_LEFT_OUT = b"[left out: too long to be searched]"
_CUT = b"\r\n[the rest is left out]\r\n"
_LOGICAL = re.compile(rb"[^\r\n]*(?:(?:\r\n|\n|\r)(?=[ \t])[^\r\n]*)*(?:\r\n|\n|\r)?")
_FIELD_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_TYPED = re.compile(rb"(?i)content-(?:type|disposition)[ \t]*:")
_QUOTED = re.compile(r"[^ !#-\[\]-~]")
_BARE = re.compile(r"<([^<>@\s]*)>")
_ADDRESSES = frozenset(b"to cc bcc from sender reply-to return-path delivered-to x-original-to envelope-to".split())

Veil = Callable[[str], str]


def masked(source: bytes, veil: Veil) -> tuple[bytes, bool]:
    """The message with `veil` over all of its texts, and whether it is whole. Files that are no small pictures are left out, and a note
    says so: what is packed or drawn in them cannot be looked through. Where something would stay all the same, the header alone; b"" where
    not even that."""
    source = source[fields.status_lines(source) :]
    whole = _Masking(veil).message(source, 0)
    if whole is not None and not _left(whole, veil):
        return whole, True
    header = header_of(source, veil)
    return header, False


def header_of(source: bytes, veil: Veil) -> bytes:
    """The message's header with `veil` over it; b"" where something would stay."""
    made = _Masking(veil).region(source[: fields.parse(source).body])
    return b"" if _left(made, veil) else made


class _Masking:
    """One message on its way, with what may still be looked through."""

    def __init__(self, veil: Veil) -> None:
        self._veil = veil
        self._header = MAX_HEADER
        self._texts = MAX_TEXTS

    def message(self, source: bytes, depth: int) -> bytes | None:
        header = fields.parse(source)
        parts = mime.parse(source, header).parts
        out: list[bytes] = []
        at = 0
        for part in parts:
            taken = part.leaf or part.encoding in mime.ENCODED or part.read_as in mime.SMIME
            if part.held is not None or part.start < at or not taken:
                continue
            body = self._body(source, part, depth)
            if body is None:
                return None
            out += (self.region(source[at : part.start]), body)
            at = part.end
        out.append(self.region(source[at:]))
        made = b"".join(out)
        again = mime.parse(made, fields.parse(made)).parts
        return made if depth or len(again) == _left_standing(parts) else None

    def _body(self, source: bytes, part: mime.Part, depth: int) -> bytes | None:
        """A part's body as it stands in the message, masked; None where that is not possible."""
        body = source[part.start : part.end]
        end = b"\r\n" if b"\r\n" in source[: part.start] else b"\n"
        data = mime.content(source, part)
        if not part.leaf and part.read_as not in mime.SMIME:
            inner = self.message(data, depth + 1) if depth < MAX_LAYERS else None
            return None if inner is None else _transferred(inner, part.encoding, end)
        cut = False
        if _is_text(part):
            room = min(MAX_TEXT, self._texts)
            self._texts -= min(len(data), room)
            cut = len(data) > room
            if cut:
                data = data[:room] + _CUT
            made = _text(data, part.parameters.get("charset", ""), self._veil)
        elif part.read_as.startswith("image/") and self._says_nothing(data):
            made = data
        else:
            made = _note(data)
        as_is = made == data and not cut and not (part.encoding in mime.ENCODED and self._says(body))
        return body if as_is else _transferred(made, part.encoding, end)

    def _says(self, body: bytes) -> bool:
        """Whether an encoded body says something as it stands: a decoder passes over what is no base64 (RFC 2045 §6.8), a person does not."""
        raw = _raw(body)
        return self._veil(raw) != raw

    def _says_nothing(self, picture: bytes) -> bool:
        room = min(MAX_PICTURE, self._texts)
        if len(picture) > room:
            return False
        self._texts -= len(picture)
        raw = _raw(picture)
        return self._veil(raw) == raw

    def region(self, region: bytes) -> bytes:
        """Lines of headers, and what stands between parts: each field as a whole, with its encoded words."""
        out = []
        for match in _LOGICAL.finditer(region):
            line = match.group()
            name = _FIELD_NAME.match(line) if len(line) > self._header else None
            if name is not None:
                line = name.group(1)[:MAX_NAME] + b": " + _LEFT_OUT + _end(line)
            if len(line) <= self._header:
                self._header -= len(line)
                out.append(_line(line, self._veil))
        made = b"".join(out)
        between = _between(region[:MAX_HEADER])
        if self._veil(between) == between:
            return made
        return b"".join(
            b"masked" + _end(line) if _is_between(line) else line for line in made.splitlines(keepends=True)
        )


def _left_standing(parts: tuple[mime.Part, ...]) -> int:
    """How many parts there are without those that a signature encloses, which is left out like any file."""
    count, within = 0, mime.MAX_DEPTH + 1
    for part in parts:
        if part.depth <= within:
            count += 1
            within = part.depth if part.read_as in mime.SMIME and not part.leaf else mime.MAX_DEPTH + 1
    return count


def _is_text(part: mime.Part) -> bool:
    if part.read_as in mime.SMIME:
        return False
    return part.number == 0 or part.read_as.startswith(("text/", "message/")) or part.content_type.startswith("text/")


def _text(data: bytes, label: str, veil: Veil) -> bytes:
    """A text's octets, masked: those lines that change are written anew in the charset that they are in, all else stays."""
    text = charset.decode(data, label)
    made = veil(text)
    raw = _raw(data)
    if made == text and veil(raw) != raw:  # read in another charset than the one that it names
        return veil(raw).encode("utf-8", "surrogateescape")
    if label.lower().startswith("utf-16") or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data if made == text else made.encode("utf-16")
    if made == text:
        return data
    lines, before, after = data.split(b"\n"), text.split("\n"), made.split("\n")
    if len(lines) == len(before) == len(after):
        joined = b"\n".join(
            line if old == new else _encoded(new, label) for line, old, new in zip(lines, before, after, strict=True)
        )
        if charset.decode(joined, label) == made:
            return joined
    return _encoded(made, label)


def _encoded(text: str, label: str) -> bytes:
    """A text in the charset of its label; UTF-8 where it has none, or none that can write it."""
    for codec in (label, "utf-8"):
        try:
            return text.encode(codec)
        except (UnicodeError, LookupError, ValueError):
            continue
    return text.encode("utf-8", "replace")


def _is_between(line: bytes) -> bool:
    """Whether a line is in front of, between or behind the parts of a message: no field, no delimiter."""
    return bool(line.strip()) and not line.startswith((b"--", b" ", b"\t")) and not _FIELD_NAME.match(line)


def _between(region: bytes) -> str:
    """What is written there, as one text: its words may go over the ends of lines."""
    return _raw(b"".join(line for line in region.splitlines(keepends=True) if _is_between(line)))


def _raw(data: bytes) -> str:
    """Octets of no charset that is known, those that are no UTF-8 as they are (PEP 383)."""
    return data.decode("utf-8", "surrogateescape")


def _end(line: bytes) -> bytes:
    return b"\r\n" if line.endswith(b"\r\n") else b"\n" if line.endswith(b"\n") else b""


def _line(line: bytes, veil: Veil) -> bytes:
    end = _end(line)
    pieces = [charset.guess(piece) for piece in line.splitlines(keepends=True)]
    folded = "".join(_addressed(veil(piece)) for piece in pieces)
    made = line if folded == "".join(pieces) else folded.encode("utf-8", "replace")
    plain = _LINE_END.sub(b"", made)
    said = decode_words(plain)
    if _parameters_say(plain, veil):
        return _typed(plain, veil) + end
    if veil(said) == said and veil(charset.guess(plain)) == charset.guess(plain):
        return _whole(made, plain, end)
    name = _FIELD_NAME.match(plain)
    if name is None:
        return b"masked" + end  # no field, so nobody's loss
    return _whole(b"", name.group(1) + b": " + _words(_addressed(veil(decode_words(plain[name.end() :])))), end)


def _parameters_say(plain: bytes, veil: Veil) -> bool:
    """Whether a parameter, put together from its pieces (RFC 2231 §3), names the reader, the line where it stands does not."""
    if not _TYPED.match(plain):
        return False
    _, given = parameters(plain.partition(b":")[2])
    return any(veil(value) != value for value in given.values())


def _typed(plain: bytes, veil: Veil) -> bytes:
    """Such a field with each parameter in one piece, masked."""
    name, _, body = plain.partition(b":")
    value, given = parameters(body)
    written = [f'{key}="{_QUOTED.sub("_", veil(said))}"' for key, said in given.items() if key.isidentifier()]
    return name + b": " + "; ".join([value, *written]).encode("ascii", "replace")


def _whole(made: bytes, plain: bytes, end: bytes) -> bytes:
    """A field with an address where it must have one."""
    name = _FIELD_NAME.match(plain)
    if name is not None and name.group(1).lower() in _ADDRESSES and b"@" not in plain and b"*" in plain:
        return name.group(1) + b": " + ADDRESS.encode("ascii") + end
    return made or plain + end


def _addressed(text: str) -> str:
    return _BARE.sub(lambda one: f"<{ADDRESS}>" if "****" in one[1] else one[0], text)


def _words(text: str) -> bytes:
    """A field's value of printable ASCII, folded at blanks, or in encoded words of at most 75 characters (RFC 2047 §2)."""
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return re.sub(rb"(.{1,900}) ", rb"\1\r\n ", text.encode("ascii")) if len(text) > 900 else text.encode("ascii")
    words = [text[at : at + MAX_WORD].encode("utf-8", "replace") for at in range(0, len(text), MAX_WORD)]
    return b"\r\n ".join(b"=?utf-8?B?" + b2a_base64(word, newline=False) + b"?=" for word in words)


def _note(data: bytes) -> bytes:
    from sekisho.mail.digest import sha256

    return f"[file left out; {len(data)} bytes; SHA-256 {sha256(data)}]\r\n".encode("ascii")


def _transferred(data: bytes, encoding: str, end: bytes) -> bytes:
    """Content as a body of that transfer encoding (RFC 2045 §6)."""
    if encoding == "base64":
        return b"".join(b2a_base64(data[at : at + 57], newline=False) + end for at in range(0, len(data), 57))
    if encoding == "quoted-printable":
        lines = (b2a_qp(line, istext=True) for line in _LINE_END.split(data))
        return end.join(line.replace(b"=\n", b"=" + end) for line in lines)
    if encoding in mime.ENCODED:
        return b"[left out]" + end  # uuencode: nobody writes it any more
    return data


def _left(made: bytes, veil: Veil) -> bool:
    """Whether anything is still there, in any part, as a reader or a program would read it."""
    header = fields.parse(made)
    parts = mime.parse(made, header).parts
    seen = [text for field in header.fields for text in (decode_words(field.body), field.text)]
    seen += _outside(made, parts)
    for part in parts:
        if part.leaf and _is_text(part):
            data = mime.content(made, part)
            text = charset.decode(data, part.parameters.get("charset", ""))
            seen.append(text)
            seen.append(_raw(data))  # another reader may not believe the charset that it names
            if part.encoding in mime.ENCODED:
                seen.append(_raw(made[part.start : part.end]))
    return any(veil(text) != text for text in seen)


def _outside(made: bytes, parts: tuple[mime.Part, ...]) -> list[str]:
    """The fields of the parts with their names of files, and what stands between."""
    out, at = [], 0
    for part in parts:
        if part.held is None and part.leaf and part.start >= at:
            out.append(_between(made[at : part.start]))
            at = part.end
        out += [*part.parameters.values(), part.filename or "", part.content_id]
    return [*out, _between(made[at:])]
