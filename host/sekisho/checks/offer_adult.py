"""The text advertises pornography, or acquaintances that wait for the reader."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-adult",
    "low",
    {
        "en": Text(
            "It advertises sex or acquaintances",
            "It says “{sentence}”. Who is said to wait for you is made up most of the time: the site lives from fees, from card "
            "numbers, or from what it can threaten you with later.",
            "Don't answer, and send no pictures of yourself.",
        ),
        "ja": Text(
            "アダルトや出会いの誘いです",
            "本文には「{sentence}」とあります。待っているという相手はたいてい実在しません。利用料やカード番号、"
            "後で脅しに使える写真が目当てです。",
            "返信せず、自分の写真を送らないでください。身に覚えのない請求が来ても、払う必要はありません。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-adult")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
