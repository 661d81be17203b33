"""A link leads to a bare address of the Internet instead of a name."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail.ip import is_private
from sekisho.questions import Ask

CHECK = Check(
    "address-in-link",
    "medium",
    {
        "en": Text(
            "The link leads to a bare address, {ip}, instead of a named site",
            "Companies and shops have a domain name, whose owner can be looked up. A bare address belongs to a rented or "
            "taken-over machine that is used for a few days, or to a hobbyist's.",
            "Don't enter anything there. If the mail claims to be from a company, open its site from your own bookmark.",
        ),
        "ja": Text(
            "リンク先がサイト名ではなく IP アドレス({ip})になっています",
            "会社や店のサイトにはドメイン名があり、持ち主を調べられます。IP アドレスだけのリンクは、数日だけ使う借り物のサーバーや"
            "乗っ取られたサーバーによく見られます。個人が趣味で動かしていることもあります。",
            "そこでは何も入力しないでください。会社を名乗るメールなら、その会社のサイトをご自分のブックマークから開いてください。",
        ),
    },
)
MANY = 5  # pages


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told: set[str] = set()
    for number, seen in enumerate(facts.links.seen):
        # An address inside the reader's own network is that of a printer or a router: nobody outside can be reached by it.
        if seen.target.ip and not seen.target.odd_ip and not is_private(seen.target.ip) and seen.target.ip not in told:
            told.add(seen.target.ip)
            yield CHECK.finding(
                f"link:{number}", severity="low" if _own_pages(facts, seen.target.ip) else None, ip=seen.target.ip
            )


def _own_pages(facts: Facts, ip: str) -> bool:
    """Whether many pages of that address stand among many of the sender's own domain, as in a letter of a site that is partly moved. Who
    deceives has one page to lead to."""
    targets = [seen.target for seen in facts.links.seen]
    there = {target.path for target in targets if target.ip == ip}
    home = {target.path for target in targets if target.domain and target.domain == facts.identity.organisation}
    return min(len(there), len(home)) >= MANY
