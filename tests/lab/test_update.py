"""`sekisho update` against servers that are the publishers': what is sound is taken, all else leaves the old tables as they are."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from workbench import LOCALES

from sekisho import ages, update
from sekisho.lookup.resolver import Resolver
from sekisho.lookup.transport import Transport
from sekisho.mail import domain
from sekisho.tables import atlas, compile_suffixes, dbip, newer, packing, registries, suffixes

from . import Lab
from .faults import DEEP, RDAP
from .replies import Reply

TODAY = "2030-06-01"
PUBLISHED = "2030-05-20"
LIST = compile_suffixes.source().read_text("utf-8")
NEW_RULE = "// new\nbrand-new.example-host.com\n"


# DB-IP's CSV, in small: the addresses of the articles, some of their neighbours, IPv6.
NETWORKS = """\
27.147.192.0,27.147.255.255,23688,Link3 Technologies Limited
84.128.0.0,84.191.255.255,3320,Deutsche Telekom AG
120.136.8.0,120.136.15.255,131965,"Xserver, Inc."
202.226.36.0,202.226.39.255,131965,"Xserver, Inc."
2001:240::,2001:240:ffff:ffff:ffff:ffff:ffff:ffff,2497,Internet Initiative Japan Inc.
"""
CITIES = """\
27.147.192.0,27.147.255.255,AS,BD,"Dhaka Division","Dhaka (Gulshan)",23.7995,90.4127
84.128.0.0,84.159.255.255,EU,DE,Bavaria,Kelheim,48.9169,11.8859
84.160.0.0,84.191.255.255,EU,DE,Hesse,Frankfurt,50.1109,8.6821
120.136.8.0,120.136.15.255,AS,JP,Tokyo,Chiyoda,35.694,139.7536
202.226.36.0,202.226.39.255,AS,JP,Osaka,Osaka,34.6937,135.502
2001:240::,2001:240:ffff:ffff:ffff:ffff:ffff:ffff,AS,JP,Tokyo,Chiyoda,35.694,139.7536
"""
MONTH = "2030-05"


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small atlas of an earlier month in place of the program's; afterwards the tables are those of the program again."""
    own = tmp_path / "program.bin"
    own.write_bytes(packing.unpack(dbip.build(packed(NETWORKS), packed(CITIES), "2030-01-01")))
    monkeypatch.setattr(atlas, "TABLE", str(own))
    yield
    newer.FOLDER = None
    for table in (atlas, suffixes, registries):
        table.reopen()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The reader's folder of tables."""
    return tmp_path / "tables"


def packed(text: str) -> bytes:
    return gzip.compress(text.encode())


def a_list(text: str = LIST, date: str = PUBLISHED) -> bytes:
    head, _, rest = text.partition("// VERSION:")
    return f"{head}// VERSION: {date}_08-00-00_UTC{rest[rest.index(chr(10)) :]}".encode()


def bootstrap(name: str, date: str = PUBLISHED, keep: Any = lambda entry: True) -> bytes:
    """IANA's file (RFC 9224), made of what the program already knows."""
    own = json.loads(Path(registries.TABLE).read_text("utf-8"))[name]
    services = [[[entry for entry in entries if keep(entry)], [server]] for server, entries in own.items()]
    return json.dumps({"version": "1.0", "publication": f"{date}T00:00:00Z", "services": services}).encode()


def publish(lab: Lab, **other: Any) -> None:
    """All publishers have something new; `other` says what one of them has instead."""
    told = {name: bootstrap(name) for name in ("ipv4", "ipv6", "dns")}
    told["suffixes"] = a_list(LIST + NEW_RULE)
    told.update(other)
    told.setdefault("asn", packed(NETWORKS.replace("Limited", "Ltd.")))
    told.setdefault("city", packed(CITIES))
    lab.rdap["download.db-ip.com"].always(Reply(b"not here", 404))
    for name, body in told.items():
        if name == "suffixes":
            host, path = "publicsuffix.org", "/list/public_suffix_list.dat"
        elif name in ("asn", "city"):
            host, path = "download.db-ip.com", f"/free/dbip-{name}-lite-{MONTH}.csv.gz"
        else:
            host, path = "data.iana.org", f"/rdap/{name}.json"
        lab.rdap[host].reply(path, body if isinstance(body, Reply) else Reply(body))


def refreshed(lab: Lab, folder: Path) -> dict[str, tuple[str, str]]:
    async def run() -> list[update.Outcome]:
        resolver = Resolver("{}:{}".format(*lab.dns.plain), str(lab.trusted.certificate))
        transport = Transport(resolver.addresses, lab.addresses, str(lab.trusted.certificate))
        return await update.refresh(transport, folder, TODAY)

    outcomes = asyncio.run(run())
    for locale in LOCALES:
        for outcome in outcomes:
            assert "{" not in update.sentence(outcome, locale)
    return {outcome.table: (outcome.state, outcome.why) for outcome in outcomes}


def owner(ip: str) -> str | None:
    found = atlas.lookup(ip)
    return found.name if found else None


def files(folder: Path) -> list[str]:
    """The tables in that folder, and anything else but the note of when they were looked for."""
    return sorted(path.name for path in folder.iterdir() if path.name != ages.LOOKED)


def test_what_is_newer_and_sound_is_used_from_then_on(lab: Lab, folder: Path) -> None:
    """Both tables are written, dated, and preferred; a second time there is nothing newer."""
    publish(lab)

    names = ("suffixes", "registries", "atlas")
    assert dict.fromkeys(names, ("updated", "")) == refreshed(lab, folder)

    assert [f"atlas-{MONTH}-01.bin", f"registries-{PUBLISHED}.json", f"suffixes-{PUBLISHED}.bin"] == files(folder)
    assert (PUBLISHED, PUBLISHED) == (suffixes.as_of(), registries.as_of()["dns"])
    assert "mine.brand-new.example-host.com" == domain.registrable("a.mine.brand-new.example-host.com")
    assert ("Link3 Technologies Ltd.", f"{MONTH}-01") == (owner("27.147.195.220"), atlas.as_of())
    assert dict.fromkeys(names, ("current", "not-newer")) == refreshed(lab, folder)
    assert dict.fromkeys(names, TODAY) == ages.looks()


def test_two_versions_are_kept(lab: Lab, folder: Path) -> None:
    """The one before stays, for whoever has it open; older ones go."""
    for date in ("2030-03-01", "2030-04-01", "2030-05-01"):
        publish(lab, suffixes=a_list(date=date), dns=bootstrap("dns", date))
        assert "updated" == refreshed(lab, folder)["suffixes"][0]

    assert ["2030-04-01", "2030-05-01"] == [name[9:19] for name in files(folder) if name.startswith("suffixes")]


def _without(*rules: str) -> bytes:
    return a_list("\n".join(line for line in LIST.split("\n") if line not in rules))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (lambda: a_list(date="2020-01-01"), "not-newer"),
        (lambda: a_list(date="2030-06-02"), "future"),
        (lambda: a_list(date="2030-13-40"), "malformed"),
        (lambda: LIST.replace("// VERSION:", "// SOMETHING:").encode(), "malformed"),
        (lambda: a_list(LIST[: len(LIST) // 2]), "size"),
        (lambda: a_list(LIST + "".join(f"x{n}.example-host.com\n" for n in range(9000))), "size"),
        (lambda: _without("co.jp"), "anchors"),
        (lambda: _without("web.app"), "anchors"),
        (lambda: b"\xff\xfe" + a_list(), "malformed"),
        (lambda: b"<html>\n" + a_list()[:2000], "size"),
        (lambda: b"", "malformed"),
        (lambda: Reply(b"not here", 404), "server-failed"),
        (lambda: Reply(b"x" * (update.MAX_LIST + 1)), "too-large"),
    ],
)
def test_an_unsound_list_is_not_taken(lab: Lab, folder: Path, body: Any, why: str) -> None:
    """Old, dated wrongly, cut, blown up, wrong about what everybody knows: the old list stays, and the other table is refreshed."""
    before = suffixes.as_of(), suffixes.size()
    publish(lab, suffixes=body())

    outcome = refreshed(lab, folder)

    assert why == outcome["suffixes"][1]
    assert "updated" == outcome["registries"][0]
    assert [f"atlas-{MONTH}-01.bin", f"registries-{PUBLISHED}.json"] == files(folder)
    assert before == (suffixes.as_of(), suffixes.size())


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("dns", lambda: bootstrap("dns", "2001-01-01"), "not-newer"),
        ("dns", lambda: bootstrap("dns", keep=lambda tld: tld < "m"), "size"),
        ("ipv6", lambda: bootstrap("ipv6", keep=lambda _: False), "size"),
        ("dns", lambda: bootstrap("dns").replace(b"rdap.verisign.com", b"rdap.evil.example"), "anchors"),
        ("ipv4", lambda: bootstrap("ipv4").replace(b"rdap.apnic.net", b"rdap.apnic.net.evil.example"), "anchors"),
        ("ipv4", lambda: bootstrap("ipv4").replace(b"120.0.0.0/8", b"not-an-address"), "malformed"),
        ("dns", lambda: b"[]", "malformed"),
        ("dns", lambda: b'{"publication":"2030-05-20","services":7}', "malformed"),
        ("dns", lambda: b'{"publication":"2030-05-20","services":[[["com"],[7]]]}', "malformed"),
        ("dns", lambda: DEEP, "malformed"),
    ],
)  # fmt: skip
def test_unsound_registries_are_not_taken(lab: Lab, folder: Path, name: str, body: Any, why: str) -> None:
    """One of the three files is enough to leave all as it was."""
    before = registries.as_of(), registries.sizes()
    publish(lab, **{name: body()})

    outcome = refreshed(lab, folder)

    assert why == outcome["registries"][1]
    assert [f"atlas-{MONTH}-01.bin", f"suffixes-{PUBLISHED}.bin"] == files(folder)
    assert before == (registries.as_of(), registries.sizes())


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (lambda: {"asn": packed(NETWORKS.replace("131965", "64500"))}, "anchors"),
        (lambda: {"city": packed(CITIES.replace(",BD,", ",IN,"))}, "anchors"),
        (lambda: {"city": packed(CITIES + CITIES)}, "malformed"),
        (lambda: {"city": packed(CITIES.replace("23.7995", "north"))}, "malformed"),
        (lambda: {"city": packed(CITIES.replace("23.7995", "23.7995,7"))}, "malformed"),
        (lambda: {"city": packed(CITIES)[:-20]}, "malformed"),
        (lambda: {"city": CITIES.encode()}, "malformed"),
        (lambda: {"city": packed("\0" * 5_000_000)}, "malformed"),
        (lambda: {"city": packed(CITIES.replace("Dhaka", "D" * 5000))}, "malformed"),
        (lambda: {"asn": packed("")}, "malformed"),
        (lambda: {"asn": packed(NETWORKS.replace("27.147.192.0,", "27.147.192.256,"))}, "malformed"),
        (
            lambda: {"asn": packed("".join(f"9.{n}.0.0,9.{n}.0.255,64500,x\n" for n in range(200)) + NETWORKS)},
            "size",
        ),
        (lambda: {"city": Reply(b"gone", 404)}, "server-failed"),
        (lambda: {"asn": Reply(b"busy", 503)}, "server-failed"),
    ],
)
def test_an_unsound_atlas_is_not_taken(lab: Lab, folder: Path, told: Any, why: str) -> None:
    """Wrong about the addresses of the articles, out of order, not of its form, cut, too large; the old one stays in use."""
    publish(lab, **told())

    assert ("kept", why) == refreshed(lab, folder)["atlas"]

    assert ("2030-01-01", "Link3 Technologies Limited") == (atlas.as_of(), owner("27.147.195.220"))
    assert [] == [name for name in files(folder) if name.startswith(("atlas", "."))]


def test_last_months_atlas_does_while_this_months_is_not_out(lab: Lab, folder: Path) -> None:
    """Of this month there is nothing (404); what is here already is not fetched again."""
    publish(lab)
    refreshed(lab, folder)
    asked = [request.asked for request in lab.rdap["download.db-ip.com"].log]
    assert ["2030-06", MONTH, MONTH] == [path[-14:-7] for path in asked]

    assert ("current", "not-newer") == refreshed(lab, folder)["atlas"]
    again = [request.asked for request in lab.rdap["download.db-ip.com"].log][len(asked) :]
    assert ["2030-06"] == [path[-14:-7] for path in again]


@pytest.mark.parametrize(
    "fault",
    [
        *("bomb", "cut", "endless", "closed", "headers", "nothttp", "loop", "drip", "never", "error", "unavailable", "binary"),
        *(name for name in RDAP if name.startswith("inside")),
    ],
)  # fmt: skip
def test_a_hostile_publisher_does_no_more_than_fail(
    lab: Lab, folder: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Nothing is written, nobody inside is visited, and it ends."""
    monkeypatch.setattr(update, "DEADLINE", 2.0)
    monkeypatch.setattr(update, "LONG", 2.0)
    reply = RDAP.get(fault, Reply(bytes(range(256)) * 256))
    publish(lab, suffixes=reply, dns=reply, asn=reply, city=reply)

    assert {"kept"} == {state for state, _ in refreshed(lab, folder).values()}

    assert [] == files(folder)
    assert [] == lab.rdap["trap.test"].log


def test_a_fetched_table_that_breaks_later_is_passed_over(lab: Lab, folder: Path) -> None:
    """The program's own is used again, and an older date never wins over a newer one."""
    own = suffixes.as_of(), registries.as_of(), atlas.as_of()
    publish(lab)
    refreshed(lab, folder)
    for name in files(folder):
        (folder / name).write_bytes((folder / name).read_bytes()[:-40])
    for table in (atlas, suffixes, registries):
        table.reopen()

    assert own == (suffixes.as_of(), registries.as_of(), atlas.as_of())
    assert suffixes.problem() is None and atlas.problem() is None
