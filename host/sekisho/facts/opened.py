"""What the second stage read in images, PDFs, Office files and messages that came as files: codes for cameras, ways out, what acts and what hides."""

from __future__ import annotations

import re

from sekisho.facts.attachments import to_open
from sekisho.mail import text_links
from sekisho.mail.html import HtmlLink
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import Ask

if TYPE_CHECKING:
    from typing import Any

KINDS = {
    "image": "qr",
    "pdf": "pdf",
    "office": "office",
    "mail": "link",
}  # a reader, and the kind of the links in what it reads
_BARE = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?:/[!-~]{0,2000})?", re.IGNORECASE)


class Opened(NamedTuple):
    """One file's records; `sekisho.opening.records` has their kinds and keys."""

    anchor: str  # attachment:0
    where: str  # part:3
    name: str
    reader: str  # image | pdf | office | mail
    records: tuple[dict[str, Any], ...]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The records of one kind."""
        return [record for record in self.records if record.get("kind") == kind]


def collect(message: Message, ask: Ask) -> tuple[Opened, ...]:
    """The files that have been opened, in the order they stand."""
    out = []
    for number, question in to_open(message):
        answer = ask(question) if question.type in KINDS else None
        if answer is not None:
            part = message.files[number].part
            records = tuple(record for record in answer.records if isinstance(record, dict))
            out.append(
                Opened(f"attachment:{number}", f"part:{part.number}", part.filename or "", question.type, records)
            )
    return tuple(out)


def links(opened: tuple[Opened, ...]) -> list[tuple[str, list[HtmlLink]]]:
    """Where the files lead: each file's part, and its links of the kind qr, pdf or office."""
    out = []
    for file in opened:
        found = [HtmlLink(address, "", "qr") for code in file.of("code") for address in addresses(code)]
        kind = KINDS[file.reader]
        for record in file.records:
            if record.get("kind") in ("link", "template", "external"):
                found.append(HtmlLink(str(record.get("url", "")), "", kind))
        out.append((file.where, found))
    return out


def addresses(code: dict[str, Any]) -> list[str]:
    """The web addresses in a code's text. A camera also opens one that is written without a scheme."""
    text = str(code.get("text", "")).strip()
    return text_links.find(text) or ([f"http://{text}"] if _BARE.fullmatch(text) else [])
