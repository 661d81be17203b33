"""The sentences with which mail gateways say that they took an attachment out.

as-of 2026-11-22. Source: notices as delivered (FortiGate's is the one of the first article) and the products' manuals.
"""

from __future__ import annotations

import re

from sekisho.named import NamedTuple


class Notice(NamedTuple):
    """What a notice says; "" where it does not."""

    file: str
    virus: str
    product: str
    start: int
    end: int


# What every notice of a kind says somewhere: looked for first, since compiling the patterns costs more than most mails do.
_REMOVAL = ("削除", "除去", "駆除")
_TELLTALES = ("removed", "deleted", "stripped", "quarantined", *_REMOVAL)
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
            r"(?:[^.\n]{0,80}?(?:virus|malware|infected)\W{1,4}(?:with\s+)?(?P<virus>(?=[\w./!\-]{0,80}[./!\d])[\w./!\-]{3,80}))?"
        ),
    ),
    (
        "",
        (
            # Every stretch is bounded by its sentence and read once; a virus' name is Latin, whatever the notice's language.
            r"添付ファイル\s*(?:[「『\[\"](?P<file>[^「」『』\[\]\"\n]{1,120})[」』\]\"]|(?P<bare>[^「」『』\[\]\"\n]{1,120}?))"
            r"\s*(?:は|を)(?=(?P<rest>[^。\n]{0,200}))"
        ),
    ),
)
MAX_TEXT = 200_000
_CAUSE = r"(?:ウイルス|ウィルス)(?:[^。\n]{0,10}?(?P<virus>[A-Za-z][A-Za-z0-9_./!:\-]{2,80}))?"


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
            said = match.groupdict()
            file, virus, end = said["file"] or said.get("bare") or "", said.get("virus") or "", match.end()
            if "rest" in said:
                cause = re.search(_CAUSE, said["rest"])
                if cause is None or not any(word in said["rest"][cause.end() :] for word in _REMOVAL):
                    continue
                virus, end = cause["virus"] or "", match.end() + cause.end()
            out.append(Notice(file.strip(), virus.strip(), product, match.start(), end))
    return sorted(out, key=lambda notice: notice.start)
