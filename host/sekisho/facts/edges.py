"""The edge of the reader's side, learnt from the mailbox: the server that takes mail from everybody.

An edge is a kind of line (its `by`, digits generalised) that stands in many mails and whose peers belong to many
organisations; a server that hands on inside has few peers, and a forged one has no support. Lines that stand above the
edge in many mails are the reader's inside. Pure: passages go in, `Edges` come out. Nothing but equality of their parts
matters, so that the register can teach a Learner with marks in the place of names.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence

from sekisho.mail import domain
from sekisho.mail.ip import is_private
from sekisho.mail.received import Received
from sekisho.mail.writers import confirmed_name
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.tables.scanners import scans

if TYPE_CHECKING:
    from typing import TypeVar

    _Key = TypeVar("_Key")

MIN_MAILS = 10  # an edge needs as many
MIN_SHARE = 0.05  # of the mailbox
MIN_ENTROPY = 2.0  # bits, over the organisations of its peers
FORWARDER_SHARE = 0.01  # of the mails at the edge: a forwarder is seen daily
FORWARDER_MAILS = 3
FILTER_MAILS = (
    2  # from so many organisations: such a line counts for a known provider's alone (checkpoint), never by itself
)
FILTER_SHARE = 0.95
# Counted apart, each: what is new when a counter is full is not counted. A mailbox has a few dozen kinds that matter; the
# others stand in the senders' own lines.
MAX_CHAINS = MAX_KINDS = 20_000
MAX_PEERS = 50_000
MAX_CHAIN = 8  # passages looked at of one message; no reader's side has as many

_DIGITS = re.compile(r"\d+")


class Passage(NamedTuple):
    """A line that took a message over the network from outside, as far as learning needs it; "" where it does not say."""

    kind: str
    peer: str
    ip: str
    recipient: str  # registrable domain of the address after `for`
    local: str  # and what stands before its @


class Edges(NamedTuple):
    """What a mailbox taught. Kinds of line as `kind` makes them, peers as `peer` makes them, addresses."""

    edges: frozenset[str]
    inside: frozenset[tuple[str, str]]  # kinds above an edge, each with a peer that it often had the message from
    forwarders: frozenset[str]
    recipients: frozenset[str]  # registrable domains
    local_parts: frozenset[str]  # of the reader's addresses: one person keeps a name at several domains
    filters: frozenset[str]  # kinds through which all mail comes that reaches the topmost server


NOTHING = Edges(frozenset(), frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


def kind(by: str) -> str:
    """A receiving host without what changes from one machine of a farm to the next: AM1PEPF000252E0.mail.protection.outlook.com -> *.mail.protection.outlook.com."""
    name = by.lower()
    own = domain.registrable(name)
    if not own or not name.endswith("." + own):
        return _DIGITS.sub("9", name)
    first, *middle = name[: -len(own) - 1].split(".")
    if len(first) > 12 or sum(char.isdigit() for char in first) > 2:
        first = "*"
    return ".".join(
        [_DIGITS.sub("9", first), *(label for label in middle if not any(char.isdigit() for char in label)), own]
    )


def outside(line: Received) -> bool:
    """Whether a line took the message over the network from an address that is not a private one."""
    return bool(line.ip) and line.relay and not is_private(line.ip)


def chain(lines: Sequence[Received]) -> tuple[Passage, ...]:
    """What a message's Received lines, newest first, teach: the first passage of every kind, at most MAX_CHAIN.

    A round through a provider's own scanner is left out: the server behind it is the one that takes mail from everybody.
    """
    passages: dict[str, Passage] = {}
    beyond = 0
    for place, line in enumerate(lines):
        if place < beyond or not line.by or not outside(line):
            continue
        if scans(line.by, line.rdns):
            from sekisho.facts import scanners

            beyond = scanners.taken_from(lines, place)
            if beyond > place:
                continue
        name = kind(line.by)
        if name not in passages:
            passages[name] = Passage(name, peer(line), line.ip, *recipient(line))
            if len(passages) == MAX_CHAIN:
                break
    return tuple(passages.values())


def recipient(line: Received) -> tuple[str, str]:
    """The registrable domain of the address after `for`, and what stands before its @; both "" unless there are both."""
    local, _, host = line.recipient.lower().rpartition("@")
    organisation = domain.registrable(host) if local else ""
    return (organisation, local) if organisation else ("", "")


class Learner:
    """Counts over a mailbox, one message after the other; `edges` gives what they say so far. Bounded memory."""

    def __init__(self) -> None:
        self.mails = 0
        self._support: Counter[str] = Counter()
        self._organisations: Counter[tuple[str, str]] = Counter()
        self._chains: Counter[tuple[str, ...]] = Counter()
        self._peers: Counter[tuple[str, str]] = Counter()
        self._recipients: Counter[tuple[str, str]] = Counter()
        self._local_parts: Counter[tuple[str, str]] = Counter()

    def add(self, chain: Sequence[Passage]) -> None:
        """One message's passages, newest first. A message that never came over the network teaches nothing."""
        kinds = tuple(passage.kind for passage in chain)
        if not kinds or not _count(self._chains, kinds, MAX_CHAINS):
            return
        self.mails += 1
        for passage in chain:
            name = passage.kind
            if not _count(self._support, name, MAX_KINDS):
                continue
            _count(self._organisations, (name, passage.peer), MAX_PEERS)
            _count(self._peers, (name, passage.ip), MAX_PEERS)
            if passage.recipient:
                _count(self._recipients, (name, passage.recipient), MAX_PEERS)
                _count(self._local_parts, (name, passage.local), MAX_PEERS)

    def edges(self) -> Edges:
        """The edges, what stands above them, who forwards to them, and for whom mail comes."""
        least = max(MIN_MAILS, MIN_SHARE * self.mails)
        frequent = {name: list[int]() for name, count in self._support.items() if count >= least}
        for (name, _), count in self._organisations.items():
            if name in frequent:
                frequent[name].append(count)
        able = {name for name, counts in frequent.items() if _entropy(counts) >= MIN_ENTROPY}
        topmost: Counter[str] = Counter()
        above: Counter[str] = Counter()
        for kinds, count in self._chains.items():
            place = next((place for place, name in enumerate(kinds) if name in able), -1)
            if place >= 0:
                topmost[kinds[place]] += count
                for name in kinds[:place]:
                    above[name] += count
        edges = frozenset(
            name for name, count in topmost.items() if count >= least and count * 2 >= self._support[name]
        )
        at_edge = sum(topmost[name] for name in edges)
        daily = max(FORWARDER_MAILS, FORWARDER_SHARE * at_edge)
        return Edges(
            edges=edges,
            inside=frozenset(
                (name, whose)
                for (name, whose), times in self._organisations.items()
                if times >= daily and above[name] >= daily and name not in edges
            ),
            forwarders=frozenset(ip for (name, ip), count in self._peers.items() if name in edges and count >= daily),
            recipients=frozenset(
                host for (name, host), count in self._recipients.items() if name in edges and count >= daily
            ),
            filters=self._filters(),
            local_parts=frozenset(
                local
                for (name, local), count in self._local_parts.items()
                if name in edges and count >= max(daily, 0.05 * at_edge)
            ),
        )

    def _filters(self) -> frozenset[str]:
        """Kinds that stand below the topmost one in nearly all mail, with peers of several organisations."""
        below: Counter[str] = Counter()
        for kinds, count in self._chains.items():
            for name in kinds[1:]:
                below[name] += count
        least = max(FILTER_MAILS, FILTER_SHARE * self.mails)
        peers = Counter(name for name, _ in self._organisations)
        return frozenset(name for name, count in below.items() if count >= least and peers[name] >= FILTER_MAILS)


def peer(line: Received) -> str:
    """A stand-in for the peer's organisation that needs no table: its registrable domain, else the upper half of its address.

    The domain counts only where the writer confirmed the name: anybody may call his address a host of the reader's.
    """
    name = confirmed_name(line)
    if name:
        return domain.registrable(name) or name
    return line.ip.rpartition(".")[0].rpartition(".")[0] if ":" not in line.ip else line.ip[:9]


def _count(counter: Counter[_Key], key: _Key, most: int) -> bool:
    """Whether there was room to count it."""
    if key not in counter and len(counter) >= most:
        return False
    counter[key] += 1
    return True


def _entropy(counts: Collection[int]) -> float:
    """Shannon entropy in bits."""
    total = sum(counts)
    return -sum(count / total * math.log2(count / total) for count in counts)
