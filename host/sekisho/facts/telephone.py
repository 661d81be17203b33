"""Telephone numbers in a text, as people write them for somebody to call."""

from __future__ import annotations

import re
from functools import cache

MAX_TEXT = 1 << 16  # characters that are searched
MAX_NUMBERS = 5
_DIGITS = range(9, 16)  # of a number with its area code (ITU-T E.164: at most 15)


def numbers(text: str) -> tuple[str, ...]:
    """The first few numbers, as they are written. What is in one run with letters, or one long number, is something else."""
    found: list[str] = []
    for match in _number().finditer(text[:MAX_TEXT]):
        written = match[0].rstrip("-. (")
        if sum(map(str.isdecimal, written)) in _DIGITS and written not in found:
            found.append(" ".join(written.split()))
            if len(found) == MAX_NUMBERS:
                break
    return tuple(found)


@cache
def _number() -> re.Pattern[str]:
    """Groups of two to four digits with a sign between: +1 (808) 555-0123, 0120-123-456, (03)1234-5678. A year begins a date."""
    between = r"(?:\)[ .\-]?|[ .\-\u2010-\u2013\u00a0]{1,2}\(?)"
    return re.compile(
        r"(?<![\w.@/$\u00a5\u20ac\u00a3-])(?<![0-9] )(?!(?:19|20)[0-9]{2}[-. ])\+?\(?[0-9]{1,4}(?:"
        + between
        + r"[0-9]{2,4}){2,4}(?![\w@])"
    )
