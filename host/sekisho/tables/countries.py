"""Country names in the reader's language. Data: countries.tsv (Unicode CLDR)."""

from __future__ import annotations

from sekisho.tables import rows

# Country-code domains that the world uses as generic ones, so that they say nothing of a place. Source: Google Search Central's
# list of country-code domains it treats as generic, as-of 2026-11-22; and .eu.
_GENERIC = frozenset(
    ["ad", "ai", "as", "bz", "cc", "cd", "co", "dj", "eu", "fm", "io", "la", "me", "ms", "nu", "sc", "sr", "su", "tk", "tv", "ws"]
)  # fmt: skip
_OTHER_CODES = {"uk": "GB"}  # where the domain is not the country's ISO 3166-1 code
_COLUMNS = {"en": 1, "ja": 2}
_names: dict[str, list[str]] = {}


def name(code: str, locale: str) -> str:
    """The name of an ISO 3166-1 alpha-2 code; the code itself when the table does not have it."""
    if not _names:
        found = [line.split("\t") for line in rows.lines("countries.tsv")]
        _names.update({row[0]: row for row in found if len(row) == 3})
        _names.setdefault("", ["", "", ""])
    row = _names.get(code.upper())
    return row[_COLUMNS.get(locale, 1)] if row and code else code


def of_domain(host: str) -> str:
    """The country (ISO 3166-1 alpha-2) that a host's top-level domain stands for; "" where it stands for none."""
    label = host.rpartition(".")[2].lower()
    if len(label) != 2 or not (label.isascii() and label.isalpha()) or label in _GENERIC:
        return ""
    return _OTHER_CODES.get(label, label.upper())
