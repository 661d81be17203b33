"""The files in the message, a card each: what each really is, what opening it would do, and what is inside."""

from __future__ import annotations

from sekisho.facts.attachments import Known, Member
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, copy, fold, heading, more, sentence, table
from sekisho.panel.primitives import block as make
from sekisho.panel.removed import told

MAX_SHOWN = 30
MAX_MEMBERS = 100
_GRAVE = frozenset(
    ("program", "script", "shortcut", "disk-image", "html")
)  # opening it does more than to show something


def block(view: View) -> Primitive | None:
    """The attachments block; None when there are none, and no text says that there was one."""
    files, removed = view.facts.files, told(view)
    if not files and not removed:
        return None
    named = {place for finding in view.findings for place in finding.where}
    shown = [number for number in range(len(files)) if number < MAX_SHOWN or f"attachment:{number}" in named]
    body: list[Primitive] = []
    for number in shown:
        body += _card(view, number, files[number])
    if len(files) > len(shown):
        body.append(more(view.words("attachments.more", count=len(files) - len(shown))))
    return make("attachments", view.words("attachments"), body + removed)


def _card(view: View, number: int, file: Known) -> list[Primitive]:
    words, attachment = view.words, file.attachment
    real = words("attachments.real.unknown")
    if file.group:
        kind = words(f"kind.{file.group}")
        real = words("attachments.real.known", kind=kind, type=attachment.detected_type)
    rows = [
        [words("attachments.type"), attachment.content_type],
        [words("attachments.real"), real],
        [words("attachments.size"), words("size", size=f"{attachment.size:,}")],
        [words("attachments.hash"), attachment.sha256],
    ]
    out = [heading(file.name.shown or file.title or words("attachments.unnamed"), f"attachment:{number}")]
    if file.opens_as in _GRAVE and _opened_by_hand(view, number):
        out.append(sentence(words(f"attachments.opens.{file.opens_as}"), "warn"))
    if file.opens_as in _GRAVE or "override" in file.name.tricks:
        out += [
            sentence(words(f"attachments.trick.{trick}", extension=file.name.extension), "warn")
            for trick in file.name.tricks
        ]
    out += [
        table(rows),
        *_inside(view, file),
        *_read(view, f"attachment:{number}"),
        copy(words("attachments.hash.copy"), attachment.sha256),
    ]
    return out


def _read(view: View, anchor: str) -> list[Primitive]:
    """What was read in a picture, a PDF or an Office file."""
    if not view.facts.opened:
        return []
    from sekisho.panel import opened

    return opened.sentences(view, anchor)


def _opened_by_hand(view: View, number: int) -> bool:
    """Whether the reader has to open the file to see it: a page that is not an attachment is shown with the letter."""
    part = view.facts.message.files[number].part
    return part.disposition == "attachment" or part.content_type != "text/html"


def _inside(view: View, file: Known) -> list[Primitive]:
    """What the second stage saw, how far it is, or why it saw nothing."""
    words, attachment = view.words, file.attachment
    if attachment.opened == "waiting":
        return [sentence(words("attachments.waiting"), "muted")]
    if attachment.opened == "failed":
        reason = words(f"attachments.failed.{attachment.failed}")
        return [sentence(words("attachments.failed", reason=reason), "warn")]
    out: list[Primitive] = []
    if attachment.members:
        columns = [words(f"attachments.members.{name}") for name in ("name", "size", "type")]
        both = zip(attachment.members[:MAX_MEMBERS], file.members, strict=False)
        rows = [_row(view, said, member) for said, member in both]
        body = [table(rows, columns)]
        if len(attachment.members) > MAX_MEMBERS:
            body.append(more(words("attachments.members.more", count=len(attachment.members) - MAX_MEMBERS)))
        out.append(fold(words("attachments.members", count=len(attachment.members)), body))
    elif attachment.opened == "done" and file.group in ("archive", "disk-image") and not file.codes:
        out.append(sentence(words("attachments.members.none"), "muted"))
    out += [
        sentence(words(f"attachments.note.{code}"), "muted")
        for code in sorted(file.codes)
        if words.has(f"attachments.note.{code}")
    ]
    return out


def _row(view: View, said: dict[str, object], member: Member) -> list[str]:
    words = view.words
    name = member.shown or words("attachments.unnamed")
    kind = words(f"kind.{member.opens_as}") if words.has(f"kind.{member.opens_as}") else ""
    if member.encrypted:
        kind = words("attachments.members.locked")
    size = said.get("size")
    return [name, words("size", size=f"{size:,}") if isinstance(size, int) else "", kind]
