"""RAR 4 and 5 (RARLAB, "RAR 5.0 archive format" and technote.txt of RAR 4): the listing; only what is stored can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sekisho.opening.entry import DamagedError, Entry, guessed

_NEW, _OLD = b"Rar!\x1a\x07\x01\x00", b"Rar!\x1a\x07\x00"


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """The files of the archive. Note hidden-names: the names are locked as well."""
    if data.startswith(_NEW):
        yield from _five(data, notes)
    elif data.startswith(_OLD):
        yield from _four(data, notes)
    else:
        raise DamagedError


def _five(data: bytes, notes: list[str]) -> Iterator[Entry]:
    at = len(_NEW)
    while at + 7 < len(data):
        size, here = _number(data, at + 4)
        stop = here + size
        if not size or stop > len(data):
            raise DamagedError
        kind, here = _number(data, here)
        flags, here = _number(data, here)
        extra = packed = 0
        if flags & 1:
            extra, here = _number(data, here)
        if flags & 2:
            packed, here = _number(data, here)
        if kind == 4:
            notes.append("hidden-names")
            return
        if kind == 5:
            return
        if kind == 2:
            entry = _file_of_five(data, here, stop, extra, packed)
            if entry is not None:
                yield entry
        at = stop + packed
    return


def _file_of_five(data: bytes, here: int, stop: int, extra: int, packed: int) -> Entry | None:
    flags, here = _number(data, here)
    size, here = _number(data, here)
    _, here = _number(data, here)  # attributes
    here += 4 * bool(flags & 2) + 4 * bool(flags & 4)  # time, CRC
    method, here = _number(data, here)
    _, here = _number(data, here)  # the system it was made on
    length, here = _number(data, here)
    name = data[here : min(here + length, stop)].decode("utf-8", "replace")
    if flags & 1:
        return None  # a directory
    locked = False
    at = stop - extra
    while extra and at < stop:
        record, at = _number(data, at)
        kind, _ = _number(data, at)
        locked = locked or kind == 1
        at += max(record, 1)
    return Entry(name, None if flags & 8 else size, packed, locked, _stored(data, stop, packed, not method >> 7 & 7))


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A vint: seven bits a byte, the lowest first; and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise DamagedError
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
    raise DamagedError


def _four(data: bytes, notes: list[str]) -> Iterator[Entry]:
    at = len(_OLD)
    while at + 7 <= len(data):
        kind, flags = data[at + 2], int.from_bytes(data[at + 3 : at + 5], "little")
        size = int.from_bytes(data[at + 5 : at + 7], "little")
        if size < 7 or at + size > len(data):
            raise DamagedError
        head = data[at : at + size]
        packed = int.from_bytes(head[7:11], "little") if flags & 0x8000 or kind == 0x74 else 0
        if kind == 0x73 and flags & 0x80:
            notes.append("hidden-names")
            return
        if kind == 0x7B:
            return
        if kind == 0x74:
            if len(head) < 32:
                raise DamagedError
            whole = int.from_bytes(head[11:15], "little")
            large = 8 if flags & 0x100 else 0
            if large:
                packed |= int.from_bytes(head[32:36], "little") << 32
                whole |= int.from_bytes(head[36:40], "little") << 32
            raw = head[32 + large : 32 + large + int.from_bytes(head[26:28], "little")]
            name = guessed(raw.partition(b"\0")[0]).replace("\\", "/")
            if flags & 0xE0 != 0xE0:  # not a directory
                yield Entry(name, whole, packed, bool(flags & 4), _stored(data, at + size, packed, head[25] == 0x30))
        at += size + packed


def _stored(data: bytes, start: int, packed: int, plain: bool) -> Callable[[int], bytes] | None:
    return partial(_read, data, start, start + packed) if plain else None


def _read(data: bytes, start: int, stop: int, most: int) -> bytes:
    return data[start : min(stop, start + most)]
