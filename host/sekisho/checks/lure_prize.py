"""The text promises a prize, a gift, points or free coins."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-prize",
    "info",
    {
        "en": Text(
            "It promises a prize, a gift or points",
            "It says “{sentence}”. Shops do run campaigns. Who asks for a card number, a fee or a password for a "
            "prize, wants just that.",
            "Enter nothing to receive it. Look for the campaign on the company's own page.",
        ),
        "ja": Text(
            "当選・プレゼント・ポイントの進呈について書かれています",
            "本文には「{sentence}」とあります。実際のキャンペーンのこともありますが、"
            "受け取りにカード番号・手数料・パスワードを求めるものは、それが目的です。",
            "受け取りのために何も入力せず、企業の公式サイトでキャンペーンの有無を確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("prize")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
