"""The HTML parser, loaded without `logging`: it takes a logger when it is imported, uses it for one misuse of its own, and
`logging` with all that it loads is a twentieth of a cold start.

While the parser is imported, a stand-in has that name, which is the real thing for whoever asks more of it than a logger.
"""

from __future__ import annotations

import sys
from types import ModuleType

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

NAME = "logging"


class _Logger:
    """A logger that is made when it is used."""

    def __init__(self, name: str | None) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(_real().getLogger(self._name), name)


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return getattr(_real(), name)

    def getLogger(self, name: str | None = None) -> _Logger:  # noqa: N802 - as in `logging`
        return _Logger(name)


_stand_in = _StandIn(NAME)


def _real() -> ModuleType:
    _step_down()
    import logging

    return logging


def _step_down() -> None:
    if sys.modules.get(NAME) is _stand_in:
        del sys.modules[NAME]


sys.modules.setdefault(NAME, _stand_in)
try:
    from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
finally:
    _step_down()

__all__ = ["LexborHTMLParser", "LexborNode", "SelectolaxError"]
