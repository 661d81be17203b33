"""The atlas knows the owners and places of addresses, and stays quiet when its file cannot be trusted."""

from __future__ import annotations

import array
import ipaddress
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sekisho.tables import atlas, build_atlas, packing, prepare

XSERVER = ("Xserver Inc.", 131965, "JP", "Tokyo", "registry")

NOT_GLOBAL = """
    0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.1.1 172.16.0.1 172.31.255.255 192.0.2.1 192.168.1.1 198.18.0.1
    198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255
    :: ::1 fe80::1 fc00::1 ff02::1 2001:db8::1 2002::1 3fff::1 64:ff9b::1
"""
NO_ADDRESS = "x|1.2.3|1.2.3.4.5|1.2.3.256|1.2.3.-4|1.2.3.４|1.2.3.4 |:|::g|:::|1:2|\ud800||" + "9" * 9999


@pytest.fixture(scope="module")
def unpacked() -> bytes:
    return packing.unpack((prepare.DATA / prepare.PACKED_ATLAS).read_bytes())


@pytest.fixture(scope="module")
def table(unpacked: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "atlas.bin"
    path.write_bytes(unpacked)
    return path


@pytest.fixture
def mapped(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "TABLE", str(table))


def _small() -> bytes:
    """An atlas of 16.0.0.0-16.0.0.9 (network 64500) and, in the same place, 16.0.0.5-16.0.1.255."""
    gazetteer = build_atlas.Gazetteer([("JP", "Osaka", "Osaka", 3469, 13550)], [(0, 1, 0)], set())
    ranges = {
        "network_v4": build_atlas.lay_out([(0x10000000, 0x1000000A, 0)], "I", merge=False),
        "network_v6": build_atlas.lay_out([(0x2400 << 48, 0x2401 << 48, 0)], "Q", merge=False),
        "place_v4": build_atlas.lay_out([(0x10000005, 0x10000200, gazetteer.index(0))], "I", merge=True),
        "place_v6": build_atlas.lay_out([], "Q", merge=True),
    }
    sections: list[tuple[str, bool, packing.Numbers | bytes]] = []
    for name, (starts, indices) in ranges.items():
        sections += [(name + "_start", True, starts), (name, False, indices)]
    sections += [("asn", True, array.array("I", [64500])), *build_atlas.text_section("owner", ["関所"])]
    sections += gazetteer.sections()
    return packing.pack({"as_of": "2026-01-02", "credits": ["us"]}, sections)


@pytest.mark.parametrize(
    ("ip", "name", "asn", "country", "region", "precision"),
    [
        ("120.136.14.43", *XSERVER),
        ("202.226.37.191", *XSERVER),
        ("27.147.195.220", "Link3 Technologies Limited", 23688, "BD", "Dhaka Division", "city"),
        ("84.129.205.43", "Deutsche Telekom AG", 3320, "DE", "Bavaria", "city"),
    ],
)
def test_addresses_of_the_articles(
    mapped: None, ip: str, name: str, asn: int, country: str, region: str, precision: str
) -> None:
    """What a blogger found out by hand stands in the atlas; Tokyo for Xserver of Osaka is the registry's point."""
    found = atlas.lookup(ip)

    assert found is not None
    assert (name, asn, country, region, precision) == (
        found.name, found.asn, found.country, found.region, found.precision
    )  # fmt: skip
    assert found.ip == ip
    assert ipaddress.ip_address(ip) in ipaddress.ip_network(found.prefix or "")


def test_dhaka_is_dhaka(mapped: None) -> None:
    """The district in parentheses is gone, the point is within the city."""
    found = atlas.lookup("27.147.195.220")

    assert found is not None
    assert "Dhaka" == found.city
    assert found.lat == pytest.approx(23.8, abs=0.1)
    assert found.lon == pytest.approx(90.4, abs=0.1)


def test_ipv6_has_network_and_country(mapped: None) -> None:
    """IPv6 goes down to the country; the point is one within it."""
    found = atlas.lookup("2001:240:bb81::1")

    assert found is not None
    assert ("Internet Initiative Japan Inc.", 2497, "JP", None, None, "country") == (
        found.name, found.asn, found.country, found.region, found.city, found.precision
    )  # fmt: skip
    assert found.lat is not None and 24 < found.lat < 46


def test_mapped_ipv6_is_ipv4(mapped: None) -> None:
    """RFC 4291 §2.5.5.2."""

    assert atlas.lookup("84.129.205.43") == atlas.lookup("::ffff:84.129.205.43")


@pytest.mark.parametrize(
    "ip",
    NOT_GLOBAL.split(),
)
def test_addresses_that_are_not_global(mapped: None, ip: str) -> None:
    """Nobody owns them, they are nowhere."""

    assert atlas.lookup(ip) is None


@pytest.mark.parametrize("text", NO_ADDRESS.split("|"))
def test_text_that_is_no_address(mapped: None, text: str) -> None:
    """No address, no answer, no exception."""

    assert atlas.lookup(text) is None


def test_says_how_old_it_is_and_whom_to_thank(mapped: None) -> None:
    """The licences ask for the credit."""

    assert atlas.as_of() == "2026-06-05"
    assert any("IP Geolocation by DB-IP" in line and "https://db-ip.com" in line for line in atlas.credits())
    assert any("RouteViews" in line for line in atlas.credits())
    assert atlas.problem() is None
    assert atlas.verify() is None


def test_prefix_is_the_largest_block_of_the_range(mapped: None) -> None:
    """Two thousand addresses: the prefix holds the address, and all of it has one network."""
    dice = random.Random(20261122)
    for _ in range(2000):
        address = ipaddress.IPv4Address(dice.randrange(1 << 24, 224 << 24))
        found = atlas.lookup(str(address))
        if found is None:
            continue
        block = ipaddress.IPv4Network(found.prefix or "")

        assert address in block
        for end in (block[0], block[-1]):
            there = atlas.lookup(str(end))
            assert there is not None and (found.asn, found.prefix) == (there.asn, there.prefix)


@pytest.mark.parametrize(
    ("ip", "expected"),
    [
        ("15.255.255.255", None),
        ("16.0.0.0", ("16.0.0.0/29", 64500, None)),
        ("16.0.0.4", ("16.0.0.0/29", 64500, None)),
        ("16.0.0.5", ("16.0.0.0/29", 64500, "Osaka")),
        ("16.0.0.9", ("16.0.0.8/31", 64500, "Osaka")),
        ("16.0.0.10", ("16.0.0.10/31", None, "Osaka")),
        ("16.0.1.255", ("16.0.1.0/24", None, "Osaka")),
        ("16.0.2.0", None),
        ("255.255.255.255", None),
        ("23ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None),
        ("2400::", ("2400::/16", 64500, None)),
        ("2400:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ("2400::/16", 64500, None)),
        ("2401::", None),
    ],
)
def test_edges_of_ranges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ip: str, expected: tuple[str, int | None, str | None] | None
) -> None:
    """First and last address belong to a range, their neighbours do not."""
    path = tmp_path / "atlas.bin"
    path.write_bytes(packing.unpack(_small()))
    monkeypatch.setattr(atlas, "TABLE", str(path))
    found = atlas.lookup(ip)

    assert expected == (found and (found.prefix, found.asn, found.city))
    assert atlas.problem() is None


def test_packing_is_reproducible_and_lossless() -> None:
    """The same numbers give the same bytes, and come back."""
    numbers = array.array("Q", sorted(random.Random(1).randrange(1 << 64) for _ in range(999)))

    assert _small() == _small()
    assert numbers == packing.restore(packing.squeeze(numbers, True), "Q", True)
    assert array.array("h", [-9000, 18000]) == packing.restore(
        packing.squeeze(array.array("h", [-9000, 18000]), False), "h", False
    )


def test_holes_are_carved_out() -> None:
    """Special blocks within a range split it; a range within a hole is gone."""
    ranges = [(0, 10, 1), (12, 14, 2), (20, 40, 3)]

    assert [(0, 4, 1), (6, 10, 1), (20, 25, 3), (35, 38, 3)] == list(
        build_atlas.carve(ranges, [(4, 6), (11, 15), (25, 35), (38, 50)])
    )


def test_default_point_is_a_shared_one() -> None:
    """A large owner's own point is no default; the point everybody shares is."""
    cells = [("XX", "", "Own", 100, 100), ("XX", "", "Shared", 200, 200), ("XX", "", "Else", 300, 300)]
    ranges = [(0, 40, 0), (40, 70, 1), (70, 100, 2)]
    owners = [(0, 40, 1), *((at, at + 1, at) for at in range(40, 70)), (70, 75, 2), (75, 100, 3)]

    assert [("XX", 200, 200)] == list(build_atlas.default_points(cells, ranges, owners))


def _flip(at: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (None, "missing"),
        (lambda data: b"", "truncated"),
        (lambda data: data[:30], "truncated"),
        (lambda data: data[: len(data) // 2], "truncated"),
        (lambda data: data + b"\0", "truncated"),
        (_flip(0), "not what its name says"),
        (_flip(8), "another version"),
        (_flip(100), "damaged"),
    ],
    ids=["missing", "empty", "head-only", "half", "longer", "magic", "newer", "header"],
)
def test_a_file_that_cannot_be_used(
    unpacked: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes] | None, says: str
) -> None:
    """Missing, truncated or damaged: no answer, no exception, and a sentence that says what is wrong."""
    path = tmp_path / "atlas.bin"
    if damage:
        path.write_bytes(damage(unpacked))
    monkeypatch.setattr(atlas, "TABLE", str(path))

    assert atlas.lookup("84.129.205.43") is None
    assert atlas.lookup("2400::1") is None
    assert says in (atlas.problem() or "")
    assert "install.py を実行" in (atlas.problem("ja") or "")
    assert (None, ()) == (atlas.as_of(), atlas.credits())
    assert atlas.verify() == atlas.problem()


@pytest.mark.parametrize("fill", [b"\0", b"\xff", b"\x7f", None], ids=["zeros", "ones", "large", "random"])
def test_damage_behind_a_whole_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fill: bytes | None) -> None:
    """Whatever the numbers say, a look-up answers or does not, and `verify` finds it out."""
    whole = packing.unpack(_small())
    length = atlas.HEADER.unpack_from(whole)[2]
    start = atlas.aligned(atlas.HEADER.size + length)
    rest = len(whole) - start
    path = tmp_path / "atlas.bin"
    path.write_bytes(whole[:start] + (fill * rest if fill else random.Random(7).randbytes(rest)))
    monkeypatch.setattr(atlas, "TABLE", str(path))
    for ip in ("16.0.0.1", "16.0.0.9", "1.1.1.1", "223.1.1.1", "2400::1", "2600::1"):
        atlas.lookup(ip)

    assert "damaged" in (atlas.verify() or "")


def test_prepare_makes_both_tables_once(tmp_path: Path) -> None:
    """A second call leaves what is up to date, a damaged file is made again, and nothing else is left behind."""
    prepare.prepare(tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    prepare.prepare(tmp_path)

    assert {"atlas.bin", "suffixes.bin"} == set(before)
    assert before == {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}

    os.truncate(tmp_path / "atlas.bin", 1000)
    (tmp_path / "suffixes.bin").write_bytes(b"")
    prepare.prepare(tmp_path)

    assert {"atlas.bin", "suffixes.bin"} == {path.name for path in tmp_path.iterdir()}
    assert min(path.stat().st_size for path in tmp_path.iterdir()) > 100_000
