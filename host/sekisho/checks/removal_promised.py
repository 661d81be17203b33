"""The text excuses itself for being advertising: it is no spam, or who does not want it is to answer."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "removal-promised",
    "low",
    {
        "en": Text(
            "It says itself that it was not asked for",
            "It says “{sentence}”. Who sends only to people that asked for it need not say that it is no spam, nor have the "
            "address removed by an answer. An answer shows that the address is read.",
            "Don't ask to be removed unless you know the sender. Let your mail program sort such mail out.",
        ),
        "ja": Text(
            "頼まれていない広告であることを自ら断っています",
            "本文には「{sentence}」とあります。希望者だけに送っているなら、迷惑メールではないと言い訳したり、"
            "返信で配信停止を求めさせたりする必要はありません。返信すると、読まれているアドレスだと知られてしまいます。",
            "心当たりのない相手には、配信停止の依頼も送らないでください。迷惑メールとして振り分けましょう。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("removal-promised")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
