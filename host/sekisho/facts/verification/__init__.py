"""What was verified here of a message's papers: SPF, DKIM, ARC and DMARC, as far as the answers that are known allow.

Every key and every record is asked for like any other question, and comes when it comes: until then a result is `unknown`,
which is neither good nor bad. Results are RFC 8601's words (§2.7) and `unknown`; each has a `reason`, a code for the panel.
"""

from __future__ import annotations

from sekisho.facts.identity import Identity
from sekisho.facts.route import Route
from sekisho.facts.verification import dmarc, sender_policy, signatures
from sekisho.facts.verification.dmarc import Dmarc
from sekisho.facts.verification.sender_policy import Spf
from sekisho.facts.verification.signatures import Arc, Dkim
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import Ask

if TYPE_CHECKING:
    from typing import Any


class Verified(NamedTuple):
    """None: there is nothing to verify (no sender, no chain)."""

    spf: Spf | None
    dkim: tuple[Dkim, ...]
    dmarc: Dmarc | None
    arc: Arc | None

    def shown(self) -> dict[str, Any]:
        """As it stands in the report."""
        return {
            "spf": self.spf._asdict() if self.spf else {},
            "dkim": [one._asdict() for one in self.dkim],
            "dmarc": self.dmarc._asdict() if self.dmarc else {},
            "arc": self.arc._asdict() if self.arc else {},
        }


NOTHING = Verified(None, (), None, None)


def collect(message: Message, identity: Identity, route: Route, ask: Ask) -> Verified:
    """Everything that can be verified of a message that came in whole."""
    if not message.complete:
        return NOTHING  # half a body has no hash
    date = route.entry.received.date if route.entry else None
    arrived = date.epoch if date else None
    spf = sender_policy.check(message, route, ask)
    dkim = signatures.verify(message, arrived, ask)
    arc = signatures.verify_chain(message, ask)
    author = identity.author.domain if identity.author else ""
    return Verified(spf, dkim, dmarc.evaluate(author, spf, dkim, ask) if author else None, arc)
