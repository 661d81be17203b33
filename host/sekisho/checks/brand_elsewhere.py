"""The sender's name is a well-known one; neither the address nor the server it came from is theirs, and nobody vouches for them."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables.senders import NEWSLETTER

CHECK = Check(
    "brand-elsewhere",
    "high",
    {
        "en": Text(
            "Calls itself {brand}, but was sent from {host}",
            "“{name}” is only the name that the sender chose to show. {brand} sends from its own domains ({genuine}); "
            "this message has the address {address} and was handed over by {host}.",
            "If you have business with {brand}, open its site from your own bookmark and look there.",
        ),
        "ja": Text(
            "{brand} を名乗っていますが、送信元は {host} です",
            "表示名「{name}」は送り手が自由に付けられます。{brand} は自社のドメイン({genuine})から送りますが、"
            "このメールの差出人アドレスは {address}、受け渡したサーバーは {host} です。",
            "{brand} をお使いなら、ブックマークか公式アプリから開いて確認してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, brand, entry = facts.identity.author, facts.identity.brand, facts.route.entry
    if author is None or brand is None or brand.runs(facts.identity.organisation):
        return
    if facts.claim is not None and facts.claim.claim.own:
        return  # it speaks as the reader's own provider: another finding
    if facts.speaks_for(brand):
        return
    received = entry.received if entry else None
    host = (received.rdns or received.ip) if received else ""
    where = ["field:from"] + ([entry.field.anchor] if entry else [])
    yield CHECK.finding(
        *where,
        severity=_severity(facts),
        brand=brand.name,
        name=facts.identity.name,
        address=author.address,
        host=host or author.domain,
        genuine=list(brand.domains[:3]),
    )


def _severity(facts: Facts) -> str:
    carrier, claim = facts.carrier, facts.claim
    if claim is not None and claim.backed and not claim.pressed:
        return "low"  # it leads to the brand itself and asks for nothing: a service that the brand sends through, more often than not
    # The largest companies send through such services as well, and often leave out to sign in their own name.
    return "medium" if carrier is not None and carrier.kind == NEWSLETTER else "high"
