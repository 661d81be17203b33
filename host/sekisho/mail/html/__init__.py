"""What an HTML part shows, what it hides and where it leads, by the rules of the HTML standard (lexbor through selectolax).

As a mail program shows it: no script runs, so what stands in <noscript> is part of it.
"""

from __future__ import annotations

import re
import sys
from functools import cache

from sekisho.mail.html import pieces
from sekisho.mail.html.targets import KINDS, LEADING
from sekisho.mail.html.walk import HtmlLink, Image, Walk
from sekisho.named import NamedTuple

__all__ = ["KINDS", "LEADING", "Html", "HtmlLink", "Image", "parse"]

MAX_SOURCE = 1 << 20  # characters given to the parser; what is behind them is searched for links
MAX_NULS = 100  # the parser notes each one
MAX_NESTING = 3  # documents in documents
_KINDS = {"href": "link", "action": "form", "formaction": "form", "src": "image"}


@cache
def _target() -> re.Pattern[str]:
    return re.compile(
        r"\b(href|src|(?:form)?action)[ \t\r\n]*=[ \t\r\n]*(?:\"([^\"]{1,4096})\"|'([^']{1,4096})'|([^\s\"'>]{1,4096}))",
        re.IGNORECASE,
    )


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


def parse(source: str) -> Html:
    """All that an HTML source shows and holds; the source is decoded already. Never raises; takes time in proportion to the size."""
    walk = Walk()
    defects: dict[str, None] = {}
    _read(source[:MAX_SOURCE], walk, defects)
    if len(source) > MAX_SOURCE:
        defects["html-cut"] = None
        _search(source, walk, MAX_SOURCE)
    for level in range(MAX_NESTING + 1):
        waiting, walk.nested = walk.nested, []
        for inner in waiting:
            if level < MAX_NESTING and inner.parsed:
                _read(inner.source, walk, defects, inner.hidden)
            else:
                defects["html-cut"] = None
                _search(inner.source, walk)
    if walk.left_out:
        defects["too-many-links"] = None
    return Html(walk.text, walk.finished(), tuple(defects), walk.hidden, tuple(walk.images), walk.left_out)


def _read(source: str, walk: Walk, defects: dict[str, None], hidden: bool = False) -> None:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    if source.count("\0") > MAX_NULS:
        source = source.replace("\0", "\ufffd")
    found, left_out = pieces.cut(source)
    for count, piece in enumerate(found):
        if piece.too_deep:
            defects["html-too-deep"] = None
        if count:
            walk.again()
        try:
            walk.read(LexborHTMLParser(piece.source), hidden)
        except (SelectolaxError, ValueError, RuntimeError, UnicodeError, MemoryError):
            defects["html-unreadable"] = None
            _search(piece.source, walk)
    for begin, end in left_out:
        defects["html-cut"] = None
        _search(source, walk, begin, end)


def _search(source: str, walk: Walk, begin: int = 0, end: int = sys.maxsize) -> None:
    """What looks like a link in a source that is not parsed."""
    from html import unescape  # its table of entities is not worth loading for every mail

    for match in _target().finditer(source, begin, end):
        target = unescape(match.group(2) or match.group(3) or match.group(4) or "")
        walk.add(target, "", _KINDS[match.group(1).lower()], False)
