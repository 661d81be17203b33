"""In front of the @ stands a well-known company's whole domain, behind it another's."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask
from sekisho.tables import brands

CHECK = Check(
    "brand-in-address",
    "medium",
    {
        "en": Text(
            "{address} only begins like {brand}",
            "What stands in front of the @ is chosen by whoever owns the mailbox. The address belongs to {owner}, which is not a domain that {brand} is known "
            "to use.",
            "Go by what stands behind the @.",
        ),
        "ja": Text(
            "{address} は、始まりだけ {brand} に似せたアドレスです",
            "@ の前は、メールボックスの持ち主が自由に決められます。このアドレスは {owner} のもので、{brand} が使っていると知られているドメインではありません。",
            "@ の後ろを見て判断してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for where in ("from", "reply-to"):
        for one in facts.message.addresses(where)[:3]:
            local = one.address.rpartition("@")[0].lower()
            brand = brands.of_domain(domain.registrable(local)) if "." in local else None
            owner = domain.registrable(one.domain)
            if brand is not None and owner and not brand.runs(owner) and not facts.speaks_for(brand):
                yield CHECK.finding(f"field:{where}", address=one.address, brand=brand.name, owner=owner)
                return
