"""tar (POSIX.1-2001 pax, ustar, GNU), read by the standard library."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from functools import partial

from sekisho.opening.entry import DamagedError, Entry


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """The plain files in it; links and devices lead nowhere here."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as opened:
            while (one := opened.next()) is not None:
                if one.isreg():
                    begin = one.offset_data
                    yield Entry(one.name, one.size, one.size, False, partial(_read, data, begin, begin + one.size))
    except (tarfile.TarError, ValueError, OverflowError, EOFError) as error:
        raise DamagedError from error


def _read(data: bytes, start: int, stop: int, most: int) -> bytes:
    return data[start : min(stop, start + most)]
