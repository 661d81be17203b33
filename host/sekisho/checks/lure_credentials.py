"""The text asks to confirm a password, a card or who one is."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-credentials",
    "info",
    {
        "en": Text(
            "It asks you to log in, or to confirm a password, a card or who you are",
            "It says “{sentence}”. What you enter goes to whoever owns the page behind the link, whatever the "
            "page looks like.",
            "Enter nothing on a page reached from this mail. Open the service from your own bookmark.",
        ),
        "ja": Text(
            "ログインや、パスワード・カード番号・本人情報の確認を求めています",
            "本文には「{sentence}」とあります。入力した内容は、画面の見た目に関係なく、リンク先の持ち主に渡ります。",
            "このメールから開いたページには何も入力せず、ご自分のブックマークや公式アプリから開いてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("credentials")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
