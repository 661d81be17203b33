"""A domain of the message is parked: its name servers belong to a company that shows advertisements on unused domains or sells them.

A sender's domain that is parked is nobody's address. A link's is mostly one that was taken away since, or not yet used.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.domains import age
from sekisho.questions import Ask, Question
from sekisho.tables import parking

CHECK = Check(
    "parked-domain",
    "low",
    {
        "en": Text(
            "{domain} is parked: nobody uses it",
            "Its name servers ({servers}) belong to a company that shows advertisements on unused domains, or offers them for sale. No "
            "company runs its site or its mail there.",
            "Don't open links to it and don't answer there.",
        ),
        "ja": Text(
            "{domain} は使われていない(パーキング中の)ドメインです",
            "ネームサーバー({servers})は、未使用のドメインに広告を出したり売りに出したりする会社のものです。"
            "会社が自社のサイトやメールをここで運営することはありません。",
            "このドメインへのリンクを開いたり、返信したりしないでください。",
        ),
    },
)

DAYS_STALE = 90


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for domain in facts.domains:
        servers = [name for name in domain.name_servers or () if parking.parks(name)]
        if not servers:
            continue
        answer = ask(Question("dns", "NS", domain.name))
        since = age(answer.at, facts.handed_over) if answer else None
        sender = bool({"author", "reply-to"} & set(domain.roles)) and not (since is not None and since < -DAYS_STALE)
        yield CHECK.finding(
            *facts.places(domain), severity="medium" if sender else "low", domain=domain.name, servers=servers[:3]
        )
