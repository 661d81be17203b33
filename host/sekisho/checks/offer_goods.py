"""The text advertises what mass mailings sell: medicine without a prescription, copies of brands, miracle cures."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-goods",
    "low",
    {
        "en": Text(
            "It advertises goods that mass mailings sell",
            "It says “{sentence}”. Medicine without a prescription, copies of brands, diplomas for money, miracle cures: honest "
            "shops don't sell these, and what arrives, if anything does, is not what was ordered.",
            "Don't order. The card number that you enter goes to people who hide.",
        ),
        "ja": Text(
            "迷惑メールの典型的な商品の広告です",
            "本文には「{sentence}」とあります。処方箋なしの医薬品、ブランド品のコピー、買える学位、奇跡のような効き目の商品などは、"
            "まともな店では売っていません。注文しても届かないか、別の物が届きます。",
            "注文しないでください。入力したカード番号は、素性を隠した相手に渡ります。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-goods")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
