"""A link's host is made to be read to its middle: a whole site's name stands in front of the domain that it really belongs to."""

import re
from collections.abc import Iterator
from functools import cache

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask
from sekisho.tables import shared_hosts

CHECK = Check(
    "suffix-in-host",
    "medium",
    {
        "en": Text(
            "The link begins like {pretended}, but belongs to {owner}",
            "A host's name is read from its end: {host} is a page of {owner}, whoever that is. What stands in front can be chosen freely, and here it is "
            "chosen to look like the end of another name.",
            "Read an address from its end. Open the site that you mean from your own bookmark.",
        ),
        "ja": Text(
            "リンクは {pretended} のように始まりますが、持ち主は {owner} です",
            "ホスト名は後ろから読みます。{host} は {owner} のページで、その前の部分は自由に付けられます。ここでは、別のサイトのアドレスがそこで終わっているように見せかけています。",
            "アドレスは後ろから読んでください。目的のサイトは、ご自分のブックマークから開きましょう。",
        ),
    },
)
# Services that put the name of the site that they fetch or show in front of their own.
_MIRRORS = ("translate.goog", "ampproject.org", "archive.org", "web.archive.org", "cloudflare.net", "akamaized.net")


@cache
def _ending() -> re.Pattern[str]:
    """name.co.jp or name-co-jp, where more follows."""
    return re.compile(
        r"(?:^|[.\-])([a-z0-9]{2,40}(?:\.(?:co|or|ne|go|ac|gr|lg)\.jp|\.(?:com|co\.uk|com\.br|com\.au)|-{1,2}(?:co|or|ne|go)-jp))(?=[.\-]|$)"
    )


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        target = seen.target
        front = target.host[: -len(target.domain)] if target.domain else ""
        if len(front) < 6 or not ("jp" in front or ".co" in front) or seen.hidden:
            continue
        found = _ending().search(front.rstrip("."))
        if found is None or target.domain in _MIRRORS or shared_hosts.shared(target.host):
            continue
        pretended = domain.registrable(found[1])
        if pretended == facts.identity.organisation or ".ac." in f".{target.domain}." or target.domain.endswith(".edu"):
            continue  # a service that works for the sender; a library's proxy
        yield CHECK.finding(f"link:{number}", pretended=found[1], owner=target.domain, host=target.host)
        return
