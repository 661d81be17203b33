"""The files in the message: name, declared type, size, hash."""

from __future__ import annotations

from sekisho.panel import View
from sekisho.panel.primitives import Primitive, more, table
from sekisho.panel.primitives import block as make

MAX_SHOWN = 30


def block(view: View) -> Primitive | None:
    """The attachments block; None when there are none."""
    words, files = view.words, view.facts.attachments
    if not files:
        return None
    columns = [words(f"attachments.{key}") for key in ("name", "type", "size", "hash")]
    rows = [
        [
            file.filename or words("attachments.unnamed"),
            file.content_type,
            words("size", size=f"{file.size:,}"),
            file.sha256,
        ]
        for file in files[:MAX_SHOWN]
    ]
    body: list[Primitive] = [table(rows, columns)]
    if len(files) > MAX_SHOWN:
        body.append(more(words("attachments.more", count=len(files) - MAX_SHOWN)))
    return make("attachments", words("attachments"), body)
