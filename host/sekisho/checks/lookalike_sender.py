"""The domain of the sender's address, or of the one that is answered to, is written to be taken for a brand's."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask

CHECK = Check(
    "lookalike-sender",
    "high",
    {
        "en": Text(
            "The sender's domain {owner} imitates “{of}”",
            "“{shown}” is not a domain that {brand} is known to use: it is written to be taken for one, with letters that look alike, with a "
            "letter more or less, or with the name among other words. Anybody can register such a name.",
            "Read the address letter by letter. If you have business with {brand}, open its site from your own bookmark.",
        ),
        "ja": Text(
            "差出人のドメイン {owner} は「{of}」に似せてあります",
            "「{shown}」は、{brand} が使っていると知られているドメインではありません。形の似た文字、文字の足し引き、名前に別の語を付けるなどの方法で、"
            "見間違えるように書かれています。こうした名前は誰でも登録できます。",
            "アドレスを一文字ずつ確かめてください。{brand} に用事がある場合は、ご自分のブックマークから開いてください。",
        ),
    },
)
# As with links: near spellings are sometimes other people's names, and a name with other words may be a partner's.
SEVERITIES = {"homograph": "high", "spelling": "medium", "near": "low", "name": "low"}
MIN_NEAR = 8  # letters of a name: shorter ones are near to words (server, mobile)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    from sekisho.facts import lookalikes

    author = facts.identity.author
    answered = facts.message.addresses("reply-to")[:1]
    told: set[str] = set()
    for where, address in [("field:from", author), *(("field:reply-to", one) for one in answered)]:
        owner = domain.registrable(address.domain) if address else ""
        if address is None or not owner or owner in told:
            continue
        told.add(owner)
        found = lookalikes.find(address.domain, owner)
        if found is None or found.brand is None or facts.speaks_for(found.brand):
            continue
        if found.kind == "near" and len(found.of) < MIN_NEAR and facts.identity.brand is not found.brand:
            continue
        severity = SEVERITIES[found.kind]
        if facts.identity.brand is found.brand:
            severity = "high"  # the name beside it claims that very brand
        yield CHECK.finding(
            where,
            severity=severity,
            owner=owner,
            shown=found.label,
            of=found.of,
            brand=found.brand.name,
            likeness=found.kind,
        )
