"""Who keeps the reader's mailbox, and which domains are the reader's own: whom a stranger would rather be than anybody else.

Known from the accounts (incoming servers, own addresses and domains), from the servers that wrote the reader's own lines, and
from the mail servers of an own domain where those are known. A domain that is shared with strangers is the provider's alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sekisho.facts import checkpoint
from sekisho.facts.domains import Domain
from sekisho.facts.identity import Identity
from sekisho.facts.route import Route
from sekisho.mail import domain as names
from sekisho.named import NamedTuple
from sekisho.settings import Settings
from sekisho.tables import mailbox_providers
from sekisho.tables.brands import Brand, all_brands

# Kinds of names that keep mailboxes for others.
KINDS = frozenset({"hosting", "webmail", "carrier", "portal", "computer"})


class OwnProvider(NamedTuple):
    brands: tuple[Brand, ...]  # who runs the reader's servers, as the table of names knows them
    domains: frozenset[str]  # registrable domains that are the reader's alone
    servers: frozenset[str]  # host names of the reader's incoming servers
    told: bool  # the accounts say so; else only what the reader's servers wrote

    def runs(self, brand: Brand | None) -> bool:
        """Whether that is the company which keeps the reader's mailbox."""
        return brand is not None and any(known.name == brand.name for known in self.brands)

    def owns(self, host: str) -> bool:
        """Whether a host lies in a domain of the reader's."""
        return names.registrable(host) in self.domains


@cache
def _keepers() -> tuple[tuple[Brand, ...], dict[str, list[int]]]:
    """The companies that keep mailboxes, and their places there by each of their domains."""
    found = tuple(brand for brand in all_brands() if brand.kind in KINDS)
    places: dict[str, list[int]] = {}
    for place, brand in enumerate(found):
        for domain in {*brand.domains, *brand.shared}:
            places.setdefault(domain, []).append(place)
    return found, places


def find(settings: Settings, route: Route, identity: Identity, domains: Iterable[Domain]) -> OwnProvider:
    """The reader's provider as far as it is known."""
    told = checkpoint.own_organisations(settings)
    readers = {names.registrable(address.rpartition("@")[2]) for address in identity.readers}
    own = told | {name for name in readers if name and not mailbox_providers.shared(name)}
    servers = {*readers, *map(names.registrable, settings.incoming_servers)}
    servers.update(names.registrable(name) for name in settings.own_domains)
    for step in route.steps[: route.boundary + 1]:
        if step.hop.trust == "yours":
            servers.add(names.registrable(step.received.by))  # "" for an address
    for domain in domains:
        if domain.name in own:
            servers.update(names.registrable(server) for server in domain.mail_servers or ())
    keepers, places = _keepers()
    found = [keepers[place] for place in sorted({place for server in servers for place in places.get(server, ())})]
    theirs = {name for name in own for brand in found if brand.runs(name)}
    return OwnProvider(
        tuple(found),
        frozenset(own - theirs),
        frozenset(settings.incoming_servers),
        bool(settings.own_addresses or settings.own_domains or settings.incoming_servers),
    )
