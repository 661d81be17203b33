"""A service that sends for others, recognised by its host or its signature; and mailing lists that write themselves into From.

A header may say what a message is; only proof says that it is so. What is not proven is `claimed` and excuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from sekisho.facts.identity import Identity
from sekisho.facts.route import Route
from sekisho.facts.vouched import Voucher
from sekisho.mail import domain
from sekisho.mail.address import domain_of
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.tables import senders

if TYPE_CHECKING:
    from sekisho.tables.brands import Brand

MAX_LOCAL = 128  # characters of a local part that are taken apart
# Of several the one that says most of who the sender is.
_ORDER = {senders.ALIAS: 0, senders.LIST: 1, senders.TICKETS: 2, senders.NEWSLETTER: 3}


class Carrier(NamedTuple):
    """Who sent it for somebody. `by` as in `Voucher`; `behind`: the address that an alias service says it hides, "" for others."""

    name: str
    kind: str
    open: bool
    domain: str
    by: str
    behind: str


def recognise(vouched: Iterable[Voucher], identity: Identity) -> Carrier | None:
    """The service that a proof names; an alias service counts only in From, which it then wrote."""
    found: list[tuple[int, bool, Carrier]] = []
    author = identity.author.domain if identity.author else ""
    for voucher in vouched:
        service = senders.service(voucher.host, voucher.organisation)
        if service is None:
            continue
        behind = ""
        if service.kind == senders.ALIAS:
            if senders.service(author, identity.organisation) != service:
                continue
            behind = _behind(identity)
        carrier = Carrier(service.name, service.kind, service.open, voucher.host, voucher.by, behind)
        found.append((_ORDER[service.kind], service.open, carrier))
    return min(found, key=lambda one: one[:2])[2] if found else None


def speaks_for(brand: Brand, vouched: Iterable[Voucher], carrier: Carrier | None) -> bool:
    """Whether a proof ties a message to a brand: its own signature or machine, or a service that only works under contract.

    What a brand's SPF record lets hand over in its name is not its hand: that may be a cloud's, or all of a service's customers. An
    alias service names the real sender.
    """
    if any(voucher.organisation in brand.domains for voucher in vouched if voucher.by != "spf"):
        return True
    return carrier is not None and (not carrier.open or brand.runs(domain.registrable(domain_of(carrier.behind))))


def from_list(message: Message, identity: Identity, vouched: Iterable[Voucher], route: Route) -> str:
    """Whether a mailing list wrote its own address into From: proven, claimed (the server that handed it over says that it took it for
    the list), or ""."""
    author = identity.author
    if author is None or not author.address or not identity.organisation:
        return ""
    service = senders.service(author.domain, identity.organisation)
    if service is None or service.kind != senders.LIST:
        posts = message.unstructured("list-post") or ""
        listed = (message.unstructured("list-id") or "").rpartition("<")[2].strip("> ")
        if author.address.lower() not in posts.lower() and domain.registrable(listed) != identity.organisation:
            return ""
    # Google's own machines deliver for Google Groups, whose domain has none.
    homes = {identity.organisation, "google.com" if service and service.name == "Google Groups" else ""}
    if any(voucher.organisation in homes for voucher in vouched):
        return "proven"
    entry = route.entry
    below = route.steps[route.boundary + 1 :]
    host = entry.received.rdns.lower() if entry else ""
    took = any(
        step.received.by.lower() == host and step.received.recipient.lower() == author.address.lower() for step in below
    )
    return "claimed" if host and took else ""


def _behind(identity: Identity) -> str:
    """The address that an alias service keeps in the name ("a@b" [via Relay]; 'a at b') or in the local part (a_at_b_x, x+a=b)."""
    author = identity.author
    if author is None:
        return ""
    for word in author.name.replace(" 'at' ", "@").replace(" at ", "@").split():
        bare = word.strip("\"'<>()[],")
        if "@" in bare and domain.registrable(bare.rpartition("@")[2]):
            return bare.lower()
    local = author.address.rpartition("@")[0].lower()
    if "+" in local and "=" in local:
        name, _, host = local.partition("+")[2].rpartition("=")
    elif "_at_" in local:
        name, _, rest = local.partition("_at_")
        labels = rest[:MAX_LOCAL].split("_")
        hosts = (
            ".".join(labels[:end]) for end in range(len(labels) - 1, 0, -1)
        )  # what follows is the alias's own mark
        host = next((one for one in hosts if domain.registrable(one)), "")
    else:
        return ""
    return f"{name}@{host}" if name and domain.registrable(host) else ""
