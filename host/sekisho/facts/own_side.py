"""Whether the sender's address is the reader's own, and whether the reader's own side handed the message over."""

from __future__ import annotations

from sekisho.mail import domain
from sekisho.mail.writers import confirmed_name
from sekisho.named import TYPE_CHECKING
from sekisho.tables import providers, scanners

if TYPE_CHECKING:
    from sekisho.facts import Facts
    from sekisho.facts.route import Step
    from sekisho.mail.message import Message


def whose(facts: Facts) -> str:
    """Whose the sender's address is: address (the reader's), domain (of the reader's domain), both (perhaps: nobody knows the
    reader's, and it is in From and To), or "" where it is somebody else's."""
    identity = facts.identity
    author = identity.author
    if author is None or not author.address:
        return ""
    if author.address.lower() in identity.readers:
        return "address"
    if facts.provider.owns(author.domain):
        return "domain"
    return "both" if identity.to_self and not identity.readers else ""


def handed_over(facts: Facts, entry: Step) -> bool:
    """Whether a server of the reader's own side handed it over. A HELO is the sender's own choice: only a name that the own server
    found true counts, but for readers whom nobody knows."""
    author, received = facts.identity.author, entry.received
    confirmed = confirmed_name(received)
    host = confirmed if facts.identity.readers or facts.provider.told else received.rdns or received.helo
    if author is None or domain.same_organisation(host, author.domain) or providers.from_inside(received.by, confirmed):
        return True
    if facts.provider.owns(confirmed) or confirmed.lower() in facts.provider.servers - {""}:
        return True
    # Colleagues and the own site send through the same provider; so do its other customers, of whom nothing tells unless the proof failed.
    return not facts.papers.failed and (
        any(brand.runs(domain.registrable(confirmed)) for brand in facts.provider.brands)
        or (scanners.provider(confirmed) or None) == scanners.provider(received.by)
    )


def signed_by_google(message: Message, mine: str) -> bool:
    """Whether a signature is there that Google makes for a firm without a key of its own: `firm-example.20230601.gappssmtp.com`, once the firm
    has shown that firm.example is its own. Whole or broken (DKIM, RFC 6376 §3.5)."""
    start = mine.replace(".", "-") + "."
    for field in message.header.all("dkim-signature"):
        for tag in field.text.split(";"):
            name, _, value = tag.partition("=")
            signer = value.strip().lower()
            if name.strip() == "d" and signer.startswith(start) and signer.endswith(".gappssmtp.com"):
                return True
    return False
