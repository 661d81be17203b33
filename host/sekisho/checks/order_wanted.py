"""Somebody wants to order, or asks for an offer or for catalogues."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "order-wanted",
    "low",
    {
        "en": Text(
            "Somebody wants to order, or asks for your prices",
            "It says “{sentence}”. Many honest enquiries sound like that. So do orders in the name of large companies whose goods "
            "are never paid for, and lists of articles that are programs or ask for your password.",
            "Before you quote or deliver: call the company at a number from its own site, not from this mail. Don't log in "
            "anywhere to see an order.",
        ),
        "ja": Text(
            "注文や見積もりの依頼です",
            "本文には「{sentence}」とあります。正当な引き合いでも同じ書き方をします。一方で、"
            "大手企業の名をかたって商品だけ受け取る取り込み詐欺や、注文書に見せかけたウイルス、パスワードを入力させるページもあります。",
            "見積もりや出荷の前に、メールに書かれた番号ではなく、相手の公式サイトの番号に電話して確かめてください。"
            "注文書を見るためにログインを求められても、応じないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("order-wanted")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
