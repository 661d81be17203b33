"""An Office file loads a part of itself from elsewhere when it is opened: the macro that the mail's filter never saw."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

# What is run or shown as a part of the document; pictures and linked workbooks are loaded by honest files as well.
_LOADED = {"oleObject", "frame", "subDocument"}

CHECK = Check(
    "external-template",
    "high",
    {
        "en": Text(
            "“{file}” loads a part of itself from {source}",
            "The document fetches a template or an object from elsewhere as soon as it is opened. Attackers do that so that what "
            "is dangerous is not in the mail when it is checked.",
            "Don't open the file. If you know the sender, ask by telephone for a document that is complete in itself.",
        ),
        "ja": Text(
            "「{file}」は開くと {source} から一部を読み込みます",
            "この文書は、開いた瞬間にテンプレートやオブジェクトを外部から取り寄せます。危険な中身をメールの検査に見せないために使われる手口です。",
            "ファイルを開かないでください。知り合いからなら電話で伝えて、単独で完結した文書を送ってもらいましょう。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for file in facts.opened:
        loaded = file.of("template") + [one for one in file.of("external") if one.get("what") in _LOADED]
        for record in loaded[:1]:
            yield CHECK.finding(file.anchor, file=file.name, source=record.get("url", ""))
