"""One domain under a new, meaningless name in every link: what keeps a list of known links from knowing the next one."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "scattered-links",
    "medium",
    {
        "en": Text(
            "Every link goes to {owner} under another made-up name",
            "{names}: the names in front of {owner} say nothing and differ from link to link, mail to mail. A site that people are to find again keeps its "
            "name; lists of dangerous links are to be evaded.",
            "Don't open them.",
        ),
        "ja": Text(
            "どのリンクも、でたらめな名前を付けた {owner} に向かっています",
            "{names} のように、{owner} の前に意味のない名前が付き、リンクごとに違っています。普通のサイトは名前を変えません。危険なリンクの一覧に載るのを避けるための手口です。",
            "リンクを開かないでください。",
        ),
    },
)
MIN = 4  # such names under one domain


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    if len(facts.links.seen) < MIN:
        return
    fronts: dict[str, dict[str, int]] = {}
    for number, seen in enumerate(facts.links.seen):
        front = seen.target.host[: -len(seen.target.domain) - 1] if seen.target.domain else ""
        if front and "." not in front and _meaningless(front):
            fronts.setdefault(seen.target.domain, {}).setdefault(front, number)
    for owner, found in fronts.items():
        if len(found) >= MIN:
            yield CHECK.finding(
                *(f"link:{number}" for number in list(found.values())[:10]), owner=owner, names=list(found)[:4]
            )
            return


def _meaningless(name: str) -> bool:
    """Hexadecimal digits and numbers alone."""
    return all(letter in "0123456789abcdef" for letter in name) and any(letter.isdigit() for letter in name)
