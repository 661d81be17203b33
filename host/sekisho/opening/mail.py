"""A message that came as a file, packed so that the outer message's own reading passes it by: its files and its links."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sekisho.mail import text_links
from sekisho.mail.message import Message
from sekisho.opening.entry import Entry


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """The files of the message."""
    message = Message(data)
    for file in message.files:
        content = partial(_read, message, file.part)
        yield Entry(file.part.filename or "", file.size, file.size, False, content)


def read(data: bytes) -> list[dict[str, Any]]:
    """The record of an archive, and of each link one of the kind `link` (`records`)."""
    from sekisho.opening import archive
    from sekisho.opening.records import Records

    found = Records()
    for part in Message(data).texts:
        for one in part.links:
            found.add("link", url=one.url, how="link")
        for url in text_links.find(part.text):
            found.add("link", url=url, how="text")
    return [*archive.read(data), *found.found]


def _read(message: Message, part: Any, most: int) -> bytes:
    return message.content(part)[:most]
