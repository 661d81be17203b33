"""The text speaks of a tax, a refund, a fine, a toll or a court."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-tax-or-fine",
    "info",
    {
        "en": Text(
            "It is about a tax, a refund, a fine, a toll or a court",
            "It says “{sentence}”. Authorities write letters for what matters, and take no payment through a "
            "link in a mail.",
            "Ask the authority itself, under a number or on a page that you have looked up.",
        ),
        "ja": Text(
            "税金・還付金・反則金・通行料金・裁判について書かれています",
            "本文には「{sentence}」とあります。国税庁などの役所は、"
            "メールのリンクから納付や差し押さえの手続きを求めることはありません。",
            "役所や会社の公式サイトをご自分で開くか、調べた番号に電話して確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("tax-or-fine")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
