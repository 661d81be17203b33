"""That the register's file holds something else than we put there."""

from __future__ import annotations

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NoReturn


class DamagedError(Exception):
    """The file holds something else than we put there."""


def damaged(what: str) -> NoReturn:
    """Never returns; stands where a value should be."""
    raise DamagedError(f"damaged: {what}")
