"""Every field that names somebody who has to do with the message, and whether they are one organisation (Public Suffix List)."""

from __future__ import annotations

from sekisho.facts.identity import Identity
from sekisho.mail import domain
from sekisho.mail.address import domain_of
from sekisho.mail.message import Message
from sekisho.report import Party

MAX_PARTIES = 20
_FIELDS = ("sender", "reply-to", "return-path")


def collect(message: Message, identity: Identity) -> tuple[Party, ...]:
    """The domains that the header names, From's first, each once a field. They differ in much honest mail: facts, no warning."""
    named = [("from", author.domain) for author in identity.authors]
    named += [(field, one.domain) for field in _FIELDS for one in message.addresses(field)]
    number = message.unstructured("message-id")
    if number is not None:
        named.append(("message-id", domain_of(number.strip().strip("<>"))))
    listed = message.unstructured("list-id")
    if listed is not None:
        named.append(("list-id", listed.rpartition("<")[2].strip("> ").lower()))
    parties = []
    for field, host in list(dict.fromkeys(named))[:MAX_PARTIES]:
        organisation = domain.registrable(host)
        if host:
            same = organisation == identity.organisation if organisation and identity.organisation else None
            parties.append(Party(field, host, organisation or None, same))
    return tuple(parties)
