"""The text asks for a favour, for secrecy, or to be answered elsewhere."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-errand",
    "info",
    {
        "en": Text(
            "It asks for a quick favour, for secrecy, or for an answer elsewhere",
            "It says “{sentence}”. Frauds in a superior's name begin like that: a short question, no telephone "
            "call, and it must stay between you.",
            "If it is somebody you know, call them before you do anything.",
        ),
        "ja": Text(
            "急ぎの頼みごとや、内密・別の連絡手段への誘導が書かれています",
            "本文には「{sentence}」とあります。社長や上司を装う詐欺は、短い問いかけ、電話を避ける口実、"
            "内密の依頼から始まります。",
            "知っている人からの頼みなら、何かする前に電話で本人に確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("errand")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
