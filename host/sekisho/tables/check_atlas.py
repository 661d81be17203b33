"""Compare an atlas with the data it was built from, at random addresses (`build_atlas --check`)."""

from __future__ import annotations

import bisect
import csv
import ipaddress
import random
import tempfile
from pathlib import Path

from sekisho.named import TYPE_CHECKING
from sekisho.tables import atlas, packing

if TYPE_CHECKING:
    from typing import Any

SAMPLES = 20_000
SEED = 20261122
SUBNET = (1 << 64) - 1


def check(source: Path, packed: bytes) -> int:
    """Look up SAMPLES addresses of each family on both sides, print what differs; 0 when nothing does."""
    with tempfile.TemporaryDirectory() as directory:
        table = Path(directory, "atlas.bin")
        table.write_bytes(packing.unpack(packed))
        atlas.TABLE = str(table)
        wrong = _check_family(source, 4) + _check_family(source, 6)
        fault = atlas.verify()
    print(fault or "the file is whole")
    return 1 if wrong or fault else 0


def _check_family(source: Path, version: int) -> int:
    import maxminddb

    dice = random.Random(SEED)
    starts, rows = _announced(source / "asn" / f"asn-ipv{version}-num.csv")
    wrong = placed = announced = 0
    with maxminddb.open_database(str(source / "dbip-city-mmdb" / f"dbip-city-ipv{version}.mmdb")) as cities:
        for _ in range(SAMPLES):
            address = _random_address(dice, version, rows)
            record: Any = cities.get(str(address)) if _given_out(address) else None
            row = rows[max(0, bisect.bisect_right(starts, int(address)) - 1)]
            if version == 6 and _shares_subnet(row):
                continue
            owner = row[2:] if row[0] <= int(address) <= row[1] and _given_out(address) else None
            found = atlas.lookup(str(address))
            placed, announced = placed + bool(record), announced + bool(owner)
            expected = (_place_of(record, version), owner, True)
            actual = (_place_found(found, version), _owner_found(found), _prefix_holds(found, row if owner else None))
            if expected != actual:
                wrong += 1
                print("differs:", address, expected, actual)
    print(f"IPv{version}: {SAMPLES} addresses, {placed} with a place, {announced} announced, {wrong} differ")
    return wrong


def _announced(path: Path) -> tuple[list[int], list[tuple[int, int, int, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(int(first), int(last), int(number), name.strip()) for first, last, number, name in csv.reader(file)]
    return [row[0] for row in rows], rows


def _random_address(
    dice: random.Random, version: int, rows: list[tuple[int, int, int, str]]
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """IPv4: anywhere. IPv6: half of them within an announced range, the space is too empty to hit one by chance."""
    if version == 4:
        return ipaddress.IPv4Address(dice.randrange(1 << 32))
    first, last, _, _ = dice.choice(rows)
    return ipaddress.IPv6Address(
        dice.randint(first, last) if dice.random() < 0.5 else dice.randrange(1 << 125, 1 << 126)
    )


def _shares_subnet(row: tuple[int, int, int, str]) -> bool:
    """A range that begins or ends within a /64, the smallest unit that the atlas knows."""
    return bool(row[0] & SUBNET or (row[1] + 1) & SUBNET)


def _given_out(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Global unicast; 6to4 (RFC 3056, retired) is an IPv4 address in disguise."""
    retired = isinstance(address, ipaddress.IPv6Address) and address.sixtofour is not None
    return address.is_global and not address.is_multicast and not retired


def _place_of(record: Any, version: int) -> tuple[str | None, ...] | None:
    if not record:
        return None
    country = record["country_code"] or None
    return (
        (country,)
        if version == 6
        else (country, record["state1"] or None, record["city"].split(" (")[0].strip() or None)
    )


def _place_found(found: atlas.Place | None, version: int) -> tuple[str | None, ...] | None:
    if found is None or found.precision is None:
        return None
    return (found.country,) if version == 6 else (found.country, found.region, found.city)


def _owner_found(found: atlas.Place | None) -> tuple[int | None, str | None] | None:
    return None if found is None or found.asn is None else (found.asn, found.name)


def _prefix_holds(found: atlas.Place | None, row: tuple[int, int, int, str] | None) -> bool:
    """The prefix holds the address, lies within the announced range, and the next larger block does neither."""
    if found is None or found.prefix is None:
        return True
    block = ipaddress.ip_network(found.prefix)
    if ipaddress.ip_address(found.ip) not in block:
        return False
    if row is None:
        return True
    wider = block.supernet()
    inside = row[0] <= int(block[0]) and int(block[-1]) <= row[1]
    return inside and not (row[0] <= int(wider[0]) and int(wider[-1]) <= row[1] and _given_out(wider[0]))
