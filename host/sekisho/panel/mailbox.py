"""What the reader can do with the message in the mailbox: report it as junk, put it away, trust its sender or take that back.

The extension does it; the host only says what there is to be done. A trust is offered where it would count: of one author who is proven and
nothing speaks against.
"""

from __future__ import annotations

from sekisho.panel import View
from sekisho.panel.primitives import Primitive, action, fold, sentence


def parts(view: View) -> list[Primitive]:
    """One fold; nothing for a message of which only the first bytes have arrived."""
    if not view.read or not view.facts.message.source:
        return []
    words = view.words
    body = [
        action(words("mailbox.junk"), "junk", {"on": True}, words("mailbox.junk-note")),
        action(words("mailbox.trash"), "move", {"to": "trash"}, words("mailbox.trash-note")),
        *_trust(view),
    ]
    return [fold(words("mailbox"), body)]


def _trust(view: View) -> list[Primitive]:
    facts, words = view.facts, view.words
    trusted = facts.trusted
    if trusted is not None:
        return [
            sentence(words(f"mailbox.trusted.{trusted.standing}", sender=trusted.entry)),
            action(
                words("mailbox.take-back", sender=trusted.entry), "trust", {"sender": trusted.entry, "on": False}, None
            ),
        ]
    author = facts.identity.author
    if author is None or not author.domain or len(facts.identity.authors) != 1:
        return []
    address = author.address.lower()
    if address in facts.identity.readers or view.verdict.level == "danger" or facts.account.state == "used":
        return []
    from sekisho.facts.trusted import proven

    if not proven(facts.identity, facts.papers):
        return []
    note = words("mailbox.trust-note", sender=address)
    return [action(words("mailbox.trust", sender=address), "trust", {"sender": address, "on": True}, note)]
