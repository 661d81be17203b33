"""What speaks for the sender, as far as it weighs: proof of who writes, and that the reader knows him.

Never what anybody can arrange for himself: a signature for a domain of one's own says nothing of what the mail is after, and weighs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.facts import Facts
from sekisho.facts.trusted import PROVEN, proven
from sekisho.tables import brands, mailbox_providers

OWN_NOTE, TRUSTED_SENDER, KNOWN_CORRESPONDENT, GENUINE_BRAND = (
    "own-note",
    "trusted-sender",
    "known-correspondent",
    "genuine-brand",
)


def find(facts: Facts) -> Iterator[str]:
    """The ids of what speaks for the sender, at most one for who it is and one for the brand."""
    identity, account = facts.identity, facts.account
    if account.state == "used" or facts.papers.failed:
        return
    proof = proven(identity, facts.papers)
    if account.state == "own-login" and identity.author and identity.author.address.lower() in identity.readers:
        yield OWN_NOTE
    elif facts.trusted is not None and facts.trusted.standing == PROVEN:
        yield TRUSTED_SENDER
    elif _known(facts, proof):
        yield KNOWN_CORRESPONDENT
    if proof and brands.of_domain(identity.organisation) and not mailbox_providers.shared(identity.organisation):
        yield GENUINE_BRAND


def _known(facts: Facts, proof: bool) -> bool:
    """Whether the sender writes as ever (which takes proof of its own), or is proven and the reader knows the address."""
    return (facts.history is not None and facts.history.as_always) or (proof and bool(facts.known))
