"""The text says that an account is suspended, at risk, or used by somebody else."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-account-suspended",
    "info",
    {
        "en": Text(
            "It says that an account is suspended or at risk",
            "It says “{sentence}”. Honest services write so as well, and so do those who want your password. The "
            "words do not tell which; who sent it and where its links lead do.",
            "If you have such an account, open it from your own bookmark: what is true stands there too.",
        ),
        "ja": Text(
            "アカウントの停止や不正利用について書かれています",
            "本文には「{sentence}」とあります。正規の事業者も使う言い回しですが、"
            "パスワードを盗む側も同じように書きます。言葉では見分けられないので、"
            "差出人とリンク先で判断してください。",
            "そのサービスをお使いなら、ご自分のブックマークや公式アプリから開いて確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("account-suspended")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
