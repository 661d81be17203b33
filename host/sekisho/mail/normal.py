"""Unicode's normal forms in bounded time.

`unicodedata.normalize` sorts the marks behind a letter by insertion: thirty thousand of them take it seconds. Nobody who writes has more
than a handful (UAX #15 §13, Stream-Safe Text Format: thirty), so that a long text may be normalised in pieces.
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Literal

PIECE = 512  # characters that are normalised at a time


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """`unicodedata.normalize`, but for heaps of more than PIECE characters in which none begins anew: they are cut there. Linear."""
    if len(text) <= PIECE:
        return normalize(form, text)
    out, at = [], 0
    while at < len(text):
        found = _begins().search(text, at + PIECE, at + 2 * PIECE)
        end = found.start() if found else at + 2 * PIECE
        out.append(normalize(form, text[at:end]))
        at = end
    return "".join(out)


@cache
def _begins() -> re.Pattern[str]:
    """A character that nothing before it combines with: ASCII, kana, kanji, Hangul syllables."""
    return re.compile("[\0-\x7f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]")
