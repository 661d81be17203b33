"""ZIP (PKWARE APPNOTE 6.3.10): the central directory, held against the local headers that unpackers also read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from sekisho.opening.compressed import unpacked
from sekisho.opening.entry import DamagedError, Entry, guessed

_END = struct.Struct("<4s4H2LH")  # 4.3.16
_END64 = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_CENTRAL = struct.Struct("<4s6H3L5H2L")  # 4.3.12
_LOCAL = struct.Struct("<4s5H3L2H")  # 4.3.7
_LOCKED, _UTF8, _MASKED = 1, 1 << 11, 1 << 13
_STORED, _DEFLATED, _BZIP2, _AES = 0, 8, 12, 99


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """The files that the central directory names. Notes: overlap, names-differ, hidden-names."""
    at, stop, base = _directory(data)
    taken: list[tuple[int, int]] = []
    while at + _CENTRAL.size <= stop and data.startswith(b"PK\x01\x02", at):
        head = _CENTRAL.unpack_from(data, at)
        flags, method, packed, size = head[3], head[4], head[8], head[9]
        names, extras, comment, start = head[10], head[11], head[12], head[16]
        raw = data[at + _CENTRAL.size : at + _CENTRAL.size + names]
        extra = data[at + _CENTRAL.size + names : at + _CENTRAL.size + names + extras]
        at += _CENTRAL.size + names + extras + comment
        size, packed, start = _large(extra, size, packed, start)
        start += base
        name = raw.decode("utf-8", "replace") if flags & _UTF8 else guessed(raw)
        if flags & _MASKED:
            notes.append("hidden-names")
        body = _body(data, start, raw, notes)
        if body is not None:
            taken.append((start, body + packed))
        if name.endswith("/") and not size:
            continue
        locked = bool(flags & _LOCKED) or method == _AES
        content = None
        if body is not None and not locked and method in (_STORED, _DEFLATED, _BZIP2):
            content = partial(_read, data, body, packed, method)
        yield Entry(name, size, packed, locked, content)
    taken.sort()
    if any(before[1] > after[0] for before, after in pairwise(taken)):
        notes.append("overlap")


def _directory(data: bytes) -> tuple[int, int, int]:
    """Where the central directory begins and ends, and by how much all offsets are off (a program put in front)."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or at + _END.size > len(data):
        raise DamagedError
    _, _, _, _, _, size, start, _ = _END.unpack_from(data, at)
    stop = at
    if start == 0xFFFFFFFF or size == 0xFFFFFFFF:
        large = data.rfind(b"PK\x06\x06", 0, at)
        if large < 0 or large + _END64.size > len(data):
            raise DamagedError
        size, start = _END64.unpack_from(data, large)[8:10]
        stop = large
    begin = stop - size
    if begin < 0 or not data.startswith((b"PK\x01\x02", b"PK\x05\x06"), begin):
        begin, stop = start, at
    if not 0 <= begin <= len(data):
        raise DamagedError
    return begin, stop, max(0, begin - start)


def _large(extra: bytes, size: int, packed: int, start: int) -> tuple[int, int, int]:
    """The values that the ZIP64 field holds where 32 bits are too few (4.5.3)."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            values = [int.from_bytes(extra[here : here + 8], "little") for here in range(at + 4, at + 4 + length, 8)]
            out = [values.pop(0) if values and one == 0xFFFFFFFF else one for one in (size, packed, start)]
            return out[0], out[1], out[2]
        at += 4 + length
    return size, packed, start


def _body(data: bytes, start: int, central: bytes, notes: list[str]) -> int | None:
    """Where a member's bytes begin, by its local header; None where there is none."""
    if start + _LOCAL.size > len(data) or not data.startswith(b"PK\x03\x04", start):
        notes.append("damaged")
        return None
    names, extras = _LOCAL.unpack_from(data, start)[9:11]
    if data[start + _LOCAL.size : start + _LOCAL.size + names] != central:
        notes.append("names-differ")
    return start + _LOCAL.size + int(names) + int(extras)


def _read(data: bytes, start: int, packed: int, method: int, most: int) -> bytes:
    body = memoryview(data)[start : start + packed]
    if method == _STORED:
        return bytes(body[:most])
    if method == _BZIP2:
        return unpacked("application/x-bzip2", body, most)
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, most)
    except zlib.error as error:
        raise DamagedError from error
