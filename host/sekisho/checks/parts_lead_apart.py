"""The plain and the HTML part have links, and none of them to the same owner."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, disguise
from sekisho.questions import Ask

CHECK = Check(
    "parts-lead-apart",
    "low",
    {
        "en": Text(
            "Its plain text leads to {one}, the page it shows to {other}",
            "A mail may hold the same letter twice, as plain text and as a page. Here the links of the one belong to quite other owners than "
            "the links of the other, and most programs show only one of them.",
            "Judge it by where the links lead that you see, not by the names around them.",
        ),
        "ja": Text(
            "テキスト版のリンク先は {one}、HTML版のリンク先は {other} で、食い違っています",
            "メールには同じ文面がテキスト版とHTML版の二通りで入っていることがあり、多くのソフトは一方だけを表示します。"
            "このメールでは、二つの版のリンク先の持ち主がまったく異なります。",
            "表示されている名前ではなく、実際のリンク先を見て判断してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    apart = disguise.leading_apart(facts.message)
    if apart is not None:
        (plain, one), (page, other) = apart
        yield CHECK.finding(plain, page, one=one, other=other)
