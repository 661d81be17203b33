"""What stands beside the Received lines and speaks of the same road: Resent blocks and Google's lines of its inside.

A field belongs to the Received line just above it, which was written next; whose word it is follows from that place. Above
the checkpoint the reader's own side wrote it. Between two lines of a provider that is followed, no customer could; below the
last of them anybody could.
"""

from __future__ import annotations

from sekisho.facts.route import Route
from sekisho.mail import queue_id, received, resent
from sekisho.mail.fields import Field
from sekisho.mail.message import Message
from sekisho.mail.received import Received
from sekisho.mail.resent import Block
from sekisho.named import NamedTuple
from sekisho.report import Resent

MAX_INSIDE = 20


class InsideLine(NamedTuple):
    """An X-Received field, as Google's servers write where they hand on to each other; no standard has it, and it is no hop."""

    field: Field
    received: Received
    hop: int  # the Received line just above it; -1 where there is none
    standing: str  # proven | plausible | claimed | contradicted


class Beside(NamedTuple):
    resent: tuple[Resent, ...]  # newest first
    inside: tuple[InsideLine, ...]


def read(message: Message, route: Route) -> Beside:
    """Both kinds, each with its line and its standing."""
    resendings = [_shown(block, *_place(block.field, route)) for block in resent.read(message.header)]
    inside = []
    for field in message.header.all("x-received")[:MAX_INSIDE]:
        line = received.parse(field.text)
        hop, standing = _place(field, route)
        clock = queue_id.read(line)
        if clock is not None and clock.verdict != queue_id.AGREES and standing != "proven":
            standing = "contradicted"
        inside.append(InsideLine(field, line, hop, standing))
    return Beside(tuple(resendings), tuple(inside))


def _shown(block: Block, hop: int, standing: str) -> Resent:
    return Resent(
        hop if hop >= 0 else None,
        block.from_,
        block.sender,
        block.to,
        block.date.iso if block.date else None,
        block.message_id or None,
        standing,
    )


def _place(field: Field, route: Route) -> tuple[int, str]:
    hop = sum(step.field.start < field.start for step in route.steps) - 1
    if hop < route.boundary:
        return hop, "proven"
    extended = route.origin.extended if route.origin else None
    if extended is not None and hop < extended.hop:
        return hop, "plausible"
    made_up = hop >= 0 and route.steps[hop].hop.standing == "contradicted"
    return hop, "contradicted" if made_up else "claimed"
