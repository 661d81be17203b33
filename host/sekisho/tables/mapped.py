"""What the two mapped tables share: the file, its numbers, and the words for what is wrong with it."""

from __future__ import annotations

import mmap
import os
import struct
import sys
from collections.abc import Callable

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Protocol, TypeVar

    class Dated(Protocol):
        @property
        def as_of(self) -> str: ...

    Table = TypeVar("Table", bound=Dated)

# What may be wrong with a table's file.
MISSING, UNREADABLE, TRUNCATED, FOREIGN, VERSION, DAMAGED = (
    "missing", "unreadable", "truncated", "foreign", "version", "damaged"
)  # fmt: skip

_STATE = {
    "en": {
        MISSING: "{table} is missing",
        UNREADABLE: "{table} cannot be read",
        TRUNCATED: "{table} is truncated",
        FOREIGN: "{table} is not what its name says",
        VERSION: "{table} was made for another version of Sekisho",
        DAMAGED: "{table} is damaged",
    },
    "ja": {
        MISSING: "{table}がありません",
        UNREADABLE: "{table}を読めません",
        TRUNCATED: "{table}が途中で切れています",
        FOREIGN: "{table}の中身が別のものです",
        VERSION: "{table}は別の版の Sekisho 用です",
        DAMAGED: "{table}が壊れています",
    },
}
_WHOLE = {
    "en": "{state}: {effect}. To mend it, run python3 install.py again.",
    "ja": "{state}。{effect}。もう一度 python3 install.py を実行すると直ります。",
}


class TableError(Exception):
    """A table's file cannot be used; `kind` is one of the names above."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def open_table(path: str, header: struct.Struct) -> mmap.mmap:
    """A file of at least a header's size, mapped. Raises TableError."""
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size < header.size:
                raise TableError(TRUNCATED)
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as fault:
        raise TableError(MISSING) from fault
    except (OSError, ValueError) as fault:
        raise TableError(UNREADABLE) from fault


ASTRAY = (ValueError, KeyError, IndexError, TypeError, OverflowError)  # what numbers that lead nowhere can raise


def newest(make: Callable[[str], Table], own: str, newer: str | None) -> tuple[Table | None, str | None]:
    """The table that came with the program, or a newer one of the same kind; and what is wrong when there is none. A newer file that
    cannot be used is no fault: the own one stays."""
    table, fault = _made(make, own)
    if newer is not None:
        other, _ = _made(make, newer)
        if other is not None and (table is None or other.as_of > table.as_of):
            return other, None
    return table, fault


def _made(make: Callable[[str], Table], path: str) -> tuple[Table | None, str | None]:
    try:
        return make(path), None
    except TableError as fault:
        return None, fault.kind
    except ASTRAY:
        return None, DAMAGED


def numbers(view: memoryview[int], at: int, typecode: str, count: int) -> memoryview[int]:
    """Little-endian numbers (`typecode` of the array module) in place; on a big-endian machine a swapped copy."""
    part = view[at : at + count * struct.calcsize("=" + typecode)]
    if sys.byteorder == "little":
        return part.cast(typecode)  # type: ignore[call-overload, no-any-return]  # the stub wants a literal
    import array

    swapped = array.array(typecode, part.tobytes())
    swapped.byteswap()
    return memoryview(swapped)


def sentence(kind: str, table: dict[str, str], effect: dict[str, str], locale: str) -> str:
    """What is wrong, what follows, how to mend it; `table` and `effect` by language, English for one unknown."""
    language = locale if locale in _WHOLE else "en"
    state = _STATE[language][kind].format(table=table[language])
    return _WHOLE[language].format(state=state, effect=effect[language])
