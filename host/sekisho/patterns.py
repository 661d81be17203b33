"""The package's regular expressions, compiled when it was built: Python's own compiler takes a third of a cold start for them.

Importing this puts them where `re.compile` looks first; each is put together when it is asked for. It must be the first import of a program. What
is not there, or was compiled for another version of `re`, is compiled as ever: a pattern is found by its text and flags, so none can be stale.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import marshal
import re

from sekisho.named import TYPE_CHECKING
from sekisho.tables import made

if TYPE_CHECKING:
    from typing import Any

PART = "patterns"


class Kept(dict[object, object]):
    """The store of `re`, by (type, pattern, flags), with what was made behind it."""

    def __init__(self, known: dict[Any, Any], stored: dict[tuple[str | bytes, int], bytes]) -> None:
        super().__init__(known)
        self.stored = stored

    def __missing__(self, key: Any) -> Any:
        packed = self.stored.pop(key[1:], None)
        if packed is None:
            raise KeyError(key)
        compiled = self[key] = _sre.compile(*marshal.loads(packed))
        return compiled


def load() -> int:
    """How many are there."""
    name = (
        "_cache2" if hasattr(re, "_cache2") else "_cache"
    )  # the one that is asked first, by subscript (3.12 and on has two)
    known: Any = getattr(re, name, None)
    found: Any = made.part(PART, lambda: (0, {}))
    magic, stored = found
    if type(known) is not dict or magic != _sre.MAGIC:
        return 0
    setattr(re, name, Kept(known, stored))
    return len(stored)


load()
