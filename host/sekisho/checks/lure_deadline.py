"""The text sets a short time, or threatens with what follows."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-deadline",
    "info",
    {
        "en": Text(
            "It puts you under time pressure",
            "It says “{sentence}”. A short time is set so that nobody is asked. An honest sender has lost "
            "nothing if you look first.",
            "Take your time: check it by another way first.",
        ),
        "ja": Text(
            "期限や「至急」の言葉で急がせています",
            "本文には「{sentence}」とあります。期限を切るのは、誰かに相談する時間を与えないためです。"
            "正当な相手なら、先に確かめても困ることはありません。",
            "あわてず、先に別の方法で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("deadline")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
