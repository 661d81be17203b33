"""The parts of a message that are files: name, declared type, size and hash. Nothing is opened or written."""

from __future__ import annotations

from sekisho.mail import mime
from sekisho.mail.digest import sha256
from sekisho.mail.message import Message
from sekisho.report import Attachment

MAX_ATTACHMENTS = 200


def collect(message: Message) -> tuple[Attachment, ...]:
    """Every leaf part that is named, declared an attachment, or neither text nor multipart."""
    out: list[Attachment] = []
    for part in message.parts:
        if not part.leaf or not _is_file(part):
            continue
        if len(out) >= MAX_ATTACHMENTS:
            message.defects.append("too-many-attachments")
            break
        data = mime.content(message.source, part)
        out.append(
            Attachment(
                filename=part.filename,
                content_type=part.content_type,
                detected_type=None,
                size=len(data),
                sha256=sha256(data),
                removed_by_gateway=None,
                members=(),
            )
        )
    return tuple(out)


def _is_file(part: mime.Part) -> bool:
    if part.disposition == "attachment" or part.filename:
        return True
    return not part.content_type.startswith(("text/", "multipart/")) and part.start < part.end
