"""What lies among the mail and came by another way: articles of newsgroups and items of feeds. Said where nothing says that a
mail server had it: whatever a sender writes, a delivered mail has the lines of those who delivered it."""

from __future__ import annotations

from sekisho.panel import View
from sekisho.panel.primitives import Primitive, sentence


def said(view: View) -> list[Primitive]:
    """One sentence about such a message, none about a mail."""
    header, lines = view.facts.message.header, view.facts.route.steps
    if not lines and header.first("newsgroups") and header.first("path"):  # RFC 5536 section 3.1
        return [sentence(view.words("route.news"))]
    # As Thunderbird stores it (FeedItem.sys.mjs).
    identifier = header.first("message-id")
    made = (
        identifier is not None and identifier.body.endswith(b"@localhost.localdomain>") and header.first("content-base")
    )
    if made and all(field.body.startswith(b"by localhost;") for field in header.all("received")):
        return [sentence(view.words("route.feed"))]
    return []
