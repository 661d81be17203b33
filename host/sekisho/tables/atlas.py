"""The atlas: who runs an address, and where on the map it is. From a file, nobody is asked.

IPv4 down to the city, IPv6 to the network and the country. The file is what prepare.py unpacks; it is mapped, never
read as a whole, and searched by bisection. How it was made, from what, under which licences: build_atlas.py and
data/SOURCES.md.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from bisect import bisect_right
from functools import lru_cache

from sekisho.mail.ip import canonical, upper_half
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.tables import mapped, newer

if TYPE_CHECKING:
    from typing import Any

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "atlas.bin")

# Magic, format, length and CRC-32 of the JSON header, CRC-32 of what follows it, size of the file, digest of the
# packed file it came from (packing.py).
HEADER = struct.Struct("<8sIIIIQ16s")
MAGIC = b"SKATLAS\0"
FORMAT = 1
ALIGN = 8  # a section starts where its numbers may be read in place

NOBODY = 0xFFFFFFFF  # in place of an index: the source says nothing of this range

# What a place is good for; the order is the file's.
COUNTRY, REGION, CITY, REGISTRY = range(4)
PRECISIONS = ("country", "region", "city", "registry")


class Place(NamedTuple):
    """What the atlas says of one address. What it does not know is None.

    `prefix` is the largest CIDR block that holds the address and lies within one announced range of its network.
    `lat` and `lon` are degrees, WGS 84, two digits: the city's usual point, never the address's own.
    `precision` says how far the point may be trusted: "city", "region" (the first is the usual error: a city is a hint
    at its region), "country", or "registry": the point where a country's addresses stand for want of better knowledge.
    It says no more than the country.
    """

    ip: str
    prefix: str | None
    asn: int | None
    name: str | None
    country: str | None  # ISO 3166-1 alpha-2
    region: str | None
    city: str | None
    lat: float | None
    lon: float | None
    precision: str | None


def aligned(offset: int) -> int:
    return -(-offset // ALIGN) * ALIGN


class _Ranges:
    """Sorted starts of ranges that follow each other without a gap, and an index for each."""

    def __init__(self, starts: memoryview[int], indices: memoryview[int]) -> None:
        self.starts = starts
        self.indices = indices

    def find(self, address: int, top: int) -> tuple[int, int, int]:
        """The index that belongs to an address, and its range (first address, first beyond it)."""
        at = bisect_right(self.starts, address) - 1
        if at < 0:
            return NOBODY, 0, 0
        beyond = self.starts[at + 1] if at + 1 < len(self.starts) else top
        return self.indices[at], self.starts[at], beyond


class _Atlas:
    def __init__(self, path: str) -> None:
        self.data = mapped.open_table(path, HEADER)
        magic, version, length, header_crc, self.body_crc, size, _ = HEADER.unpack_from(self.data)
        if magic != MAGIC:
            raise mapped.TableError(mapped.FOREIGN)
        if version != FORMAT:
            raise mapped.TableError(mapped.VERSION)
        if len(self.data) != size:
            raise mapped.TableError(mapped.TRUNCATED)
        header = self.data[HEADER.size : HEADER.size + length]
        if zlib.crc32(header) != header_crc:
            raise mapped.TableError(mapped.DAMAGED)
        facts: dict[str, Any] = json.loads(header)
        self.as_of: str = facts["as_of"]
        self.credits: tuple[str, ...] = tuple(facts["credits"])
        self.start = aligned(HEADER.size + length)
        view = memoryview(self.data)
        self.sections: dict[str, memoryview[int]] = {}
        for section in facts["sections"]:
            at, count = self.start + section["offset"], section["count"]
            text = section["type"] == "text"
            part = view[at : at + count] if text else mapped.numbers(view, at, section["type"], count)
            self.sections[section["name"]] = part
        section_of = self.sections.__getitem__
        self.networks_v4 = _Ranges(section_of("network_v4_start"), section_of("network_v4"))
        self.networks_v6 = _Ranges(section_of("network_v6_start"), section_of("network_v6"))
        self.places_v4 = _Ranges(section_of("place_v4_start"), section_of("place_v4"))
        self.places_v6 = _Ranges(section_of("place_v6_start"), section_of("place_v6"))

    def text(self, table: str, index: int) -> str:
        offsets = self.sections[table + "_offset"]
        return str(self.sections[table + "_text"][offsets[index] : offsets[index + 1]], "utf-8")


MAX_ADDRESS = 45  # characters of one
_NAME = {"en": "The atlas of addresses", "ja": "アドレスの地図データ"}
_EFFECT = {
    "en": "owners and places of addresses are not known",
    "ja": "アドレスの持ち主と場所は分かりません",
}

_atlas: _Atlas | None = None
_fault: str | None = None
_opened: tuple[str, str | None] | None = None
_openings = 0


def _open() -> _Atlas | None:
    global _atlas, _fault, _opened, _openings
    if _opened is None or _opened != (TABLE, newer.FOLDER):
        _opened = TABLE, newer.FOLDER
        _openings += 1
        _atlas, _fault = mapped.newest(_Atlas, TABLE, newer.file("atlas", ".bin"))
    return _atlas


def _v4_number(ip: str) -> int | None:
    parts = ip.split(".")
    if len(parts) != 4:
        return None
    number = 0
    for part in parts:
        if not (part.isascii() and part.isdigit() and len(part) <= 3):
            return None
        octet = int(part)
        if octet > 255:
            return None
        number = number << 8 | octet
    return number


def _v4_text(number: int) -> str:
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _v6_text(upper: int) -> str:
    """An address whose last 64 bits are 0, which is its longest run of them (RFC 5952 §4.2.3)."""
    groups = [f"{upper >> shift & 0xFFFF:x}" for shift in (48, 32, 16, 0)]
    while groups and groups[-1] == "0":
        groups.pop()
    return ":".join(groups) + "::"


def _block(address: int, first: int, beyond: int) -> tuple[int, int]:
    """The largest aligned block within [first, beyond) that holds the address: its base and its size in bits."""
    bits = (beyond - first).bit_length() - 1
    while bits > 0:
        base = address >> bits << bits
        if base >= first and base + (1 << bits) <= beyond:
            return base, bits
        bits -= 1
    return address, 0


def lookup(ip: str) -> Place | None:
    """What the atlas says of an address (IPv4 or IPv6 in text form; an IPv4-mapped one counts as IPv4).

    None for text that is no address, for an address that is not global, for one nobody announces or places, and when
    there is no atlas (see `problem`). Never raises.
    """
    return _looked_up(ip, _openings) if _open() is not None and len(ip) <= MAX_ADDRESS else None


@lru_cache(512)  # a mailbox has most of its mail through the same servers
def _looked_up(ip: str, _opening: int) -> Place | None:
    atlas = _open()
    if atlas is None:
        return None
    try:
        return _lookup_v6(atlas, ip) if ":" in ip else _lookup_v4(atlas, ip)
    except mapped.ASTRAY:  # no address, or a damaged file: `verify` tells
        return None


def _lookup_v4(atlas: _Atlas, ip: str) -> Place | None:
    number = _v4_number(ip)
    if number is None:
        return None
    network, first, beyond = atlas.networks_v4.find(number, 1 << 32)
    place, place_first, place_beyond = atlas.places_v4.find(number, 1 << 32)
    if network == NOBODY and place == NOBODY:
        return None
    if network == NOBODY:
        first, beyond = max(first, place_first), min(beyond, place_beyond)
    base, bits = _block(number, first, beyond)
    return _place(atlas, ip, f"{_v4_text(base)}/{32 - bits}", network, place)


def _lookup_v6(atlas: _Atlas, ip: str) -> Place | None:
    if canonical(ip) != ip:
        from ipaddress import IPv6Address  # costs as much as everything else here together

        address = IPv6Address(ip)
        if address.ipv4_mapped:
            return _lookup_v4(atlas, str(address.ipv4_mapped))
        ip = str(address)
    number = upper_half(ip)  # ranges are whole /64s, the smallest subnet (RFC 4291 §2.5.4)
    network, first, beyond = atlas.networks_v6.find(number, 1 << 64)
    place, place_first, place_beyond = atlas.places_v6.find(number, 1 << 64)
    if network == NOBODY and place == NOBODY:
        return None
    if network == NOBODY:
        first, beyond = max(first, place_first), min(beyond, place_beyond)
    base, bits = _block(number, first, beyond)
    return _place(atlas, ip, f"{_v6_text(base)}/{64 - bits}", network, place)


def _place(atlas: _Atlas, ip: str, prefix: str, network: int, place: int) -> Place:
    asn = name = country = region = city = lat = lon = precision = None
    section = atlas.sections
    if network != NOBODY:
        asn, name = section["asn"][network], atlas.text("owner", network) or None
    if place != NOBODY:
        country, _, state = atlas.text("region", section["place_region"][place]).partition("\t")
        region, city = state or None, atlas.text("city", place) or None
        lat, lon = section["place_lat"][place] / 100, section["place_lon"][place] / 100
        precision = PRECISIONS[section["place_precision"][place]]
    return Place(ip, prefix, asn, name, country, region, city, lat, lon, precision)


def size() -> int:
    """How many ranges of IPv4 addresses it tells apart."""
    atlas = _open()
    return len(atlas.networks_v4.starts) + len(atlas.places_v4.starts) if atlas else 0


def reopen() -> None:
    """Read the file again at the next question."""
    global _opened
    _opened = None


def as_of() -> str | None:
    """The date of the oldest data in the atlas (ISO 8601), None without one."""
    atlas = _open()
    return atlas.as_of if atlas else None


def credits() -> tuple[str, ...]:
    """What the licences ask to be shown beside the data, a line for each source; () without an atlas."""
    atlas = _open()
    return atlas.credits if atlas else ()


def problem(locale: str = "en") -> str | None:
    """What is wrong with the atlas and how to mend it, in English or Japanese.

    None when it could be opened and its header is whole; `verify` reads the rest.
    """
    _open()
    return mapped.sentence(_fault, _NAME, _EFFECT, locale) if _fault else None


def verify(locale: str = "en") -> str | None:
    """`problem`, after reading the whole file as well: 25 ms or more, for a check-up, not for every start."""
    atlas = _open()
    if atlas is not None and zlib.crc32(memoryview(atlas.data)[atlas.start :]) != atlas.body_crc:
        return mapped.sentence(mapped.DAMAGED, _NAME, _EFFECT, locale)
    return problem(locale)
