"""The link was followed: it is another's, and led to the genuine site of the brand in whose name the mail deceives."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "cloaked-redirect",
    "medium",
    {
        "en": Text(
            "The link of {first} hides behind the genuine site of {brand}",
            "It was followed and ended at {owner}, which really belongs to {brand}; but neither the link nor the sender does. Deceivers send "
            "visitors whom they don't want to deceive (scanners, the curious) on to the genuine site.",
            "Don't take the genuine page for a sign of innocence, and don't open the link. Go to {brand} from your own bookmark.",
        ),
        "ja": Text(
            "{first} のリンクは {brand} の本物のサイトを隠れみのにしています",
            "リンクをたどると、本物の {brand} のサイト({owner})に着きました。しかし、リンクも差出人も {brand} のものではありません。"
            "詐欺師は、調査する人や自動検査など、だます相手ではないと見ると本物のサイトへ転送します。",
            "本物のサイトに着いたからといって信用せず、リンクは開かないでください。{brand} へはご自分のブックマークから開いてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    """A newsletter's links lead through its mailing service to its own site: there the sender is the brand's, and nothing imitates it."""
    for number, visit in facts.visits.items():
        brand, seen = visit.genuine, facts.links.seen[number]
        if brand is None:
            continue
        pretended = facts.identity.brand is brand and facts.identity.organisation not in brand.domains
        if pretended or seen.imitated is brand:
            yield CHECK.finding(
                f"link:{number}",
                brand=brand.name,
                owner=visit.ends_at,
                first=visit.steps[0].domain or visit.steps[0].host,
            )
