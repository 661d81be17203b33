"""The sentences with which mail gateways say that they took an attachment out.

as-of 2026-11-22. Source: notices as delivered (FortiGate's is the one of the first article) and the products' manuals.
"""

import re
from typing import NamedTuple


class Notice(NamedTuple):
    """What a notice says; "" where it does not."""

    file: str
    virus: str
    product: str
    start: int
    end: int


# What every notice of a kind says somewhere: looked for first, since compiling the patterns costs more than most mails do.
_TELLTALES = ("removed", "deleted", "stripped", "quarantined", "削除", "除去", "駆除")
_PATTERNS: tuple[tuple[str, str], ...] = (
    # FortiGate, FortiMail: The file [name] has been detected containing virus [name], and has been removed.
    (
        "Fortinet",
        (
            r"(?:The file|ファイル)\s*\[(?P<file>[^\]\n]{1,200})\]\s*has been detected containing virus\s*"
            r"\[(?P<virus>[^\]\n]{1,120})\],?\s*and has been removed"
        ),
    ),
    (
        "",
        (
            r"(?:attachment|file)\s+[\"'\[“]?(?P<file>[\w.\-() ]{1,120}\.\w{1,8})[\"'\]”]?\s+(?:has been|was)\s+(?:removed|deleted|stripped|quarantined)"
            r"(?:[^.\n]{0,80}?(?:virus|malware|infected)\W{1,4}(?P<virus>[\w./!\-]{3,80}))?"
        ),
    ),
    (
        "",
        (
            r"添付ファイル\s*[「『\[\"]?(?P<file>[^「」『』\[\]\"\n]{1,120})[」』\]\"]?\s*(?:は|を)[^。\n]{0,60}?"
            r"(?:ウイルス|ウィルス)[^。\n]{0,10}?[「『\[\"(]?(?P<virus>[\w./!\-]{3,80})?[^。\n]{0,60}?(?:削除|除去|駆除)"
        ),
    ),
)
MAX_TEXT = 200_000


def find(text: str) -> list[Notice]:
    """The notices in a text, in order; a stretch that two patterns know counts once."""
    out: list[Notice] = []
    cut = text[:MAX_TEXT]
    if not any(word in cut for word in _TELLTALES):
        return out
    for product, pattern in _PATTERNS:
        for match in re.finditer(pattern, cut, re.IGNORECASE):
            if any(match.start() < seen.end and seen.start < match.end() for seen in out):
                continue
            out.append(
                Notice(match["file"].strip(), (match["virus"] or "").strip(), product, match.start(), match.end())
            )
    return sorted(out, key=lambda notice: notice.start)
