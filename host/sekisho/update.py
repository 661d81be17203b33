"""`sekisho update`: newer tables from their publishers, each taken only when it is sound, else the old one stays.

Sound is: newer than what is there and not from the future, within SIZE of its size, and right about what is known to be so. A new
table is written beside the old one and is there as a whole or not at all; the program prefers the newest that it can read.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path

from sekisho import ages, private
from sekisho.lookup import NoAnswerError
from sekisho.lookup.transport import Transport
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.tables import atlas, compile_suffixes, newer, registries, suffixes
from sekisho.tables.prepare import replace

if TYPE_CHECKING:
    from typing import Any

SIZE = 0.3  # so much smaller or larger than the old one a new table may be
KEPT = 2  # versions of a table
SUFFIX_LIST = "https://publicsuffix.org/list/public_suffix_list.dat"
BOOTSTRAP = "https://data.iana.org/rdap/"
MAX_LIST = 4 << 20
MAX_REGISTRY = 2 << 20
DB_IP = "https://download.db-ip.com/free/dbip-{name}-lite-{month}.csv.gz"
MAX_CITIES = 400 << 20
MAX_NETWORKS = 60 << 20
DEADLINE = 60.0  # seconds for one small table
LONG = 1800.0  # and for the atlas, which is downloaded and built
# Host: its registrable domain. Registries' own rules, a rule with an exception, what hosting companies name.
SUFFIX_ANCHORS = {
    "www.example.com": "example.com",
    "www.example.co.jp": "example.co.jp",
    "www.city.kawasaki.jp": "city.kawasaki.jp",
    "a.b.example.co.uk": "example.co.uk",
    "x.y.web.app": "y.web.app",
    "x.y.github.io": "y.github.io",
    "co.jp": "",
}
DOMAIN_ANCHORS = {
    "example.com": "verisign.com",
    "example.net": "verisign.com",
    "example.org": "publicinterestregistry.org",
}
# The addresses of the articles, and who keeps the register of each.
ADDRESS_ANCHORS = {
    "120.136.14.43": "apnic.net",
    "202.226.37.191": "apnic.net",
    "27.147.195.220": "apnic.net",
    "84.129.205.43": "ripe.net",
}
# Those addresses once more: network and country.
PLACE_ANCHORS = {
    "120.136.14.43": (131965, "JP"),
    "202.226.37.191": (131965, "JP"),
    "27.147.195.220": (23688, "BD"),
    "84.129.205.43": (3320, "DE"),
}


class Outcome(NamedTuple):
    """`state`: updated, current (nothing newer is published) or kept (`why`: a key of WHY or of questions.Failed's reasons)."""

    table: str
    state: str
    date: str | None
    why: str = ""


class Unsound(Exception):  # noqa: N818  # it is no error of ours
    """A table that is not taken; `why` as in Outcome."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Found(NamedTuple):
    date: str
    content: bytes


async def refresh(transport: Transport, folder: Path, today: str) -> list[Outcome]:
    """Every table in its turn; one that fails takes no other with it. `today`: ISO 8601."""
    newer.FOLDER = str(folder)
    steps: tuple[
        tuple[str, str, Callable[[], str | None], Callable[[Transport, Path, str], Awaitable[Found]], float], ...
    ] = (
        ("suffixes", ".bin", suffixes.as_of, _suffixes, DEADLINE),
        ("registries", ".json", lambda: registries.as_of().get("dns"), _registries, DEADLINE),
        ("atlas", ".bin", atlas.as_of, _atlas, LONG),
    )
    outcomes = []
    for name, ending, as_of, fetch, patience in steps:
        before = as_of()
        try:
            private.folder(str(folder.parent))
            private.folder(str(folder))
            found = await asyncio.wait_for(fetch(transport, folder, today), patience)
            replace(folder / f"{name}-{found.date}{ending}", found.content)
            _prune(name, ending)
            _forget()
            outcomes.append(Outcome(name, "updated", as_of()))
        except Unsound as fault:
            state = "current" if fault.why == "not-newer" else "kept"
            outcomes.append(Outcome(name, state, before, fault.why))
        except NoAnswerError as failure:
            outcomes.append(Outcome(name, "kept", before, failure.reason))
        except (TimeoutError, asyncio.TimeoutError):
            outcomes.append(Outcome(name, "kept", before, "timeout"))
        except OSError:
            outcomes.append(Outcome(name, "kept", before, "disk"))
    with suppress(OSError):
        ages.note([one.table for one in outcomes if one.state != "kept"], today)
    return outcomes


async def _suffixes(transport: Transport, folder: Path, today: str) -> Found:
    body = await _body(transport, SUFFIX_LIST, MAX_LIST)
    with _scratch(folder, "list") as listing, _scratch(folder, "suffixes") as table:
        listing.write_bytes(body)
        try:
            date = compile_suffixes.as_of(listing)
            _newer(date, suffixes.as_of(), today)
            content = compile_suffixes.compile_table(listing)
        except (ValueError, UnicodeError, AssertionError) as fault:
            raise Unsound("malformed") from fault
        before = suffixes.size()
        table.write_bytes(content)
        with _on_trial(suffixes, table):
            _sized(suffixes.size(), before)
            if any(suffixes.registrable_domain(host) != own for host, own in SUFFIX_ANCHORS.items()):
                raise Unsound("anchors")
    return Found(date, content)


async def _registries(transport: Transport, folder: Path, today: str) -> Found:
    made: dict[str, Any] = {"as_of": {}}
    for name in ("ipv4", "ipv6", "dns"):
        body = await _body(transport, f"{BOOTSTRAP}{name}.json", MAX_REGISTRY)
        try:
            said = json.loads(body)
            made["as_of"][name] = str(said["publication"])[:10]
            made[name] = _servers(said["services"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
            raise Unsound("malformed") from fault
    date = made["as_of"]["dns"]
    _newer(date, registries.as_of().get("dns"), today)
    content = (json.dumps(made, indent=0, separators=(",", ":")) + "\n").encode()
    before = registries.sizes()
    with _scratch(folder, "registries") as table:
        table.write_bytes(content)
        with _on_trial(registries, table):
            for now, then in zip(registries.sizes(), before, strict=True):
                _sized(now, then)
            _anchored(registries.rdap_of_domain, DOMAIN_ANCHORS)
            _anchored(registries.rdap_of_address, ADDRESS_ANCHORS)
    return Found(date, content)


async def _atlas(transport: Transport, folder: Path, today: str) -> Found:
    """This month's, or the last month's while this one is not out."""
    year, month = int(today[:4]), int(today[5:7])
    last = f"{year - (month == 1)}-{(month - 2) % 12 + 1:02}"
    for published in (today[:7], last):
        date = f"{published}-01"
        _newer(date, atlas.as_of(), today)
        response = await transport.get(DB_IP.format(name="asn", month=published), "*/*", MAX_NETWORKS)
        if response.status != 404:
            break
    if response.status != 200:
        raise NoAnswerError("server-failed")
    cities = await _body(transport, DB_IP.format(name="city", month=published), MAX_CITIES)
    from sekisho.tables import dbip, packing

    try:
        with redirect_stderr(io.StringIO()):  # what a builder of releases wants to know
            content = packing.unpack(dbip.build(response.body, cities, date))
    except dbip.MALFORMED as fault:
        raise Unsound("malformed") from fault
    before = atlas.size()
    with _scratch(folder, "atlas") as table:
        table.write_bytes(content)
        with _on_trial(atlas, table):
            if atlas.verify() is not None:
                raise Unsound("malformed")
            _sized(atlas.size(), before)
            for ip, known in PLACE_ANCHORS.items():
                found = atlas.lookup(ip)
                if found is None or (found.asn, found.country) != known:
                    raise Unsound("anchors")
    return Found(date, content)


def _servers(services: Any) -> dict[str, list[str]]:
    """RDAP server: what it answers for (RFC 9224 §3). Only servers that answer over TLS."""
    found: dict[str, list[str]] = {}
    for entries, urls in services:
        server = next((url for url in urls if url.startswith("https://")), None)
        if server is not None:
            found.setdefault(server, []).extend(entry.lower() for entry in entries)
    return found


def _anchored(ask: Callable[[str], str | None], known: dict[str, str]) -> None:
    for name, owner in known.items():
        try:
            host = (ask(name) or "").partition("://")[2].partition("/")[0]
        except ValueError as fault:  # a prefix that is none
            raise Unsound("malformed") from fault
        if not f".{host}".endswith(f".{owner}"):
            raise Unsound("anchors")


async def _body(transport: Transport, url: str, cap: int) -> bytes:
    response = await transport.get(url, "*/*", cap)
    if response.status != 200:
        raise NoAnswerError("server-failed")
    return response.body


def _newer(date: str, before: str | None, today: str) -> None:
    try:
        time.strptime(date, "%Y-%m-%d")
    except ValueError as fault:
        raise Unsound("malformed") from fault
    if before is not None and date <= before:
        raise Unsound("not-newer")
    if date > today:
        raise Unsound("future")


def _sized(now: int, before: int) -> None:
    if before and abs(now - before) > SIZE * before:
        raise Unsound("size")


@contextmanager
def _scratch(folder: Path, name: str) -> Iterator[Path]:
    path = folder / f".{name}.{os.getpid()}"
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def _on_trial(module: Any, path: Path) -> Iterator[None]:
    """A module of a table reads this file, and no other, for a while."""
    kept, folder = module.TABLE, newer.FOLDER
    module.TABLE, newer.FOLDER = str(path), None
    _forget()
    try:
        yield
    finally:
        module.TABLE, newer.FOLDER = kept, folder
        _forget()


def _forget() -> None:
    for table in (atlas, suffixes, registries):
        table.reopen()


def _prune(name: str, ending: str) -> None:
    for old in newer.versions(name, ending)[:-KEPT]:
        with suppress(OSError):  # another process may have it mapped
            os.unlink(os.path.join(newer.FOLDER or "", old))


TEXT = {
    "updated": ("{table}: now of {date}.", "{table}:{date} 版に更新しました。"),
    "current": (
        "{table}: of {date}, there is nothing newer.",
        "{table}:{date} 版です。これより新しいものはありません。",
    ),
    "kept": ("{table}: still of {date}. {why}", "{table}:{date} 版のままです。{why}"),
    **ages.TITLES,
}
WHY = {
    "malformed": ("What was published could not be understood.", "公開されているものを読み取れませんでした。"),
    "future": ("What was published bears a date of the future.", "公開されているものの日付が未来です。"),
    "size": ("The new one differs too much in size.", "新しいものは、大きさが違いすぎます。"),
    "anchors": (
        "The new one is wrong about what is known to be so.",
        "新しいものは、分かりきったことについて誤っています。",
    ),
    "disk": ("It could not be written.", "ファイルに書き込めませんでした。"),
}


def sentence(outcome: Outcome, locale: str) -> str:
    """What became of one table."""
    column = 1 if locale == "ja" else 0
    if outcome.why in WHY:
        why = WHY[outcome.why][column]
    elif outcome.state == "kept":
        from sekisho.panel.words import Words

        asked = ("The publisher could not be asked: {why}.", "公開元に照会できませんでした({why})。")[column]
        why = asked.format(why=Words(locale)(f"lookups.reason.{outcome.why}"))
    else:
        why = ""
    return TEXT[outcome.state][column].format(table=TEXT[outcome.table][column], date=outcome.date or "?", why=why)
