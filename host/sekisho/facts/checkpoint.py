"""Where the reader's side took the message from outside: the walk down the Received lines.

Every line above the answer was written by the reader's side; a line further down can't make itself the answer, whatever
names it carries. The rule that decided is kept: the reader's own networks, a provider's edge, an edge learnt from the
mailbox, the reader's organisation; and from there on through the reader's own servers and forwarders.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sekisho.facts.edges import Edges, kind, outside, peer
from sekisho.mail import domain
from sekisho.mail.ip import in_networks, is_private
from sekisho.mail.received import Received
from sekisho.settings import Settings
from sekisho.tables.providers import EDGES

NOWHERE = "no-outside-hop"


class Checkpoint(NamedTuple):
    """`hop` took the message from outside (-1: none did); `first` is where the walk came in, before it went on through
    servers that forward to the reader; `rule` is what decided last."""

    hop: int
    first: int
    rule: str


def find(lines: Sequence[Received], settings: Settings, edges: Edges) -> Checkpoint:
    """The checkpoint of a message whose trace fields are `lines`, newest first."""
    lines = lines[: next((place for place, line in enumerate(lines) if _unrecorded(line)), len(lines))]
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
        hop, rule = further, why


def own_organisations(settings: Settings) -> set[str]:
    """Registrable domains that the reader's accounts tell: own domains and addresses, incoming servers."""
    names = (
        *settings.own_domains,
        *settings.incoming_servers,
        *(address.rpartition("@")[2] for address in settings.own_addresses),
    )
    return {domain.registrable(name) for name in names} - {""}


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

    Only an unbroken run of that provider's own lines (and of the reader's own machine above them) is walked.
    """
    provider = None
    last = -1
    for place, line in enumerate(lines):
        by = line.by.lower()
        if provider is None:
            provider = next((known for known in EDGES if known.signs.fullmatch(by)), None)
            if provider is None:
                if outside(line):
                    return -1
                continue
        if not provider.signs.fullmatch(by):
            return last
        if not outside(line):
            continue
        last = place
        if provider.edge.fullmatch(by) or line.auth:
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
    """The first line in which the organisation of the topmost server took the message from another."""
    own = own_organisations(settings)
    for place, line in enumerate(lines):
        organisation = domain.registrable(line.by) if line.by else ""
        if organisation and not own:
            own.add(organisation)
        if not outside(line):
            continue
        below = lines[place + 1] if place + 1 < len(lines) else None
        if domain.registrable(_looked_up(line)) in own and below and domain.registrable(below.by) in own:
            continue  # handed on inside, and the next line says so too
        return place
    return -1


def _handed_on(lines: Sequence[Received], hop: int, settings: Settings, edges: Edges) -> tuple[int, str]:
    """The next line that took the message from outside, if `hop` had it from a server of the reader's own; else -1."""
    line = lines[hop]
    further = next((place for place in range(hop + 1, len(lines)) if outside(lines[place])), -1)
    if further < 0:
        return -1, ""
    below = lines[further]
    by = below.by.lower()
    own = own_organisations(settings)
    daily = line.ip in edges.forwarders
    # A HELO is the peer's own word, and counts only from an address that is known without it.
    names = {
        name.lower() for name in (_looked_up(line), line.helo if daily or _is_relay(line, settings) else "") if name
    }
    named = any(domain.same_organisation(name, by) for name in names)
    if named and domain.registrable(by) in own:
        return further, "own-server"
    if (named or by in names) and _is_relay(line, settings):
        return further, "own-relay"
    # Three conditions, and the first is not in the sender's hand: seen daily, signs as it is named, for an address of the reader's.
    # What a server took from one of its own users has no outside line of its own: what stands below such a line is the user's.
    local, _, host = below.recipient.lower().rpartition("@")
    mine = {domain.registrable(name) for name in edges.recipients} | own
    handed_in = any(lines[place].by.lower() == by and not lines[place].relay for place in range(hop + 1, further))
    if daily and by in names and not handed_in and (domain.registrable(host) in mine or local in edges.local_parts):
        return further, "own-forwarder"
    return -1, ""


def _looked_up(line: Received) -> str:
    """The peer's name as the own server looked it up; "" where that server says itself that the name may be anybody's."""
    return "" if "may be forged" in line.raw else line.rdns


def _is_relay(line: Received, settings: Settings) -> bool:
    """Whether the reader once said "this is my relay": by address, or by the name that the own server looked up."""
    if not settings.relays:
        return False
    name = _looked_up(line).lower()
    return line.ip in settings.relays or (
        bool(name) and (name in settings.relays or domain.registrable(name) in settings.relays)
    )
