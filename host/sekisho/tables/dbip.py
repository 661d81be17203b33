"""The atlas from DB-IP's own monthly downloads, as `sekisho update` fetches them: IP to City Lite and IP to ASN Lite, CSV, gzip.

https://db-ip.com/db/format/ip-to-city-lite/csv.html: first, last, continent, country, state or province, city, latitude,
longitude. https://db-ip.com/db/format/ip-to-asn-lite/csv.html: first, last, number, name. IPv4 before IPv6, sorted. Takes
three minutes and a gigabyte and a half of memory, as build_atlas.py does.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from socket import AF_INET, AF_INET6, inet_pton
from typing import TextIO

from sekisho.tables import build_atlas

MAX_LINE = 2000
MAX_ROWS = 30_000_000
CREDITS = (
    "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0, compacted",
    "Autonomous systems and their names: IP to ASN Lite by DB-IP (https://db-ip.com), CC BY 4.0",
)
# What reading and packing raise on data that are not what they ought to be.
MALFORMED = (ValueError, IndexError, KeyError, OverflowError, OSError, EOFError, zlib.error, csv.Error)


def build(asn: bytes, city: bytes, date: str) -> bytes:
    """The packed atlas of two downloads. `date`: ISO 8601, of the month. Raises one of MALFORMED."""
    networks = build_atlas.Networks()
    owners_v4 = networks.take(_owners(asn, 4), 0)
    owners_v6 = networks.take(_owners(asn, 6), 64)
    cities = build_atlas.merge_cities(
        (first, last + 1, build_atlas.cell_of(*row[3:8])) for first, last, row in _rows(city, 4, 8)
    )
    countries = build_atlas.merge_countries((first, last + 1, row[3]) for first, last, row in _rows(city, 6, 8))
    if not (owners_v4 and cities[0] and countries):
        raise ValueError("nothing in it")
    origin = [
        {"name": name, "version": date[:7], "date": date, "licence": build_atlas.LICENCE}
        for name in ("dbip-asn-lite", "dbip-city-lite")
    ]
    facts = {"as_of": date, "sources": origin, "credits": CREDITS}
    return build_atlas.assemble(networks, owners_v4, owners_v6, cities, countries, facts)


def _owners(packed: bytes, version: int) -> Iterator[tuple[int, int, int, str]]:
    return ((first, last, int(row[2]), row[3]) for first, last, row in _rows(packed, version, 4))


def _rows(packed: bytes, version: int, fields: int) -> Iterator[tuple[int, int, list[str]]]:
    """The rows of one family, in their order; ValueError when they are not in order."""
    family = AF_INET if version == 4 else AF_INET6
    end = -1
    with gzip.open(BytesIO(packed), "rt", encoding="utf-8", newline="") as file:
        for count, row in enumerate(csv.reader(_lines(file))):
            if count >= MAX_ROWS or len(row) != fields:
                raise ValueError(f"row {count}")
            if (":" in row[0]) != (version == 6):
                continue
            first, last = (int.from_bytes(inet_pton(family, text), "big") for text in row[:2])
            if not end < first <= last:
                raise ValueError(f"row {count} is out of order")
            end = last
            yield first, last, row


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise ValueError("a line too long")
        yield line
