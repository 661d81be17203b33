"""The text calls its reader by the mail address."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, wording
from sekisho.questions import Ask

CHECK = Check(
    "greeted-by-address",
    "info",
    {
        "en": Text(
            "It calls you by your mail address: {address}",
            "Who knows you as a customer knows your name. Who bought a list of addresses knows only them.",
            "Take it as a hint that the sender does not know you.",
        ),
        "ja": Text(
            "名前ではなくメールアドレス({address})で呼びかけています",
            "会員や顧客として登録があれば名前で呼びかけるのが普通です。アドレスしか知らない相手は、名簿を手に入れただけかもしれません。",
            "差出人はあなたのことを知らない、という手がかりとして見てください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    seen = wording.greeted(facts.message)
    if seen is not None:
        yield CHECK.finding(seen.where, address=seen.written)
