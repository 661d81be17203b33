"""Where clocks stand: the offsets from UTC that a country's clocks show. Data: zones.tsv (IANA time zone database)."""

from __future__ import annotations

from functools import cache

from sekisho.tables import rows


def offsets(country: str) -> frozenset[int]:
    """Minutes east of UTC that clocks there have shown since 2000, summer time included; empty for a code not in the table."""
    written = _table().get(country, "").split()
    return frozenset(int(offset) for offset in written if offset.removeprefix("-").isdecimal())


@cache
def _table() -> dict[str, str]:
    """The rows as they stand in the file."""
    return dict(line.split("\t") for line in rows.lines("zones.tsv") if line.count("\t") == 1)
