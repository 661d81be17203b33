"""A file name that is written so that its real extension is not seen."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.file_names import Name
from sekisho.questions import Ask
from sekisho.tables.file_types import DISK_IMAGE, HTML, RUNS

_HIDING = frozenset(("override", "invisible", "gap", "long", "trailing", "double"))

CHECK = Check(
    "disguised-name",
    "high",
    {
        "en": Text(
            "The name “{file}” hides what the file is: .{extension}",
            "The name is made to look like that of a harmless document: a second extension, characters that turn the writing round or can't be "
            "seen, or blanks that push the end out of sight. The computer goes by the real end of the name.",
            "Don't open it. A name like this is not made by accident.",
        ),
        "ja": Text(
            "「{file}」という名前は、本当の種類(.{extension})を隠しています",
            "二重の拡張子、文字の向きを逆にする記号や目に見えない文字、末尾を画面の外へ押し出す空白などで、無害な文書に見せかけた名前です。"
            "パソコンは、名前の本当の末尾に従って動作します。",
            "開かないでください。こうした名前が偶然できることはありません。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        severity = _severity(file.name, file.opens_as)
        if severity:
            yield CHECK.finding(
                f"attachment:{number}", severity=severity, file=file.name.shown, extension=file.name.extension or "?"
            )


def _severity(name: Name, opens_as: str) -> str | None:
    if opens_as in RUNS and _HIDING.intersection(name.tricks):
        return "high"
    if opens_as in (HTML, DISK_IMAGE) and _HIDING.intersection(name.tricks):
        return "medium"
    return "medium" if "override" in name.tricks else None
