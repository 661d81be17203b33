"""One file, compressed: gzip (RFC 1952), bzip2, xz."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from sekisho.opening.entry import DamagedError, Entry, guessed
from sekisho.tables import file_types

_NAMED, _EXTRA = 8, 4  # RFC 1952 §2.3.1
MAX_MEMORY = 128 << 20  # bytes that an xz stream may want for its dictionary


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """The one file in it, with its name where gzip kept that."""
    kind = file_types.detect(data)
    media_type = kind.media_type if kind else ""
    name = _name(data) if media_type == "application/gzip" else ""
    yield Entry(name, None, len(data), False, partial(unpacked, media_type, data))


def unpacked(media_type: str, data: bytes | memoryview, most: int) -> bytes:
    """The first bytes of what was compressed, at most so many."""
    step: Any
    try:
        if media_type == "application/gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, most)
        if media_type == "application/x-bzip2":
            step = bz2.BZ2Decompressor()
        else:
            step = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_MEMORY)
        out: bytes = step.decompress(data, most)
        return out
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise DamagedError from error


def _name(data: bytes) -> str:
    flags = data[3] if len(data) > 3 else 0
    at = 10
    if flags & _EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    end = data.find(b"\0", at, at + 1024)
    return guessed(data[at:end]) if flags & _NAMED and end > 0 else ""
