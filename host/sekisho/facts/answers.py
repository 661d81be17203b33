"""Where an answer would go, where that is another organisation than the sender's address names."""

from __future__ import annotations

import re
from collections.abc import Collection

from sekisho.facts.identity import Identity
from sekisho.mail import domain
from sekisho.mail.message import Message
from sekisho.named import NamedTuple
from sekisho.tables import mailbox_providers

# How the addresses begin that nobody reads.
_NOT_READ = ("no-reply", "noreply", "no_reply", "donotreply", "do-not-reply")
ALIKE = 5  # letters at the beginning of two mailboxes' names that make them one person's
MIN_WORD = 4  # letters by which a mailbox bears an organisation's name


class Answers(NamedTuple):
    """`reading`: list (to the list, or to all who got it), claimed (a free mailbox under a brand's name), free (a free mailbox under an
    organisation's address), free-named (one that bears
    the organisation's name, or the sender's where nobody reads its own address), free-list (a list says that it is the writer's),
    elsewhere."""

    address: str
    organisation: str
    reading: str


def read(message: Message, identity: Identity, recipients: Collection[str], from_list: str) -> Answers | None:
    """The first address of Reply-To (RFC 5322 §3.6.2) that is of another organisation; None where answers stay in the house."""
    author = identity.author
    if author is None or not identity.organisation:
        return None
    for one in message.addresses("reply-to")[:20]:
        other = domain.registrable(one.domain)
        if not other or other == identity.organisation:
            continue
        address = one.address.lower()
        return Answers(address, other, _reading(message, identity, address, recipients, from_list))
    return None


def other_mailbox(message: Message, identity: Identity, recipients: Collection[str]) -> str:
    """The private mailbox of another name to which the answer to a private mailbox's letter goes; "" where there is none.

    One person's mailboxes are named alike as a rule, and what nobody reads is no mailbox."""
    author = identity.author
    if author is None or not mailbox_providers.personal(identity.organisation):
        return ""
    for one in message.addresses("reply-to")[:20]:
        address = one.address.lower()
        if (
            address not in {author.address.lower(), *recipients}
            and not address.startswith((*_NOT_READ, "postmaster"))
            and mailbox_providers.personal(domain.registrable(one.domain))
            and not _alike(address, author.address.lower())
        ):
            return address
    return ""


def _alike(one: str, other: str) -> bool:
    first, second = ("".join(filter(str.isalpha, address.rpartition("@")[0])) for address in (one, other))
    return not first or not second or first in second or second in first or first[:ALIKE] == second[:ALIKE]


def _reading(message: Message, identity: Identity, address: str, recipients: Collection[str], from_list: str) -> str:
    local, _, host = address.rpartition("@")
    if from_list == "proven" or address in recipients or address in (message.unstructured("list-post") or "").lower():
        return "list"
    if not mailbox_providers.personal(domain.registrable(host)):
        return "elsewhere"
    if identity.brand is not None:
        return "claimed"
    if mailbox_providers.shared(identity.organisation):
        return "elsewhere"
    if from_list:
        return "free-list"
    words = [word for word in re.split(r"[^a-z]+", identity.organisation.partition(".")[0]) if len(word) >= MIN_WORD]
    if identity.author is not None and identity.author.address.lower().startswith(_NOT_READ):
        # A platform writes for a small business, and asks for answers to the business itself.
        words += [word for word in re.split(r"[\W\d_]+", identity.name.lower()) if len(word) >= MIN_WORD]
    return "free-named" if any(word in local for word in words) else "free"
