"""A document starts a program when it is opened: DDE, an exploit's object, a program laid into it."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.named import TYPE_CHECKING
from sekisho.questions import Ask
from sekisho.tables import file_types

if TYPE_CHECKING:
    from typing import Any

    from sekisho.facts.opened import Opened

CHECK = Check(
    "document-acts",
    "high",
    {
        "en": Text(
            "“{file}” is made to start a program: {what}",
            "The document contains a command, a program file, or an object that is known from attacks on Office. "
            "Letters, invoices and price lists contain nothing of the kind.",
            "Don't open the file, and delete the mail. If you know the sender, warn them by telephone.",
        ),
        "ja": Text(
            "「{file}」はプログラムを動かすように作られています({what})",
            "文書の中に、コマンドやプログラムファイル、または Office への攻撃に使われるオブジェクトが入っています。"
            "手紙や請求書、価格表にこのようなものは入りません。",
            "ファイルを開かず、メールを削除してください。知り合いからなら、電話で知らせてあげてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for file in facts.opened:
        what = list(dict.fromkeys(_commands(file) + [_named(one) for one in file.of("embedded") if _attacks(one)]))
        if what:
            yield CHECK.finding(file.anchor, file=file.name, what=what)


def _commands(file: Opened) -> list[str]:
    return [str(one.get("text", "")) for one in file.of("command")]


def _attacks(embedded: dict[str, Any]) -> bool:
    """An equation that acts at opening, or a file whose name makes a double click run it."""
    extension = str(embedded.get("name", "")).lower().rpartition(".")[2]
    runs = file_types.group_of(extension) in file_types.RUNS
    return runs or (embedded.get("what") == "equation" and bool(embedded.get("update")))


def _named(embedded: dict[str, Any]) -> str:
    return str(embedded.get("name") or "Equation Editor")
