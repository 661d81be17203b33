"""A mail gateway took an attachment out and left its notice: the message carried malware."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables import gateway_notices

CHECK = Check(
    "removed-by-gateway",
    "high",
    {
        "en": Text(
            "A mail gateway removed “{file}”: {virus}",
            "The notice in the text says that the attachment held {virus} and was taken out before the mail reached you. "
            "That the mail carried it says enough about its sender, or about the sender's computer.",
            "Nothing is left to open: no harm is done. Don't ask for the file again, and warn the person by telephone if you know them.",
        ),
        "ja": Text(
            "添付ファイル「{file}」はゲートウェイで削除済みです({virus})",
            "本文の通知によると、添付ファイルから {virus} が見つかり、届く前に取り除かれています。"
            "差出人、またはそのパソコンが危険なファイルを送ってきたことに変わりはありません。",
            "すでに削除されているので実害はありません。再送を頼まず、知り合いなら電話で知らせてあげてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    seen = set()
    for part in facts.message.texts:
        for notice in gateway_notices.find(part.text):
            # Without a virus' name it may be about anything, a size limit for one.
            if notice.virus and notice.file not in seen:
                seen.add(notice.file)
                yield CHECK.finding(
                    f"part:{part.part.number}", file=notice.file, virus=notice.virus, product=notice.product
                )
