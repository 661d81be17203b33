"""The edge of the reader's side, learnt from the mailbox: the server that takes mail from everybody.

An edge is a kind of line (its `by`, digits generalised) that stands in many mails and whose peers belong to many
organisations; a server that hands on inside has few peers, and a forged one has no support. Lines that stand above the
edge in many mails are the reader's inside. Pure: counts go in, `Edges` come out.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sekisho.mail import domain
from sekisho.mail.ip import is_private
from sekisho.mail.received import Received

MIN_MAILS = 10  # an edge needs as many
MIN_SHARE = 0.05  # of the mailbox
MIN_ENTROPY = 2.0  # bits, over the organisations of its peers
FORWARDER_SHARE = 0.01  # of the mails at the edge: a forwarder is seen daily
FORWARDER_MAILS = 3
MAX_KINDS = 2000  # kinds of line counted; a mailbox has a few dozen that matter
MAX_PEERS = 20_000

_DIGITS = re.compile(r"\d+")


class Edges(NamedTuple):
    """What a mailbox taught. Kinds of line as `kind` makes them, peers as `peer` makes them, addresses, recipient domains."""

    edges: frozenset[str]
    inside: frozenset[tuple[str, str]]  # kinds above an edge, each with a peer that it often had the message from
    forwarders: frozenset[str]
    recipients: frozenset[str]
    local_parts: frozenset[str]  # of the reader's addresses: one person keeps a name at several domains


NOTHING = Edges(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


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


class Learner:
    """Counts over a mailbox, one message after the other; `edges` gives what they say so far. Bounded memory."""

    def __init__(self) -> None:
        self.mails = 0
        self._support: Counter[str] = Counter()
        self._organisations: dict[str, Counter[str]] = {}
        self._chains: Counter[tuple[str, ...]] = Counter()
        self._peers: Counter[tuple[str, str]] = Counter()
        self._recipients: Counter[tuple[str, str]] = Counter()
        self._local_parts: Counter[tuple[str, str]] = Counter()

    def add(self, lines: Sequence[Received]) -> None:
        """One message's lines, newest first."""
        self.mails += 1
        chain: list[str] = []
        for line in lines:
            if not line.by or not outside(line):
                continue
            name = kind(line.by)
            if name in chain:
                continue
            chain.append(name)
            if name not in self._support and len(self._support) >= MAX_KINDS:
                continue
            self._support[name] += 1
            self._organisations.setdefault(name, Counter())[peer(line)] += 1
            if len(self._peers) < MAX_PEERS:
                self._peers[name, line.ip] += 1
                local, _, host = line.recipient.lower().rpartition("@")
                if local and host:
                    self._recipients[name, host] += 1
                    self._local_parts[name, local] += 1
        if chain and len(self._chains) < MAX_KINDS:
            self._chains[tuple(chain[:6])] += 1

    def edges(self) -> Edges:
        """The edges, what stands above them, who forwards to them, and for whom mail comes."""
        least = max(MIN_MAILS, MIN_SHARE * self.mails)
        able = {
            name
            for name, count in self._support.items()
            if count >= least and _entropy(self._organisations[name]) >= MIN_ENTROPY
        }
        topmost: Counter[str] = Counter()
        above: Counter[str] = Counter()
        for chain, count in self._chains.items():
            place = next((place for place, name in enumerate(chain) if name in able), -1)
            if place >= 0:
                topmost[chain[place]] += count
                for name in chain[:place]:
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
                for name, count in above.items()
                if count >= daily and name not in edges
                for whose, times in self._organisations[name].items()
                if times >= daily
            ),
            forwarders=frozenset(ip for (name, ip), count in self._peers.items() if name in edges and count >= daily),
            recipients=frozenset(
                host for (name, host), count in self._recipients.items() if name in edges and count >= daily
            ),
            local_parts=frozenset(
                local
                for (name, local), count in self._local_parts.items()
                if name in edges and count >= max(daily, 0.05 * at_edge)
            ),
        )


def peer(line: Received) -> str:
    """A stand-in for the peer's organisation that needs no table: its registrable domain, else the upper half of its address."""
    if line.rdns:
        return domain.registrable(line.rdns) or line.rdns
    return line.ip.rpartition(".")[0].rpartition(".")[0] if ":" not in line.ip else line.ip[:9]


def _entropy(counts: Counter[str]) -> float:
    """Shannon entropy in bits."""
    total = sum(counts.values())
    return -sum(count / total * math.log2(count / total) for count in counts.values())
