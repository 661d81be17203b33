"""The files of a message: what they are by content, against what they say they are, and what the second stage found in them."""

from __future__ import annotations

from sekisho.mail import mime
from sekisho.mail.message import File, Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import OPENED, Ask, Question
from sekisho.report import Attachment
from sekisho.tables import file_types

if TYPE_CHECKING:
    from typing import Any

    from sekisho.facts.file_names import Name

MAX_OPENED = 20  # files of a message that are opened
MAX_OPENED_BYTES = 64 << 20
MAX_PAGE = 1 << 20  # encoded bytes of an attached page that are looked at


class Known(NamedTuple):
    """A file with all that is known of it so far."""

    attachment: Attachment
    name: Name
    group: str  # of the content; "" where nothing is known of it
    opens_as: str  # what a double click makes of it
    page: frozenset[str]  # what an attached page or drawing does (facts.pages)
    codes: frozenset[str]  # what the second stage noted
    members: tuple[Member, ...]
    title: str  # of an attached message: its subject


class Member(NamedTuple):
    """A file inside another."""

    shown: str  # its path, that of the archive it lies in included, with what can't be seen in it made visible
    name: Name
    group: str
    opens_as: str
    encrypted: bool


def collect(message: Message, ask: Ask) -> tuple[Known, ...]:
    """Every file with what is known of it so far; nothing is opened or written here."""
    asked, beyond = _chosen(message)
    return tuple(
        _known(message, file, asked.get(number), beyond.get(number), ask) for number, file in enumerate(message.files)
    )


def to_open(message: Message) -> list[tuple[int, Question]]:
    """The files that the second stage can say more of, by their place among the message's files."""
    return sorted(_chosen(message)[0].items())


def _chosen(message: Message) -> tuple[dict[int, Question], dict[int, str]]:
    """What is opened, and why what could be is not. Where there are too many, pictures come last and the larger of them
    first: small ones beside a document are a letter's ornaments, or in its way."""
    out: dict[int, Question] = {}
    beyond: dict[int, str] = {}
    left = MAX_OPENED_BYTES
    known: set[Question] = set()
    for number, file in sorted(enumerate(message.files), key=_turn):
        if file.kind is None or not file.kind.reader:
            continue
        question = Question(OPENED, file.kind.reader, file.sha256)
        if question not in known:
            if file.size > left or len(known) >= MAX_OPENED:
                beyond[number] = "too-large" if file.size > MAX_OPENED_BYTES else "too-many"
                continue
            known.add(question)
            left -= file.size
        out[number] = question
    return out, beyond


def _turn(numbered: tuple[int, File]) -> tuple[bool, int]:
    file = numbered[1]
    picture = file.kind is not None and file.kind.group == file_types.IMAGE
    return picture, -file.size if picture else 0


def _known(message: Message, file: File, question: Question | None, beyond: str | None, ask: Ask) -> Known:
    members: list[dict[str, Any]] = []
    codes: set[str] = set()
    opened, failed, locked = "failed" if beyond else "none", beyond, False
    if question is not None:
        answer, why = ask(question), ask.failed(question)
        if answer is not None:
            opened = "done"
            for record in answer.records:
                if isinstance(record, dict):
                    members += [one for one in record.get("members") or () if isinstance(one, dict)]
                    codes.update(str(code) for code in record.get("findings") or ())
                    locked = locked or (record.get("kind") == "encrypted" and record.get("password") is True)
        elif why is not None:
            opened, failed = "failed", why.reason
        elif ask.waiting(question):
            opened = "waiting"
    from sekisho.facts import file_names

    name = file_names.read(file.part.filename or "")
    group = file.kind.group if file.kind else ""
    locked = locked or "hidden-names" in codes or any(bool(one.get("encrypted")) for one in members)
    attachment = Attachment(
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
        encrypted=locked if opened == "done" else None,
    )
    return Known(
        attachment,
        name,
        group,
        _opens_as(name, group),
        _page(message, file, name, group),
        frozenset(codes),
        tuple(_member(one) for one in members),
        message.title(file.part),
    )


def _member(one: dict[str, Any]) -> Member:
    from sekisho.facts import file_names

    path = str(one.get("name") or "")
    name = file_names.read(path.rpartition("/")[2])
    inside = f"{one['inside']} › {path}" if one.get("inside") else path
    group = str(one.get("group") or "")
    return Member(file_names.read(inside).shown, name, group, _opens_as(name, group), bool(one.get("encrypted")))


def _opens_as(name: Name, group: str) -> str:
    """By the name, as every computer does; a program's content counts whatever its name. A file that is called by an
    address (`me@sender.com`) is no program while its content is not."""
    if group in (file_types.PROGRAM, file_types.SHORTCUT, file_types.DISK_IMAGE):
        return group
    if name.extension == "com" and "@" in name.shown and group:
        return group
    return name.group or group


def _page(message: Message, file: File, name: Name, group: str) -> frozenset[str]:
    if file_types.HTML not in (group, name.group):
        return frozenset()
    if file.part.content_type == "text/html" and file.part.disposition != "attachment":
        return frozenset()  # it is shown with the letter, without scripts
    from sekisho.facts import pages

    return pages.signs(mime.text(message.source, file.part, MAX_PAGE)[0])
