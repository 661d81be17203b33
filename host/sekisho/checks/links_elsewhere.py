"""Every link leads to one owner that is not the sender, and that nothing in the message names; nobody vouches for the sender."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "links-elsewhere",
    "low",
    {
        "en": Text(
            "Every link leads to {other}, which the message never mentions",
            "The sender shows the address {address}, which nobody vouches for here, and all links lead to one domain of another name. Newsletters go through "
            "counting services; whoever borrows an address leads to a place of his own like that, too.",
            "Open the sender's site from your own bookmark instead.",
        ),
        "ja": Text(
            "すべてのリンクが、本文で触れられていない {other} につながっています",
            "差出人は {address} と名乗っていますが、その裏付けはなく、リンクはすべて名前の違う一つのドメインにつながっています。"
            "メルマガの計測サービスでもあることですが、他人のアドレスを騙って自分のサイトへ誘導する場合も同じ形になります。",
            "リンクではなく、ご自分のブックマークから差出人のサイトを開いてください。",
        ),
    },
)
MAX_SHOWN = 3


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, leads = facts.identity.author, facts.leads_elsewhere
    if author is not None and leads:
        target = facts.links.seen[leads[0]].target
        places = (f"link:{number}" for number in leads[:MAX_SHOWN])
        yield CHECK.finding(*places, other=target.domain, address=author.address)
