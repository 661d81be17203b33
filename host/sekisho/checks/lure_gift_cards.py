"""The text asks for gift cards, or for the codes on them."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-gift-cards",
    "info",
    {
        "en": Text(
            "It asks for gift cards or for the codes on them",
            "It says “{sentence}”. A code is money that cannot be called back. No authority, bank or company is paid in gift cards, and "
            "a superior who needs some on the quiet is, as a rule, somebody else.",
            "Buy nothing and send no code before you have spoken to the person by telephone.",
        ),
        "ja": Text(
            "ギフトカードや電子マネーの購入・番号の連絡を求めています",
            "本文には「{sentence}」とあります。番号を伝えることは、取り戻せないお金を渡すことと同じです。役所・銀行・会社が"
            "ギフトカードでの支払いを求めることはなく、内密に頼んでくる上司は、たいてい別人です。",
            "ご本人と電話で話すまで、購入も番号の連絡もしないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("gift-cards")
    if said is not None:
        severity = "medium" if facts.lures.codes_in_secret else None
        yield CHECK.finding(*said.where, severity=severity, sentence=said.sentence)
