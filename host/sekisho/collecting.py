"""When Python looks for garbage in cycles: not while a program starts, when next to nothing of what is made goes away again.

With Python's own steps a seventh of a cold start is such looks. Importing this makes them rare, not absent: a mail that makes garbage
by the hundred thousand is still collected from. It must be among the first imports of a program; `as_usual` ends it.
"""

from __future__ import annotations

import gc

AT_START = 100_000  # objects that can be part of a cycle; a first report makes about half as many
_USUAL = gc.get_threshold()


def as_usual() -> None:
    """The start is over: the first report is out."""
    gc.set_threshold(*_USUAL)


gc.set_threshold(AT_START, *_USUAL[1:])
