"""The text offers money: an inheritance, a donation, a loan, a job, an investment."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-money-offered",
    "info",
    {
        "en": Text(
            "It offers money: an inheritance, a loan, a job or an investment",
            "It says “{sentence}”. Money from strangers always costs first: a fee, a copy of your passport, your "
            "account number.",
            "Don't answer if you did not ask for it.",
        ),
        "ja": Text(
            "遺産・寄付・融資・副業・投資など、お金の話が書かれています",
            "本文には「{sentence}」とあります。見知らぬ人からのうまい話は、"
            "手数料・身分証の写し・口座番号などを先に求めてきます。",
            "心当たりがなければ返信しないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("money-offered")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
