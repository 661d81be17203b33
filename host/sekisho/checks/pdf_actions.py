"""A PDF does something when it is opened, or starts a program."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.named import TYPE_CHECKING
from sekisho.questions import Ask

if TYPE_CHECKING:
    from typing import Any

CHECK = Check(
    "pdf-actions",
    "medium",
    {
        "en": Text(
            "“{file}” does more than a document should: {action}",
            "The PDF runs a script, opens an address or sends data when it is opened, or it starts a program or loads another file. "
            "A letter or an invoice needs none of that.",
            "Don't open it in a PDF program of its own. Ask the sender by telephone what the file is for.",
        ),
        "ja": Text(
            "「{file}」には文書に不要な動作があります({action})",
            "この PDF は、開くとスクリプトを実行したり、アドレスを開いたり、データを送信したりする、またはプログラムや別のファイルを呼び出します。"
            "手紙や請求書にはどれも要りません。",
            "PDF ソフトで開かないでください。何のファイルなのか、差出人に電話で確かめましょう。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for file in facts.opened:
        acts = list(dict.fromkeys(str(one.get("action")) for one in file.of("action") if _telling(one)))
        if acts:
            yield CHECK.finding(file.anchor, file=file.name, action=acts)


def _telling(action: dict[str, Any]) -> bool:
    """Scripts on events reckon in honest forms, and a form is sent by a click: told in the panel, no warning."""
    if action.get("action") in ("Launch", "ImportData"):
        return True
    if action.get("action") in ("GoToR", "GoToE"):
        return "//" in str(action.get("target", "")).replace("\\", "/")  # another computer's file, not one beside it
    return action.get("trigger") == "open"
