"""What is remembered of a message that passed: enough to know its like and its sender again, and nothing else of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sekisho.facts import checkpoint, language
from sekisho.facts.identity import Identity
from sekisho.facts.lines import Line
from sekisho.facts.links import Links
from sekisho.facts.removed import Removed
from sekisho.facts.route import Route
from sekisho.facts.vouched import Voucher
from sekisho.mail import domain
from sekisho.mail.address import domain_of
from sekisho.mail.message import Message
from sekisho.named import NamedTuple
from sekisho.report import Attachment, Network
from sekisho.settings import Settings

MAX_RECIPIENTS = 20
MAX_LINKS = 20
MAX_FILES = 10
MAX_WORD = 200  # characters
_UNSENT = frozenset({"x-mozilla-draft-info", "fcc", "x-identity-key"})  # what Thunderbird writes into drafts alone
LEVELS = ("clear", "caution", "danger")


class Way(NamedTuple):
    """The network that a message came from; `line`: the kind of line (facts.lines), "" where that is not known."""

    asn: int | None
    name: str
    country: str  # ISO 3166-1 alpha-2, "" where that is not known
    line: str


class Sighting(NamedTuple):
    """One message, as far as the register is told of it.

    `proven`: somebody other than the sender vouches that it is of From's organisation (facts.papers). `net`: the upper half of
    the address that handed it over. `behind`: from where it was handed in to a provider, as far as that can be followed.
    `recipients`: addresses of the reader's own side that it was for. `sent`: written by the reader, to `correspondents`.
    """

    at: int  # seconds since 1970: when the reader's side took it in, else its Date, else 0
    address: str  # From's, lower case
    proven: bool
    level: str  # of the verdict
    to_self: bool
    net: str
    way: Way | None
    behind: Way | None
    zone: int | None  # minutes from UTC of the clock that Date was written on
    signed: tuple[str, ...]  # domains whose signature or policy was found right
    recipients: tuple[str, ...]
    links: tuple[str, ...]  # registrable domains
    files: tuple[str, ...]
    viruses: tuple[str, ...]
    message_id: str
    sent: bool
    correspondents: tuple[str, ...]
    ip: str = ""  # that handed it over
    language: str = ""  # of its text (facts.language)


def of(
    message: Message,
    settings: Settings,
    identity: Identity,
    route: Route,
    links: Links,
    *,
    proven: bool,
    vouched: Iterable[Voucher],
    own: frozenset[str],
    attachments: Iterable[Attachment],
    removed: Iterable[Removed],
    network: Callable[[str], Network | None],
    line_of: Callable[[str, str], Line | None],
) -> Sighting:
    """A message's sighting, its level aside. `own`: registrable domains that are the reader's alone; the rest as in `Facts`."""
    author, entry = identity.author, route.entry
    recipients = {one.address.lower() for name in ("to", "cc") for one in message.addresses(name)}
    sent = _is_sent(message, settings, identity)
    date = entry.received.date if entry else None
    written = message.unstructured("date")
    return Sighting(
        at=arrival(date.epoch if date else None, written),
        address=author.address.lower() if author else "",
        proven=proven,
        level=LEVELS[0],
        to_self=identity.to_self,
        net=_net(entry.received.ip) if entry else "",
        way=_way(network, line_of, entry.received.ip, entry.received.rdns) if entry else None,
        behind=_behind(route, network, line_of),
        zone=_zone(written),
        signed=tuple(dict.fromkeys(one.organisation for one in vouched if one.by in ("dkim", "dmarc"))),
        recipients=_own_recipients(settings, identity, recipients, own),
        links=_domains(links, settings),
        files=tuple(name[:MAX_WORD] for one in attachments if (name := one.filename))[:MAX_FILES],
        viruses=tuple(dict.fromkeys(one.notice.virus[:MAX_WORD] for one in removed))[:MAX_FILES],
        message_id=(message.unstructured("message-id") or "").strip().strip("<>")[:MAX_WORD],
        sent=sent,
        correspondents=tuple(sorted(recipients - set(settings.own_addresses)))[:MAX_RECIPIENTS] if sent else (),
        ip=entry.received.ip if entry else "",
        language=language.of(message),
    )


def arrival(taken_in: int | None, date: str | None) -> int:
    """When the reader's side took it in, else what its Date says; seconds since 1970, 0 where no clock says."""
    if taken_in is not None:
        return taken_in
    from sekisho.mail.date import parse

    read = parse(date or "")
    return read.epoch if read else 0


def _is_sent(message: Message, settings: Settings, identity: Identity) -> bool:
    """Whether the reader wrote and sent it: From is one of the accounts' addresses, it never came over any network, and it is no draft."""
    author, header = identity.author, message.header
    return (
        author is not None
        and author.address.lower() in settings.own_addresses
        and not header.first("received")
        and not any(field.name in _UNSENT for field in header.fields)
    )


def _net(ip: str) -> str:
    """The neighbourhood of an address: its first 24 bits, of IPv6 the first 48."""
    return ":".join(ip.split(":")[:3]) if ":" in ip else ip.rpartition(".")[0]


def _way(
    network: Callable[[str], Network | None], line_of: Callable[[str, str], Line | None], ip: str, rdns: str
) -> Way | None:
    """An address as a way; None where nobody is known to hold it."""
    known = network(ip) if ip else None
    if known is None:
        return None
    line = line_of(ip, rdns)
    return Way(known.asn, (known.name or "")[:MAX_WORD], known.country or "", line.kind if line else "")


def _behind(
    route: Route, network: Callable[[str], Network | None], line_of: Callable[[str, str], Line | None]
) -> Way | None:
    """From where somebody handed the message in to the provider that handed it over; None where that cannot be followed."""
    extended = route.origin.extended if route.origin else None
    if extended is None or not extended.ip:
        return None
    received = route.steps[extended.hop].received
    return _way(network, line_of, extended.ip, received.rdns if received.ip == extended.ip else "")


def _zone(date: str | None) -> int | None:
    """The offset of the clock on which Date was written, in minutes; None where it says none, or UTC, which machines write."""
    from sekisho.mail.date import parse

    read = parse(date or "")
    return read.offset or None if read else None


def _domains(links: Links, settings: Settings) -> tuple[str, ...]:
    """Registrable domains (or addresses) that links lead to, the reader's own left out."""
    own = checkpoint.own_organisations(settings)
    found = (seen.target.domain or seen.target.host for seen in links.seen)
    return tuple(name[:MAX_WORD] for name in dict.fromkeys(found) if name and name not in own)[:MAX_LINKS]


def _own_recipients(
    settings: Settings, identity: Identity, recipients: set[str], own: frozenset[str]
) -> tuple[str, ...]:
    """Addresses of the reader's own side that it was for: of own domains any, of a domain shared with strangers the reader's own."""
    mine = {*settings.own_addresses, *identity.readers}
    every = (*sorted(identity.readers), *sorted(recipients))
    kept = (one for one in every if one in mine or domain.registrable(domain_of(one)) in own)
    return tuple(one[:MAX_WORD] for one in dict.fromkeys(kept))[:MAX_RECIPIENTS]
