"""A scan as a table for a spreadsheet: CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel reads it in another encoding.

A cell of foreign text that a spreadsheet would take for a formula begins with an apostrophe, and is text.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from sekisho.paint.inert import visible
from sekisho.paint.overview_words import words_in
from sekisho.scan.examine import Row

BOM = b"\xef\xbb\xbf"
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "|", "%")


_COLUMNS = (
    *("verdict", "score", "date", "sender", "subject", "said", "reasons", "ip", "network", "asn", "country"),
    *("brand", "links", "campaign", "path", "index"),
)


def head(locale: str) -> bytes:
    """The first record: what stands in each column."""
    return _record([words_in(locale)[name] for name in _COLUMNS])


def record(row: Row, campaign: int | None, locale: str) -> bytes:
    """A message's record. `campaign`: its number, None where it belongs to none."""
    return _record(
        [
            words_in(locale)[f"level.{row.level}"],
            row.score,
            row.date,
            row.sender,
            row.subject,
            row.headline,
            " ".join(row.reasons),
            row.ip,
            row.network,
            row.asn,
            row.country,
            row.brand,
            " ".join(row.links),
            campaign,
            row.path,
            row.number,
        ]
    )


def _record(cells: Sequence[str | float | None]) -> bytes:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_text(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue().encode("utf-8", "replace")


def _text(cell: str) -> str:
    shown = visible(cell.replace("\r", " ").replace("\n", " ").replace("\t", " "))
    return f"'{shown}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else shown
