"""What follows from a table alone, reckoned when the package is built (tables.make) and read at start.

Reckoning it takes a tenth of a second of each start of the host, reading it a hundredth. The file lies beside the tables and is
marshalled, like the byte code beside it: it belongs to one version of Python. Each part has the checksum of the files that
it was made of; a part that is missing, or was made of others, is reckoned again.
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
    kept, packed = parts().get(name, (None, b""))
    if kept is not None and kept == (checksum(*sources) if stamp is None else stamp):
        try:
            made: Plain = marshal.loads(packed)
        except (ValueError, EOFError, TypeError):
            return make()  # damaged on the disk
        return made
    return make()


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
def parts() -> dict[str, tuple[int, bytes]]:
    """Every part with its checksum; none where the file is missing or is not what its name says."""
    try:
        with open(os.path.join(_HERE, "data", NAME), "rb") as file:
            found: Any = marshal.load(file)
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
