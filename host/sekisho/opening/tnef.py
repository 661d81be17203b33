"""winmail.dat: Outlook's own envelope around attachments (TNEF, [MS-OXTNEF])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial

from sekisho.opening.entry import Entry, guessed

_ATTRIBUTE = struct.Struct("<BLL")  # level, identity, length; a checksum of two bytes follows the data
_TITLE, _DATA, _BEGIN, _PROPERTIES = 0x00018010, 0x0006800F, 0x00069002, 0x00069005
_LONG_NAMES = (b"\x1f\x00\x07\x37", b"\x1e\x00\x07\x37")  # PR_ATTACH_LONG_FILENAME, as text of 16 and of 8 bits


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """The attachments in the envelope."""
    at, name, content = 6, "", None
    while at + _ATTRIBUTE.size <= len(data):
        _, identity, length = _ATTRIBUTE.unpack_from(data, at)
        begin = at + _ATTRIBUTE.size
        if begin + length > len(data):
            notes.append("damaged")
            break
        if identity == _BEGIN:
            if content is not None:
                yield _entry(data, name, content)
            name, content = "", None
        elif identity == _TITLE:
            name = name or guessed(data[begin : begin + min(length, 1_000)].rstrip(b"\0"))
        elif identity == _DATA:
            content = begin, begin + length
        elif identity == _PROPERTIES:
            name = _long_name(data[begin : begin + min(length, 1 << 16)]) or name
        at = begin + length + 2
    if content is not None:
        yield _entry(data, name, content)


def _entry(data: bytes, name: str, place: tuple[int, int]) -> Entry:
    size = place[1] - place[0]
    return Entry(name, size, size, False, partial(_read, data, *place))


def _long_name(properties: bytes) -> str:
    """The attachment's whole name among its MAPI properties: tag, one value, its length, the text."""
    for tag in _LONG_NAMES:
        at = properties.find(tag)
        if at < 0:
            continue
        count, length = struct.unpack_from("<LL", properties.ljust(at + 12, b"\0"), at + 4)
        if count != 1 or length > 1_000:
            continue
        raw = properties[at + 12 : at + 12 + length]
        text = raw.decode("utf-16-le", "replace") if tag[0] == 0x1F else guessed(raw)
        return text.rstrip("\0")
    return ""


def _read(data: bytes, start: int, stop: int, most: int) -> bytes:
    return data[start : min(stop, start + most)]
