"""Where clocks stand: the offsets from UTC that a country's clocks show. Data: zones.tsv (IANA time zone database)."""

from __future__ import annotations

import os

_rows: dict[str, str] = {}


def offsets(country: str) -> frozenset[int]:
    """Minutes east of UTC that clocks there have shown since 2000, summer time included; empty for a code not in the table."""
    if not _rows:
        path = os.path.join(os.path.dirname(__file__), "zones.tsv")
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except OSError:
            lines = []
        _rows.update((line[:2], line[3:]) for line in lines if not line.startswith("#"))
        _rows.setdefault("", "")
    return frozenset(int(offset) for offset in _rows.get(country, "").split())
