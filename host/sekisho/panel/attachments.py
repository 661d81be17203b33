"""The files in the message, a card each: what each really is, what opening it would do, and what is inside."""

from __future__ import annotations

from sekisho.facts.attachments import Known, Member
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, copy, fold, heading, listing, more, sentence, table
from sekisho.panel.primitives import block as make
from sekisho.panel.removed import told
from sekisho.panel.words import Words

MAX_SHOWN = 30
MAX_MEMBERS = 100
MIN_TOGETHER = 3  # pictures of the letter that stand in one fold
_GRAVE = frozenset(
    ("program", "script", "shortcut", "disk-image", "html")
)  # opening it does more than to show something


def block(view: View) -> Primitive | None:
    """The attachments block; None when there are none, and no text says that there was one."""
    files, removed = view.facts.files, told(view)
    if not files and not removed:
        return None
    words = view.words
    named = {place for finding in view.findings for place in finding.where}
    suspicious = [number for number in range(len(files)) if f"attachment:{number}" in named]
    pictures = [number for number in range(len(files)) if number not in suspicious and _of_the_letter(view, number)]
    if len(pictures) < MIN_TOGETHER:
        pictures = []
    others = [number for number in range(len(files)) if number not in suspicious and number not in pictures]
    shown = [*suspicious, *others[:MAX_SHOWN]]
    body = [listing([_card(view, number, files[number]) for number in shown])] if shown else []
    if len(others) > MAX_SHOWN:
        body.append(more(words("attachments.more", count=len(others) - MAX_SHOWN)))
    if pictures:
        inside = [listing([_card(view, number, files[number]) for number in pictures[:MAX_SHOWN]])]
        if len(pictures) > MAX_SHOWN:
            inside.append(more(words("attachments.more", count=len(pictures) - MAX_SHOWN)))
        body.append(fold(words("attachments.pictures", count=len(pictures)), inside))
    return make("attachments", words("attachments"), body + removed)


def _of_the_letter(view: View, number: int) -> bool:
    """Whether a file is a picture that is shown as a part of the letter."""
    file, part = view.facts.files[number], view.facts.message.files[number].part
    return file.opens_as == "image" and part.disposition != "attachment" and not file.name.tricks


def _card(view: View, number: int, file: Known) -> list[Primitive]:
    words, attachment = view.words, file.attachment
    extension, size = file.name.extension, _size(attachment.size, words)
    out = [heading(file.name.shown or file.title or words("attachments.unnamed"), f"attachment:{number}")]
    kind = file.opens_as if file.group == "text" and file.opens_as in _GRAVE else file.group  # a script is a text
    if kind:
        out.append(sentence(words("attachments.is", kind=words(f"kind.{kind}"), size=size)))
    else:
        out.append(sentence(words("attachments.is.unknown", size=size)))
    if file.opens_as in _GRAVE and _opened_by_hand(view, number):
        out.append(sentence(words(f"attachments.opens.{file.opens_as}"), "warn"))
    if file.opens_as in _GRAVE or "override" in file.name.tricks:
        for trick in file.name.tricks:
            key = f"attachments.trick.{trick}"
            out.append(sentence(words(key, extension=extension, looks=_looks(attachment.filename or "")), "warn"))
    rows = [
        [words("attachments.real"), attachment.detected_type or words("attachments.real.unknown")],
        [words("attachments.type"), attachment.content_type],
        [words("attachments.size"), words("size", size=f"{attachment.size:,}")],
        [words("attachments.hash"), attachment.sha256],
    ]
    details = [table(rows), copy(words("attachments.hash.copy"), attachment.sha256)]
    out += [
        *_inside(view, file),
        *_read(view, f"attachment:{number}"),
        fold(words("attachments.details"), details),
    ]
    return out


def _looks(name: str) -> str:
    """A name as a list of files draws it: what follows an override stands from right to left (UAX #9)."""
    before, mark, after = name.partition("\u202e")
    turned, _, rest = after.partition("\u202c")
    return before + turned[::-1] + rest if mark else name


def _size(size: int, words: Words) -> str:
    if size < 1000:
        return words("size", size=size)
    unit = "kb" if size < 999_500 else "mb"
    amount = size / (1000 if unit == "kb" else 1_000_000)
    return words(f"size.{unit}", size=f"{amount:.0f}" if amount >= 10 else f"{amount:.1f}")


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
    return [name, _size(size, words) if isinstance(size, int) else "", kind]
