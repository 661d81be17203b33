"""A link as it can be requested without saying who requests it: what names the reader, or may, is cut out.

Cut are user information and fragment, and in path and query: every address in any usual spelling, every opaque word that is long
enough to be one reader's own. A link whose host name holds such a mark cannot be requested without it.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from collections.abc import Iterable
from functools import lru_cache

from sekisho.mail.url import AUTHORITY_ENDS, Url, parse
from sekisho.mail.url_contents import turns
from sekisho.named import NamedTuple
from sekisho.report import Segment

PORTS = {"http": "80", "https": "443"}
PERSONAL = frozenset({"recipient", "token"})  # roles of segments that a dissection has found to name the reader
MAX_DEPTH = 3  # links in links
MAX_PIECES = 200  # of one path or query; what comes after is cut
MIN_READ = (
    8  # characters of a word that may say more than it shows: an address in base64 has more, what is opaque as well
)
MIN_OPAQUE = 9  # characters of a word that nobody chose
MAX_OPAQUE = 40  # characters that no word has
_WORDS = re.compile("[0-9A-Za-z]+")
_ROT13 = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
_BASE64 = str.maketrans("-_", "+/", "=")
_HOST = "abcdefghijklmnopqrstuvwxyz0123456789.-_"
_PLAIN = frozenset("!$&'()*+,-./:;=?@_~%[]{}|0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Impersonal(NamedTuple):
    """`url`: what is requested, "" where that is not possible. `cut`: how many pieces were left out. `why` it is not possible: scheme,
    port (neither 80 nor 443), host (its name holds a mark); "" where it is."""

    url: str
    cut: int
    why: str


def of(link: Url, segments: Iterable[Segment], addresses: Iterable[str]) -> Impersonal:
    """`segments` are the link's, with the roles that are known of them; `addresses` are those of the reader, in lower case. Never raises."""
    return _of(link, tuple(segments), marks(tuple(sorted(addresses))), 0)


def place(link: Url) -> str:
    """Scheme, host and port as they are requested, "" where they cannot be."""
    if (
        link.scheme not in PORTS
        or not link.opens
        or not known_port(link)
        or not link.host
        or (not link.ip and link.host.strip(_HOST))
    ):
        return ""
    host = f"[{link.ip}]" if ":" in link.ip else link.ip or link.host
    port = link.port.lstrip("0")
    return f"{link.scheme}://{host}" + (f":{port}" if port and port != PORTS[link.scheme] else "")


def known_port(link: Url) -> bool:
    """Whether it is one of the web's, named or not."""
    return not link.port or link.port.lstrip("0") in PORTS.values()


def encoded(text: str) -> str:
    """Path and query in the characters that a request may have."""
    if _PLAIN.issuperset(text):
        return text
    return "".join(
        char if char in _PLAIN else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace")) for char in text
    )


@lru_cache(maxsize=64)
def marks(addresses: tuple[str, ...]) -> frozenset[str]:
    """How an address may be written so that whoever wrote it knows it again; base64 and hexadecimal are
    read where they stand, and a hash is cut for what it looks like."""
    return frozenset(
        spelling
        for address in addresses
        if "@" in address.strip("@")  # a broken To may hold any word, and a word is in many links
        for spelling in (address, address[::-1], address.translate(_ROT13))
    )


def _of(link: Url, segments: tuple[Segment, ...], known: frozenset[str], depth: int) -> Impersonal:
    base = place(link)
    if not base:
        return Impersonal("", 0, "port" if link.scheme in PORTS else "scheme")
    start = len(segments[0].text) if segments else 0
    stop = AUTHORITY_ENDS.search(link.url, start)
    end = stop.start() if stop else len(link.url)
    rest, at, cut = "", 0, 0
    for segment in segments:
        if at >= end and segment.role in PERSONAL:
            cut += 1
        elif at >= end:
            rest += segment.text
        elif segment.role in PERSONAL:
            return Impersonal("", 0, "host")
        at += len(segment.text)
    own = link.host[: -len(link.domain)].rstrip(".") if link.domain else ""
    if any(_names(label, known) or opaque(label) for label in own.split(".")):
        return Impersonal("", 0, "host")
    before, _, _ = rest.partition("#")
    path, mark, query = before.partition("?")
    path, in_path = _path(path.replace("\\", "/"), known)
    query, in_query = _query(query, known, depth)
    cut += in_path + in_query + bool(link.userinfo)
    return Impersonal(base + encoded((path or "/") + mark + query), cut, "")


def _path(path: str, known: frozenset[str]) -> tuple[str, int]:
    pieces = path.split("/")
    kept = ["" if _personal(piece, known) else piece for piece in pieces[:MAX_PIECES]]
    return "/".join(kept), sum(bool(a) and not b for a, b in zip(pieces, kept, strict=False)) + (
        len(pieces) > MAX_PIECES
    )


def _query(query: str, known: frozenset[str], depth: int) -> tuple[str, int]:
    """Values that may name somebody are emptied; a link in a value is cut in its turn."""
    out, cut = [], 0
    pieces = query.split("&")
    for piece in pieces[:MAX_PIECES]:
        name, sign, value = piece.partition("=")
        if _personal(name, known):
            cut += 1
            continue
        plain = unescaped(value)
        inner = parse(plain) if plain[:8].lower().startswith(("http://", "https://")) else None
        if inner is not None and depth < MAX_DEPTH:
            further = _of(inner, inner.segments, known, depth + 1)
            if further.cut or further.why:
                cut += further.cut or 1
                value = _as_value(further.url)
        elif value and _personal(value, known):
            cut += 1
            value = ""
        out.append(name + sign + value)
    return "&".join(out), cut + (len(pieces) > MAX_PIECES)


def _as_value(text: str) -> str:
    return "".join(char if char.isalnum() or char in "-._~" else f"%{ord(char):02X}" for char in text)


def _personal(text: str, known: frozenset[str]) -> bool:
    if len(text) < MIN_READ and "@" not in text and "%" not in text:
        return text.lower() in _local_parts(known)
    return _names(text, known) or opaque(unescaped(text))


def _names(text: str, known: frozenset[str]) -> bool:
    """Whether a piece holds an address: the reader's in any spelling, or anybody's in a common one."""
    for _ in range(3):
        if _says(text, known):
            return True
        further = unescaped(text)
        if further == text:
            return False
        text = further
    return _says(text, known)


def _says(text: str, known: frozenset[str]) -> bool:
    folded = text.lower()
    if "@" in folded and (_address_like(folded) or any(mark in folded for mark in known)):
        return True
    if folded in _local_parts(known):
        return True
    if len(text) < MIN_READ:
        return False
    return any(
        (read.isprintable() and read.isascii() and _address_like(read)) or any(mark in read for mark in known)
        for read in _read(text)
    )


@lru_cache(maxsize=64)
def _local_parts(known: frozenset[str]) -> frozenset[str]:
    """What stands before the @ of each spelling, where it is long enough to be no other word."""
    return frozenset(mark.partition("@")[0] for mark in known if mark.find("@") > 2)


def _address_like(text: str) -> bool:
    name, sign, host = text.partition("@")
    return bool(sign and name and "." in host)


def _read(text: str) -> Iterable[str]:
    """What a text says that is base64 (where that has an @) or hexadecimal, as a whole or from any of the signs that separate such words."""
    for word in {text, *text.replace(".", ",").replace("~", ",").replace("|", ",").replace(":", ",").split(",")}:
        if len(word) < MIN_READ:
            continue
        for first in range(4 if len(word) > 12 else 1):  # a letter or three may stand before it
            bare = word[first:].translate(_BASE64)
            try:
                read = a2b_base64(bare[: len(bare) - (len(bare) % 4 == 1)] + "=" * (-len(bare) % 4))
            except (Error, ValueError):
                break
            if b"@" in read:
                yield read.decode("latin-1").lower()
        if len(word) % 2 == 0 and _hexadecimal(word):
            yield bytes.fromhex(word).decode("latin-1").lower()


def opaque(text: str) -> bool:
    """Whether a piece holds a word that no person would have chosen: a number, a hash, an identifier."""
    if len(text) < MIN_OPAQUE:
        return False
    words = _WORDS.findall(text)
    if sum(map(len, words)) >= 24 and all(map(_hexadecimal, words)):
        return True  # a UUID (RFC 9562)
    return any(map(_chance, words))


def _hexadecimal(word: str) -> bool:
    return not word.lower().strip("0123456789abcdef")


def _chance(word: str) -> bool:
    size = len(word)
    if size < MIN_OPAQUE:
        return False
    if word.isdigit() or size >= MAX_OPAQUE:
        return True
    if size < 12:
        return False
    if _hexadecimal(word) and any(char.isdigit() for char in word):
        return True
    turned, humps = turns(word)
    return turned >= 3 or humps >= 4


def unescaped(text: str) -> str:
    """Percent-encoding undone (RFC 3986 §2.1); bytes that are no UTF-8 become U+FFFD."""
    if "%" not in text:
        return text
    first, *pieces = text.encode("utf-8", "replace").split(b"%")
    out = bytearray(first)
    for piece in pieces:
        digits = piece[:2]
        if len(digits) == 2 and not digits.lower().strip(b"0123456789abcdef"):
            out.append(int(digits, 16))
            out += piece[2:]
        else:
            out += b"%" + piece
    return out.decode("utf-8", "replace")
