"""The text says that money is to go to another bank account."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-bank-details-changed",
    "info",
    {
        "en": Text(
            "It is about a transfer or other bank details than before",
            "It says “{sentence}”. Whoever reads along in a mailbox writes this at the right moment, in the "
            "right tone, even from the real address. Much money is lost this way.",
            "Before any money moves, call somebody you know there, under a number you have had before.",
        ),
        "ja": Text(
            "振込先の変更や至急の送金について書かれています",
            "本文には「{sentence}」とあります。取引先のメールを盗み見た者が、絶好のタイミングで、"
            "本物のアドレスから送ってくることもあります。被害額の大きい手口です。",
            "送金の前に、以前から知っている電話番号で取引先の担当者に直接確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("bank-details-changed")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
