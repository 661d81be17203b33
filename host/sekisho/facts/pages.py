"""What an attached page or drawing does when it is opened: HTML and SVG, by plain words in their source.

Such a file is no letter: it runs in the browser, from the reader's own disk. Sources: Microsoft, "HTML smuggling surges"
(2021) and the kits of the development corpus; HTML Standard and SVG 2 for the elements' names.
"""

from __future__ import annotations

import re
from functools import cache

MAX_SOURCE = 1 << 20  # characters that are looked at
PASSWORD, SMUGGLING, REDIRECT, SCRIPT, FORM, EMBEDDED = (
    "password",
    "smuggling",
    "redirect",
    "script",
    "form",
    "embedded",
)
_SAVING = ("mssaveoropenblob", "mssaveblob", "createobjecturl", "new blob(")
_DECODING = ("atob(", "uint8array", "fromcharcode", "unescape(", "decodeuricomponent(", "base64,")
_WRITING = ("document.write", "innerhtml", "eval(", "srcdoc", "insertadjacenthtml")
_GOING = (
    "location.href",
    "location.replace",
    "location.assign",
    "window.location",
    "document.location",
    "window.open(",
)


def signs(source: str) -> frozenset[str]:
    """What the source of a page holds: password (asks for one), form, script, smuggling (makes a file or a page out of what it
    carries encoded), redirect (leads on by itself), embedded (a page inside a drawing)."""
    text = source[:MAX_SOURCE].lower()
    out = set()
    if "password" in text and _asks().search(text):
        out.add(PASSWORD)
    if "<form" in text:
        out.add(FORM)
    if "<foreignobject" in text:
        out.add(EMBEDDED)
    scripted = "<script" in text or "javascript:" in text or (" on" in text and bool(_handlers().search(text)))
    if scripted:
        out.add(SCRIPT)
        decoding = any(word in text for word in _DECODING)
        if decoding and (any(word in text for word in _SAVING) or (any(w in text for w in _WRITING) and _packed(text))):
            out.add(SMUGGLING)
        if any(word in text for word in _GOING):
            out.add(REDIRECT)
    if 'http-equiv="refresh"' in text or "http-equiv=refresh" in text or "http-equiv='refresh'" in text:
        out.add(REDIRECT)
    return frozenset(out)


PACKED = 400  # characters without a space that are data, not words


def _packed(text: str) -> bool:
    return bool(_runs().search(text))


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(r"type\s{0,5}=\s{0,5}[\"']?password")


@cache
def _handlers() -> re.Pattern[str]:
    return re.compile(r"\son(?:load|click|error|begin|mouseover|focus|toggle)\s{0,5}=")


@cache
def _runs() -> re.Pattern[str]:
    return re.compile(r"[a-z0-9+/=%\\]{" + str(PACKED) + "}")
