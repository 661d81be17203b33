"""What a reader may say of a file: plain JSON values, bounded in count and length, each thing once.

| kind | of | other keys |
|---|---|---|
| code | a code for cameras | `symbology`, `text`, `position`: its four corners as [x, y] in pixels, clockwise; `page` in a PDF |
| link | an address that the file (a message, too) leads to | `url`, `how`: link, text, form, template, external, macro or launch; `page` in a PDF |
| document | the file | `format`; where they apply `width`, `height`, `pages`, `title` |
| action | what a PDF does | `action` (ISO 32000-2 §12.6.4: JavaScript, Launch, SubmitForm ...), `trigger`: open, event or click; `target` |
| macro | a program in an Office file | `language`: vba or xlm; `auto`: names that run by themselves; `calls`: what it reaches for |
| template | a template that is loaded from elsewhere | `url` |
| external | another part that is loaded from elsewhere | `url`, `what`: oleObject, frame, image ... |
| command | a field that starts a program (DDE) | `text` |
| embedded | a file or an object inside | `name`, `what`: file, ole, equation, activex; `update`: it acts when the file is opened |
| encrypted | the contents are enciphered | `password`: whether one must be typed |
| password-field | a form that asks for a password | |
| limit | something was left out | `limit`: its name |
"""

from __future__ import annotations

MAX_RECORDS = 300
MAX_TEXT = 2048  # characters of one value
MAX_VALUES = 20  # of one list


class Records:
    """The records of one file, in the order they were found."""

    def __init__(self) -> None:
        self.found: list[dict[str, object]] = []
        self._known: set[str] = set()

    def add(self, kind: str, **values: object) -> None:
        """One record; what is there already, or one too many, is not added. Values that are None are left out."""
        if len(self.found) > MAX_RECORDS:
            return
        record: dict[str, object] = {"kind": kind}
        record.update((key, _bounded(value)) for key, value in values.items() if value is not None)
        identity = repr(sorted(record.items(), key=lambda item: item[0]))
        if identity in self._known:
            return
        self._known.add(identity)
        if len(self.found) == MAX_RECORDS:
            record = {"kind": "limit", "limit": "too-many-records"}
        self.found.append(record)

    def limit(self, name: str) -> None:
        self.add("limit", limit=name)


def _bounded(value: object) -> object:
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, (list, tuple)):
        return [_bounded(one) for one in value[:MAX_VALUES]]
    return value
