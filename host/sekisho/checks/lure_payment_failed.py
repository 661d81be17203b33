"""The text says that a payment failed, is overdue, or was taken."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-payment-failed",
    "info",
    {
        "en": Text(
            "It is about a payment: failed, overdue or taken",
            "It says “{sentence}”. It may be so. It is also how card numbers are asked for, and how people are "
            "made to call a false support line.",
            "Check it in your account or with your bank. Use no link and no telephone number from this mail for it.",
        ),
        "ja": Text(
            "支払いの失敗・未払い・請求について書かれています",
            "本文には「{sentence}」とあります。事実のこともありますが、カード番号を入力させたり、"
            "偽の窓口に電話させたりする手口でもあります。",
            "公式の会員ページやカード会社で確かめてください。このメールのリンクや電話番号は使わないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("payment-failed")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
