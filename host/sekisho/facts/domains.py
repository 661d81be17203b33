"""Whose the domains are that a message names: who registered them and when, which servers answer for them, and in whose network.

Only registrable domains: what stands left of one may be unique to one reader. Nothing here is known until it has been asked;
what has not been answered is None, which is never "there is none".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sekisho.facts.identity import Identity
from sekisho.facts.links import Links
from sekisho.facts.route import Route
from sekisho.mail import domain as names
from sekisho.mail.date import days
from sekisho.mail.ip import canonical
from sekisho.mail.message import Message
from sekisho.questions import Ask, Question
from sekisho.report import Network
from sekisho.settings import Settings
from sekisho.tables.blocklists import subject

MAX_DOMAINS = 30
MAX_PLACES = 10
MAX_ADDRESSES = 2  # of one domain that are asked about
# Nobody registers these (RFC 6761, 6762, 7686); names of examples and tests behave like what they are examples of.
_RESERVED = ("invalid", "localhost", "local", "onion", "arpa", "internal")


class Listing(NamedTuple):
    """A blocklist's word on an address or a domain."""

    zone: str
    listed: bool
    meaning: str  # of the strongest code; "" when it is not listed


class Domain(NamedTuple):
    """One registrable domain and what it is to the message: author, reply-to, return-path, host or link."""

    name: str
    roles: tuple[str, ...]
    registration: (
        Mapping[str, Any] | None
    )  # questions.Question has its keys; {} where the registry says that nobody has it
    registered_at: str | None  # who said so and when: source of the registration, date of the look-up
    registered_source: str | None
    addresses: tuple[str, ...] | None
    network: Network | None
    mail_servers: tuple[str, ...] | None
    name_servers: tuple[str, ...] | None
    listings: tuple[Listing, ...]


def collect(
    message: Message,
    identity: Identity,
    route: Route,
    links: Links,
    settings: Settings,
    network: Callable[[str], Network | None],
    ask: Ask,
) -> tuple[Domain, ...]:
    """The domains in the order of their weight: the claimed sender's, where answers go, the links', the handing-over host's."""
    roles: dict[str, list[str]] = {}

    def note(role: str, found: Iterable[str]) -> None:
        for name in found:
            if name and name.rpartition(".")[2] not in _RESERVED and (name in roles or len(roles) < MAX_DOMAINS):
                named = roles.setdefault(name, [])
                if role not in named:
                    named.append(role)

    if identity.author:
        note("author", [identity.organisation])
    for field in ("reply-to", "return-path"):
        note(field, (names.registrable(address.domain) for address in message.addresses(field)))
    note("link", (seen.link.registrable_domain or "" for seen in links.seen))
    if route.entry is not None:
        note("host", [names.registrable(route.entry.received.rdns)])
    return tuple(_domain(name, tuple(named), settings, network, ask) for name, named in roles.items())


def _domain(
    name: str, roles: tuple[str, ...], settings: Settings, network: Callable[[str], Network | None], ask: Ask
) -> Domain:
    answer = ask(Question("registration", "domain", name))
    registration = None
    if answer is not None:
        first = answer.records[0] if answer.records else {}
        registration = first if isinstance(first, Mapping) else None
    addresses = _texts(ask, "A", name)
    if addresses == ():
        addresses = _texts(ask, "AAAA", name)
    own = [ip for ip in map(canonical, addresses or ()) if ip][:MAX_ADDRESSES]
    networks = [found for found in map(network, own) if found is not None]
    return Domain(
        name=name,
        roles=roles,
        registration=registration,
        registered_at=answer.at if answer else None,
        registered_source=answer.source if answer else None,
        addresses=tuple(own) if addresses is not None else None,
        network=networks[0] if networks else None,
        mail_servers=_texts(ask, "MX", name),
        name_servers=_texts(ask, "NS", name),
        listings=listings(name, "domain", settings, ask),
    )


def age(date: object, moment: int | None) -> int | None:
    """Days from an ISO 8601 date to a moment in seconds since 1970; None without one of the two. Negative: the date came later."""
    if not isinstance(date, str) or moment is None:
        return None
    year, month, day = (int(part) if part.isdecimal() else 0 for part in (date[:4], date[5:7], date[8:10]))
    if not (year and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return moment // 86400 - days(year, month, day)


def places(domain: Domain, message: Message, route: Route, links: Links) -> tuple[str, ...]:
    """Where the message names a domain: anchors of fields, lines and links."""
    found = [f"link:{number}" for number, seen in enumerate(links.seen) if seen.link.registrable_domain == domain.name]
    for role, name in (("author", "from"), ("reply-to", "reply-to"), ("return-path", "return-path")):
        field = message.header.first(name)
        if role in domain.roles and field is not None:
            found.append(field.anchor)
    if "host" in domain.roles and route.entry is not None:
        found.append(route.entry.field.anchor)
    return tuple(found[:MAX_PLACES])


def listings(name: str, what: str, settings: Settings, ask: Ask) -> tuple[Listing, ...]:
    """What the blocklists say that the reader chose for this kind of subject (ip, domain); those that did not answer are left out."""
    found = []
    for zone in settings.blocklists:
        if subject(zone) != what:
            continue
        answer = ask(Question("blocklist", zone, name))
        if answer is not None:
            first = answer.records[0] if answer.records else None
            meaning = str(first.get("meaning", "listed")) if isinstance(first, Mapping) else ""
            found.append(Listing(zone, bool(answer.records), meaning))
    return tuple(found)


def _texts(ask: Ask, kind: str, name: str) -> tuple[str, ...] | None:
    answer = ask(Question("dns", kind, name))
    return None if answer is None else tuple(record for record in answer.records if isinstance(record, str))
