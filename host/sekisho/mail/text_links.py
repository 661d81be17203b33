"""The URLs that stand in running text (RFC 3986 appendix C), wherever a mail program would make a link.

Thunderbird's link goes on to the next blank, so that Japanese text without a space behind a URL is in it; a reader, and
RFC 3986, end it earlier. Where the two lead to different hosts both are given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from sekisho.mail.domain import registrable

STRETCH = (
    1 << 15
)  # characters of a text that are looked at as one: in lower case they may take twelve times their length
MAX_LOOKED_BACK = 1 << 13  # characters, for a place to cut it
MAX_HOST = 300  # characters of a host in running text
MAX_LOOKED_UP = 1_000  # hosts of one text whose domain is looked up; of more every reading is given
_START = r"(?<![A-Za-z0-9])(?:[Hh][Tt][Tt][Pp][Ss]?|[Ff][Tt][Pp]):"
_ASCII = r"[!#-;=?-\[\]_a-z{|}~]"  # what RFC 3986 has, and what people write without escaping it
_HOST = r"[^\s/?#<>\"`{}\\／？＃＼：]"
# Full-width forms of ASCII, which no program makes a link of and which a reader may copy: U+FF01 is "!".
_NARROW = {0xFEE0 + code: code for code in range(0x21, 0x7F)}


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(rf"{_START}//{_ASCII}+|(?<![A-Za-z0-9@./\-])[Ww][Ww][Ww]\.{_ASCII}+")


@cache
def _to_the_blank() -> re.Pattern[str]:
    """Scheme and slashes, host, and what RFC 3986 allows behind it. Browsers need no slashes there, and take others."""
    return re.compile(rf"({_START}[/\\]{{0,20}})({_HOST}{{1,{MAX_HOST}}})([/?#\\]{_ASCII}*)?")


@cache
def _between_marks() -> re.Pattern[str]:
    """`<URL:...>` with blanks or a line end in it, which are no part of it."""
    return re.compile(r"[<\"](?:URL:)?((?:https?|ftp):[^<>\"]{1,2000})[>\"]", re.IGNORECASE)


def find(text: str) -> list[str]:
    """The URLs of running text, in order. A bare www. name counts as http."""
    return list(each(text))


def each(text: str) -> Iterator[str]:
    """As `find`, one after the other: no more than those of one stretch are held."""
    owned: dict[str, bool] = {}
    begin = 0
    while begin < len(text):
        end = _cut(text, begin)
        stretch = text[begin:end]
        begin = end
        places = _find(stretch, owned)
        if not stretch.isascii() and any(sign in stretch for sign in ("：", "／", "ｐ", "Ｐ")):
            known = {at for at, _, _ in places}
            places += [place for place in _find(stretch.translate(_NARROW), owned) if place[0] not in known]
        for _, _, url in sorted(places):
            yield "http://" + url if url[:4].lower() == "www." else url


def _cut(text: str, begin: int) -> int:
    """Where a stretch may end: before a blank, or a letter that no address goes beyond, and not within pointed brackets."""
    end = begin + STRETCH
    if end >= len(text):
        return len(text)
    low = end - MAX_LOOKED_BACK
    at = max(text.rfind("\n", low, end), text.rfind(" ", low, end))
    if at <= low:
        at = next((place for place in range(end, low, -1) if not text[place].isascii()), end)
    opened = text.rfind("<", at - MAX_LOOKED_BACK // 2, at)
    return opened if opened > begin and text.find(">", opened, at) < 0 else at


def _find(text: str, owned: dict[str, bool]) -> list[tuple[int, int, str]]:
    """Where each begins, whether it is a second reading of that place, and the URL. `owned`: hosts that have been looked up."""
    lower = text.lower()
    if "http" not in lower and "www." not in lower and "ftp:" not in lower:
        return []
    begins = _begins(lower, len(text))
    out = {match.start(): _trimmed(match.group()) for match in _matches(_plain(), text, begins)}
    more: dict[int, str] = {}

    def has_owner(host: str) -> bool:
        if host not in owned:
            if len(owned) >= MAX_LOOKED_UP:
                return True
            owned[host] = bool(registrable(host.rpartition("@")[2].partition(":")[0]))
        return owned[host]

    slashes = sum(map(lower.count, ("http://", "https://", "ftp://")))
    if not text.isascii() or sum(map(lower.count, ("http:", "https:", "ftp:"))) > slashes:
        for match in _matches(_to_the_blank(), text, begins):
            found = _other_host(match, out.get(match.start(), ""), has_owner)
            if found:
                more[match.start()] = found
    if any(mark in lower for mark in ("<http", "<ftp:", "<url:", '"http', '"ftp:', '"url:')):
        for match in _between_marks().finditer(text):
            whole = "".join(match.group(1).split())
            at = match.start(1)
            if len(whole) < len(match.group(1)) and _host(whole) != _host(out.get(at, "")) and has_owner(_host(whole)):
                more[at] = whole
    for at in more.keys() & out.keys():
        if not has_owner(_host(out[at])):
            del out[at]  # half a name
    return [(at, order, url) for order, found in enumerate((out, more)) for at, url in found.items()]


def _begins(lower: str, length: int) -> list[int] | None:
    """Where a URL can begin; None where lower case is of another length, so that places in it are none in the text."""
    if len(lower) != length:
        return None
    found = []
    for sign in ("http", "ftp:", "www."):
        at = lower.find(sign)
        while at >= 0:
            found.append(at)
            at = lower.find(sign, at + 1)
    return sorted(found)


def _matches(pattern: re.Pattern[str], text: str, begins: list[int] | None) -> Iterator[re.Match[str]]:
    """As `finditer`, which would try the pattern at each letter of the text."""
    if begins is None:
        yield from pattern.finditer(text)
        return
    behind = 0
    for at in begins:
        match = pattern.match(text, at) if at >= behind else None
        if match is not None:
            behind = match.end()
            yield match


def _other_host(match: re.Match[str], plain: str, has_owner: Callable[[str], bool]) -> str:
    """The URL up to the blank, where its host is another than that of `plain`; "" where it is the same or nobody's."""
    start, host, rest = match.group(1), match.group(2), match.group(3) or ""
    if plain and host.isascii() and start[-2:] == "//":
        return ""
    host = host.rstrip(".,;!?-:'")
    if has_owner(host):
        url = _trimmed(start + host + rest)
        return "" if _host(url) == _host(plain) else url
    if plain or host.isascii():
        return ""
    shorter = _up_to_a_domain().match(host)
    return start + (shorter.group() if shorter else host)


@cache
def _up_to_a_domain() -> re.Pattern[str]:
    return re.compile(r".*\.[a-z]{2,24}(?![a-z0-9\-])", re.IGNORECASE)


def _host(url: str) -> str:
    """What stands between the slashes and the path."""
    return re.split(r"[/\\?#]", url.partition(":")[2].lstrip("/\\"), maxsplit=1)[0].lower()


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
