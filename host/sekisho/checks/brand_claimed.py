"""Subject, signature or even the address are a well-known company's, and nothing else is: its links lead elsewhere.

A name that stands in a text is no claim (see `facts.brand_claim`), and a claim alone is no finding here: the message must
also press for something, and lead to others' pages and to none of the company's.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "brand-claimed",
    "medium",
    {
        "en": Text(
            "Says it is from {brand}, but its links belong to {domains}",
            "“{written}” names {brand}; anybody can write that. {unproven} The pages that it leads to belong to {domains}, and "
            "none of them to {brand}.",
            "If you have business with {brand}, open its site from your own bookmark and look there.",
        ),
        "ja": Text(
            "{brand} からの連絡に見えますが、リンクの持ち主は {domains} です",
            "「{written}」と書くことは誰にでもできます。{unproven}リンク先の持ち主は {domains} で、{brand} のページは一つもありません。",
            "{brand} をお使いなら、ブックマークか公式アプリから開いて確認してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    held = facts.claim
    if held is None or held.claim.own or held.claim.brand is None or held.state == "genuine":
        return
    if held.state == "elsewhere" and held.claim.by == "name":
        return  # brand-elsewhere says it
    if not held.pressed or not held.domains or held.backed:
        return
    entry = facts.route.entry
    yield CHECK.finding(
        held.claim.where,
        *([entry.field.anchor] if entry else []),
        severity="high" if held.state == "forged" else "medium",
        brand=held.claim.brand.name,
        written=held.claim.written,
        unproven=held.state,
        domains=list(held.domains),
    )
