"""Whose the domains are that a message names: who registered them and when, which servers answer for them, and in whose network.

Only registrable domains: what stands left of one may be unique to one reader. Nothing here is known until it has been asked;
what has not been answered is None, which is never "there is none".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sekisho.facts.identity import Identity
from sekisho.facts.links import Links
from sekisho.facts.route import Route
from sekisho.mail import domain as names
from sekisho.mail.date import days
from sekisho.mail.ip import canonical
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import Ask, Question
from sekisho.report import Network
from sekisho.settings import Settings
from sekisho.tables.blocklists import subject

if TYPE_CHECKING:
    from typing import Any

MAX_DOMAINS = 30
MAX_PLACES = 10
MAX_ADDRESSES = 2  # of one domain that are asked about
MAX_HOSTS = 5  # of one domain
# Nobody registers these (RFC 6761, 6762, 7686); names of examples and tests behave like what they are examples of.
_RESERVED = ("invalid", "localhost", "local", "onion", "arpa", "internal")


class Listing(NamedTuple):
    """A blocklist's word on an address or a domain."""

    zone: str
    listed: bool
    meaning: str  # of the strongest code; "" when it is not listed


class Host(NamedTuple):
    """A link's whole host name, which may be one reader's own: asked about only when the reader allows just that."""

    name: str
    addresses: tuple[str, ...] | None
    network: Network | None


class Policy(NamedTuple):
    """What a domain publishes of who may send for it: "" where it publishes none, None where that is not known."""

    spf: str | None  # its record (RFC 7208 §3)
    dmarc: str | None  # what receivers are to do with the rest: none, quarantine, reject (RFC 7489 §6.3)


class Domain(NamedTuple):
    """One registrable domain and what it is to the message: author, reply-to, return-path, host or link."""

    name: str
    roles: tuple[str, ...]
    registration: Mapping[str, Any] | None  # keys: questions.Question; {}: the registry says that nobody has it
    registered_at: str | None  # who said so and when: source of the registration, date of the look-up
    registered_source: str | None
    addresses: tuple[str, ...] | None
    network: Network | None
    mail_servers: tuple[str, ...] | None
    name_servers: tuple[str, ...] | None
    listings: tuple[Listing, ...]
    hosts: tuple[Host, ...]  # of its links, but for the domain itself
    policy: Policy | None  # of the author's domain alone


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
    note("link", (seen.target.domain for seen in links.seen))
    if route.entry is not None:
        note("host", [names.registrable(route.entry.received.rdns)])
    hosts: dict[str, list[str]] = {}
    for seen in links.seen:
        own = seen.target.domain
        if own in roles and seen.target.host != own and len(hosts) < MAX_DOMAINS:
            hosts.setdefault(own, [])
            if seen.target.host not in hosts[own] and len(hosts[own]) < MAX_HOSTS:
                hosts[own].append(seen.target.host)
    return tuple(
        _domain(name, tuple(named), hosts.get(name, ()), settings, network, ask) for name, named in roles.items()
    )


def _domain(
    name: str,
    roles: tuple[str, ...],
    hosts: Iterable[str],
    settings: Settings,
    network: Callable[[str], Network | None],
    ask: Ask,
) -> Domain:
    answer = ask(Question("registration", "domain", name))
    registration = None
    if answer is not None:
        first = answer.records[0] if answer.records else {}
        registration = first if isinstance(first, Mapping) else None
    addresses, where = _placed(name, network, ask)
    return Domain(
        name=name,
        roles=roles,
        registration=registration,
        registered_at=answer.at if answer else None,
        registered_source=answer.source if answer else None,
        addresses=addresses,
        network=where,
        mail_servers=_texts(ask, "MX", name),
        name_servers=_texts(ask, "NS", name),
        listings=listings(name, "domain", settings, ask),
        hosts=tuple(Host(host, *_placed(host, network, ask)) for host in hosts),
        policy=_policy(name, ask) if "author" in roles else None,
    )


def _placed(
    host: str, network: Callable[[str], Network | None], ask: Ask
) -> tuple[tuple[str, ...] | None, Network | None]:
    """A host's addresses, and the network of the first one that is known; IPv6 where it has no other."""
    found = _texts(ask, "A", host)
    if found == ():
        found = _texts(ask, "AAAA", host)
    if found is None:
        return None, None
    addresses = [ip for ip in map(canonical, found) if ip][:MAX_ADDRESSES]
    networks = [known for known in map(network, addresses) if known is not None]
    return tuple(addresses), networks[0] if networks else None


def _policy(name: str, ask: Ask) -> Policy:
    records, asked = _texts(ask, "TXT", name), _texts(ask, "TXT", f"_dmarc.{name}")
    spf = dmarc = None
    if records is not None:
        spf = next((text for text in records if text.lower().split(" ")[0] == "v=spf1"), "")
    if asked is not None:
        record = next((text for text in asked if text.lower().startswith("v=dmarc1")), "")
        tags = dict(tag.replace(" ", "").lower().split("=", 1) for tag in record.split(";") if "=" in tag)
        dmarc = tags.get("p", "none") if record else ""
        dmarc = dmarc if dmarc in ("", "none", "quarantine", "reject") else "none"
    return Policy(spf, dmarc)


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
    found = [f"link:{number}" for number, seen in enumerate(links.seen) if seen.target.domain == domain.name]
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
