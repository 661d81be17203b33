"""A reader's own database of places: each publisher's shape is read, it counts where it knows more, and no file does harm."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import mmdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from workbench import failures, primitives, wrong

from sekisho import session, settings
from sekisho.lookup import own_atlas
from sekisho.questions import Question, level

TELEKOM, XSERVER, LINK3 = "84.129.205.43", "120.136.14.43", "27.147.195.220"
CITY = {
    "country": {"iso_code": "DE", "names": {"en": "Germany", "ja": "ドイツ連邦共和国"}},
    "subdivisions": [{"iso_code": "BY", "names": {"en": "Bavaria"}}],
    "city": {"names": {"en": "Regensburg", "ja": "レーゲンスブルク"}},
    "location": {"latitude": 49.0151, "longitude": 12.1016, "accuracy_radius": 50},
}
ASN = {"autonomous_system_number": 64500, "autonomous_system_organization": "Example Net"}
FLAT = {"country_code": "DE", "state1": "Bavaria", "city": "Regensburg", "latitude": 49.0151, "longitude": 12.1016}


def mail(ip: str) -> bytes:
    return (
        f"Received: from mail.example.net (mail.example.net [{ip}]) by mx1.office.example (Postfix)\n"
        " with ESMTPS id 4C1E02A0F7 for <info@office.example>; Mon, 6 Jun 2022 09:11:05 +0900\n"
        "From: sato@kagu.example.net\nSubject: Order\n\nHello.\n"
    ).encode()


def file(folder: Path, content: bytes | dict[str, Any], name: str = "mine.mmdb") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else mmdb.database(content))
    return str(path)


def report(ip: str, path: str) -> dict[str, Any]:
    made = session.report(mail(ip), settings.read({"atlas": path})[0])
    assert [] == wrong(made) + failures(made)
    return made


def network(ip: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = report(ip, path)["hops"][0]["network"]
    return found


@pytest.mark.parametrize(
    "record", [CITY, FLAT, {**CITY, **ASN}, {**CITY, "traits": ASN}], ids=["nested", "flat", "both", "traits"]
)
def test_a_place_of_the_readers_own_counts(tmp_path: Path, record: Any) -> None:
    """GeoLite2's and DB-IP's nested records and ip-location-db's flat ones; the file and its date are named."""
    found = network(TELEKOM, file(tmp_path, {"84.128.0.0/10": record}))

    assert ("DE", "Regensburg, Bavaria", 49.02, 12.1, "city") == tuple(
        found[key] for key in ("country", "place", "lat", "lon", "precision")
    )
    assert ("file:mine.mmdb", "2026-09-21") == (found["source"], found["as_of"])
    assert ((64500, "Example Net", "84.128.0.0/10") if len(record) > 4 and record is not FLAT else (3320, "Deutsche Telekom AG", "84.128.0.0/10")) == (
        found["asn"], found["name"], found["prefix"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "record",
    [ASN, {"asn": "AS64500", "as_name": "Example Net", "country": "Germany", "country_code": "DE"}],
    ids=["GeoLite2-ASN", "IPinfo"],
)
def test_a_network_of_the_readers_own_counts(tmp_path: Path, record: Any) -> None:
    """The number and the name are the file's; a place that is less exact than the program's is not taken."""
    found = network(TELEKOM, file(tmp_path, {"84.129.0.0/16": record}))

    assert (64500, "Example Net", "84.129.0.0/16") == (found["asn"], found["name"], found["prefix"])
    assert ("DE", "city") == (found["country"], found["precision"])
    assert "Bavaria" in found["place"]


def test_a_default_point_does_not_become_a_place(tmp_path: Path) -> None:
    """Where Japan's registry default stands, another database's city there says no more; one elsewhere does."""
    near = {
        **FLAT,
        "country_code": "JP",
        "state1": "Tokyo",
        "city": "Chiyoda",
        "latitude": 35.6893,
        "longitude": 139.7690,
    }
    far = {**near, "state1": "Osaka", "city": "Osaka", "latitude": 34.69, "longitude": 135.5}

    assert "registry" == network(XSERVER, file(tmp_path, {"120.136.8.0/21": near}))["precision"]
    assert "Osaka, Osaka" == network(XSERVER, file(tmp_path, {"120.136.8.0/21": far}, "far.mmdb"))["place"]


def test_what_the_file_does_not_know_stays(tmp_path: Path) -> None:
    """An address outside of it is the program's; an address that only the file knows is the file's."""
    path = file(tmp_path, {"84.128.0.0/10": CITY, "2a00::/12": {**ASN, **FLAT}})

    assert ("atlas", 23688) == tuple(network(LINK3, path)[key] for key in ("source", "asn"))
    assert 64500 == network("2a0f:ffff:ffff::1", path)["asn"]


def test_the_panel_says_whose_word_it_is(tmp_path: Path) -> None:
    """In both languages the owners block names the file; nobody was asked for it."""
    path = file(tmp_path, {"84.128.0.0/10": CITY})
    made = report(TELEKOM, path)

    texts = [item.get("text", "") for block in made["panel"] for item in primitives(block["body"])]
    assert any("mine.mmdb" in text and "2026-09-21" in text for text in texts)
    assert 0 == made["lookups"]["asked"]
    assert "offline" == level(Question("place", "ip", TELEKOM))


GOOD = mmdb.database({"84.128.0.0/10": CITY})


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "empty", "text", "cut", "no metadata"])
def test_a_file_that_is_no_database_is_said(tmp_path: Path, kind: str) -> None:
    """The panel names it, and everything else is as without it."""
    path = tmp_path / "bad.mmdb"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        if not hasattr(os, "mkfifo"):
            return
        os.mkfifo(path)
    elif kind != "missing":
        path.write_bytes({"empty": b"", "text": b"hello\n" * 99, "cut": GOOD[:-30], "no metadata": GOOD[:200]}[kind])

    made = report(TELEKOM, str(path))

    assert "file-unreadable:bad.mmdb" in made["defects"]
    assert ("atlas", 3320) == tuple(made["hops"][0]["network"][key] for key in ("source", "asn"))


def test_a_newer_file_counts_from_the_next_mail_on(tmp_path: Path) -> None:
    """It is opened again when it has changed, and not before."""
    path = file(tmp_path, {"84.128.0.0/10": CITY})
    assert own_atlas.load(path) is own_atlas.load(path)

    file(
        tmp_path,
        {
            "84.128.0.0/10": {
                **CITY,
                "city": {"names": {"en": "Passau"}},
                "location": {"latitude": 48.57, "longitude": 13.46},
            }
        },
    )

    assert "Passau, Bavaria" == network(TELEKOM, path)["place"]


@tried(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=80, deadline=None
)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_no_damage_raises(tmp_path: Path, damage: list[tuple[int, int]]) -> None:
    """Bytes of the tree, of the records and of the metadata changed at random."""
    content = bytearray(GOOD)
    for place, byte in damage:
        content[place] = byte

    report(TELEKOM, file(tmp_path, bytes(content)))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FLAT, *CITY, *ASN, "names", "en", "iso_code", "latitude", "asn", "traits"]), inner, max_size=5), max_leaves=12))  # fmt: skip
def test_records_of_any_shape_are_borne(record: Any) -> None:
    """Every field may hold anything."""
    if isinstance(record, dict):
        own_atlas._record(record, TELEKOM, 10)
