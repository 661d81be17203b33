"""What an S/MIME signature encloses (RFC 8551 §3.5.2): Thunderbird shows it like any mail, so it has to be looked at.

The Cryptographic Message Syntax (RFC 5652) in the Basic Encoding Rules (X.690), as far as the content lies; the signature is not verified,
and neither keys nor certificates are read.
"""

from __future__ import annotations

from sekisho.named import NamedTuple

_SIGNED = bytes.fromhex("06092a864886f70d010702")  # signedData, 1.2.840.113549.1.7.2
_DATA = bytes.fromhex("06092a864886f70d010701")  # data, 1.2.840.113549.1.7.1
_SEQUENCE, _SET, _INTEGER, _EXPLICIT = 0x30, 0x31, 0x02, 0xA0
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
MAX_OPEN = 32  # values in one another of which none says where it ends
MAX_LENGTH = 8  # bytes of a length


class _UnreadError(ValueError):
    """Not what was looked for, or cut off."""


class _Value(NamedTuple):
    tag: int
    start: int
    end: int  # -1: where its end mark stands


def signed_content(data: bytes) -> bytes | None:
    """The content that a SignedData encloses (RFC 5652 §5.2); None where it is something else, is not there or cannot be read."""
    try:
        at = _into(data, 0, _SEQUENCE)
        if not data.startswith(_SIGNED, at):
            return None
        at = _into(data, at + len(_SIGNED), _EXPLICIT)
        at = _into(data, at, _SEQUENCE)
        at = _behind(data, at, _INTEGER)
        at = _behind(data, at, _SET)
        at = _into(data, at, _SEQUENCE)
        if not data.startswith(_DATA, at):
            return None
        return _octets(data, _into(data, at + len(_DATA), _EXPLICIT))
    except _UnreadError:
        return None


def _value(data: bytes, at: int) -> _Value:
    """Tag and length at a place (X.690 §8.1); tags of several bytes do not occur in what is read here. What is cut off ends with the data:
    Thunderbird shows as much as came."""
    if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
        raise _UnreadError
    tag, length, start = data[at], data[at + 1], at + 2
    if length == 0x80:
        if not tag & 0x20:
            raise _UnreadError
        return _Value(tag, start, -1)
    if length & 0x80:
        count = length & 0x7F
        if count > MAX_LENGTH or start + count > len(data):
            raise _UnreadError
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    return _Value(tag, start, min(start + length, len(data)))


def _into(data: bytes, at: int, tag: int) -> int:
    """The place of the first value in one of that tag."""
    value = _value(data, at)
    if value.tag != tag:
        raise _UnreadError
    return value.start


def _behind(data: bytes, at: int, tag: int) -> int:
    """The place behind a value of that tag."""
    if at >= len(data) or data[at] != tag:
        raise _UnreadError
    open_ = 0
    while True:
        if open_ and data.startswith(b"\0\0", at):
            open_, at = open_ - 1, at + 2
        else:
            value = _value(data, at)
            open_, at = (open_ + 1, value.start) if value.end < 0 else (open_, value.end)
        if open_ > MAX_OPEN:
            raise _UnreadError
        if not open_:
            return at


def _octets(data: bytes, at: int) -> bytes:
    """An OCTET STRING, whole or in pieces, which may be in pieces themselves (X.690 §8.7)."""
    pieces: list[bytes] = []
    ends: list[int] = []  # of the strings that this place is in; -1: where the end mark stands
    while True:
        value = _value(data, at)
        if value.tag == _OCTETS:
            pieces.append(data[value.start : value.end])
            at = value.end
        elif value.tag == _OCTETS_IN_PIECES and len(ends) < MAX_OPEN:
            ends.append(value.end)
            at = value.start
        else:
            raise _UnreadError
        while ends and (data.startswith(b"\0\0", at) if ends[-1] < 0 else at >= ends[-1]):
            at += 2 if ends.pop() < 0 else 0
        if not ends or at >= len(data):
            return b"".join(pieces)
