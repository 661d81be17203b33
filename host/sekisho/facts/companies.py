"""Who runs what: a link's server at the sender's own company, and a sender's country beside that of the server that sent.

Neither is a warning. Half the honest world shares a hosting company with the other half, and the largest clouds are everybody's;
together with what else is wrong with a message it says where to complain, and that one customer may be behind both.
"""

from __future__ import annotations

from collections.abc import Iterable

from sekisho.facts.domains import Domain
from sekisho.facts.identity import Identity
from sekisho.facts.lines import MAIL_SERVICE, Line
from sekisho.facts.route import Route
from sekisho.mail import domain as names
from sekisho.mail.writers import confirmed_name
from sekisho.named import NamedTuple
from sekisho.report import Network
from sekisho.tables import atlas, countries
from sekisho.tables.lines import CROWDS

# A registrant that stands for its customers says of two domains only that both have one.
_STANDS_FOR_OTHERS = (
    "privacy",
    "redacted",
    "proxy",
    "protect",
    "whois",
    "withheld",
    "domain admin",
    "代理",
    "プライバシー",
)


class Shared(NamedTuple):
    """What a link's domain has in common with the sender. `by`: network, name-servers or registrant."""

    domain: str
    by: str
    company: str
    other: str  # the sender's address, host or domain that it is shared with
    crowd: bool  # of so many customers that it says nothing


class Elsewhere(NamedTuple):
    """A claimed sender of one country behind a server in another (ISO 3166-1 alpha-2)."""

    claimed: str
    home: str
    country: str


def shared(domains: Iterable[Domain], route: Route) -> tuple[Shared, ...]:
    """Of each domain that a link leads to and the author does not write from: what it shares with whoever handed the message over."""
    entry = route.entry
    if entry is None:
        return ()
    domains = tuple(domains)
    ip, sender = entry.received.ip, entry.hop.network
    host = names.registrable(confirmed_name(entry.received))
    found = []
    for domain in domains:
        if "link" not in domain.roles or "author" in domain.roles:
            continue
        if sender is not None and domain.network is not None and _same(sender, domain.network):
            company = _owner(ip, sender)
            found.append(Shared(domain.name, "network", company, ip, sender.asn in CROWDS))
        if host and any(names.registrable(server) == host for server in domain.name_servers or ()):
            found.append(Shared(domain.name, "name-servers", host, confirmed_name(entry.received), False))
        owner = _registrant(domain)
        other = next((one for one in domains if "link" not in one.roles and owner and owner == _registrant(one)), None)
        if other is not None:
            found.append(Shared(domain.name, "registrant", owner, other.name, False))
    return tuple(found)


def elsewhere(identity: Identity, domains: Iterable[Domain], route: Route, line: Line | None) -> Elsewhere | None:
    """The claimed sender's country where it is not that of the proven hand-over; None where a service explains it or one is not known."""
    entry = route.entry
    known = entry.hop.network if entry else None
    if entry is None or known is None or not known.country or known.asn in CROWDS:
        return None
    if line is not None and line.kind == MAIL_SERVICE:
        return None
    claimed, home = _home(identity, domains)
    return Elsewhere(claimed, home, known.country) if home and home != known.country else None


def _home(identity: Identity, domains: Iterable[Domain]) -> tuple[str, str]:
    """Who the sender claims to be, and of which country that is; "" where it is not known."""
    brand = identity.brand
    if brand is not None:
        at = {countries.of_domain(name) for name in brand.domains} - {""}
        return brand.name, at.pop() if len(at) == 1 else ""
    for domain in domains:
        if "author" in domain.roles and domain.registration:
            country = domain.registration.get("country")
            if isinstance(country, str) and len(country) == 2:
                return domain.name, country.upper()
    return identity.organisation, countries.of_domain(identity.organisation)


def _owner(ip: str, known: Network) -> str:
    """The network's owner as the routing tables name it: what is the same of both, while registries name each address's holder."""
    place = atlas.lookup(ip)
    return (place.name if place and place.asn == known.asn else None) or known.name or f"AS{known.asn}"


def _same(one: Network, other: Network) -> bool:
    if one.asn is not None and other.asn is not None:
        return one.asn == other.asn
    return bool(one.name) and one.name == other.name


def _registrant(domain: Domain) -> str:
    said = (domain.registration or {}).get("registrant")
    if not isinstance(said, str) or any(word in said.lower() for word in _STANDS_FOR_OTHERS):
        return ""
    return said
