"""Whose word each hop is, and where the message came in from outside (DESIGN section 5).

Down from the top, lines written by the reader's own servers are facts; at the one that took the message from outside (see
`checkpoint`), the address is fact, its reverse name perhaps, its HELO never; everything below is the sender's own word,
and weighed (`claims`). Through a verified provider's lines the origin can be followed to the account that was used: that
is plausible, never proven.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sekisho.facts import checkpoint, claims, submission
from sekisho.facts.edges import Edges
from sekisho.facts.submission import Statement
from sekisho.mail import domain
from sekisho.mail.fields import Field
from sekisho.mail.ip import is_loopback, is_private
from sekisho.mail.message import Message
from sekisho.mail.peer_fields import PeerField
from sekisho.mail.peer_fields import read as read_peer_fields
from sekisho.mail.received import Received
from sekisho.named import NamedTuple
from sekisho.report import Auth, Hop, Network, Origin, Tls
from sekisho.settings import Settings

_SKEW = 300  # seconds by which two honest clocks may differ


class Step(NamedTuple):
    """One Received field with its place and its reading beside the hop made of it."""

    field: Field
    received: Received
    hop: Hop


class Route(NamedTuple):
    steps: tuple[Step, ...]  # newest first
    origin: Origin | None
    boundary: int  # index of the hop that took the message from outside; -1 when there is none
    witnesses: tuple[PeerField, ...]  # other fields of the reader's side that name the address which handed it over
    statements: tuple[Statement, ...]  # fields from the checkpoint down that say who handed it in
    may_be_relay: str  # who handed it over, where calling that server a relay would lead one step further; else ""

    @property
    def hand_in(self) -> int:
        """Index of the hop at which somebody handed the message in to a provider, as far as it can be followed; else -1."""
        return self.origin.extended.hop if self.origin and self.origin.extended else -1

    @property
    def entry(self) -> Step | None:
        """The line that took the message from outside."""
        return self.steps[self.boundary] if self.boundary >= 0 else None


def walk(message: Message, settings: Settings, network: Callable[[str], Network | None], edges: Edges) -> Route:
    """The route of a message: every Received field with whose word it is, and the proven origin if there is one."""
    lines = [received for _, received in message.received]
    found = checkpoint.find(lines, settings, edges)
    weighed = claims.weigh(lines, found.hop)
    author = domain.registrable(next((address.domain for address in message.addresses("from") if address.domain), ""))
    witnesses = _witnesses(message, lines, found.hop)
    handed_in = submission.read(message.header, message.received, weighed, found.hop, author, witnesses)
    extended = handed_in.extended
    steps = []
    newer: Received | None = None
    for place, (field, received) in enumerate(message.received):
        evidence = weighed[place]
        if place <= found.hop:
            trust = "yours" if place <= found.first or found.rule == "own-server" else "relay"
            standing = "proven"
            why: tuple[str, ...] = (found.rule if place == found.hop else "above-checkpoint",)
        else:
            trust = "claimed"
            plausible = extended is not None and place <= extended.hop
            standing = "contradicted" if evidence.contradicted else "plausible" if plausible else "claimed"
            why = ("handed-down" if plausible else "below-checkpoint", *evidence.reasons)
        steps.append(Step(field, received, _hop(field, received, newer, trust, standing, why, network)))
        newer = received
    origin = None
    if found.hop >= 0:
        origin = Origin(found.hop, lines[found.hop].ip, found.rule, found.rule, extended)
    may_be_relay = checkpoint.may_be_relay(lines, found, settings, edges)
    return Route(tuple(steps), origin, found.hop, witnesses, handed_in.statements, may_be_relay)


def _witnesses(message: Message, lines: Sequence[Received], hop: int) -> tuple[PeerField, ...]:
    """What else the reader's side wrote of the peer; of its own servers, which hand on to each other, it writes the same fields."""
    if hop < 0:
        return ()
    own = {line.ip for line in lines[:hop]}
    named = read_peer_fields(message.header, message.received[hop][0].start, lines[hop].by)
    return tuple(witness for witness in named if witness.ip not in own and not is_private(witness.ip))


def _hop(
    field: Field,
    received: Received,
    newer: Received | None,
    trust: str,
    standing: str,
    why: tuple[str, ...],
    network: Callable[[str], Network | None],
) -> Hop:
    secured = received.tls_version or received.tls_cipher
    return Hop.__new__(  # as named.NamedTuple says
        Hop,
        raw=field.text,
        helo=received.helo or None,
        rdns=received.rdns or None,
        ip=received.ip or None,
        by=received.by or None,
        by_ip=received.by_ip or None,
        via=received.via or None,
        with_=received.protocol or None,
        id=received.id or None,
        for_=received.recipient or None,
        envelope_from=received.envelope_from or None,
        ident=received.ident or None,
        auth=Auth(received.auth_user or None, received.auth_method or None) if received.auth else None,
        tls=Tls(received.tls_version or None, received.tls_cipher or None) if secured else None,
        date=received.date.iso if received.date else None,
        delay_seconds=_delay(received, newer),
        relay=received.relay,
        private=bool(received.ip) and is_private(received.ip),
        trust=trust,
        standing=standing,
        why=why,
        network=network(received.ip) if received.ip else None,
    )


def _delay(line: Received, newer: Received | None) -> int | None:
    """Seconds until the next server wrote its line; small negative ones are clocks that differ, and count as none."""
    if newer is None or newer.date is None or line.date is None:
        return None
    seconds = newer.date.epoch - line.date.epoch
    return 0 if -_SKEW <= seconds < 0 else seconds


def names_nobody(helo: str) -> bool:
    """Whether a HELO names no host at all: localhost, loopback or a bare address (RFC 5321 §4.1.1.1 asks for a host name)."""
    from sekisho.mail.ip import canonical

    lower = helo.lower()
    return lower in ("localhost", "localhost.localdomain") or is_loopback(lower) or bool(canonical(lower))
