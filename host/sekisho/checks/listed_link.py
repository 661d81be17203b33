"""A link stands on a list of bad addresses: Safe Browsing's, a blocklist of domains that the reader chose, a downloaded file.

Phishing and malware weigh most. An honest site that somebody broke into, or a site with another bad page, is still a place not
to go to now; that an address was bad years ago says little.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "listed-link",
    "high",
    {
        "en": Text(
            "A link leads to {host}, which is on a list of bad addresses",
            "{list} has it: {meaning}. Others have met this address before you. Lists can err, and they can be late.",
            "Don't click it. If you know the company, open its page from your own bookmark, or ask by telephone.",
        ),
        "ja": Text(
            "リンク先の {host} は、危険なサイトのリストに載っています",
            "{list} に載っています({meaning})。すでに他の人が同じリンクに出会っています。リストには、誤りや登録の遅れもありえます。",
            "クリックしないでください。心当たりのある会社なら、ご自分のブックマークから開くか、電話で確かめてください。",
        ),
    },
)

_SEVERITIES = {
    **dict.fromkeys(("phishing", "malware", "botnet"), "high"),
    "historical": "low",
}
_ORDER = ("high", "medium", "low")


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told: set[str] = set()
    for number, (seen, listings) in enumerate(zip(facts.links.seen, facts.reputation, strict=True)):
        found = [(_SEVERITIES.get(one.meaning, "medium"), one) for one in listings if one.listed]
        if not found:
            continue
        severity, strongest = min(found, key=lambda pair: _ORDER.index(pair[0]))
        host = seen.target.domain or seen.target.host
        if host in told:
            continue
        told.add(host)
        yield CHECK.finding(
            f"link:{number}",
            severity=severity,
            host=seen.target.host,
            list=strongest.zone,
            meaning=strongest.meaning,
        )
