"""What follows from a table alone, reckoned when the package is built (tables.make) and read at start.

Reckoning it takes a tenth of a second of each start of the host, reading it a hundredth. The file lies beside the tables and is
marshalled, like the byte code beside it: it belongs to one version of Python. Each part has the checksum of the files that
it was made of; a part that is missing, or was made of others, is reckoned again.

The file is mapped, and of its three megabytes only what is asked for is touched: the length of the index (4 bytes, little-endian), the
index (marshalled: the length of what follows it, and each part's checksum, place in it and length), the parts.
"""

from __future__ import annotations

import marshal
import os
import sys
from binascii import crc32
from functools import cache

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Plain = TypeVar("Plain")  # what can be marshalled: tuples, dictionaries, sets, texts, numbers

_HERE = os.path.dirname(__file__)
NAME = f"made-{sys.implementation.cache_tag}.bin"


def part(name: str, make: Callable[[], Plain], *sources: str, stamp: int | None = None) -> Plain:
    """The part of that name, or what `make` makes; `sources` are the files of which it is made, as paths from here, or `stamp`
    is a checksum that tells them as well."""
    kept, body = parts().get(name, (None, b""))
    if kept is not None and kept == (checksum(*sources) if stamp is None else stamp):
        try:
            made: Plain = marshal.loads(body)
        except (ValueError, EOFError, TypeError):
            return make()  # damaged on the disk
        return made
    return make()


def one(content: Any) -> bytes:
    """What is to be put together alone (`unpacked`), within a part of many that one look has no use for."""
    return marshal.dumps(content)


def unpacked(one: bytes) -> Any:
    """What `one` was made of."""
    return marshal.loads(one)


def checksum(*sources: str) -> int | None:
    """Of the content of files; None where one cannot be read."""
    found = 0
    try:
        for source in sources:
            with open(os.path.join(_HERE, source), "rb") as file:
                found = crc32(file.read(), found)
    except OSError:
        return None
    return found


@cache
def parts() -> dict[str, tuple[int | None, memoryview]]:
    """Every part with its checksum; none where the file is missing or is not what its name says."""
    from mmap import ACCESS_READ, mmap

    try:
        with open(os.path.join(_HERE, "data", NAME), "rb") as file:
            whole = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        start = 4 + int.from_bytes(whole[:4], "little")
        length, index = marshal.loads(whole[4:start])
        if length != len(whole) - start:
            return {}
        return {name: (stamp, whole[start + at : start + at + size]) for name, (stamp, at, size) in index.items()}
    except (OSError, ValueError, EOFError, TypeError, AttributeError):
        return {}


def packed(content: dict[str, tuple[int | None, bytes]]) -> bytes:
    """The file of these parts."""
    index: dict[str, tuple[int | None, int, int]] = {}
    at = 0
    for name, (stamp, body) in content.items():
        index[name] = (stamp, at, len(body))
        at += len(body)
    head = marshal.dumps((at, index))
    return len(head).to_bytes(4, "little") + head + b"".join(body for _, body in content.values())
