"""Desks that take reports of fraud by mail, at addresses which they publish themselves. Data: desks.tsv, dated and sourced there.

Read when somebody may want to write to one; what is not in it is not guessed.
"""

from __future__ import annotations

from functools import cache

from sekisho.named import NamedTuple
from sekisho.tables import rows


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
    found = (line.split("\t") for line in rows.lines("desks.tsv"))
    return {(row[0], row[1]): Desk(*row[2:]) for row in found if len(row) == 6}
