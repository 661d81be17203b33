"""The text promises income for next to no work, or winnings."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-income",
    "low",
    {
        "en": Text(
            "It promises easy money",
            "It says “{sentence}”. What is earned with such offers, their sellers earn: by a fee to join, by an account that moves "
            "stolen money, or by bets that are never paid out.",
            "Don't answer, pay nothing to begin, and let nobody send money through your account.",
        ),
        "ja": Text(
            "簡単に稼げるという誘いです",
            "本文には「{sentence}」とあります。こうした話で実際に稼ぐのは勧誘する側です。登録料や教材費を払わされたり、"
            "盗んだお金の受け渡しに口座を使われたりします。",
            "返信せず、先にお金を払わないでください。口座を他人のお金の受け渡しに使わせると、罪に問われることがあります。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-income")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
