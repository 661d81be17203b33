"""The files of a message: what they are by content, against what they say they are, and what the second stage found in them."""

from __future__ import annotations

from sekisho.mail.message import File, Message
from sekisho.questions import OPENED, Ask, Question
from sekisho.report import Attachment

MAX_OPENED = 20  # files of a message that are opened
MAX_OPENED_BYTES = 64 << 20


def collect(message: Message, ask: Ask) -> tuple[Attachment, ...]:
    """Every file with what is known of it so far; nothing is opened or written here."""
    asked = dict(to_open(message))
    return tuple(_attachment(file, asked.get(number), ask) for number, file in enumerate(message.files))


def to_open(message: Message) -> list[tuple[int, Question]]:
    """The files that the second stage can say more of, by their place among the message's files."""
    out: list[tuple[int, Question]] = []
    left = MAX_OPENED_BYTES
    for number, file in enumerate(message.files):
        if file.kind is None or not file.kind.reader or file.size > left or len(out) >= MAX_OPENED:
            continue
        left -= file.size
        out.append((number, Question(OPENED, file.kind.reader, file.sha256)))
    return out


def _attachment(file: File, question: Question | None, ask: Ask) -> Attachment:
    members: list[dict[str, object]] = []
    opened, failed = "none", None
    if question is not None:
        answer, why = ask(question), ask.failed(question)
        if answer is not None:
            opened = "done"
            for record in answer.records:
                if isinstance(record, dict) and isinstance(record.get("members"), list):
                    members += [one for one in record["members"] if isinstance(one, dict)]
        elif why is not None:
            opened, failed = "failed", why.reason
        elif ask.waiting(question):
            opened = "waiting"
    return Attachment(
        filename=file.part.filename,
        content_type=file.part.content_type,
        detected_type=file.kind.media_type if file.kind else None,
        size=file.size,
        sha256=file.sha256,
        removed_by_gateway=None,
        members=tuple(members),
        where=f"part:{file.part.number}",
        opened=opened,
        failed=failed,
        encrypted=any(bool(one.get("encrypted")) for one in members) if opened == "done" else None,
    )
