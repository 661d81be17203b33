"""Nobody can be reached where the message says it is from, or where answers are to go: the domain is not registered, or leads nowhere.

An address without MX is tried at its domain's own address (RFC 5321 §5.1), so that only neither means nowhere. A domain that
says itself that it takes no mail (RFC 7505) is a shop's no-reply address, and left alone. What is asked long after the message
came says what is so today: a company may have gone since.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.domains import Domain, age
from sekisho.questions import Ask, Question

CHECK = Check(
    "unregistered-domain",
    "medium",
    {
        "en": Text(
            "Nobody can be reached at {domain}",
            "As of {asked}, that domain is not registered, or no server of it takes mail. Honest senders can be answered; an address "
            "that somebody made up can't.",
            "Don't act on this message. If you know who it claims to be from, use an address or a number that you already have.",
        ),
        "ja": Text(
            "{domain} には連絡が届きません",
            "{asked} 現在、このドメインは登録されていないか、メールを受け取るサーバーがありません。まともな差出人なら返信を受け取れますが、"
            "でっち上げたアドレスには届きません。",
            "このメールに従わないでください。名乗っている相手をご存じなら、すでにお持ちの連絡先に確かめてください。",
        ),
    },
)

DAYS_STALE = 90


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for domain in facts.domains:
        if not {"author", "reply-to"} & set(domain.roles):
            continue
        asked = _asked(facts, domain, ask)
        if asked is None:
            continue
        since = age(asked, facts.handed_over)
        severity = "low" if since is not None and since < -DAYS_STALE else "medium"
        yield CHECK.finding(*facts.places(domain), severity=severity, domain=domain.name, asked=asked[:10])


def _asked(facts: Facts, domain: Domain, ask: Ask) -> str | None:
    """When somebody said that there is nobody there (ISO 8601); None where nobody did."""
    if domain.addresses != () or domain.mail_servers or domain.name_servers:
        return None  # also what a registry does not have because it is another's customer (a site's name below a host's domain)
    if domain.registration == {}:
        return domain.registered_at
    if domain.mail_servers == () and _addressed(facts, domain.name):
        answer = ask(Question("dns", "MX", domain.name))
        return answer.at if answer else None
    return None


def _addressed(facts: Facts, name: str) -> bool:
    """Whether an address is in the domain itself: of a host below it nothing was asked."""
    addresses = [address for field in ("from", "reply-to") for address in facts.message.addresses(field)]
    return any(address.domain.lower() == name for address in addresses)
