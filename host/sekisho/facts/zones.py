"""The zone of the Date field beside the countries of its sender and of the address that handed the message over.

On its own this weighs little: people travel, services abroad send for their customers, and many programs write UTC, which
says nothing of a place. A provider's servers stand anywhere, so what they handed over is not looked at.
"""

from __future__ import annotations

from sekisho.facts import claims
from sekisho.facts.route import Route
from sekisho.facts.timing import Timing
from sekisho.named import NamedTuple
from sekisho.tables import countries, zones
from sekisho.tables.providers import SUBMISSION


class Zone(NamedTuple):
    """A zone that does not fit: `offset` in minutes east of UTC; codes are ISO 3166-1."""

    offset: int
    home: str  # country of the sender's top-level domain
    country: str  # where the address that handed it over is
    at_home: bool  # whether clocks at home show that offset


def elsewhere(timing: Timing, route: Route, author: str) -> Zone | None:
    """A Date that no clock at the hand-over would give, from a sender under a country's top-level domain; else None."""
    written, entry = timing.written, route.entry
    if written is None or not written.zoned or written.offset == 0 or entry is None or entry.hop.network is None:
        return None
    country = entry.hop.network.country or ""
    home = countries.of_domain(author)
    shown, at_home = zones.offsets(country), zones.offsets(home)
    if not shown or not at_home or written.offset in shown:
        return None
    if claims.organisation(entry.received.rdns) in SUBMISSION:
        return None
    return Zone(written.offset, home, country, written.offset in at_home)
