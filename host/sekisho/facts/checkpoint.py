"""Where the reader's side took the message from outside: the walk down the Received lines.

Every line above the answer was written by the reader's side; a line further down can't make itself the answer, whatever
names it carries. The rule that decided is kept: the reader's own networks, a provider's edge, an edge learnt from the
mailbox, the reader's organisation; and from there on through the own provider's scanner, own servers and forwarders.
"""

from __future__ import annotations

from collections.abc import Sequence

from sekisho.facts.edges import Edges, kind, outside, peer
from sekisho.mail import domain
from sekisho.mail.ip import in_networks, is_loopback, is_private
from sekisho.mail.received import Received
from sekisho.mail.writers import confirmed_name
from sekisho.named import NamedTuple
from sekisho.settings import Settings
from sekisho.tables import mailbox_providers
from sekisho.tables.providers import signing
from sekisho.tables.scanners import scans

SCANNER = "own-scanner"
NOWHERE = "no-outside-hop"


class Checkpoint(NamedTuple):
    """`hop` took the message from outside (-1: none did); `first` is where the walk came in, before it went on through
    servers that forward to the reader; `rule` is what decided last."""

    hop: int
    first: int
    rule: str


def find(lines: Sequence[Received], settings: Settings, edges: Edges) -> Checkpoint:
    """The checkpoint of a message whose trace fields are `lines`, newest first."""
    lines = _recorded(lines)
    if settings.trusted_networks or settings.internal_networks:
        hop = _own_networks(lines, settings)
        return Checkpoint(hop, hop, "own-networks" if hop >= 0 else NOWHERE)
    hop, rule = _provider_edge(lines), "provider-edge"
    if hop < 0:
        hop, rule = _learnt_edge(lines, edges), "learnt-edge"
    if hop < 0:
        hop, rule = _own_organisation(lines, settings), "own-organisation"
    if hop < 0:
        return Checkpoint(-1, -1, NOWHERE)
    first = hop
    while True:
        further, why = _handed_on(lines, hop, settings, edges)
        if further < 0:
            return Checkpoint(hop, first, rule)
        if why == SCANNER and first == hop:
            first = further  # the scanner is the provider's: nobody has forwarded it yet
        hop, rule = further, why


def own_organisations(settings: Settings) -> set[str]:
    """Registrable domains that the reader's accounts tell: own domains and addresses, incoming servers.

    A domain that the reader shares with strangers (gmail.com) is none: its servers hand in what the strangers write.
    """
    names = (
        *settings.own_domains,
        *settings.incoming_servers,
        *(address.rpartition("@")[2] for address in settings.own_addresses),
    )
    return {own for own in map(domain.registrable, names) if own and not mailbox_providers.shared(own)}


def may_be_relay(lines: Sequence[Received], found: Checkpoint, settings: Settings, edges: Edges) -> str:
    """The checkpoint's peer as `relays` would name it, where naming it would lead one step further; "" where it would not.

    Its whole name, if the own server confirmed that name, else its address: never more than this one server. One that took
    the message from a user who had logged in does not forward it: it is the sender's own.
    """
    if found.hop < 0 or found.rule == "own-networks":
        return ""
    lines = _recorded(lines)
    line = lines[found.hop]
    further, _ = _handed_on(lines, found.hop, settings._replace(relays=(line.ip,)), edges)
    if further < 0 or lines[further].auth:
        return ""
    name = confirmed_name(line).lower()
    return name if domain.registrable(name) else line.ip


def _recorded(lines: Sequence[Received]) -> Sequence[Received]:
    """The lines down to where nobody recorded from whom the message came."""
    return lines[: next((place for place, line in enumerate(lines) if _unrecorded(line)), len(lines))]


def _unrecorded(line: Received) -> bool:
    """Whether a line took the message from another organisation and does not say from which address: below it all may be made up."""
    if line.ip or not line.relay or not line.by:
        return False
    theirs, own = domain.registrable(line.rdns or line.helo), domain.registrable(line.by)
    return bool(theirs) and bool(own) and theirs != own


def _own_networks(lines: Sequence[Received], settings: Settings) -> int:
    """SpamAssassin's meaning of its three lists: the first address outside of them; all below an own submission server is own."""
    trusted = settings.trusted_networks or settings.internal_networks
    for place, line in enumerate(lines):
        if not line.ip or is_private(line.ip):
            continue
        if in_networks(line.ip, trusted) or in_networks(line.ip, settings.internal_networks):
            if in_networks(line.ip, settings.msa_networks):
                return -1
            continue
        return place
    return -1


def _provider_edge(lines: Sequence[Received]) -> int:
    """The edge line of the provider whose servers wrote the topmost lines; -1 where there is none.

    Only an unbroken run of that provider's own lines (and of the reader's own machine above them) is walked. It ends where a
    server had the message from an address that is not the provider's: a user, who is not always shown as logged in.
    """
    provider = None
    last = -1
    for place, line in enumerate(lines):
        by = line.by.lower()
        if provider is None:
            provider = signing(by)
            if provider is None:
                if outside(line):
                    return -1
                continue
        if not provider.signs.fullmatch(by):
            return last
        if not outside(line):
            continue
        last = place
        if provider.edge.fullmatch(by) or line.auth or not provider.inside.match(line.ip):
            return place  # whoever logged in wrote what stands below
    return last


def _learnt_edge(lines: Sequence[Received], edges: Edges) -> int:
    """The topmost line of a kind that was learnt as an edge, if only kinds known to stand above it do; else -1."""
    for place, line in enumerate(lines):
        if not line.by or not outside(line):
            continue
        name = kind(line.by)
        if name in edges.edges:
            return place
        if (name, peer(line)) not in edges.inside:
            return -1
    return -1


def _own_organisation(lines: Sequence[Received], settings: Settings) -> int:
    """The first line in which the topmost server's organisation, or one that the accounts tell, took the message from another."""
    topmost = next((name for line in lines if line.by and (name := domain.registrable(line.by))), "")
    return _taken_in(lines, {topmost, *own_organisations(settings)})


def _taken_in(lines: Sequence[Received], own: set[str]) -> int:
    """The first line in which one of these organisations took the message from another; -1 where none did.

    At a domain that is shared with strangers it is the first line from outside: a customer's machine may bear a name there, too.
    """
    own = {one for one in own if one and not mailbox_providers.shared(one)}
    inside = False
    for place, line in enumerate(lines):
        if not outside(line):
            if _submitted(line, own if inside else set()):  # above, a filter on the own side hands in again, too
                return -1
            continue
        below = lines[place + 1] if place + 1 < len(lines) else None
        if (
            below
            and domain.registrable(line.rdns) in own
            and domain.registrable(below.by) in own
            and not _submitted(line, set())  # whoever logged in wrote what stands below
            and confirmed_name(line)
        ):
            inside = True
            continue  # handed on inside, and the next line says so too
        return place
    return -1


def _handed_on(lines: Sequence[Received], hop: int, settings: Settings, edges: Edges) -> tuple[int, str]:
    """The next line that took the message from outside, if `hop` had it from a server of the reader's own; else -1."""
    line = lines[hop]
    if scans(line.by, line.rdns):
        from sekisho.facts import scanners

        behind = scanners.taken_from(lines, hop)
        if behind > hop:
            return behind, SCANNER
    further = next((place for place in range(hop + 1, len(lines)) if outside(lines[place])), -1)
    if further < 0:
        return -1, ""
    below = lines[further]
    by = below.by.lower()
    # What stands below a line by which a user handed in is the user's, whether that line came from outside or from the server itself.
    if any(_submitted(one, {domain.registrable(by)}) for one in lines[hop + 1 : further]):
        return -1, ""
    own = own_organisations(settings)
    relay = relay_of(line, settings)
    daily = line.ip in edges.forwarders
    # A HELO is the peer's own word, a reverse name that nobody confirmed as well: they count from one that is known without them.
    known = daily or bool(relay)
    if not known and _submitted(line, set()):
        return -1, ""
    names = {name.lower() for name in (line.rdns, line.helo if known else "") if _signs_as(name, by)}
    if names and not known and not confirmed_name(line):
        names = set()
    named = any(domain.same_organisation(name, by) for name in names)
    if named and domain.registrable(by) in own:
        return _inside(lines, further), "own-server"
    if relay and names:
        return _inside(lines, further), "own-relay"
    edge = _filter(lines, hop, edges)
    if edge >= 0:
        return edge, "own-filter"
    # Three conditions, and the first is not in the sender's hand: seen daily, signs as it is named, for an address of the reader's.
    local, _, host = below.recipient.lower().rpartition("@")
    mine = edges.recipients | own
    handed_in = any(lines[place].by.lower() == by and not lines[place].relay for place in range(hop + 1, further))
    if daily and by in names and not handed_in and (domain.registrable(host) in mine or local in edges.local_parts):
        return further, "own-forwarder"
    return -1, ""


def _filter(lines: Sequence[Received], hop: int, edges: Edges) -> int:
    """The edge line of a large provider who filters all mail of this mailbox and then handed it to the reader's server; else -1.

    The provider is one whose edges are known, its name for the peer is confirmed, its lines follow each other from there without a
    gap, and none of its users handed the message in on the way. A sender who uses the same provider has no such line.
    """
    name = confirmed_name(lines[hop]).lower()
    provider = signing(name) if name else None
    if provider is None:
        return -1
    place = hop + 1 + _provider_edge(lines[hop + 1 :])
    by = lines[place].by.lower()
    if place <= hop or not provider.edge.fullmatch(by) or kind(by) not in edges.filters:
        return -1
    between = lines[hop + 1 : place]
    return place if all(outside(line) and not _submitted(line, set()) for line in between) else -1


def _signs_as(name: str, by: str) -> bool:
    """Whether a host of that name, or of its organisation, writes Received lines as `by`."""
    return bool(name) and (name.lower() == by or domain.same_organisation(name, by))


def _inside(lines: Sequence[Received], place: int) -> int:
    """Where the organisation that wrote this line took the message from another: it may hand on inside over public addresses."""
    rest = lines[place:]
    edge = _provider_edge(rest)
    return place + max(0, edge if edge >= 0 else _taken_in(rest, {domain.registrable(rest[0].by)}))


def _submitted(line: Received, own: set[str]) -> bool:
    """Whether a server took the message from one of its users, or one of these organisations' from a program on it.

    Servers log in at each other over loopback and for the delivery (LMTP, RFC 2033): that is no user.
    """
    protocol = line.protocol.upper()
    if protocol.startswith("HTTP") and not line.ip:
        return True
    if line.auth and not protocol.startswith("LMTP") and not (line.ip and is_loopback(line.ip)):
        return True
    return not line.relay and not line.ip and domain.registrable(line.by) in own


def relay_of(line: Received, settings: Settings) -> str:
    """The entry of `relays` by which the reader once said "this is my relay" of a line's peer; "" where there is none.

    By address, or by the name that the own server looked up, whole or its registrable domain.
    """
    if not settings.relays:
        return ""
    name = line.rdns.lower()
    said = next((said for said in (line.ip, name, domain.registrable(name)) if said and said in settings.relays), "")
    return said if said == line.ip or (said and confirmed_name(line)) else ""
