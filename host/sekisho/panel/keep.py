"""Copying and saving the report, for the reader or for strangers: the form is chosen with the button, the cut with a switch."""

from __future__ import annotations

from sekisho.panel import View
from sekisho.panel.primitives import Primitive, action, fold

SAVED = ("html", "markdown", "json")


def parts(view: View) -> list[Primitive]:
    """One closed fold; nothing while the message is still arriving."""
    if not view.read:
        return []
    words = view.words
    body = [
        action(words("keep.publication"), "publication", {}, words("keep.publication.note")),
        action(words("keep.copy"), "keep", {"how": "copy", "format": "markdown"}),
        *(action(words(f"keep.save.{form}"), "keep", {"how": "save", "format": form}) for form in SAVED),
        action(words("keep.save.stix"), "keep", {"how": "save", "format": "stix"}, words("keep.stix")),
    ]
    return [fold(words("keep"), body)]
