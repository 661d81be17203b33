"""What lies among the mail and came by another way: articles of newsgroups and items of feeds. Said where nothing says that a
mail server had it: whatever a sender writes, a delivered mail has the lines of those who delivered it."""

from __future__ import annotations

from sekisho.facts import Facts
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, sentence

NEWS, FEED = "news", "feed"


def kind(facts: Facts) -> str:
    """NEWS, FEED, or "" for a mail."""
    header, lines = facts.message.header, facts.route.steps
    if not lines and header.first("newsgroups") and header.first("path"):  # RFC 5536 section 3.1
        return NEWS
    # As Thunderbird stores it (FeedItem.sys.mjs), with a Received line of its own that names neither a server nor a peer.
    identifier = header.first("message-id")
    made = (
        identifier is not None and identifier.body.endswith(b"@localhost.localdomain>") and header.first("content-base")
    )
    return FEED if made and all(step.field.body.startswith(b"by localhost;") for step in lines) else ""


def said(view: View, which: str) -> list[Primitive]:
    """What there is to say of the road of one of that kind."""
    line = [sentence(view.words("route.feed-line"), "muted")] if which == FEED and view.facts.route.steps else []
    return [sentence(view.words(f"route.{which}")), *line]
