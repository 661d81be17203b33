"""A link's domain is written to be taken for a brand's: letters of another script, `rn` for `m`, one letter more or less."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lookalike-domain",
    "high",
    {
        "en": Text(
            "The link's domain {owner} imitates “{of}”",
            "What you see, “{shown}”, is not a domain that {brand} is known to use: it is written to be taken for one, "
            "with other letters that look alike, with a letter more or less, or with the name among other words.",
            "Read the domain letter by letter. If you have business with {brand}, open its site from your own bookmark.",
        ),
        "ja": Text(
            "リンク先のドメイン {owner} は「{of}」に似せてあります",
            "「{shown}」は、{brand} が使っていると知られているドメインではありません。形の似た別の文字、文字の足し引き、"
            "名前に別の語を付けるなどの方法で、見間違えるように書かれています。",
            "ドメインを一文字ずつ確かめてください。{brand} に用事がある場合は、ご自分のブックマークから開いてください。",
        ),
    },
)
# Near spellings are sometimes other people's names, and a name with other words may be a partner's.
SEVERITIES = {"homograph": "high", "spelling": "medium", "near": "low", "name": "low"}


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told: set[str] = set()
    for number, seen in enumerate(facts.links.seen):
        found = seen.shape.lookalike
        if found is None or found.brand is None or seen.target.domain in told:
            continue
        told.add(seen.target.domain)
        severity = SEVERITIES[found.kind]
        if severity != "high" and facts.identity.brand is found.brand:
            severity = "high"  # the sender claims that very name
        yield CHECK.finding(
            f"link:{number}",
            severity=severity,
            owner=seen.target.domain,
            shown=found.label,
            of=found.of,
            brand=found.brand.name,
            likeness=found.kind,
        )
