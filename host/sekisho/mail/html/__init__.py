"""What an HTML part shows, what it hides and where it leads, by the rules of the HTML standard (lexbor through selectolax).

As a mail program shows it: no script runs, so what stands in <noscript> is part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sekisho.mail.html import pieces
from sekisho.mail.html.targets import KINDS, LEADING
from sekisho.mail.html.walk import HtmlLink, Image, Walk
from sekisho.named import NamedTuple

__all__ = ["KINDS", "LEADING", "Html", "HtmlLink", "Image", "parse"]

MAX_SOURCE = 1 << 20  # characters given to the parser; what is behind them is searched for links
MAX_NULS = 100  # the parser notes each one
MAX_NESTING = 3  # documents in documents
_NULS = re.compile("\0+")  # the standard has each left out of words; in what they break one is enough


class Html(NamedTuple):
    """`text` is what a reader sees, in lines; `hidden` the words that are there and not seen; `images` the pictures seen.

    `left_out`: links beyond the number that is kept.
    """

    text: str
    links: tuple[HtmlLink, ...]
    defects: tuple[str, ...]
    hidden: str = ""
    images: tuple[Image, ...] = ()
    left_out: int = 0


def parse(source: str, more: Iterable[str] = ()) -> Html:
    """All that an HTML source shows and holds; the source is decoded already, `more` follows on it and is only searched for links.

    Never raises; takes time and memory in proportion to the size.
    """
    walk = Walk()
    defects: dict[str, None] = {}
    _read(source[:MAX_SOURCE], walk, defects)
    if len(source) > MAX_SOURCE:
        defects["html-cut"] = None
        walk.search(source, MAX_SOURCE)
    del source
    for behind in more:
        defects["html-cut"] = None
        walk.search(behind)
    for level in range(MAX_NESTING + 1):
        waiting, walk.nested = walk.nested, []
        for inner in waiting:
            if level < MAX_NESTING:
                _read(inner.source, walk, defects, inner.hidden)
            else:
                walk.not_read = True
                walk.search(inner.source)
    if walk.not_read:
        defects["html-cut"] = None
    if walk.left_out:
        defects["too-many-links"] = None
    return Html(walk.text, walk.finished(), tuple(defects), walk.hidden, tuple(walk.images), walk.left_out)


def _read(source: str, walk: Walk, defects: dict[str, None], hidden: bool = False) -> None:
    from sekisho.mail.html.lexbor import LexborHTMLParser, SelectolaxError

    left_out: list[tuple[int, int]] = []
    for piece in pieces.cut(source, left_out):
        if piece.too_deep:
            defects["html-too-deep"] = None
        whole = piece.whole
        if whole.count("\0") > MAX_NULS:
            whole = _NULS.sub("\0", whole)
        try:
            walk.again(LexborHTMLParser(piece.carried) if piece.carried else None)
            walk.read(LexborHTMLParser(whole), hidden)
        except (SelectolaxError, ValueError, RuntimeError, UnicodeError, MemoryError):
            defects["html-unreadable"] = None
            walk.search(piece.source)
    for begin, end in left_out:
        defects["html-cut"] = None
        walk.search(source, begin, end)
