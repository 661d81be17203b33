"""The plain and the HTML part say different things."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, disguise
from sekisho.questions import Ask

CHECK = Check(
    "parts-differ",
    "low",
    {
        "en": Text(
            "Its plain text says something else than the page it shows",
            "A mail may hold the same letter twice, as plain text and as a page, and each program shows one of them. Here they have hardly a word "
            "in common: one of them is for filters.",
            "Judge it by the page that you see, and be careful with its links.",
        ),
        "ja": Text(
            "テキスト版と HTML 版の内容が食い違っています",
            "メールには同じ文面がテキスト版と HTML 版の二通りで入っていることがあり、どちらが表示されるかはソフトによります。"
            "このメールでは共通する言葉がほとんどなく、一方は検査をすり抜けるためのものと考えられます。",
            "表示されている方の内容で判断し、リンクには注意してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    places = disguise.differing(facts.message)
    if places is not None:
        yield CHECK.finding(*places)
