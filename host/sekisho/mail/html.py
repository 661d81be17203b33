"""What an HTML part shows and where it leads, by the rules of the HTML standard (lexbor through selectolax).

The parser is linear but for deep nesting, so the source is measured first; what is too deep or too large is read by a
linear pattern for its links alone, and that is said as a defect.
"""

import re
from functools import cache
from typing import NamedTuple

MAX_SOURCE = 1 << 20  # characters given to the parser
MAX_TAGS = 20_000  # at more, deep nesting costs seconds
MAX_DEPTH = 2_000
MAX_LINKS = 5_000
MAX_TEXT = 1 << 20

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
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
        for node in tree.css("script, style, head, template"):
            node.decompose()
        text = tree.body.text(separator="\n") if tree.body is not None else ""
    except (SelectolaxError, ValueError, RuntimeError, UnicodeError, MemoryError):
        return Html(_stripped(cut), _by_pattern(cut), (*defects, "html-unreadable"))
    return Html(text[:MAX_TEXT], links, tuple(defects))


def _links(tree: object) -> tuple[HtmlLink, ...]:
    out: list[HtmlLink] = []
    for tag, attribute in _LEADING:
        for node in tree.css(f"{tag}[{attribute}]"):  # type: ignore[attr-defined]  # selectolax ships no types
            value = node.attributes.get(attribute)
            if not value or not value.strip():
                continue
            shown = _SPACE.sub(" ", node.text()).strip()[:500] if tag in ("a", "button") else ""
            out.append(HtmlLink(value.strip(), shown))
            if len(out) >= MAX_LINKS:
                return tuple(out)
    return tuple(out)


def _too_deep(source: str) -> bool:
    """An upper bound of the depth: tags opened and not closed by a tag of the same name that follows."""
    if source.count("<") < MAX_DEPTH:
        return False
    depth = 0
    for tags, match in enumerate(_TAG.finditer(source), 1):
        if match.group(1):
            depth = max(0, depth - 1)
        elif match.group(2).lower() not in _VOID:
            depth += 1
        if depth > MAX_DEPTH or tags > MAX_TAGS:
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
