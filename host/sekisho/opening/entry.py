"""One member of an archive, whatever the archive's format."""

from __future__ import annotations

from collections.abc import Callable

from sekisho.named import NamedTuple


class DamagedError(Exception):
    """The bytes do not follow their format from here on."""


class Entry(NamedTuple):
    """A file in an archive. Directories are left out."""

    name: str
    size: int | None  # bytes, as the archive claims; None: it does not say
    packed: int | None  # bytes in the archive; None where files share a packed stream
    encrypted: bool
    content: (
        Callable[[int], bytes] | None
    )  # the first bytes of it, at most so many; None: not to be had without a key or a codec


def guessed(name: bytes) -> str:
    """A file name without a declared charset: UTF-8, then Japanese Windows, then the PC's own (APPNOTE 4.4.4)."""
    for charset in ("utf-8", "cp932"):
        try:
            return name.decode(charset)
        except UnicodeDecodeError:
            continue
    return name.decode("cp437")
