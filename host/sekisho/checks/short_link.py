"""A link goes through a shortener: it says nothing of where it leads."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables import shorteners

CHECK = Check(
    "short-link",
    "info",
    {
        "en": Text(
            "A short link hides where it leads: {host}",
            "{host} passes every click on to a place that the link does not name, and its owner can exchange that place at any time.",
            "Go to the site in the way you usually do if you can.",
        ),
        "ja": Text(
            "短縮リンクのため、本当のリンク先がわかりません({host})",
            "{host} はクリックした人を別の場所へ転送しますが、どこへ着くのかはリンクを見てもわからず、作った人は後から変えることもできます。",
            "できれば、いつもの方法でそのサイトを開いてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    brand, organisation = facts.identity.brand, facts.identity.organisation
    borrowed = brand is not None and not brand.runs(organisation)
    for number, seen in enumerate(facts.links.seen):
        owner = shorteners.of(seen.target.host, seen.target.domain)
        if owner is None or (owner and (owner == organisation or (brand and brand.runs(owner)))):
            continue
        severity = "low" if borrowed and not owner else "info"
        yield CHECK.finding(f"link:{number}", severity=severity, host=seen.target.host)
