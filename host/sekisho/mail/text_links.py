"""The URLs that stand in running text (RFC 3986 appendix C), found where a mail program would make links of them."""

import re
from functools import cache


@cache
def _in_text() -> re.Pattern[str]:
    """In running text a URL ends where RFC 3986 has no character for it, so Japanese may follow without a space."""
    return re.compile(
        r"(?<![A-Za-z0-9])(?:https?|ftp)://[!#-;=?-\[\]_a-z{|}~]+|(?<![A-Za-z0-9@./\-])www\.[!#-;=?-\[\]_a-z{|}~]+",
        re.IGNORECASE,
    )


@cache
def _idn_in_text() -> re.Pattern[str]:
    return re.compile(
        r"(?:https?|ftp)://[^\s/?#<>\"「」『』【】()、。・]{1,253}[/?#]?[!#-;=?-\[\]_a-z{|}~]*", re.IGNORECASE
    )


def find(text: str) -> list[str]:
    """The URLs of running text, in order. A bare www. name counts as http."""
    if "://" not in text and "www." not in text.lower():
        return []
    out = [_trimmed(match.group()) for match in _in_text().finditer(text)]
    if not text.isascii():
        known = {url for url in out if len(url) > 12}
        for match in _idn_in_text().finditer(text):
            found = _trimmed(match.group())
            # What stands before the first letter outside ASCII may have been taken for a URL of its own already.
            if not found.isascii() and _ascii_part(found) not in known:
                out.append(found)
    return ["http://" + url if url[:4].lower() == "www." else url for url in out]


def _ascii_part(url: str) -> str:
    match = _in_text().match(url)
    return _trimmed(match.group()) if match else ""


def _trimmed(url: str) -> str:
    """Without the punctuation that belongs to the sentence around it; a bracket stays when its partner is inside."""
    end = len(url)
    over = {close: url.count(close) - url.count(opener) for opener, close in ("()", "[]", "{}")}
    while end:
        last = url[end - 1]
        if over.get(last, 0) > 0:
            over[last] -= 1
        elif last not in ".,;:!?'*_~|":
            break
        end -= 1
    return url[:end]
