"""Country names in the reader's language. Data: countries.tsv (Unicode CLDR)."""

from __future__ import annotations

import os

_COLUMNS = {"en": 1, "ja": 2}
_names: dict[str, list[str]] = {}


def name(code: str, locale: str) -> str:
    """The name of an ISO 3166-1 alpha-2 code; the code itself when the table does not have it."""
    if not _names:
        path = os.path.join(os.path.dirname(__file__), "countries.tsv")
        try:
            with open(path, encoding="utf-8") as file:
                rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
        except OSError:
            rows = []
        _names.update({row[0]: row for row in rows if len(row) == 3})
        _names.setdefault("", ["", "", ""])
    row = _names.get(code.upper())
    return row[_COLUMNS.get(locale, 1)] if row and code else code
