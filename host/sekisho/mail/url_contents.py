"""What is inside of a link's path, query and fragment: whole URLs, addresses of people in any of their encodings, opaque identifiers.

Everything is told by place, so that the written link can be cut there. Nothing raises; all of it is linear in the link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from sekisho.named import NamedTuple

MAX_ADDRESSES = 12
MIN_HASH = 32  # characters of MD5
MIN_TEXT = 7  # characters that a person's address has in any form
_MIN_PIECE = 10  # characters of base64 that are left of an address: fewer stand anywhere by chance
_MAX_UNDONE = 3  # layers of percent-encoding


class Span(NamedTuple):
    start: int
    end: int
    role: str  # nested | recipient | token


class Person(NamedTuple):
    """An address and what it looks like in links: (how it is written, text to find, whether case counts)."""

    address: str
    forms: tuple[tuple[str, str, bool], ...]


class Found(NamedTuple):
    address: str
    form: str  # plain | rot13 | hex | base64 | md5 | sha1 | sha256
    start: int
    end: int


def people(addresses: Iterable[str]) -> tuple[Person, ...]:
    """The first MAX_ADDRESSES addresses with what to look for."""
    known = [address for address in dict.fromkeys(addresses) if 5 < len(address) <= 254 and "@" in address[1:-1]]
    return tuple(Person(address, _forms(address)) for address in known[:MAX_ADDRESSES])


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROT13 = str.maketrans(_LETTERS, _LETTERS[13:] + _LETTERS[:13])


@lru_cache(64)  # a mailbox has few readers
def _forms(address: str) -> tuple[tuple[str, str, bool], ...]:
    from binascii import b2a_base64

    lower = address.lower()
    forms = [("plain", lower, False), ("rot13", lower.translate(_ROT13), False)]
    octets = lower.encode("utf-8", "replace")
    forms.append(("hex", octets.hex(), False))
    for written in dict.fromkeys((lower, address)):
        # Three octets become four characters, so an address inside a longer text (JSON, say) has one of three shapes.
        for before in range(3):
            octets = written.encode("utf-8", "replace")
            cut = b2a_base64(b"\0" * before + octets, newline=False).decode("ascii").rstrip("=")
            piece = cut[(0, 2, 3)[before] :]
            piece = piece[:-1] if (before + len(octets)) % 3 else piece
            if len(piece) >= _MIN_PIECE:
                forms.append(("base64", piece.replace("+", "-").replace("/", "_"), True))
    return tuple(forms)


@lru_cache(maxsize=MAX_ADDRESSES)
def _digests(address: str) -> tuple[tuple[str, str, bool], ...]:
    """The hashes that programs for mailings make of an address; hashlib is loaded only for a link that may hold one."""
    from hashlib import md5, sha1, sha256

    octets = address.lower().encode("utf-8", "replace")
    makers = (("md5", md5), ("sha1", sha1), ("sha256", sha256))
    return tuple((name, make(octets, usedforsecurity=False).hexdigest(), False) for name, make in makers)


@cache
def _hash() -> re.Pattern[str]:
    return re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-f])")


def addresses(text: str, known: tuple[Person, ...]) -> list[Found]:
    """Where people's addresses stand in a piece of a link, encoded or not; the first place of each form of each."""
    out = []
    for undone, places in _undone(text):
        lower, exact = undone.lower(), undone.replace("+", "-").replace("/", "_")
        hashed = _may_be_hashed(lower) and _hash().search(lower) is not None
        for person in known:
            for form, wanted, case in person.forms + _digests(person.address) if hashed else person.forms:
                at = (exact if case else lower).find(wanted)
                if at >= 0 and (form != "plain" or _alone(lower, at, at + len(wanted))):
                    start, end = at, at + len(wanted)
                    if form == "base64":
                        start, end = _widened(exact, start, end)
                    out.append(Found(person.address, form, places[start], places[end]))
    return out


_HEXADECIMAL = bytes(120 if chr(code) in "0123456789abcdef" else 32 for code in range(256))


def _may_be_hashed(lower: str) -> bool:
    """Whether so many hexadecimal digits follow each other; the pattern looks at each place of a long link anew."""
    if len(lower) < MIN_HASH:
        return False
    return b"x" * MIN_HASH in lower.encode("ascii", "replace").translate(_HEXADECIMAL)


_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-+")


def _alone(text: str, start: int, end: int) -> bool:
    """Whether an address is not the end or the beginning of a longer one."""
    if start and text[start - 1] in _LOCAL:
        return False
    after = text[end : end + 1]
    return after not in _LOCAL or not text[end + 1 : end + 2].isalnum() or not after


_BASE64 = re.compile(r"[A-Za-z0-9_\-]*={0,2}")


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole run of base64 around a piece."""
    while start and (text[start - 1].isalnum() or text[start - 1] in "-_"):
        start -= 1
    match = _BASE64.match(text, end)
    return start, match.end() if match else end


def _undone(text: str) -> Iterator[tuple[str, range | list[int]]]:
    """A text as it stands and with one layer of percent-encoding after the other undone, and where each character came from."""
    places: range | list[int] = range(len(text) + 1)
    for _ in range(_MAX_UNDONE):
        yield text, places
        if not _escape().search(text):
            return
        out: list[str] = []
        kept: list[int] = []
        last = 0
        for match in _escape().finditer(text):
            out.append(text[last : match.start()])
            kept.extend(places[last : match.start()])
            out.append(chr(int(match.group(1), 16)))  # addresses are ASCII: no more than one octet is needed
            kept.append(places[match.start()])
            last = match.end()
        out.append(text[last:])
        kept.extend(places[last : len(text) + 1])
        text, places = "".join(out), kept


@cache
def _escape() -> re.Pattern[str]:
    return re.compile(r"%([0-9A-Fa-f]{2})")


@cache
def _nested() -> re.Pattern[str]:
    """A URL begins, plain or escaped up to three times, or in base64 (http:, https:)."""
    return re.compile(
        r"(?:https?|ftp)(?::|%(?:25){0,2}3A)(?:/|\\|%(?:25){0,2}2F){1,2}(?=[^/\\\s])|(?<![A-Za-z0-9+_\-])aHR0c(?:Dov|HM6)[A-Za-z0-9+/_\-]{6}",
        re.IGNORECASE,
    )


def nested(text: str) -> Iterator[Span]:
    """Whole URLs inside a piece of a link. In a query one ends with its parameter, elsewhere with the piece."""
    lower = text.lower()
    if "http" not in lower and "ftp" not in lower and "ahr0c" not in lower:
        return
    at = 1 if text[:1] == "?" else 0
    query = at == 1
    while True:
        match = _nested().search(text, at)
        if match is None:
            return
        end = len(text)
        if query or match.group()[:4] == "aHR0":
            ends = [place for place in (text.find(sign, match.end()) for sign in ("&", ";")) if place >= 0]
            if match.group()[:4] == "aHR0":
                run = _BASE64.match(text.replace("+", "-"), match.end())
                ends.append(run.end() if run else end)
            end = min([end, *ends])
        yield Span(match.start(), end, "nested")
        at = end


MIN_RUN = 16


@cache
def _runs() -> re.Pattern[str]:
    return re.compile(rf"[A-Za-z0-9_\-]{{{MIN_RUN},}}={{0,2}}")


_IN_RUNS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "_-")}


@cache
def _words() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9]+")


def tokens(text: str) -> Iterator[Span]:
    """Long identifiers that say nothing to a person: they may name one reader, one mail, one visit."""
    if len(text) < MIN_RUN or max(map(len, text.translate(_IN_RUNS).split()), default=0) < MIN_RUN:
        return  # the pattern would look at each letter of a run anew
    for match in _runs().finditer(text):
        words = _words().findall(match.group())
        if any(map(_opaque, words)) or sum(map(len, filter(str.isdigit, words))) >= 16:
            yield Span(match.start(), match.end(), "token")


def _opaque(word: str) -> bool:
    """Letters and digits in turns, or capitals inside: not how a word or a year is written."""
    if len(word) < 8:
        return False
    turned, humps = turns(word)
    return turned >= 3 or turned + humps >= 4


def turns(word: str) -> tuple[int, int]:
    """How often ASCII letters and digits follow each other in a word, and capitals small letters."""
    kinds = word.translate(_KINDS)
    return sum(map(kinds.count, ("0a", "0A", "a0", "A0"))), kinds.count("aA")


# ASCII letters and digits as digits, small letters and capitals.
_KINDS = {
    code: "0" if chr(code).isdigit() else "a" if chr(code).islower() else "A"
    for code in range(128)
    if chr(code).isalnum()
}
