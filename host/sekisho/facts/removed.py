"""What the message's texts say that a gateway took out of it, and what the virus' name means."""

from __future__ import annotations

from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.report import Attachment
from sekisho.tables import gateway_notices

if TYPE_CHECKING:
    from sekisho.tables import virus_names

MAX_REMOVED = 50


class Removed(NamedTuple):
    """One file that a text says was removed. `where`: the part that says so."""

    notice: gateway_notices.Notice
    meaning: virus_names.Meaning
    where: str

    @property
    def named(self) -> tuple[str, ...]:
        """What the name stands for, as names of the panel's words: threat.phishing, platform.html."""
        found = (("threat", self.meaning.kind), ("platform", self.meaning.platform))
        return tuple(f"{what}.{code}" for what, code in found if code) or ("threat.unknown",)


def collect(message: Message) -> tuple[Removed, ...]:
    """Every file once, in the order they are told. Without a virus' name it may be about anything, a size limit for one."""
    out: dict[tuple[str, str], Removed] = {}
    for part in message.texts:
        for notice in gateway_notices.find(part.text):
            if notice.virus and len(out) < MAX_REMOVED:
                from sekisho.tables import virus_names  # few mails need to know what a virus is called

                told = Removed(notice, virus_names.meaning(notice.virus), f"part:{part.part.number}")
                out.setdefault((notice.file, notice.virus), told)
    return tuple(out.values())


def marked(files: tuple[Attachment, ...], removed: tuple[Removed, ...]) -> tuple[Attachment, ...]:
    """The attachments, those with `removed_by_gateway` that are themselves the notice that took a file's place."""
    by_part = {told.where: told for told in reversed(removed)}
    return tuple(
        file._replace(removed_by_gateway=_said(by_part[file.where])) if file.where in by_part else file
        for file in files
    )


def _said(told: Removed) -> dict[str, str | None]:
    notice, meaning = told.notice, told.meaning
    return {
        "file": notice.file or None,
        "virus": notice.virus,
        "product": notice.product or None,
        "threat": meaning.kind or None,
        "platform": meaning.platform or None,
        "family": meaning.family or None,
    }
