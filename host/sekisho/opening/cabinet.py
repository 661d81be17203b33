"""Cabinet files ([MS-CAB] section 2): the names; their packed folders are left closed."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sekisho.opening.entry import DamagedError, Entry, guessed

_FILE = struct.Struct("<2L4H")  # CFFILE without its name
_UTF8 = 0x80


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """Every CFFILE of the cabinet."""
    if len(data) < 36:
        raise DamagedError
    at, count = int.from_bytes(data[16:20], "little"), int.from_bytes(data[28:30], "little")
    for _ in range(count):
        end = data.find(b"\0", at + _FILE.size, at + _FILE.size + 260)
        if end < 0:
            raise DamagedError
        size, _, _, _, _, attributes = _FILE.unpack_from(data, at)
        raw = data[at + _FILE.size : end]
        name = raw.decode("utf-8", "replace") if attributes & _UTF8 else guessed(raw)
        yield Entry(name.replace("\\", "/"), size, None, False, None)
        at = end + 1
