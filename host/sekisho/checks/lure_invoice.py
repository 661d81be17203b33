"""The text asks to look at or to pay an invoice."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-invoice",
    "info",
    {
        "en": Text(
            "It is about an invoice or a payment document",
            "It says “{sentence}”. Most invoices are what they say. A file or page that you did not expect is "
            "the usual way to bring in malware or a false login.",
            "Open it only if you know the business behind it. Else ask the sender by telephone.",
        ),
        "ja": Text(
            "請求書や支払書類について書かれています",
            "本文には「{sentence}」とあります。多くは本物の請求ですが、心当たりのない書類は、"
            "ウイルスや偽のログイン画面の入り口としてよく使われます。",
            "取引に心当たりがある場合だけ開き、なければ差出人に電話で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("invoice")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
