"""A mail gateway took an attachment out and left its notice: the message carried malware."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "removed-by-gateway",
    "high",
    {
        "en": Text(
            "Already removed, the text says: {file} ({virus})",
            "The notice in the text says that {product} found {virus} and took it out before the mail reached you. The name stands for: "
            "{named}. That the mail carried it says enough about its sender, or about the sender's computer. A sender could write such a "
            "notice too: don't follow a link in it.",
            "Nothing is left to open: no harm is done. Don't ask for the file again, and warn the person by telephone if you know them.",
        ),
        "ja": Text(
            "本文によると、すでに削除されています:{file}({virus})",
            "本文の通知には、{product} が {virus} を見つけ、届く前に取り除いたと書かれています。この名前が表すもの:{named}。"
            "差出人、またはそのパソコンが危険なファイルを送ってきたことに変わりはありません。"
            "こうした通知は送り手にも書けるので、通知の中のリンクは開かないでください。",
            "すでに削除されているので実害はありません。再送を頼まず、知り合いなら電話で知らせてあげてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for told in facts.removed:
        notice = told.notice
        yield CHECK.finding(told.where, file=notice.file, virus=notice.virus, product=notice.product, named=told.named)
