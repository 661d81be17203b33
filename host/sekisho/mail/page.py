"""What a web page says of itself: its title, its text, what it asks people to type, and where it sends them on by itself.

Read as text and by the HTML parser; no script runs. Bounded by whoever fetched it and by mail/html.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.mail import charset, html
from sekisho.mail.html import forms, pieces
from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

MAX_TITLE = 200
MAX_TEXT = 20_000
MAX_FIELDS = 500
MAX_SCRIPT = 100_000  # characters of all scripts together
MAX_SCRIPTS = 200
MAX_URL = 4096
SOON = 15.0  # seconds after which a reader would have been sent on
BARE = 300  # characters; a page that shows more is read, not passed through


class Page(NamedTuple):
    """`asks`: password, card, pin, code. `onward`: where it leads by itself, `how` (meta, script); "" where it does not."""

    title: str
    text: str
    asks: tuple[str, ...]
    onward: str
    how: str


def read(body: bytes, content_type: str) -> Page:
    """A page from the bytes of an answer and its Content-Type. Never raises."""
    from sekisho.mail.html.lexbor import LexborHTMLParser, SelectolaxError

    source = charset.decode(body, _label(body, content_type))
    text = " ".join(html.parse(source).text[:MAX_TEXT].split())
    title = onward = script = ""
    asks: set[str] = set()
    for piece in pieces.cut(source[: html.MAX_SOURCE], []):
        try:
            tree = LexborHTMLParser(piece.whole)
            named = tree.css_first("title")
            title = title or (_one_line(named.text()) if named is not None else "")
            asks |= _asks(tree)
            onward = onward or _meta(tree)
            script = script or _script(tree)
        except (SelectolaxError, ValueError, RuntimeError, UnicodeError, MemoryError):
            continue
    asked = tuple(secret for secret in forms.SECRETS if secret in asks)
    if onward:
        return Page(title, text, asked, onward, "meta")
    if script and not asked and len(text) <= BARE:
        return Page(title, text, asked, script, "script")
    return Page(title, text, asked, "", "")


def refresh(value: str) -> str:
    """Where a Refresh header, or its like in a page, leads soon; "" when it leads nowhere else (HTML §4.2.5.3)."""
    seconds, mark, rest = value.strip().partition(";")
    if not mark:
        seconds, mark, rest = value.strip().partition(",")
    digits = seconds.strip().partition(".")[0]
    if not mark or not digits.isascii() or not digits.isdecimal() or len(digits) > 6 or float(digits) > SOON:
        return ""
    rest = rest.strip()
    if rest[:3].lower() == "url" and rest[3:].lstrip()[:1] == "=":
        rest = rest[3:].lstrip()[1:].lstrip()
    if rest[:1] in ("'", '"'):
        rest = rest[1:].partition(rest[0])[0]
    return rest[:MAX_URL]


def _label(body: bytes, content_type: str) -> str:
    """The charset that the answer names, else the page itself in its first 1024 bytes (HTML §13.2.3.2)."""
    found = _charset().search(content_type) or _charset().search(body[:1024].decode("latin-1"))
    return found[1] if found else ""


@cache
def _charset() -> re.Pattern[str]:
    return re.compile(r"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_\-.:]{1,40})", re.IGNORECASE)


@cache
def _location() -> re.Pattern[str]:
    """A script's own sentence that leads elsewhere, with a whole text as its target: location = "..."; location.replace('...')."""
    return re.compile(
        r"(?<![\w$])location(?:\.href)?(?:\s{0,9}=\s{0,9}|\.(?:replace|assign)\s{0,9}\(\s{0,9})"
        r"(?:\"([^\"\r\n]{1,4096})\"|'([^'\r\n]{1,4096})'|`([^`$\r\n]{1,4096})`)\s{0,9}(?=[;)},<\r\n]|$)"
    )


@cache
def _escape() -> re.Pattern[str]:
    return re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))")


def _asks(tree: Any) -> set[str]:
    nodes = tree.css("input, textarea")[:MAX_FIELDS]
    return {kind for node in nodes for kind in forms.asked(node.tag, node.attributes)}


def _meta(tree: Any) -> str:
    for node in tree.css("meta[http-equiv]")[:20]:
        if (node.attributes.get("http-equiv") or "").strip().lower() == "refresh":
            return refresh(node.attributes.get("content") or "")
    return ""


def _script(tree: Any) -> str:
    budget = MAX_SCRIPT
    for node in tree.css("script")[:MAX_SCRIPTS]:
        words = (node.text() or "")[:budget]
        budget -= len(words)
        found = _location().search(words) if "location" in words else None
        if found:
            return _unescaped(found[1] or found[2] or found[3] or "")
    body = tree.css_first("body[onload]")
    found = _location().search((body.attributes.get("onload") or "")[:MAX_URL]) if body is not None else None
    return _unescaped(found[1] or found[2] or found[3] or "") if found else ""


def _unescaped(text: str) -> str:
    """A script's text (ECMAScript §12.9.4)."""

    def char(match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        return chr(int(digits, 16)) if digits else match[3]

    return _escape().sub(char, text).encode("utf-8", "replace").decode("utf-8")[:MAX_URL]


def _one_line(text: str) -> str:
    return " ".join(text[:2000].split())[:MAX_TITLE]
