"""What an HTML part shows and where it leads, by the rules of the HTML standard (lexbor through selectolax).

The parser is linear but for deep nesting, so the source is measured first; what is too deep or too large is read by a
linear pattern for its links alone, and that is said as a defect.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.named import NamedTuple

MAX_SOURCE = 1 << 20  # characters given to the parser
MAX_TAGS = 20_000  # at more, deep nesting costs seconds
MAX_DEPTH = 2_000
MAX_PLAIN = 700  # of fewer tags nothing large can be made
MAX_LINKS = 5_000
MAX_TEXT = 1 << 20
MAX_SHOWN = 4 << 20  # characters read of all links' words together
MAX_FORMATTING = 500_000  # elements that unclosed formatting may make of one source

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_FORMATTING = ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
_SPACE = re.compile(r"\s+")
# Attributes by which a reader's click, or a form, leads somewhere. Images and style are fetched, not followed.
_LEADING = (
    ("a", "href"),
    ("area", "href"),
    ("form", "action"),
    ("button", "formaction"),
    ("input", "formaction"),
    ("base", "href"),
)


@cache
def _href() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:href|src|action)[ \t\r\n]*=[ \t\r\n]*(?:\"([^\"]{1,4096})\"|'([^']{1,4096})'|([^\s\"'>]{1,4096}))",
        re.IGNORECASE,
    )


class HtmlLink(NamedTuple):
    """One place the part can lead to: its target as written and the words shown for it."""

    url: str
    text: str


class Html(NamedTuple):
    text: str  # what a reader sees, scripts and styles taken out
    links: tuple[HtmlLink, ...]
    defects: tuple[str, ...]


def parse(source: str) -> Html:
    """Text and links of an HTML source already decoded. Never raises; what is too large or too deep is read by pattern."""
    cut = source[:MAX_SOURCE]
    defects = ["html-cut"] if len(source) > MAX_SOURCE else []
    if _too_deep(cut):
        return Html(_stripped(cut), _by_pattern(cut), (*defects, "html-too-deep"))
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        tree = LexborHTMLParser(cut)
        links = _links(tree)
        for node in reversed(tree.css("script, style, head, template")):  # the inner ones first: head holds style
            node.decompose()
        text = tree.body.text(separator="\n") if tree.body is not None else ""
    except (SelectolaxError, ValueError, RuntimeError, UnicodeError, MemoryError):
        return Html(_stripped(cut), _by_pattern(cut), (*defects, "html-unreadable"))
    return Html(text[:MAX_TEXT], links, tuple(defects))


def _links(tree: object) -> tuple[HtmlLink, ...]:
    out: list[HtmlLink] = []
    budget = MAX_SHOWN  # links inside links (in tables they stay) would each be read with all that is below them
    for tag, attribute in _LEADING:
        for node in tree.css(f"{tag}[{attribute}]"):  # type: ignore[attr-defined]  # selectolax ships no types
            value = node.attributes.get(attribute)
            if not value or not value.strip():
                continue
            shown = node.text() if tag in ("a", "button") and budget > 0 else ""
            budget -= len(shown)
            shown = _SPACE.sub(" ", shown[:2000]).strip()[:500]
            out.append(HtmlLink(value.strip(), shown))
            if len(out) >= MAX_LINKS:
                return tuple(out)
    return tuple(out)


def _too_deep(source: str) -> bool:
    """An upper bound of the depth: tags opened and not closed by a tag of the same name that follows.

    The same for formatting: what is not closed is opened again in every block that follows (HTML §13.2.4.3), so that
    300 kB of <b id=1> ... <b id=1000> <p>x <p>x ... become gigabytes.
    """
    if source.count("<") < MAX_PLAIN:
        return False
    depth = open_formatting = made = 0
    formatting = dict.fromkeys(_FORMATTING, 0)
    for tags, match in enumerate(_TAG.finditer(source), 1):
        name = match.group(2).lower()
        if match.group(1):
            depth = max(0, depth - 1)
            if formatting.get(name):
                formatting[name] -= 1
                open_formatting -= 1
        elif name not in _VOID:
            depth += 1
            if name in formatting:
                formatting[name] += 1
                open_formatting += 1
        made += open_formatting
        if depth > MAX_DEPTH or tags > MAX_TAGS or made > MAX_FORMATTING:
            return True
    return False


def _by_pattern(source: str) -> tuple[HtmlLink, ...]:
    from html import unescape  # its table of entities is not worth loading for every mail

    out: list[HtmlLink] = []
    for match in _href().finditer(source):
        out.append(HtmlLink(unescape(match.group(1) or match.group(2) or match.group(3) or "")[:4096].strip(), ""))
        if len(out) >= MAX_LINKS:
            break
    return tuple(out)


def _stripped(source: str) -> str:
    return re.sub(r"<[^<>]{0,4096}>", " ", source)[:MAX_TEXT]
