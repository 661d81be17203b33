"""The network block: who owns the addresses and domains of the message."""

from __future__ import annotations

from sekisho.facts.domains import Domain, Listing, age
from sekisho.panel import View, lookups
from sekisho.panel.naming import moment, network, place
from sekisho.panel.primitives import Primitive, badge, heading, listing, sentence
from sekisho.panel.primitives import block as make
from sekisho.report import Network

MAX_ADDRESSES = 12
MAX_NAMES = 6
VERY_YOUNG, YOUNG = 30, 90  # days between a registration and the message
_OPEN_STANDINGS = ("proven", "plausible")  # what is only claimed is nobody's address


def block(view: View) -> Primitive | None:
    """The network block; None where there is nobody to tell of."""
    words = view.words
    addresses = [_address(view, ip, known, handed_over) for ip, known, handed_over in _addresses(view)]
    domains = [_domain(view, domain) for domain in view.facts.domains if _known(domain)]
    asked, log = lookups.progress(view), lookups.log(view)
    if not addresses and not domains and not asked and not log:
        return None
    body = list(asked)
    if domains:
        body += [heading(words("owners.domains")), listing(domains)]
    if addresses:
        body += [heading(words("owners.addresses")), listing(addresses)]
    return make("network", words("owners"), body + log)


def _addresses(view: View) -> list[tuple[str, Network | None, bool]]:
    """Addresses that the route makes at least plausible, the handing-over one first; each once."""
    route = view.facts.route
    found: dict[str, tuple[Network | None, bool]] = {}
    if route.entry is not None and route.entry.received.ip:
        found[route.entry.received.ip] = (route.entry.hop.network, True)
    for step in reversed(route.steps):
        if step.hop.ip and not step.hop.private and step.hop.standing in _OPEN_STANDINGS:
            found.setdefault(step.hop.ip, (step.hop.network, False))
    return [(ip, *what) for ip, what in found.items()][:MAX_ADDRESSES]


def _address(view: View, ip: str, known: Network | None, handed_over: bool) -> list[Primitive]:
    words = view.words
    owner, where = network(known, words) or words("owners.nobody"), place(known, words)
    said = (
        words("owners.address", ip=ip, network=owner, place=where)
        if where
        else words("owners.address-plain", ip=ip, network=owner)
    )
    out = [sentence(said, "strong" if handed_over else None), *_address_flags(view, ip, known, handed_over)]
    if handed_over:
        out.append(sentence(words("owners.handed-over"), "muted"))
        abroad = view.facts.elsewhere
        if abroad is not None:
            home, country = words.country(abroad.home), words.country(abroad.country)
            out.append(sentence(words("owners.elsewhere", claimed=abroad.claimed, home=home, country=country)))
    named = view.facts.reverse_names(ip)
    if named is not None:
        for name in named[:MAX_NAMES]:
            key = {True: "owners.reverse", False: "owners.reverse-unconfirmed", None: "owners.reverse-open"}[
                name.confirmed
            ]
            out.append(sentence(words(key, name=name.name), "warn" if name.confirmed is False else "muted"))
        if not named:
            out.append(sentence(words("owners.reverse-none"), "muted"))
    if known is not None and known.abuse:
        out.append(sentence(words("owners.abuse", abuse=known.abuse), "muted"))
    out += _listings(view, view.facts.listings(ip))
    if known is not None and known.source.startswith("file:"):
        out.append(sentence(words("owners.own-file", name=known.source[5:], date=known.as_of), "muted"))
    elif known is not None and known.as_of and known.source != "atlas":
        out.append(
            sentence(
                words("owners.source", source=known.source, date=moment(known.as_of, view.facts.settings.time_zone)),
                "muted",
            )
        )
    return out


def _domain(view: View, domain: Domain) -> list[Primitive]:
    words = view.words
    roles = words("joiner").join(words(f"owners.role.{role}") for role in domain.roles)
    out = [sentence(words("owners.domain", domain=domain.name, roles=roles), "strong"), *_domain_flags(view, domain)]
    if domain.registration is not None:
        out += _registration(view, domain)
    if domain.addresses and domain.network is not None:
        owner, where = network(domain.network, words), place(domain.network, words)
        if owner and where:
            out.append(sentence(words("owners.runs-at", ip=domain.addresses[0], network=owner, place=where)))
        if domain.network.abuse:
            out.append(sentence(words("owners.abuse", abuse=domain.network.abuse), "muted"))
    for shared in view.facts.shared:
        if shared.domain == domain.name:
            key = "owners.shared.crowd" if shared.crowd else f"owners.shared.{shared.by}"
            out.append(sentence(words(key, company=shared.company, other=shared.other)))
    if domain.addresses == ():
        out.append(sentence(words("owners.no-address"), "muted"))
    for host in domain.hosts:
        owner, where = network(host.network, words), place(host.network, words)
        if host.addresses and owner and where:
            key = "owners.host-runs-at"
            out.append(sentence(words(key, host=host.name, ip=host.addresses[0], network=owner, place=where)))
        elif host.addresses == ():
            out.append(sentence(words("owners.host-no-address", host=host.name), "muted"))
    mail_servers = [record.rpartition(" ")[2] for record in domain.mail_servers or ()]  # without the preference
    for key, found in (("owners.mail", mail_servers), ("owners.name-servers", domain.name_servers)):
        if found:
            out.append(sentence(words(key, names=words("joiner").join(found[:MAX_NAMES])), "muted"))
    if domain.mail_servers == ():
        out.append(sentence(words("owners.no-mail"), "muted"))
    if domain.policy is not None and domain.policy.spf is not None:
        out.append(sentence(words("owners.spf" if domain.policy.spf else "owners.no-spf"), "muted"))
    if domain.policy is not None and domain.policy.dmarc is not None:
        out.append(sentence(words(f"owners.dmarc.{domain.policy.dmarc or 'absent'}"), "muted"))
    return out + _listings(view, domain.listings)


def _address_flags(view: View, ip: str, known: Network | None, handed_over: bool) -> list[Primitive]:
    """What to know of an address at one look, in a word or two each: country, kind of line, blocklists, and how old the table is."""
    words = view.words
    line = view.facts.line if handed_over else view.facts.line_of(ip)
    flags = [badge(words.country(known.country), "info")] if known is not None and known.country else []
    if line is not None:
        flags.append(badge(words(f"owners.flag.{line.kind}"), "low" if line.kind in ("access", "mobile") else "info"))
    flags += _listed(view, view.facts.listings(ip))
    if known is not None and known.as_of:
        flags.append(badge(words("owners.flag.as-of", date=known.as_of[:10]), "info"))
    return flags


def _domain_flags(view: View, domain: Domain) -> list[Primitive]:
    """The same of a domain: not registered, how old, whether it stands ready for mail, blocklists."""
    words, record = view.words, domain.registration
    flags = []
    if record == {}:
        flags.append(badge(words("owners.flag.unregistered"), "medium"))
    created = (record or {}).get("created")
    before = age(created, view.facts.handed_over) if isinstance(created, str) else None
    if before is not None and before < -1:
        flags.append(badge(words("owners.flag.after"), "low"))
    elif before is not None and before <= YOUNG:
        level = "medium" if before <= VERY_YOUNG else "low"
        flags.append(badge(words("owners.flag.young", days=max(0, before)), level))
    elif isinstance(created, str):
        flags.append(badge(words("owners.flag.since", year=created[:4]), "info"))
    country = (record or {}).get("country")
    if isinstance(country, str):
        flags.append(badge(words.country(country), "info"))
    if domain.addresses == ():
        flags.append(badge(words("owners.flag.no-address"), "low"))
    if domain.mail_servers == ():
        flags.append(badge(words("owners.flag.no-mail"), "low"))
    return flags + _listed(view, domain.listings)


def _listed(view: View, found: tuple[Listing, ...]) -> list[Primitive]:
    count = sum(one.listed for one in found)
    return [badge(view.words("owners.flag.listed", count=count), "medium")] if count else []


def _known(domain: Domain) -> bool:
    """Whether anybody has said anything of a domain yet."""
    said = (domain.registration, domain.addresses, domain.mail_servers, domain.name_servers)
    return bool(domain.listings) or any(one is not None for one in said)


def _registration(view: View, domain: Domain) -> list[Primitive]:
    words, record = view.words, domain.registration or {}
    if not record:
        return [sentence(words("owners.unregistered", source=domain.registered_source), "warn")]
    out = []
    created, expires = record.get("created"), record.get("expires")
    if isinstance(created, str):
        before = age(created, view.facts.handed_over)
        key = (
            "owners.registered"
            if before is None
            else "owners.registered-days"
            if before >= 0
            else "owners.registered-after"
        )
        out.append(sentence(words(key, created=created[:10], days=abs(before or 0))))
    if isinstance(expires, str):
        out.append(sentence(words("owners.expires", expires=expires[:10]), "muted"))
    if isinstance(record.get("registrar"), str):
        out.append(sentence(words("owners.registrar", registrar=record["registrar"]), "muted"))
    registrant = record.get("registrant")
    if isinstance(registrant, str):
        country = record.get("country")
        where = words.country(country) if isinstance(country, str) else ""
        key = "owners.registrant-country" if where else "owners.registrant"
        out.append(sentence(words(key, registrant=registrant, country=where)))
    else:
        out.append(sentence(words("owners.registrant-none"), "muted"))
    if isinstance(record.get("abuse"), str):
        out.append(sentence(words("owners.registrar-abuse", abuse=record["abuse"]), "muted"))
    if domain.registered_at:
        out.append(
            sentence(
                words(
                    "owners.source",
                    source=domain.registered_source,
                    date=moment(domain.registered_at, view.facts.settings.time_zone),
                ),
                "muted",
            )
        )
    return out


def _listings(view: View, found: tuple[Listing, ...]) -> list[Primitive]:
    words = view.words
    return [
        sentence(words("owners.listed", list=one.zone, meaning=words(f"meaning.{one.meaning}")), "warn")
        if one.listed
        else sentence(words("owners.not-listed", list=one.zone), "muted")
        for one in found
    ]
