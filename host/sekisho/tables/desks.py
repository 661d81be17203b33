"""Desks that take reports of fraud by mail, at addresses which they publish themselves. Data: desks.tsv, dated and sourced there.

Read when somebody may want to write to one; what is not in it is not guessed.
"""

from __future__ import annotations

import os
from functools import cache

from sekisho.named import NamedTuple


class Desk(NamedTuple):
    name: str
    address: str
    language: str  # in which it is written to: en, ja
    source: str  # the page on which it publishes the address


def of(kind: str, key: str) -> Desk | None:
    """The desk of a brand, a service, a registry, or the one that has a role of its own; None where none is known."""
    return _desks().get((kind, key))


def as_of() -> str:
    """The day on which the table was last gone through."""
    return _AS_OF


_AS_OF = "2026-11-22"


@cache
def _desks() -> dict[tuple[str, str], Desk]:
    try:
        with open(os.path.join(os.path.dirname(__file__), "desks.tsv"), encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return {}
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {(row[0], row[1]): Desk(*row[2:]) for row in rows if len(row) == 6}
