"""A file that leads somewhere else or starts something when it is opened: a shortcut."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables.file_types import SHORTCUT

# Shortcuts to a page, which people do send each other; all others start programs or connect to a stranger's computer.
_TO_A_PAGE = frozenset(("url", "webloc", "website"))

CHECK = Check(
    "shortcut-attached",
    "high",
    {
        "en": Text(
            "“{file}” is a shortcut, not a document",
            "A shortcut holds no content of its own: opening it starts a program or leads to a place that its sender chose, and it may bear "
            "the icon of a document.",
            "Don't open it. Nobody needs to send a shortcut to show you a document.",
        ),
        "ja": Text(
            "「{file}」は文書ではなくショートカットです",
            "ショートカットには中身がありません。開くと、差出人が決めたプログラムや接続先が開きます。"
            "アイコンだけを文書に見せかけることもできます。",
            "開かないでください。文書を見せるためにショートカットを送る必要はありません。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        if file.opens_as == SHORTCUT:
            severity = "medium" if file.name.extension in _TO_A_PAGE else "high"
            yield CHECK.finding(f"attachment:{number}", severity=severity, file=file.name.shown)
