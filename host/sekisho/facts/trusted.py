"""Whether the sender that a message names is one whom the reader trusts, and whether the message is proven to be that sender's.

Trust says who may write. It weighs only where a signature or the domain's own rules (DMARC) prove who wrote, never by what From says: a name
that the reader trusts is what a deceiver would borrow. What is in the message counts as ever: a trusted mailbox can be stolen.
"""

from __future__ import annotations

from sekisho.facts.identity import Identity
from sekisho.facts.papers import Papers
from sekisho.mail import domain
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.tables import mailbox_providers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.report import Account, Finding

PROVEN, UNPROVEN, FAILED, USED = "proven", "unproven", "failed", "used"
_PROOFS = ("dkim", "dmarc")  # SPF lets every customer of a cloud pass for every other
# What says who wrote and by which road. Not where answers go: that is what the thief of a mailbox changes.
_SENDER = ("field:from", "field:sender", "field:return-path", "field:received", "field:date", "hop:")


class Trusted(NamedTuple):
    """`entry`: the list's, an address or a domain. `standing`: proven; unproven (nothing speaks for it, or nothing is known); failed (something
    speaks against it); used (somebody else may have sent it from that very mailbox)."""

    entry: str
    standing: str


def find(listed: Iterable[str], identity: Identity, papers: Papers, account: Account) -> Trusted | None:
    """The entry that names the message's one author; None where none does."""
    entry = named(listed, identity)
    if not entry:
        return None
    if account.state == "used":
        return Trusted(entry, USED)
    if papers.failed or papers.refusal is not None:
        return Trusted(entry, FAILED)
    return Trusted(entry, PROVEN if proven(identity, papers) else UNPROVEN)


def named(listed: Iterable[str], identity: Identity) -> str:
    """The entry for the message's author, the address before its domain; "" where there is none, or not one author."""
    if len(identity.authors) != 1 or identity.author is None:
        return ""
    address, host = identity.author.address.lower(), identity.author.domain.lower()
    fits = [entry for entry in listed if entry == address or ("@" not in entry and _within(host, entry))]
    return max(fits, key=lambda entry: ("@" in entry, len(entry)), default="")


def proven(identity: Identity, papers: Papers) -> bool:
    """Whether a proof names the author's organisation; where strangers share that, the author's very domain."""
    if identity.author is None or papers.failed:
        return False
    host, common = identity.author.domain.lower(), mailbox_providers.shared(identity.organisation)
    return any(one.by in _PROOFS and (one.host == host or not common) for one in papers.vouches)


def counted(trusted: Trusted | None, findings: list[Finding]) -> list[Finding]:
    """The findings that weigh: with a trusted and proven sender not the lesser doubts about who wrote and by which road."""
    if trusted is None or trusted.standing != PROVEN:
        return findings
    return [one for one in findings if one.severity == "high" or not one.where or not _about_sender(one)]


def _about_sender(finding: Finding) -> bool:
    return all(place.startswith(_SENDER) for place in finding.where)


def _within(host: str, entry: str) -> bool:
    """Whether a host lies in a domain that one organisation has for itself."""
    organisation = domain.registrable(entry)
    if not organisation or (organisation == entry and mailbox_providers.shared(organisation)):
        return False
    return host == entry or host.endswith("." + entry)
