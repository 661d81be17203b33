"""Which domains somebody other than the sender vouches for: those that a proof names, never those that a header names.

A proof is the reader's own server's result (RFC 8601), a signature or policy verified here, or the peer's name that the reader's own
server found true. It says whose machine or key was used, and nothing about what the message says.
"""

from __future__ import annotations

from collections.abc import Iterable

from sekisho.facts.authentication import Outcome
from sekisho.facts.route import Route
from sekisho.mail import domain
from sekisho.mail.writers import confirmed_name
from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sekisho.facts.verification import Verified

METHODS = ("dkim", "dmarc", "spf")


class Voucher(NamedTuple):
    """`by`: dkim (it signed), dmarc (its own rules are kept), spf (its envelope may come from there), host (its machine handed over)."""

    host: str
    organisation: str  # registrable domain
    by: str


def collect(results: Iterable[Outcome], verified: Verified | None, route: Route) -> tuple[Voucher, ...]:
    """Every domain that is vouched for, once a way. `results` are those of the reader's own side."""
    named = [(one.domain, one.method) for one in results if one.result == "pass" and one.method in METHODS]
    if verified is not None:
        named += [(one.domain, "dkim") for one in verified.dkim if one.result == "pass"]
        if verified.spf is not None and verified.spf.result == "pass":
            named.append((verified.spf.domain, "spf"))
        if verified.dmarc is not None and verified.dmarc.result == "pass":
            named.append((verified.dmarc.domain, "dmarc"))
    if route.entry is not None:
        named.append((confirmed_name(route.entry.received), "host"))
    found = [Voucher(host.lower(), domain.registrable(host), by) for host, by in dict.fromkeys(named)]
    return tuple(voucher for voucher in found if voucher.organisation)
