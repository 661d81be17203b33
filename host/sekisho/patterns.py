"""The package's regular expressions, compiled when it was built: Python's own compiler takes a third of a cold start for them.

Importing this puts them where `re.compile` looks first. It must be the first import of a program. What is not there, or was
compiled for another version of `re`, is compiled as ever: a pattern is found by its text and flags, so none can be stale.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import re

from sekisho.named import TYPE_CHECKING
from sekisho.tables import made

if TYPE_CHECKING:
    from typing import Any

PART = "patterns"


def load() -> int:
    """How many were put there."""
    known: Any = getattr(re, "_cache", None)
    stored: Any = made.part(PART, lambda: (0, ()))
    if not isinstance(known, dict) or stored[0] != _sre.MAGIC:
        return 0
    for (pattern, flags), arguments in stored[1]:
        known[type(pattern), pattern, flags] = _sre.compile(*arguments)
    return len(stored[1])


load()
