"""How the atlas is packed: arrays of numbers made easy for xz, and made whole again.

A sorted array is kept as the steps between its numbers, and every array by byte planes (all lowest bytes first, then
the next): both put like beside like. Little-endian throughout.

The packed form is one xz stream: the length of a JSON header (32 bits), the header, the sections one after the other.
The header names them: `{"sections": [{"name", "type", "count", "sorted", "offset"}, ...], ...}`, `type` a letter of the
array module or "text" (UTF-8, `count` bytes). The file that atlas.py maps has a fixed header, the same JSON header, and
the whole sections, each at `offset` bytes after the JSON header's end rounded up to ALIGN.
"""

from __future__ import annotations

import array
import hashlib
import itertools
import json
import lzma
import struct
import sys
import zlib
from typing import Any, TypeAlias

from sekisho.tables.atlas import FORMAT, HEADER, MAGIC, aligned

# One stream, single-threaded, so that the same input gives the same bytes. Planes have no structure of four (pb, lp 0).
FILTERS = [
    {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 26, "lc": 3, "lp": 0, "pb": 0}
]
LENGTH = struct.Struct("<I")
DIGEST_SIZE = 16

Numbers: TypeAlias = "array.array[int]"


def squeeze(numbers: Numbers, is_sorted: bool) -> bytes:
    """An array's bytes in the form that packs well."""
    if is_sorted and numbers:
        steps = [numbers[0], *(after - before for before, after in itertools.pairwise(numbers))]
        numbers = array.array(numbers.typecode, steps)
    data = _little(numbers).tobytes()
    return b"".join(data[plane :: numbers.itemsize] for plane in range(numbers.itemsize))


def restore(data: bytes, typecode: str, is_sorted: bool) -> Numbers:
    """What `squeeze` was given."""
    numbers = array.array(typecode)
    count = len(data) // numbers.itemsize
    woven = bytearray(len(data))
    for plane in range(numbers.itemsize):
        woven[plane :: numbers.itemsize] = data[plane * count : (plane + 1) * count]
    numbers.frombytes(woven)
    numbers = _little(numbers)
    return array.array(typecode, itertools.accumulate(numbers)) if is_sorted else numbers


def pack(facts: dict[str, Any], sections: list[tuple[str, bool, Numbers | bytes]]) -> bytes:
    """The packed atlas of sections (name, sorted, numbers or text) with `facts` in its header."""
    listed, offset, parts = [], 0, []
    for name, is_sorted, content in sections:
        text = isinstance(content, bytes)
        size = len(content) if isinstance(content, bytes) else len(content) * content.itemsize
        typecode = "text" if isinstance(content, bytes) else content.typecode
        listed.append({"name": name, "type": typecode, "count": len(content), "sorted": is_sorted, "offset": offset})
        parts.append(content if isinstance(content, bytes) else squeeze(content, is_sorted))
        assert text or len(parts[-1]) == size
        offset = aligned(offset + size)
    header = json.dumps({**facts, "sections": listed}, ensure_ascii=False, separators=(",", ":")).encode()
    return lzma.compress(b"".join((LENGTH.pack(len(header)), header, *parts)), lzma.FORMAT_XZ, filters=FILTERS)


def unpack(packed: bytes) -> bytes:
    """The file that atlas.py maps. Raises lzma.LZMAError or ValueError when the packed bytes are damaged."""
    data = lzma.decompress(packed, lzma.FORMAT_XZ)
    try:
        (length,) = LENGTH.unpack_from(data)
        header = data[LENGTH.size : LENGTH.size + length]
        sections = json.loads(header)["sections"]
    except (struct.error, KeyError, ValueError) as fault:
        raise ValueError("this is no packed atlas") from fault
    at, body = LENGTH.size + length, bytearray()
    for section in sections:
        if section["type"] == "text":
            content = data[at : at + section["count"]]
            at += section["count"]
        else:
            size = section["count"] * array.array(section["type"]).itemsize
            content = _little(restore(data[at : at + size], section["type"], section["sorted"])).tobytes()
            at += size
        body += bytes(section["offset"] - len(body)) + content
    start = aligned(HEADER.size + len(header))
    gap = bytes(start - HEADER.size - len(header))
    fixed = HEADER.pack(
        MAGIC, FORMAT, len(header), zlib.crc32(header), zlib.crc32(body), start + len(body), digest(packed)
    )
    return b"".join((fixed, header, gap, body))


def digest(packed: bytes) -> bytes:
    """What tells one packed atlas from another; stands in the unpacked one's header."""
    return hashlib.sha256(packed).digest()[:DIGEST_SIZE]


def _little(numbers: Numbers) -> Numbers:
    if sys.byteorder == "big":
        numbers = array.array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers
