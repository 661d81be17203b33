"""The sender's address is a well-known company's own, and all the rest is not: nobody vouches for it, and none of the servers is theirs.

An address can be written by anybody. The check asks for everything at once: the message presses for something, no result and no signature names
the company, no server of the whole road is in one of its domains, and no service under contract carried it.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.brand_claim import ASKING
from sekisho.mail import domain
from sekisho.mail.message import Message
from sekisho.questions import Ask
from sekisho.tables import brands
from sekisho.tables.brands import Brand

CHECK = Check(
    "brand-unproven",
    "medium",
    {
        "en": Text(
            "Uses the address of {brand}, but nothing else is theirs",
            "Anybody can write {address} in the sender's line. No server on the road belongs to {brand}, nobody confirms that the message comes from "
            "there, and no signature of theirs is on it. The first machine that is written down is {host}.",
            "If you have business with {brand}, open its site from your own bookmark and look there.",
        ),
        "ja": Text(
            "{brand} のアドレスを使っていますが、裏づけが何もありません",
            "差出人欄に {address} と書くことは誰にでもできます。経路に {brand} のサーバーは一つもなく、{brand} から送られたことを示す認証結果も電子署名もありません。"
            "記録に残る最初の送信元は {host} です。",
            "{brand} をお使いなら、ブックマークか公式アプリから開いて確認してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, held, entry = facts.identity.author, facts.claim, facts.route.entry
    if author is None or entry is None or entry.received.auth:
        return
    address, brand = author.address, brands.of_domain(facts.identity.organisation)
    if brand is None and held is not None and held.state == "unproven":
        brand = held.claim.brand  # a list wrote itself into From, and names the brand's own address besides
        address = next((one.address for one in facts.message.addresses("reply-to")), address)
    if brand is None or (held is not None and held.state == "forged") or facts.speaks_for(brand):
        return
    if not any(facts.lures.of(kind) for kind in ASKING) or facts.papers.passed or _signed(facts.message, brand):
        return
    hosts = [name for step in facts.route.steps for name in (step.received.rdns, step.received.by) if name]
    if any(brand.runs(domain.registrable(name)) for name in hosts):
        return
    first = next((step for step in reversed(facts.route.steps) if step.received.ip and not step.hop.private), entry)
    peer = first.received.rdns or first.received.ip or first.received.by
    yield CHECK.finding("field:from", first.field.anchor, brand=brand.name, address=address, host=peer)


def _signed(message: Message, brand: Brand) -> bool:
    """Whether there is a signature in the brand's name; what became of it is another matter."""
    if message.header.first("dkim-signature") is None:
        return False
    from sekisho.mail import dkim

    return any(brand.runs(domain.registrable(one.domain)) for one in dkim.signatures(message.header))
