"""What the reader can do about the message, part by part. A painter that can't do a thing leaves out its button."""

from __future__ import annotations

from sekisho.panel import View, keep, letters, mailbox, used_account
from sekisho.panel.primitives import Primitive
from sekisho.panel.primitives import block as make

PARTS = (used_account.parts, letters.parts, keep.parts, mailbox.parts)


def block(view: View) -> Primitive | None:
    """The actions block; None where there is nothing to do."""
    body = [primitive for parts in PARTS for primitive in parts(view)]
    return make("actions", view.words("actions"), body) if body else None
