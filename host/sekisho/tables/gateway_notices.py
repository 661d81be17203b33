"""The sentences with which mail gateways say that they took an attachment out.

as-of 2026-11-22. Source: notices as delivered (FortiGate's is the one of the first article) and the products' manuals.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Notice(NamedTuple):
    """What a notice says; "" where it does not."""

    file: str
    virus: str
    product: str
    start: int
    end: int


_PATTERNS = (
    # FortiGate, FortiMail: The file [name] has been detected containing virus [name], and has been removed.
    (
        "Fortinet",
        re.compile(
            r"(?:The file|ファイル)\s*\[(?P<file>[^\]\n]{1,200})\]\s*has been detected containing virus\s*"
            r"\[(?P<virus>[^\]\n]{1,120})\],?\s*and has been removed",
            re.IGNORECASE,
        ),
    ),
    (
        "",
        re.compile(
            r"(?:attachment|file)\s+[\"'\[“]?(?P<file>[\w.\-() ]{1,120}\.\w{1,8})[\"'\]”]?\s+(?:has been|was)\s+(?:removed|deleted|stripped|quarantined)"
            r"(?:[^.\n]{0,80}?(?:virus|malware|infected)\W{1,4}(?P<virus>[\w./!\-]{3,80}))?",
            re.IGNORECASE,
        ),
    ),
    (
        "",
        re.compile(
            r"添付ファイル\s*[「『\[\"]?(?P<file>[^「」『』\[\]\"\n]{1,120})[」』\]\"]?\s*(?:は|を)[^。\n]{0,60}?"
            r"(?:ウイルス|ウィルス)[^。\n]{0,10}?[「『\[\"(]?(?P<virus>[\w./!\-]{3,80})?[^。\n]{0,60}?(?:削除|除去|駆除)"
        ),
    ),
)
MAX_TEXT = 200_000


def find(text: str) -> list[Notice]:
    """The notices in a text, in order; a stretch that two patterns know counts once."""
    out: list[Notice] = []
    for product, pattern in _PATTERNS:
        for match in pattern.finditer(text, 0, MAX_TEXT):
            if any(match.start() < seen.end and seen.start < match.end() for seen in out):
                continue
            out.append(Notice(match["file"].strip(), (match["virus"] or "").strip(), product, match.start(), match.end()))
    return sorted(out, key=lambda notice: notice.start)
