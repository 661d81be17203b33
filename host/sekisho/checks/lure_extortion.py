"""The text threatens with recordings or stolen data, and wants coins."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-extortion",
    "info",
    {
        "en": Text(
            "It speaks of a hacked device, of recordings, or of coins to be paid",
            "It says “{sentence}”. Threats like this go out by the million, with one text for all. Who writes them has no recording; an old "
            "password in them comes from a leaked list, and your own address as sender is only written on it.",
            "Don't pay and don't answer. If it names a password that you still use, change it.",
        ),
        "ja": Text(
            "乗っ取り・録画・仮想通貨の支払いについて書かれています",
            "本文には「{sentence}」とあります。同じ文面が大量にばらまかれているもので、録画などは実在しません。古いパスワードが書かれていれば"
            "過去に流出した名簿のもの、差出人がご自分のアドレスでも、そう名乗っているだけです。",
            "支払いも返信もしないでください。書かれたパスワードを今もお使いなら、変更してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("extortion")
    if said is not None:
        severity = "medium" if facts.lures.ransom else None
        yield CHECK.finding(*said.where, severity=severity, sentence=said.sentence)
