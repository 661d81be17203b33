"""Whose word each hop is, and where the message came in from outside (DESIGN section 5).

First form of the walk: down from the top, lines written by the reader's own servers are facts; at the first one that took
the message from outside, the address is fact, its reverse name perhaps, its HELO never; everything below is the sender's
own word. The rule that decided is kept with the origin.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from sekisho.mail import domain
from sekisho.mail.fields import Field
from sekisho.mail.ip import is_loopback, is_private
from sekisho.mail.message import Message
from sekisho.mail.received import Received
from sekisho.report import Auth, Hop, Network, Origin, Tls
from sekisho.settings import Settings

# Large providers hand a message on inside over public addresses, so "the first public address" is often the provider itself.
# Name of the provider: how its servers sign their lines (`by`), and which of them are the edge that takes mail from outside.
_PROVIDERS = (
    (
        re.compile(r"[\w.\-]+\.(?:outlook|office365|exchangelabs)\.com"),
        re.compile(r"[\w.\-]+\.mail\.protection\.outlook\.com"),
    ),
    (re.compile(r"[\w.\-]+\.google\.com|2002:a[0-9a-f]{2}:[0-9a-f:]+"), re.compile(r"mx\.google\.com")),
    (re.compile(r"[\w.\-]+\.protonmail\.ch"), re.compile(r"mailin\d*\.protonmail\.ch")),
)
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

    @property
    def entry(self) -> Step | None:
        """The line that took the message from outside."""
        return self.steps[self.boundary] if self.boundary >= 0 else None


def walk(message: Message, settings: Settings, network: Callable[[str], Network | None]) -> Route:
    """The route of a message: every Received field with its trust, and the proven origin if there is one."""
    lines = message.received
    boundary, rule = _boundary([received for _, received in lines], settings)
    steps = []
    newer: Received | None = None
    for index, (field, received) in enumerate(lines):
        yours = index <= boundary
        hop = Hop(
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
            tls=Tls(received.tls_version or None, received.tls_cipher or None)
            if received.tls_version or received.tls_cipher
            else None,
            date=received.date.iso if received.date else None,
            delay_seconds=_delay(received, newer),
            relay=received.relay,
            private=bool(received.ip) and is_private(received.ip),
            trust="yours" if yours else "claimed",
            standing="proven" if yours else "claimed",
            why=(rule if index == boundary else "above-boundary",) if yours else ("below-boundary",),
            network=network(received.ip) if received.ip else None,
        )
        steps.append(Step(field, received, hop))
        newer = received
    origin = None
    if boundary >= 0:
        origin = Origin(boundary, lines[boundary][1].ip, rule, rule, None)
    return Route(tuple(steps), origin, boundary)


def _boundary(lines: list[Received], settings: Settings) -> tuple[int, str]:
    """The hop that took the message from outside and the rule that found it; (-1, rule) when all of it stayed inside.

    Every line above the answer was written by the reader's side: a line further down can't make itself the answer, whatever
    names it carries.
    """
    edge = _provider_edge(lines)
    if edge >= 0:
        return edge, "provider-edge"
    own = {domain.registrable(name) for name in (*settings.own_domains, *settings.incoming_servers)} - {""}
    for index, line in enumerate(lines):
        if line.by:
            organisation = domain.registrable(line.by)
            if organisation and not own:
                own.add(organisation)  # the topmost server is where the reader's mail arrived
        if not line.ip or is_private(line.ip) or not line.relay:
            continue
        below = lines[index + 1] if index + 1 < len(lines) else None
        if line.rdns and domain.registrable(line.rdns) in own and below and domain.registrable(below.by) in own:
            continue  # handed on inside the reader's own organisation, and the next line says so too
        return index, "own-organisation"
    return -1, "no-outside-hop"


def _provider_edge(lines: list[Received]) -> int:
    """The edge line of the provider whose servers wrote the topmost lines; -1 where there is none.

    Only an unbroken run of that provider's own lines (and of the reader's own machine above them) is walked.
    """
    provider = None
    last = -1
    for index, line in enumerate(lines):
        by = line.by.lower()
        if provider is None:
            provider = next((known for known in _PROVIDERS if known[0].fullmatch(by)), None)
            if provider is None:
                if line.ip and not is_private(line.ip) and line.relay:
                    return -1
                continue
        if not provider[0].fullmatch(by):
            return last
        if not line.ip or is_private(line.ip) or not line.relay:
            continue
        last = index
        if provider[1].fullmatch(by):
            return index
    return last


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
