"""An archive that is built to mislead or to exhaust whatever opens it."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

_TRAPS = ("bomb", "overlap", "names-differ", "too-deep")

CHECK = Check(
    "archive-trap",
    "medium",
    {
        "en": Text(
            "“{file}” is built to trick programs that unpack it",
            "It claims to unpack to a thousand times its size, hides archives many levels deep, or gives one file two names or several files the same bytes. No "
            "program that people pack files with does that.",
            "Don't unpack it. It may fill your disk, or come out as something else than what a scanner has seen.",
        ),
        "ja": Text(
            "「{file}」は、展開するソフトを欺くように作られています",
            "展開すると千倍以上に膨らむ、圧縮ファイルが何重にも入っている、一つのファイルに二つの名前がある、複数のファイルが同じデータを指す、のいずれかです。"
            "普通の圧縮ソフトで作ったファイルが、このようになることはありません。",
            "展開しないでください。ディスクがいっぱいになったり、検査されたものとは別の中身が出てきたりするおそれがあります。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        found = [code for code in _TRAPS if code in file.codes]
        if found:
            yield CHECK.finding(f"attachment:{number}", file=file.name.shown, codes=found)
