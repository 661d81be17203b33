"""Where clocks stand: the offsets from UTC that a country's clocks show. Data: zones.tsv (IANA time zone database)."""

from __future__ import annotations

import os
from functools import cache


def offsets(country: str) -> frozenset[int]:
    """Minutes east of UTC that clocks there have shown since 2000, summer time included; empty for a code not in the table."""
    start = f"\n{country}\t"
    table = _table()
    at = table.find(start) if country.isalpha() else -1
    if at < 0:
        return frozenset()
    at += len(start)
    return frozenset(int(offset) for offset in table[at : table.index("\n", at)].split())


@cache
def _table() -> str:
    """The rows as they stand in the file; "" without one."""
    try:
        with open(os.path.join(os.path.dirname(__file__), "zones.tsv"), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""
