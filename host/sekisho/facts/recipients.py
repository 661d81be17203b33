"""Who can stop it: the desks to which a message may be reported, each with one address that has been looked through, and why it.

Nobody is named for more than the facts carry. A link counts only where a finding of weight rests on it, or a list says what it is; the genuine
site at a redirect's end, a well-known company's own pages, wrappers and the reader's side are never among them. Contacts come
from strangers (RDAP, WHOIS): what is not plainly one address, or may be the suspect's own, is left out. Loaded for a message with
something to complain of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sekisho import gate
from sekisho.facts import Facts
from sekisho.facts.claims import organisation
from sekisho.mail import address as addresses
from sekisho.mail import domain, url
from sekisho.named import NamedTuple
from sekisho.report import Finding, Network
from sekisho.tables import brands, countries, desks, mailbox_providers, shared_hosts, shorteners, trackers
from sekisho.tables.providers import SUBMISSION

MAX_SITES = 5
MAX_LOCAL, MAX_ADDRESS = 64, 254  # RFC 5321 §4.5.3.1
CONVENTION = "RFC 2142"  # the source of an address that nobody published: the common name of a desk (§2, §5)
WEIGHTY = ("medium", "high")
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-=")
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
# Nobody reads these.
_UNREAD = (
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "nobody",
    "null",
    "unread",
    "devnull",
    "redacted",
    "unknown",
)
_NOWHERE = frozenset(("example.com", "example.net", "example.org"))  # RFC 2606; .example is what the samples use
_NO_SUFFIX = frozenset(("invalid", "test", "localhost", "local", "onion", "arpa", "internal", "lan", "home", "corp"))
# Services that stand in the place of a registrant and pass on whom a complaint names (or nothing).
_PROXIES = (
    "whoisguard", "contactprivacy", "domainsbyproxy", "withheldforprivacy", "privacyguardian", "whoisprotect", "privacyprotect", "privateregistration", "whoisprivacy", "anonymised", "anonymize", "dataprotected", "perfectprivacy", "privacy-protection", "domainprotect", "whoisproxy", "idshield"
)  # fmt: skip
_PUBLISHED = (
    "hosting",
    "carrier",
    "webmail",
    "cloud",
)  # kinds of brands whose own customers are what complaints there are about
_BROKEN_INTO = "abused-"
TOLD = {
    "owner": "sender",
    "provider": "network",
    "network": "network",
    "service": "hoster",
    "hoster": "hoster",
    "registrar": "registrar",
    "registry": "registrar",
    "brand": "brand",
}  # a role as the register knows it (questions.TOLD); all others are authorities


class Case(NamedTuple):
    """What somebody is written to for. `subject`: an address of a machine, a domain, a defanged link, a mailbox, a name."""

    role: str  # owner | provider | network | service | hoster | registrar | registry | brand | council | centre | group
    subject: str
    where: str  # the place it rests on: hop:0, link:2, field:from; "" where it is the whole message
    by: str = ""  # what ties the recipient to it: who runs the network, with whom a domain is registered
    ip: str = ""


class Recipient(NamedTuple):
    """One desk: `address` is one addr-spec of letters, digits and few signs. `source`, `at`: who said so, and when."""

    name: str
    address: str
    language: str
    cases: tuple[Case, ...]
    source: str
    at: str

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(case.role for case in self.cases))


class Missing(NamedTuple):
    """Somebody who could stop it, and of whom no usable address is known. `asked`: the registry was, and had none."""

    case: Case
    asked: bool


class Site(NamedTuple):
    """Where a bad link leads. `registered`: whether its domain is its owner's alone, so that its registrar can help."""

    number: int
    host: str
    domain: str
    shown: str  # defanged
    service: str  # at which it is a stranger's page; ""
    network: Network | None
    ip: str
    registered: bool


class Recipients(NamedTuple):
    """`sites`: where the bad links lead; `brand`: for whom the message passes itself off."""

    found: tuple[Recipient, ...]
    missing: tuple[Missing, ...]
    sites: tuple[Site, ...]
    brand: brands.Brand | None

    def of(self, address: str) -> Recipient | None:
        """The recipient of that address; nobody else is written to."""
        return next((one for one in self.found if one.address == address), None)


def find(facts: Facts, findings: Iterable[Finding]) -> Recipients:
    """Everybody to whom this message may be reported, those who can stop it soonest first."""
    return _Finder(facts, tuple(findings)).find()


class _Finder:
    def __init__(self, facts: Facts, findings: tuple[Finding, ...]) -> None:
        self._facts = facts
        self._sites = tuple(_sites(facts, findings))
        self._suspects = _suspects(facts, self._sites)
        self._found: dict[str, Recipient] = {}
        self._missing: list[Missing] = []

    def find(self) -> Recipients:
        self._account()
        self._network()
        for site in self._sites:
            self._hoster(site)
        for site in self._sites:
            self._registrar(site)
        brand = _imitated(self._facts, self._sites)
        if brand is not None:
            self._brand(brand)
        self._desks(brand)
        return Recipients(tuple(self._found.values()), tuple(dict.fromkeys(self._missing)), self._sites, brand)

    def _account(self) -> None:
        """The mailbox that was used: whoever looks after its domain, and who runs the server. Its owner is never written to there."""
        used = self._facts.account
        if used.state != "used" or used.hop is None or not used.address or used.whose == "reader":
            return
        place = used.address.rpartition("@")[2]
        if organisation(place) not in SUBMISSION:  # there the postmaster is the provider
            case = Case("owner", used.address, f"hop:{used.hop}")
            self._add(f"postmaster@{place}", place, case, CONVENTION, "", claimed=True)
        provider = provider_of(self._facts)
        if provider is not None:
            case = Case("provider", used.address, f"hop:{used.hop}", provider.name)
            self._add(provider.desk, provider.name, case, provider.source, provider.at, claimed=True)

    def _network(self) -> None:
        """Whose customer sent it: behind the login that was used, else the address that handed the message over."""
        facts, used = self._facts, self._facts.account
        if used.state == "used" and used.ip and used.hop is not None:
            if "line-claimed" not in used.reasons:
                self._add_network(facts.network(used.ip), used.ip, f"hop:{used.hop}")
            return
        entry = facts.route.entry
        if entry is None or facts.from_list == "proven" or not entry.hop.ip or entry.hop.private:
            return  # a list only passed on what somebody wrote to it
        if entry.hop.network is not None or facts.network(entry.hop.ip):
            self._add_network(
                entry.hop.network or facts.network(entry.hop.ip), entry.hop.ip, f"hop:{facts.route.boundary}"
            )

    def _add_network(self, known: Network | None, ip: str, where: str) -> None:
        case = Case("network", ip, where, (known.name or "") if known else "", ip)
        self._from_registry(known, case)

    def _hoster(self, site: Site) -> None:
        desk = desks.of("service", site.service) if site.service else None
        if desk is not None:
            case = Case("service", site.shown, f"link:{site.number}", desk.name)
            self._found_desk(desk, case)
            return
        known = site.network
        by = (known.name or "") if known else ""
        self._from_registry(known, Case("hoster", site.shown, f"link:{site.number}", by, site.ip))

    def _from_registry(self, known: Network | None, case: Case) -> None:
        asked = known is not None and known.source not in ("", "atlas") and not known.source.startswith("file:")
        if (
            known is None
            or not known.abuse
            or not self._add(known.abuse, known.name or "", case, known.source, known.as_of or "", known.country or "")
        ):
            self._missing.append(Missing(case, asked))

    def _registrar(self, site: Site) -> None:
        if not site.registered:
            return
        known = next((one for one in self._facts.domains if one.name == site.domain), None)
        registration = known.registration if known else None
        name = str((registration or {}).get("registrar") or "")
        case = Case("registrar", site.domain, f"link:{site.number}", name)
        if registration and self._add(
            registration.get("abuse"),
            name or site.domain,
            case,
            (known and known.registered_source) or "",
            (known and known.registered_at) or "",
        ):
            return
        suffix = site.domain.rpartition(".")[2]
        registry = desks.of("registry", suffix)
        if registry is not None and registration is not None:
            self._found_desk(registry, case._replace(role="registry", by=registry.name))
        elif registration != {}:
            self._missing.append(Missing(case, registration is not None))

    def _brand(self, brand: brands.Brand) -> None:
        desk = desks.of("brand", brand.name)
        case = Case("brand", brand.name, "field:from", brand.name)
        if desk is not None:
            self._found_desk(desk, case)
        elif brand.kind in _PUBLISHED:
            language = "ja" if brand.domains[0].endswith(".jp") else "en"
            self._add(f"abuse@{brand.domains[0]}", brand.name, case, CONVENTION, "", "JP" if language == "ja" else "")

    def _desks(self, brand: brands.Brand | None) -> None:
        """Those who collect such messages, where they are in question: Japanese ones for what comes to Japan."""
        phish = bool(self._sites) or brand is not None
        for role, fits in (
            ("council", phish and _japanese(self._facts, brand, self._sites)),
            ("centre", _japanese(self._facts, brand, self._sites)),
            ("group", phish),
        ):
            desk = desks.of("desk", role) if fits else None
            if desk is not None:
                self._found_desk(desk, Case(role, "", "", desk.name))

    def _found_desk(self, desk: desks.Desk, case: Case) -> None:
        """Of our own table: what is in it is nobody's word but ours."""
        if not _own(self._facts, desk.address):
            self._put(Recipient(desk.name, desk.address, desk.language, (case,), desk.source, desks.as_of()))

    def _add(
        self, given: object, name: str, case: Case, source: str, at: str, country: str = "", claimed: bool = False
    ) -> bool:
        """Whether the address that somebody else named for a case will do. `claimed`: it may be of the claimed sender's own domain."""
        address = usable(given)
        place = domain.registrable(address.rpartition("@")[2])
        if not address or _own(self._facts, address) or (place in self._suspects and not claimed):
            return False
        language = "ja" if (countries.of_domain(address.rpartition("@")[2]) or country) == "JP" else "en"
        self._put(Recipient(name, address, language, (case,), source, at))
        return True

    def _put(self, one: Recipient) -> None:
        before = self._found.get(one.address)
        if before is None:
            self._found[one.address] = one
        elif one.cases[0] not in before.cases and not {"owner", "provider"} & {*before.roles, *one.roles}:
            self._found[one.address] = before._replace(cases=(*before.cases, *one.cases))


class Provider(NamedTuple):
    """Who runs the server that took a login, and where it takes complaints."""

    name: str
    desk: str
    source: str
    at: str


def provider_of(facts: Facts) -> Provider | None:
    """Who runs the server that took the login of `facts.account`, where that is somebody else than the mailbox's own domain, or its
    large provider."""
    used = facts.account
    if used.hop is None or not used.address:
        return None
    step, place = facts.route.steps[used.hop], used.address.rpartition("@")[2]
    server = domain.registrable(step.received.by)
    if server and (server != domain.registrable(place) or organisation(server) in SUBMISSION):
        return Provider(server, f"abuse@{server}", CONVENTION, "")
    entry = facts.route.entry
    network = entry.hop.network if entry and entry is not step else None
    if network and network.name and network.abuse:
        return Provider(network.name, network.abuse, network.source, network.as_of or "")
    return None


def usable(given: object) -> str:
    """The one addr-spec (RFC 5322 §3.4.1) that a text is, its domain in lower case; "" for whatever is more, less, or nobody's.

    Narrower than the RFC on purpose: what a registry writes there goes into a letter's To.
    """
    if not isinstance(given, str) or len(given) > MAX_ADDRESS + 2 or not given.isascii():
        return ""
    text = given.strip(" ")
    read = addresses.parse(text.encode("ascii"))
    if len(read) != 1 or read[0].address != text or read[0].name:
        return ""
    local, _, host = text.rpartition("@")
    host = host.lower()
    labels = host.split(".")
    if not 0 < len(local) <= MAX_LOCAL or not _LOCAL.issuperset(local) or not _HOST.issuperset(host):
        return ""
    if local[0] in ".-" or local[-1] == "." or ".." in local or len(labels) < 2:
        return ""
    if any(not label or len(label) > 63 or label.startswith(("-", "xn--")) or label.endswith("-") for label in labels):
        return ""  # an internationalized name cannot be told from its lookalikes by eye
    place = domain.registrable(host)
    if not place or not labels[-1].isalpha() or labels[-1] in _NO_SUFFIX or place in _NOWHERE:
        return ""
    if local.lower().startswith(_UNREAD) or any(proxy in host.replace("-", "") for proxy in _PROXIES):
        return ""
    return f"{local}@{host}"


def _own(facts: Facts, address: str) -> bool:
    """Whether an address is at the reader's own place: nobody complains to himself."""
    host = address.rpartition("@")[2]
    place = domain.registrable(host)
    readers = {domain.registrable(one.rpartition("@")[2]) for one in facts.identity.readers}
    own = {one for one in readers if one and not mailbox_providers.shared(one)}
    return place in own or (gate.own(host, facts.settings) and not mailbox_providers.shared(place))


def _suspects(facts: Facts, sites: Iterable[Site]) -> frozenset[str]:
    """Registrable domains at which whoever sent the message may read. A provider's, where anybody has a mailbox, is none."""
    named = [one.domain for field in ("from", "reply-to", "sender") for one in facts.message.addresses(field)]
    out = {domain.registrable(name) for name in named if name}
    out = {name for name in out if not mailbox_providers.shared(name)}
    out |= {site.domain for site in sites if not site.service}
    for seen in facts.links.seen:
        if not brands.of_domain(seen.target.domain) and not shared_hosts.shared(seen.target.host):
            out.add(seen.target.domain)
    return frozenset(out - {""})


def _sites(facts: Facts, findings: Iterable[Finding]) -> Iterator[Site]:
    """Where the bad links lead, each host once, and where following one has led."""
    heavy = {place for one in findings if one.severity in WEIGHTY for place in one.where if place.startswith("link:")}
    listed = {
        f"link:{number}"
        for number, lists in enumerate(facts.reputation)
        for one in lists
        if one.listed and one.meaning != "historical"
    }
    places = sorted({int(place.partition(":")[2]) for place in heavy | listed if place.partition(":")[2].isdecimal()})
    known: set[str] = set()
    for number in places:
        if number >= len(facts.links.seen):
            continue
        for site in (_site(facts, number), _arrived(facts, number)):
            if site is not None and site.host not in known and len(known) < MAX_SITES:
                known.add(site.host)
                yield site


def _site(facts: Facts, number: int) -> Site | None:
    seen = facts.links.seen[number]
    target = seen.target
    service = _service(target.host, target.path, target.domain)
    if _genuine(facts, target.host, target.domain, service):
        return None
    known = next((one for one in facts.domains if one.name == target.domain), None)
    host = next((one.network for one in known.hosts if one.name == target.host), None) if known else None
    network = seen.link.network or host or (known.network if known else None)
    broken_into = any(one.listed and one.meaning.startswith(_BROKEN_INTO) for one in facts.reputation[number])
    return Site(
        number,
        target.host,
        target.domain,
        url.defang(target),
        service,
        network,
        target.ip or (network.ip if network else ""),
        bool(target.domain) and not target.ip and not service and not broken_into,
    )


def _arrived(facts: Facts, number: int) -> Site | None:
    """Where the link led when the reader had it followed, if the page there asks for something, or passes for somebody's."""
    visit = facts.visits.get(number)
    if visit is None:
        return None
    from sekisho.facts.visits import ARRIVED

    if visit.outcome not in ARRIVED or len(visit.steps) < 2 or not (visit.asks or visit.brands):
        return None
    end = visit.steps[-1]
    service = _service(end.host, "/", end.domain)
    if visit.owner is not None or not end.host or _genuine(facts, end.host, end.domain, service):
        return None
    return Site(number, end.host, end.domain, end.defanged, service, end.network, end.ip or "", False)


def _service(host: str, path: str, registrable: str) -> str:
    """The service at which a link is some stranger's: a page, a short link, a count of clicks."""
    service = shared_hosts.anybodys(host, path)
    if service:
        return service
    if shorteners.of(host, registrable) is not None:
        return host
    return registrable if trackers.counts_clicks(registrable) else ""


def _genuine(facts: Facts, host: str, registrable: str, service: str) -> bool:
    """Whether a place is an honest one: a well-known company's own, or the reader's."""
    return gate.own(host, facts.settings) or (not service and brands.of_domain(registrable) is not None)


def _imitated(facts: Facts, sites: Iterable[Site]) -> brands.Brand | None:
    """For whom the message passes itself off; None where it may be theirs."""
    claim = facts.claim
    candidates = [claim.claim.brand if claim is not None and claim.state in ("elsewhere", "forged") else None]
    candidates += [facts.links.seen[site.number].imitated for site in sites]
    for brand in candidates:
        if brand is not None and not facts.speaks_for(brand):
            return brand
    return None


def _japanese(facts: Facts, brand: brands.Brand | None, sites: Iterable[Site]) -> bool:
    """Whether the Japanese desks are in question: by who reads, who is imitated, or where it leads."""
    if facts.settings.locale == "ja" or (brand is not None and any(name.endswith(".jp") for name in brand.domains)):
        return True
    readers = (one.rpartition("@")[2] for one in facts.identity.readers)
    return any(name.endswith(".jp") for name in (*readers, *(site.domain for site in sites)))
