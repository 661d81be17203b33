"""Whether the reader knows the sender: from the address book, as Thunderbird says of this one address, or from having written to it.

Anybody can write a known address into From: that it is known speaks for the sender only where somebody vouches that it is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sekisho.facts.history import History
from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

ADDRESS_BOOK, SENT = "address-book", "sent"
WAYS = (ADDRESS_BOOK, SENT)


def read(address: str, records: Sequence[Any], history: History | None) -> tuple[str, ...]:
    """Of WAYS those that hold. `records`: of the answer to `questions.KNOWN`; what was asked about another address does not count."""
    said = {
        way
        for row in records
        if isinstance(row, Mapping) and str(row.get("address") or "").lower() == address != ""
        for way in row.get("by") or ()
    }
    if history is not None and history.written:
        said.add(SENT)
    return tuple(way for way in WAYS if way in said)
