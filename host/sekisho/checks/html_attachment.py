"""A web page sent as a file: it opens in the browser from the reader's own disk, where no filter looks."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.pages import FORM, PASSWORD, REDIRECT, SMUGGLING
from sekisho.questions import Ask
from sekisho.tables.file_types import HTML

CHECK = Check(
    "html-attachment",
    "medium",
    {
        "en": Text(
            "“{file}” is a web page sent as a file: {does}",
            "An attached page opens in your browser without any address that could be checked or blocked. A page that asks for a password, or that makes "
            "a file or another page out of what it carries encoded, is sent this way to get past filters.",
            "Don't open it, and never type a password into it. Go to the company's site by an address that you know.",
        ),
        "ja": Text(
            "「{file}」はファイルとして送られたウェブページです({does})",
            "添付されたページは、確認や遮断の手がかりになるアドレスなしにブラウザーで開きます。パスワードを入力させるページや、"
            "暗号のように埋め込んだデータからファイルや別の画面を作り出すページは、フィルターを避けるためにこの形で送られます。",
            "開かず、パスワードも絶対に入力しないでください。会社のサイトへは、ご存じのアドレスから進んでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        shown_with_the_letter = not file.page and facts.message.files[number].part.disposition != "attachment"
        if HTML not in (file.group, file.name.group) or file.attachment.detected_type == "image/svg+xml":
            continue
        if shown_with_the_letter and file.attachment.content_type == "text/html":
            continue
        severity, does = _weight(file.page)
        yield CHECK.finding(f"attachment:{number}", severity=severity, file=file.name.shown, does=does)


def _weight(page: frozenset[str]) -> tuple[str, str]:
    """How grave it is, and the code of what the page does."""
    if PASSWORD in page:
        return "high", "password"
    if SMUGGLING in page:
        return "high" if FORM in page else "medium", "smuggling"
    if FORM in page:
        return "medium", "form"
    return ("medium", "redirect") if REDIRECT in page else ("low", "nothing")
