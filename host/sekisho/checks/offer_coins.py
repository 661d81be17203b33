"""The text offers coins or tokens for nothing: a wallet that is connected for them is emptied, a fee that is paid is gone."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-coins",
    "low",
    {
        "en": Text(
            "It offers crypto coins or tokens for nothing",
            "It says “{sentence}”. Coins that wait for you, are handed out or were mined in your name are the commonest bait there is: the page "
            "wants your wallet connected, its secret words, or a fee before anything is paid out. What is sent can't be called back.",
            "Don't connect a wallet and don't type its words anywhere. A genuine distribution is announced on the project's own site.",
        ),
        "ja": Text(
            "暗号資産(仮想通貨)やトークンがもらえると誘っています",
            "本文には「{sentence}」とあります。「受け取り待ちのコイン」「無料配布」「自動で採掘された残高」などは典型的なえさです。リンク先では"
            "ウォレットの接続や秘密の単語、先払いの手数料を求められます。送ってしまった暗号資産は取り戻せません。",
            "ウォレットを接続したり、復元用の単語を入力したりしないでください。本当の配布であれば、そのプロジェクトの公式サイトに告知があります。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-coins")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
