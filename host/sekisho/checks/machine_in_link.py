"""A link leads to a machine that has no name but the one its hosting company numbered it with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "machine-in-link",
    "medium",
    {
        "en": Text(
            "The link leads to a rented machine without a name of its own: {host}",
            "That name is the number under which {owner} keeps the machine; whoever rents it gave it none. Companies and shops have a domain. "
            "Such machines are rented, or broken into, for a few days.",
            "Don't enter anything there. If the mail claims to be from a company, open its site from your own bookmark.",
        ),
        "ja": Text(
            "リンク先は、独自の名前を持たない借り物のサーバーです：{host}",
            "この名前は {owner} がサーバーに振った番号にすぎず、借り手は名前を付けていません。会社や店のサイトには独自のドメインがあります。"
            "このようなサーバーは、数日だけ借りたり乗っ取ったりして使われます。",
            "そこでは何も入力しないでください。会社を名乗るメールなら、その会社のサイトをご自分のブックマークから開いてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told: set[str] = set()
    for number, seen in enumerate(facts.links.seen):
        host, owner = seen.target.host, seen.target.domain
        if owner and owner != facts.identity.organisation and host not in told and sum(map(host.count, "-.")) > MARKS:
            numbers = _numbers().search(host.removesuffix(owner))
            if numbers is not None and all(int(one) < 256 for one in numbers.groups()):
                told.add(host)
                yield CHECK.finding(f"link:{number}", host=host, owner=owner)


MARKS = 4  # between the four numbers, and before the owner's domain


@cache
def _numbers() -> re.Pattern[str]:
    return re.compile(r"(?<![0-9])([0-9]{1,3})[.-]([0-9]{1,3})[.-]([0-9]{1,3})[.-]([0-9]{1,3})(?![0-9])", re.ASCII)
