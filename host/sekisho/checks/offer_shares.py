"""The text recommends shares of one company to anybody."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-shares",
    "low",
    {
        "en": Text(
            "It recommends shares to buy",
            "It says “{sentence}”. Who sends such tips to strangers holds the shares already, and sells when the readers buy; or "
            "leads them to a platform on which the gains are only shown.",
            "Don't buy on the word of a mail, and join no group for it. Ask somebody who is licensed, whom you found yourself.",
        ),
        "ja": Text(
            "株や投資銘柄の購入を勧めています",
            "本文には「{sentence}」とあります。見知らぬ相手に銘柄を勧める人は、すでにその株を持っていて、"
            "読んだ人が買ったところで売り抜けます。利益が画面に表示されるだけの偽の取引サイトに誘うものもあります。",
            "メールの情報で買わず、投資グループにも参加しないでください。業者は金融庁の登録一覧で確かめられます。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-shares")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
