"""Who the message says it is from, and who is reading it."""

from __future__ import annotations

from sekisho.facts.route import Route
from sekisho.mail import domain
from sekisho.mail.message import Message
from sekisho.named import NamedTuple
from sekisho.report import Address
from sekisho.settings import Settings
from sekisho.tables import brands


class Identity(NamedTuple):
    author: Address | None  # the first mailbox of From
    authors: tuple[Address, ...]  # all of them, in every From field
    name: str  # every name that From shows, one after the other
    organisation: str  # registrable domain of the author's address
    brand: brands.Brand | None  # the well-known name that From claims
    to_self: bool  # From and To are one and the same mailbox
    readers: frozenset[str]  # addresses known to be the reader's: options, Delivered-To, the hand-over line's `for`


def read(message: Message, settings: Settings, route: Route) -> Identity:
    """The claimed author and the reader's own addresses."""
    authors = message.addresses("from")
    author = next((address for address in authors if address.address), authors[0] if authors else None)
    readers = set(settings.own_addresses)
    for name in ("delivered-to", "x-original-to", "envelope-to"):
        # Only the part of the header that the reader's own servers wrote can say for whom the mail was.
        readers.update(
            field.text.strip().strip("<>").lower()
            for field in message.header.all(name)
            if _above_entry(field.start, route)
        )
    for step in route.steps[: route.boundary + 1]:
        if step.received.recipient:
            readers.add(step.received.recipient.lower())
    own = author.address.lower() if author else ""
    name = " ".join(one.name for one in authors if one.name)
    recipients = {recipient.address.lower() for recipient in message.addresses("to")}
    return Identity(
        author=author,
        authors=authors,
        name=name,
        organisation=domain.registrable(author.domain) if author else "",
        brand=_brand(name) if name else None,
        to_self=bool(own) and recipients == {own},
        readers=frozenset(readers - {""}),
    )


def _brand(name: str) -> brands.Brand | None:
    """The brand in a name, also where each of its Japanese letters stands by itself: blanks hide it from no reader."""
    found = brands.named_in(name)
    if found is None and not name.isascii() and (" " in name or "\u3000" in name):
        from sekisho.mail.folding import fold

        found = brands.named_in(fold(name[:300]).text)
    return found


def _above_entry(start: int, route: Route) -> bool:
    return route.entry is not None and start < route.entry.field.start
