"""`sekisho update` against servers that are the publishers': what is sound is taken, all else leaves the old tables as they are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from workbench import LOCALES

from sekisho import update
from sekisho.lookup.resolver import Resolver
from sekisho.lookup.transport import Transport
from sekisho.mail import domain
from sekisho.tables import compile_suffixes, newer, registries, suffixes

from . import Lab
from .faults import DEEP, RDAP
from .replies import Reply

TODAY = "2030-06-01"
PUBLISHED = "2030-05-20"
LIST = compile_suffixes.source().read_text("utf-8")
NEW_RULE = "// new\nbrand-new.example-host.com\n"


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path) -> Iterator[None]:
    """A data folder of its own; afterwards the tables are those of the program again."""
    yield
    newer.FOLDER = None
    suffixes.reopen()
    registries.reopen()


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
    for name, body in told.items():
        host, path = (
            ("publicsuffix.org", "/list/public_suffix_list.dat")
            if name == "suffixes"
            else ("data.iana.org", f"/rdap/{name}.json")
        )
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


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_newer_and_sound_is_used_from_then_on(lab: Lab, tmp_path: Path) -> None:
    """Both tables are written, dated, and preferred; a second time there is nothing newer."""
    publish(lab)

    assert {"suffixes": ("updated", ""), "registries": ("updated", "")} == refreshed(lab, tmp_path)

    assert [f"registries-{PUBLISHED}.json", f"suffixes-{PUBLISHED}.bin"] == files(tmp_path)
    assert (PUBLISHED, PUBLISHED) == (suffixes.as_of(), registries.as_of()["dns"])
    assert "mine.brand-new.example-host.com" == domain.registrable("a.mine.brand-new.example-host.com")
    assert {"suffixes": ("current", "not-newer"), "registries": ("current", "not-newer")} == refreshed(lab, tmp_path)


def test_two_versions_are_kept(lab: Lab, tmp_path: Path) -> None:
    """The one before stays, for whoever has it open; older ones go."""
    for date in ("2030-03-01", "2030-04-01", "2030-05-01"):
        publish(lab, suffixes=a_list(date=date), dns=bootstrap("dns", date))
        assert {"updated"} == {state for state, _ in refreshed(lab, tmp_path).values()}

    assert ["2030-04-01", "2030-05-01"] == [name[9:19] for name in files(tmp_path) if name.startswith("suffixes")]


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
def test_an_unsound_list_is_not_taken(lab: Lab, tmp_path: Path, body: Any, why: str) -> None:
    """Old, dated wrongly, cut, blown up, wrong about what everybody knows: the old list stays, and the other table is refreshed."""
    before = suffixes.as_of(), suffixes.size()
    publish(lab, suffixes=body())

    outcome = refreshed(lab, tmp_path)

    assert why == outcome["suffixes"][1]
    assert "updated" == outcome["registries"][0]
    assert [f"registries-{PUBLISHED}.json"] == files(tmp_path)
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
def test_unsound_registries_are_not_taken(lab: Lab, tmp_path: Path, name: str, body: Any, why: str) -> None:
    """One of the three files is enough to leave all as it was."""
    before = registries.as_of(), registries.sizes()
    publish(lab, **{name: body()})

    outcome = refreshed(lab, tmp_path)

    assert why == outcome["registries"][1]
    assert [f"suffixes-{PUBLISHED}.bin"] == files(tmp_path)
    assert before == (registries.as_of(), registries.sizes())


@pytest.mark.parametrize(
    "fault",
    [
        *("bomb", "cut", "endless", "closed", "headers", "nothttp", "loop", "drip", "never", "error", "unavailable", "binary"),
        *(name for name in RDAP if name.startswith("inside")),
    ],
)  # fmt: skip
def test_a_hostile_publisher_does_no_more_than_fail(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Nothing is written, nobody inside is visited, and it ends."""
    monkeypatch.setattr(update, "DEADLINE", 2.0)
    reply = RDAP.get(fault, Reply(bytes(range(256)) * 256))
    publish(lab, suffixes=reply, dns=reply)

    assert {"kept"} == {state for state, _ in refreshed(lab, tmp_path).values()}

    assert [] == files(tmp_path)
    assert [] == lab.rdap["trap.test"].log


def test_a_fetched_table_that_breaks_later_is_passed_over(lab: Lab, tmp_path: Path) -> None:
    """The program's own is used again, and an older date never wins over a newer one."""
    own = suffixes.as_of(), registries.as_of()
    publish(lab)
    refreshed(lab, tmp_path)
    for name in files(tmp_path):
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-40])
    suffixes.reopen()
    registries.reopen()

    assert own == (suffixes.as_of(), registries.as_of())
    assert suffixes.problem() is None
