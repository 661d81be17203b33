"""An English letter greets anybody: Dear Customer."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, wording
from sekisho.questions import Ask

CHECK = Check(
    "nameless-greeting",
    "info",
    {
        "en": Text(
            "It is written to anybody: “{turns}”",
            "Who has you as a customer knows your name. So do letters begin that go to a list of addresses; honest circulars as well.",
            "Take it as a hint that the sender may not know you.",
        ),
        "ja": Text(
            "宛名が誰にでも当てはまる書き方です:「{turns}」",
            "取引があれば名前で呼びかけるのが普通です。この書き出しは、名簿のアドレスへ一斉に送られる英文メールによくあります(正当な一斉送信でも使われます)。",
            "差出人はあなたのことを知らないかもしれない、という手がかりとして見てください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    turns = wording.nameless(facts.message)
    if turns:
        yield CHECK.finding(turns[0].where, turns=[turn.written for turn in turns])
