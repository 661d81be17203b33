"""Whose an address is: the registry's own record, by RDAP (RFC 9082, 9083), by WHOIS where that fails.

ipwhois reads the answers (`RDAP` and `Whois` classes); what it would fetch itself is fetched here, once, within bounds. Abuse
contacts are looked for in the raw entities, where ipwhois loses nested ones.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator

from sekisho.lookup import NoAnswerError, whois
from sekisho.lookup.transport import Response, retry_after
from sekisho.lookup.whois import clean
from sekisho.lookup.world import World
from sekisho.named import TYPE_CHECKING
from sekisho.questions import Answer, Question
from sekisho.tables import registries

if TYPE_CHECKING:
    from typing import Any

ACCEPT = "application/rdap+json, application/json"
PATIENCE = 3.5  # seconds for RDAP, of the six that the question has
JPNIC_WHOIS = "whois.nic.ad.jp"
MAX_ENTITIES = 200
MAX_DEPTH = 12
MAX_WHOIS = 200_000
_ABUSE_MAIL = re.compile(r"(?i)\b([\w.+\-]{0,40}abuse[\w.+\-]{0,40}@[A-Za-z0-9.\-]{3,253}[A-Za-z0-9])")
_NATIONAL = ("jpnic", "krnic", "twnic")  # their RDAP servers answer under APNIC's, by referral


async def get(url: str, world: World) -> Response:
    """An RDAP answer in the share of the time that leaves some for WHOIS. Raises NoAnswerError."""
    try:
        return await asyncio.wait_for(world.transport.get(url, ACCEPT), PATIENCE)
    except (TimeoutError, asyncio.TimeoutError) as error:
        raise NoAnswerError("timeout", host_of(url)) from error


async def look_up(question: Question, world: World) -> Answer:
    """One record: {"prefix", "name", "handle", "country", "abuse", "registry"}; none where the registry knows no one. Raises NoAnswerError."""
    ip = question.name
    server = registries.rdap_of_address(ip)
    if server is None:
        raise NoAnswerError("no-server")
    try:
        response = await get(f"{server}ip/{ip}", world)
        check(response, world)
        source = host_of(response.url)
        if response.status == 404:
            return Answer((), source, world.now())
        record = _record(ip, read(response), response.url)
        if record["registry"] == "jpnic" and record["abuse"] is None:
            record["abuse"] = await _jpnic_abuse(ip, world)
        return Answer((record,), source, world.now())
    except NoAnswerError as failure:
        if failure.reason in ("rate-limited", "blocked"):
            raise
        return await _by_whois(ip, registries.registry_of(server), failure, world)


async def _jpnic_abuse(ip: str, world: World) -> str | None:
    """JPNIC publishes the abuse contact in its WHOIS alone."""
    from ipwhois.net import Net
    from ipwhois.nir import NIRWhois

    try:
        raw = await world.transport.line(JPNIC_WHOIS, 43, f"{ip}/e".encode("ascii"), MAX_WHOIS)
        text = whois.text_of_answer(raw)
        NIRWhois(Net(ip)).lookup(nir="jpnic", response=text, is_offline=True)  # its word that this is an answer
    except Exception:  # nothing more is known then; ipwhois raises of every kind
        return None
    found = re.search(r"\[Abuse\][ \t]*([^\s@]{1,64}@[A-Za-z0-9.\-]{1,253})", text)
    return clean(found.group(1)) if found else None


async def _by_whois(ip: str, registry: str, failure: NoAnswerError, world: World) -> Answer:
    host = registries.whois_of_registry(registry)
    if host is None:
        raise failure
    query = f"n + {ip}" if registry == "arin" else ip
    try:
        text = whois.text_of_answer(await world.transport.line(host, 43, query.encode("ascii"), MAX_WHOIS))
    except NoAnswerError:
        raise failure from None
    if whois.busy(text):
        world.transport.rest(host, "rate-limited")
        raise NoAnswerError("rate-limited", host)
    from ipwhois.net import Net
    from ipwhois.whois import Whois

    try:
        # is_offline, or it asks again by itself
        found = Whois(Net(ip)).lookup(response=text, asn_data=_asn(registry), is_offline=True)
        nets = found["nets"]
        best = min(nets, key=lambda net: -_length(net.get("cidr")))
    except Exception as error:  # ipwhois raises of every kind for what it does not expect
        raise NoAnswerError("malformed", host) from error
    emails = best.get("emails") or []
    record = {
        "prefix": text_of(best.get("cidr")),
        "handle": text_of(best.get("name")),
        "name": text_of(best.get("description")),
        "country": country_of(best.get("country")),
        "abuse": next(
            (email for email in emails if "abuse" in str(email).lower()), text_of(emails[0]) if emails else None
        ),
        "registry": registry,
    }
    return Answer((record,), host, world.now())


def _record(ip: str, raw: dict[str, Any], url: str) -> dict[str, Any]:
    from ipwhois.net import Net
    from ipwhois.rdap import RDAP

    registry = registries.registry_of(url)
    try:
        found = RDAP(Net(ip)).lookup(response=raw, asn_data=_asn(registry), inc_raw=False, root_ent_check=False)
        network = found["network"]
    except Exception as error:  # ipwhois leaks AttributeError and TypeError on malformed answers besides its own
        raise NoAnswerError("malformed", host_of(url)) from error
    everybody = list(entities(raw))
    return {
        "prefix": text_of(network.get("cidr")),
        "handle": text_of(network.get("name")),
        "name": _owner(everybody, raw),
        "country": country_of(network.get("country")),
        "abuse": abuse_of(everybody, raw),
        "registry": next((name for name in _NATIONAL if name in host_of(url)), registry),
    }


def _owner(everybody: list[dict[str, Any]], raw: dict[str, Any]) -> str | None:
    """The registrant's name; else the first line of the description, where APNIC's members write it."""
    for role in ("registrant", "administrative"):
        for entity in everybody:
            if role in roles(entity):
                kinds, names = cards(entity, "kind"), [*cards(entity, "org"), *cards(entity, "fn")]
                if names and (role == "registrant" or "org" in kinds):
                    return names[0]
    organisations = [name for entity in everybody if "org" in cards(entity, "kind") for name in cards(entity, "fn")]
    described = remarks(raw, "description")
    return next(iter([*organisations, *described]), None)


def abuse_of(everybody: list[dict[str, Any]], raw: dict[str, Any]) -> str | None:
    """Where complaints go: the address marked so, of whoever has that role; else one that calls itself so, also in a remark."""
    responsible = [entity for entity in everybody if "abuse" in roles(entity)]
    for given in (
        [mail for entity in responsible for mail in cards(entity, "email", "abuse")],
        [mail for entity in responsible for mail in cards(entity, "email")],
        [mail for entity in everybody for mail in cards(entity, "email") if "abuse" in mail.lower()],
        [mail for line in remarks(raw) for mail in _ABUSE_MAIL.findall(line)],
    ):
        if given:
            return given[0]
    return None


def _asn(registry: str) -> dict[str, Any]:
    """What ipwhois would have asked the routing table for."""
    return {"asn": None, "asn_registry": registry, "asn_cidr": None, "asn_country_code": None, "asn_date": None}


def _length(cidr: Any) -> int:
    last = str(cidr or "").rpartition("/")[2]
    return int(last) if last.isdecimal() and len(last) <= 3 else 0


# ---- what every RDAP answer shares (RFC 9083), for registrations of domains too ----


def check(response: Response, world: World) -> None:
    """Raises NoAnswerError for a status that is no answer; leaves a server that asks for rest alone."""
    host = host_of(response.url)
    if response.status == 429:
        rest = retry_after(response)
        world.transport.rest(host, "rate-limited", rest)
        raise NoAnswerError("rate-limited", host, rest)
    if response.status >= 500:
        raise NoAnswerError("server-failed", host)
    if response.status not in (200, 404):
        raise NoAnswerError("refused", host)


def read(response: Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises NoAnswerError."""
    try:
        raw = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise NoAnswerError("malformed", host_of(response.url)) from error
    if not isinstance(raw, dict):
        raise NoAnswerError("malformed", host_of(response.url))
    return raw


def entities(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every entity of an answer, nested ones too, in the order they stand; bounded."""
    open_ = [(raw, 0)]
    count = 0
    while open_ and count < MAX_ENTITIES:
        node, depth = open_.pop(0)
        below = node.get("entities")
        for entity in below if isinstance(below, list) and depth < MAX_DEPTH else ():
            if isinstance(entity, dict):
                count += 1
                yield entity
                open_.append((entity, depth + 1))


def roles(entity: dict[str, Any]) -> list[str]:
    given = entity.get("roles")
    return [role for role in given if isinstance(role, str)] if isinstance(given, list) else []


def remarks(raw: dict[str, Any], title: str | None = None) -> list[str]:
    """The lines of an answer's remarks; those of one title (or of none) where it is given."""
    found = []
    given = raw.get("remarks")
    for remark in given[:50] if isinstance(given, list) else ():
        lines = remark.get("description") if isinstance(remark, dict) else None
        if isinstance(lines, list) and (title is None or str(remark.get("title") or title).lower() == title):
            found += [text for line in lines[:50] if (text := text_of(line))]
    return found


def cards(entity: dict[str, Any], name: str, marked: str | None = None) -> list[str]:
    """The values of one property of an entity's jCard (RFC 7095); those of one `type` where it is given."""
    array = entity.get("vcardArray")
    if not isinstance(array, list) or len(array) < 2 or not isinstance(array[1], list):
        return []
    found = []
    for item in array[1]:
        if isinstance(item, list) and len(item) >= 4 and item[0] == name:
            if marked and (not isinstance(item[1], dict) or item[1].get("type") != marked):
                continue
            value = item[3][0] if isinstance(item[3], list) and item[3] else item[3]
            text = text_of(value)
            if text:
                found.append(text)
    return found


def text_of(value: Any) -> str | None:
    """Text on one line, bounded; None for what is none."""
    return clean(value) if isinstance(value, str) else None


def country_of(value: Any) -> str | None:
    """An ISO 3166-1 code; None for what is none."""
    return value.upper() if isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() else None


def host_of(url: str) -> str:
    return url.partition("//")[2].partition("/")[0].lower()
