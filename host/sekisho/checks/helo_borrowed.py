"""A machine introduced itself with the name of a well-known company's server; the address that it had is not theirs.

The name in HELO is the peer's own word (RFC 5321 §4.1.4), the address is what the receiving server saw. Said only where that server looked
for a name of the address and found another one or none, and where the network is not the company's.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.route import Step
from sekisho.mail import domain
from sekisho.questions import Ask
from sekisho.tables import brands
from sekisho.tables.brands import Brand
from sekisho.tables.providers import OPERATORS

CHECK = Check(
    "helo-borrowed",
    "medium",
    {
        "en": Text(
            "A machine called itself {helo}, but it is not {brand}'s",
            "The server that took the message saw the address {ip}, and found {found} there. Programs that send advertising and fraud introduce "
            "themselves like this, to be taken for a large company's server.",
            "Don't believe that the message comes from {brand}, whatever the sender's line says.",
        ),
        "ja": Text(
            "送信した機械は {helo} と名乗りましたが、{brand} のものではありません",
            "受け取ったサーバーが見た送信元のアドレスは {ip} で、調べた名前は {found} でした。大手のサーバーに見せかけるために、"
            "迷惑メールの送信プログラムがよく使う名乗り方です。",
            "差出人欄に何と書かれていても、{brand} からのメールだとは考えないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for step in facts.route.steps:
        received = step.received
        if not received.ip or "." not in received.helo or received.auth or step.hop.private:
            continue
        brand = brands.of_domain(domain.registrable(received.helo))
        if brand is None or brand.runs(domain.registrable(received.by)) or not _another(step, brand):
            continue
        if not _in_their_network(facts, step, brand):
            yield CHECK.finding(
                step.field.anchor,
                helo=received.helo,
                brand=brand.name,
                ip=received.ip,
                found=received.rdns or "unknown",
            )
            return


def _another(step: Step, brand: Brand) -> bool:
    """Whether the receiving server looked for a name, and found none or another company's."""
    received = step.received
    if received.rdns:
        owner = domain.registrable(received.rdns)
        return bool(owner) and not brand.runs(owner) and brands.of_domain(owner) is None
    raw = received.raw[:500].lstrip()
    # Postfix says unknown, Exim writes the bare address first when it found no name; a service that never looks says unknown as well.
    return ("(unknown [" in raw and "(Postfix)" in raw) or (
        raw.startswith("from [") and "helo=" in raw and "(Exim" in raw
    )


def _in_their_network(facts: Facts, step: Step, brand: Brand) -> bool:
    """Whether the address is known to be in a network of the brand's: it may have forgotten to name a machine."""
    network = facts.network(step.received.ip)
    low = (network.name or "").lower() if network else ""
    homes = (*brand.domains, *brand.shared)
    words = {brand.name.lower(), *(one.partition(".")[0] for one in homes)}
    words |= {OPERATORS[one].lower() for one in homes if one in OPERATORS}
    return any(word in low for word in words if len(word) > 2)
