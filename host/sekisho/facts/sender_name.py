"""What the name in From does to be taken for somebody else's: another address in it, another domain, letters that are not what they seem."""

from __future__ import annotations

import re
from functools import cache

from sekisho.facts.identity import Identity
from sekisho.mail import domain
from sekisho.mail.address import domain_of
from sekisho.named import NamedTuple
from sekisho.tables import brands, confusables

MAX_NAME = 300  # characters that are looked at
MIN_IMITATED = 5  # letters of a brand's name that another spelling is looked for of
MIN_EAST = 3  # the same of one that is not in ASCII
MAX_WORDS = 3  # of a brand's name
MAX_LOOKED_AT = 20  # words of a sender's
_ADDRESS = r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}"
_DOMAIN = r"(?<![\w.@\-])\w[\w\-]{2,62}(?:\.[\w\-]{2,63}){1,4}(?![\w@\-]|\.\w)"


class Disguise(NamedTuple):
    """`kind`: unseen (characters that nobody sees inside a word), turned (marks that turn the writing round), mixed (a word of scripts that
    nobody writes together), imitated (reads like a brand's name, spelt otherwise). `characters`: U+200B ...; `brand`: whom it reads like."""

    kind: str
    reads: str
    characters: tuple[str, ...]
    brand: brands.Brand | None


class SenderName(NamedTuple):
    """`addresses` and `domains` in the name that are of another organisation than the sender's address; `disguise` if there is one."""

    addresses: tuple[str, ...]
    domains: tuple[str, ...]
    disguise: Disguise | None


NOTHING = SenderName((), (), None)


def read(identity: Identity) -> SenderName:
    """What stands in the name beside the address. Plain names cost next to nothing."""
    author, name = identity.author, identity.name[:MAX_NAME]
    if author is None or not name:
        return NOTHING
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    if "@" in name and author.address:
        addresses = tuple(
            dict.fromkeys(
                found.lower()
                for found in re.findall(_ADDRESS, name)
                if domain.registrable(domain_of(found)) not in ("", identity.organisation)
            )
        )
    if "." in name and author.address:
        hosts = [found.lower().removeprefix("www.") for found in re.findall(_DOMAIN, name)]
        local = author.address.rpartition("@")[0].lower()  # many write it as their name
        domains = tuple(
            dict.fromkeys(
                host
                for host in hosts
                if host != local
                and domain.registrable(host) not in ("", identity.organisation)
                and not _in(host, addresses)
            )
        )
    return SenderName(addresses, domains, _disguise(name, identity.brand))


def _in(host: str, addresses: tuple[str, ...]) -> bool:
    return any(address.endswith("@" + host) for address in addresses)


def _disguise(name: str, claimed: brands.Brand | None) -> Disguise | None:
    seen = name if name.isascii() else _seen(name)
    brand = claimed or (brands.named_in(seen) if seen != name else None)
    imitated = None if brand is not None else _imitated(seen)
    if seen != name or not name.isascii():
        turned = _characters(confusables.DIRECTIONS.intersection(name) - _MARKS)
        if turned:
            return Disguise("turned", seen, turned, brand or imitated)
        unseen = _characters({match[1] for match in _inside().finditer(name)})
        if unseen:
            return Disguise("unseen", seen, unseen, brand or imitated)
        # Letters that say nothing else than a Latin one: a word in two languages' letters has others as well.
        for word in name.split():
            if not word.isascii() and confusables.mixed(word) and confusables.skeleton(word).isascii():
                return Disguise("mixed", word, (), brand or imitated)
    return Disguise("imitated", name, (), imitated) if imitated else None


_MARKS = frozenset("\u200e\u200f\u061c")  # left-to-right marks: programs put them round names of any kind


@cache
def _inside() -> re.Pattern[str]:
    """What is not seen between two letters that are written without it; emoji and the scripts that need joiners aside."""
    latin = "A-Za-z0-9\u00c0-\u024f"
    kana = "\u3041-\u30ff"
    unseen = "\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\u3164\ufeff\uffa0\u034f\ufe00-\ufe0e\U000e0000-\U000e0fff"
    return re.compile(f"(?<=[{latin}{kana}])([{unseen}])[{unseen}]{{0,50}}(?=[{latin}{kana}])")


def _characters(found: set[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(f"U+{ord(character):04X}" for character in found))


def _seen(name: str) -> str:
    """A name without what is not seen of it, variation selectors included."""
    return "".join(c for c in name if not confusables.invisible(c) and not "\U000e0100" <= c <= "\U000e01ef")


def _imitated(name: str) -> brands.Brand | None:
    """A brand whose name some words of this one look like. Called where none of its own spellings stands there."""
    if not name.isascii():
        bones, folded = confusables.skeleton(name), name.casefold()
        for wanted, (brand, written) in _names(False).items():
            if wanted in bones and not any(one in folded for one in written):
                return brand
    words = [word.strip("\"'.,!?:;()[]<>®™©-_*") for word in name.split()][:MAX_LOOKED_AT]
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + MAX_WORDS) + 1):
            spelt = " ".join(words[first:last])
            found = _names(True).get(confusables.skeleton(spelt))
            if found is not None and spelt.casefold() not in found[1]:
                return found[0]
    return None


@cache
def _names(ascii_only: bool) -> dict[str, tuple[brands.Brand, frozenset[str]]]:
    """The skeletons of the brands' names, of those in ASCII or of the others, with the ways in which they are written."""
    known: dict[str, tuple[brands.Brand, frozenset[str]]] = {}
    for brand in brands.all_brands():
        written = frozenset(name.text for name in brand.names)
        for name in brand.names:
            shortest = MIN_IMITATED if ascii_only else MIN_EAST
            if name.text.isascii() is ascii_only and len(name.text) >= shortest and not name.all:
                known.setdefault(confusables.skeleton(name.text), (brand, written))
    return known
