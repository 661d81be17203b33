"""The text says that a document, a fax or a voice message is waiting."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-document-waiting",
    "info",
    {
        "en": Text(
            "It says that a document or a message is waiting for you",
            "It says “{sentence}”. Such notices are sent by many services, and copied to lead to a false login.",
            "If you did not expect it, ask the person named, not by answering this mail.",
        ),
        "ja": Text(
            "文書・ファックス・音声メッセージなどが届いていると書かれています",
            "本文には「{sentence}」とあります。多くのサービスが送る通知ですが、"
            "偽のログイン画面へ誘うためにまねられることもあります。",
            "心当たりがなければ、このメールに返信するのではなく、別の方法で相手に確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("document-waiting")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
