"""Drafts of letters: whom to write to, what to say, and the message itself as it is attached. Nothing is ever sent from here."""

from __future__ import annotations

from collections.abc import Mapping

from sekisho import engine
from sekisho.mail import masking
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.panel import complaint
from sekisho.panel.complaint import HEADER, MASKED, NOTHING, PLAIN
from sekisho.questions import Question, State
from sekisho.report import as_json
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import Any

LANGUAGES = tuple(complaint.TEXT)
MAX_ATTACHED = 10 << 20  # bytes: many desks refuse more
MAX_MASKED = 2 << 20  # of a message that is looked through for the reader's own


class Attached(NamedTuple):
    """What goes with a letter. `kind`: the message plain or masked, its header alone, or nothing."""

    kind: str
    data: bytes

    @property
    def name(self) -> str:
        return "header.txt" if self.kind == HEADER else "message.eml"

    @property
    def media_type(self) -> str:
        return "text/rfc822-headers" if self.kind == HEADER else "message/rfc822"  # RFC 6522 §4


class Draft(NamedTuple):
    to: str
    subject: str
    body: str
    report: str
    told: str
    attached: Attached

    def plain(self) -> dict[str, Any]:
        """As it goes to the extension; what is attached goes apart."""
        kind = self.attached.kind if self.attached.data else "none"
        named = {"name": self.attached.name, "media_type": self.attached.media_type, "size": len(self.attached.data)}
        return {
            "to": self.to,
            "subject": self.subject,
            "body": self.body,
            "report": self.report,
            "told": self.told,
            "attached": {"kind": kind, **named},
        }


def draft(
    message: Message,
    known: Mapping[Question, State],
    settings: Settings,
    address: str,
    language: str,
    mask: bool,
    now: int,
    *,
    campaign: bool = False,
) -> Draft | None:
    """The letter to a recipient that the message's report names, None for any other; `mask`: without what is the reader's own;
    `campaign`: about every message of one kind with this one, which is attached as one of them."""
    veil = _veil(message, known, settings, now) if mask else None
    attached = _attached(message, veil)
    letter = engine.letter(
        message, known, settings, address, language, attached.kind, veil or complaint.unveiled, campaign=campaign
    )
    return Draft(*letter, attached) if letter is not None else None


def _attached(message: Message, veil: complaint.Veil | None) -> Attached:
    """The message as it goes with a letter: whole, or its header where it is too large or something would stay in it."""
    header = message.source[: message.header.body]
    if veil is None:
        return Attached(HEADER, header) if message.size > MAX_ATTACHED else Attached(PLAIN, message.source)
    if message.size <= MAX_MASKED:
        data, whole = masking.masked(message.source, veil)
        if whole:
            return Attached(MASKED, data)
    data = masking.header_of(header, veil)
    return Attached(HEADER, data) if data else Attached(NOTHING, b"")


def _veil(message: Message, known: Mapping[Question, State], settings: Settings, now: int) -> complaint.Veil:
    """What finds the reader's own, as a report for strangers has it; the mailbox that a letter is about stays readable in it."""
    from sekisho.paint.publication import own_of
    from sekisho.paint.veil import Veil

    report = as_json(engine.analyse(message, known, settings, now).report)
    own = own_of(report, settings)
    if report["account"]["state"] == "used" and report["account"]["whose"] != "reader":
        own = own._replace(addresses=tuple(one for one in own.addresses if one.lower() != report["account"]["address"]))
    return Veil(own).text
