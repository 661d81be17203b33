"""The page behind a link lies where anybody can put one, free and without saying who he is."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask
from sekisho.tables import brands, shared_hosts

CHECK = Check(
    "free-hosting",
    "low",
    {
        "en": Text(
            "The page is one that anybody can make at {service}",
            "{host} is an address that {service} gives to whoever asks for one, in minutes. The name of {service} says nothing about "
            "whoever made the page.",
            "Enter nothing there that you would not give to a stranger. Companies ask for passwords and cards on their own domain.",
        ),
        "ja": Text(
            "リンク先は、{service} で誰でも作れるページです",
            "{host} は、{service} が申し込んだ人に数分で渡すアドレスです。{service} の名前は、ページを作った人が誰かの証明にはなりません。",
            "知らない人に教えられないことは、そこに入力しないでください。企業がパスワードやカード番号を求めるのは自社のドメイン上です。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    identity = facts.identity
    told = set()
    for number, seen in enumerate(facts.links.seen):
        service = shared_hosts.anybodys(seen.target.host, seen.target.path)
        owner = domain.registrable(service) or service
        if not service or owner == identity.organisation or seen.target.host in told:
            continue
        brand = identity.brand or brands.named_in(facts.message.unstructured("subject") or "")
        if brand and (brand.runs(owner) or brand.runs(service)):
            continue  # the company's own service
        told.add(seen.target.host)
        severity = "medium" if brand and not brand.runs(identity.organisation) else "low"
        yield CHECK.finding(f"link:{number}", severity=severity, host=seen.target.host, service=service)
