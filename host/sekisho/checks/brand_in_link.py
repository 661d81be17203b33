"""A brand's domain stands in a link's path or left of another's domain, where it decides nothing."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "brand-in-link",
    "high",
    {
        "en": Text(
            "The link shows {imitation}, but belongs to {owner}",
            "Only the domain {owner} decides where a link leads. “{imitation}” stands in a part of it that whoever owns {owner} "
            "may fill in freely; it is there to look like {brand}.",
            "Don't click it. Open {brand} from your own bookmark.",
        ),
        "ja": Text(
            "リンクに {imitation} と見えますが、持ち主は {owner} です",
            "リンク先を決めるのはドメイン {owner} だけです。「{imitation}」は {owner} の持ち主が自由に付けられる部分で、"
            "{brand} に見せかけるために置かれています。",
            "クリックしないでください。{brand} へはご自分のブックマークから開いてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        if seen.imitated is not None:
            yield CHECK.finding(
                f"link:{number}",
                imitation=seen.imitation,
                owner=seen.target.domain or seen.target.host,
                role=seen.imitation_role,
                brand=seen.imitated.name,
            )
