"""Resent blocks (RFC 5322 §3.6.6): somebody who had the message passed it on unchanged, and says so in a block of Resent- fields.

Each resending puts its block on top of the header it found, so the newest stands topmost, below the Received lines of the way
it took from there. Anybody can write one.
"""

from __future__ import annotations

from sekisho.mail.address import parse as parse_addresses
from sekisho.mail.date import Date
from sekisho.mail.date import parse as parse_date
from sekisho.mail.fields import Field, Header
from sekisho.named import NamedTuple
from sekisho.report import Address

MAX_BLOCKS = 20
MAX_SHOWN = 20  # addresses of one block
_NAMES = frozenset(
    ["resent-from", "resent-sender", "resent-to", "resent-cc", "resent-bcc", "resent-date", "resent-message-id"]
)
_TRACE = frozenset(["received", "return-path"])


class Block(NamedTuple):
    """One resending; `field` is the topmost of its fields."""

    field: Field
    from_: tuple[Address, ...]
    sender: Address | None
    to: tuple[Address, ...]  # Resent-To and Resent-Cc
    date: Date | None
    message_id: str


def read(header: Header) -> list[Block]:
    """The blocks, newest first, at most MAX_BLOCKS. A block ends at a trace field, or where a name comes a second time."""
    blocks: list[Block] = []
    found: dict[str, Field] = {}
    for field in header.fields:
        if field.name in _TRACE or field.name in found:
            if found:
                blocks.append(_block(found))
                found = {}
            if len(blocks) >= MAX_BLOCKS:
                return blocks
        if field.name in _NAMES:
            found[field.name] = field
    if found:
        blocks.append(_block(found))
    return blocks


def _block(found: dict[str, Field]) -> Block:
    def addresses(*names: str) -> tuple[Address, ...]:
        return tuple(address for name in names if name in found for address in parse_addresses(found[name].body))

    date = found.get("resent-date")
    identity = found.get("resent-message-id")
    return Block(
        min(found.values(), key=lambda field: field.start),
        addresses("resent-from")[:MAX_SHOWN],
        next(iter(addresses("resent-sender")), None),
        addresses("resent-to", "resent-cc")[:MAX_SHOWN],
        parse_date(date.text) if date else None,
        identity.text.strip().removeprefix("<").removesuffix(">") if identity else "",
    )
