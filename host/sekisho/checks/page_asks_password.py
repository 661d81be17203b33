"""The link was followed: the page at its end asks for something secret under a name that is not its owner's."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "page-asks-password",
    "high",
    {
        "en": Text(
            "The page behind the link asks for secrets in the name of {brand}, but belongs to {owner}",
            "The link was followed and ends at {owner}, which is none of {brand}'s own domains ({genuine}). What is typed there goes to "
            "whoever runs {owner}.",
            "Type nothing there. If you already have, change that password at {brand} now, from your own bookmark, and call your bank if "
            "it was card details.",
        ),
        "ja": Text(
            "リンク先のページは {brand} を名乗って秘密の情報を求めていますが、持ち主は {owner} です",
            "リンクをたどると {owner} に着きました。{brand} 本来のドメイン({genuine})ではありません。"
            "入力した内容は {owner} の運営者に渡ります。",
            "何も入力しないでください。すでに入力してしまった場合は、ご自分のブックマークから {brand} を開いてすぐにパスワードを変更し、"
            "カード情報であればカード会社にも連絡してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, visit in facts.visits.items():
        named = visit.claimed or next(iter(visit.brands), None)
        if named is None or not visit.asks or visit.owner is not None:
            continue
        yield CHECK.finding(
            f"link:{number}",
            brand=named.name,
            owner=visit.ends_at,
            genuine=sorted(named.domains)[:3],
        )
