"""What stands before the @ of a link reads like the host, and decides nothing."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "userinfo-in-link",
    "high",
    {
        "en": Text(
            "The link begins with “{pretended}”, but leads to {owner}",
            "What stands before the @ in a link is a user's name for the server, not the server. Here it is written like a "
            "site's address, so that you take it for the destination. Honest senders do not write links this way.",
            "Don't click it. If you have business there, open the site from your own bookmark.",
        ),
        "ja": Text(
            "リンクの先頭は「{pretended}」ですが、実際のリンク先は {owner} です",
            "リンクの @ より前は、サーバーに伝えるユーザー名で、リンク先ではありません。ここではそこにサイトのアドレスのような文字を"
            "置いて、リンク先と見間違えさせています。まともな差出人はこのような書き方をしません。",
            "クリックしないでください。用事がある場合は、ご自分のブックマークから開いてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told: set[str] = set()
    for number, seen in enumerate(facts.links.seen):
        if seen.shape.pretended and seen.target.host not in told:
            told.add(seen.target.host)
            owner = seen.target.domain or seen.target.ip or seen.target.host
            yield CHECK.finding(f"link:{number}", pretended=seen.shape.pretended, owner=owner)
