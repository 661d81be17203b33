"""The sender's name is, or contains, a domain of another organisation than the address's."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask

CHECK = Check(
    "domain-in-name",
    "low",
    {
        "en": Text(
            "The sender's name says {other}, the address says {owner}",
            "A domain in a name proves nothing: the name is free text. The message was written under {address}, and {owner} is another "
            "registered domain than {other}.",
            "Go by the address, not by the name.",
        ),
        "ja": Text(
            "差出人名には {other}、アドレスには {owner} とあります",
            "差出人名は自由に書けるので、そこにドメイン名があっても何の証明にもなりません。実際のアドレスは {address} で、"
            "{owner} は {other} とは別に登録されたドメインです。",
            "名前ではなくアドレスで判断してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, named = facts.identity.author, facts.sender_name.domains
    if author is None or not named or facts.from_list or facts.carrier_behind:
        return
    vouched = {voucher.organisation for voucher in facts.vouched if voucher.by != "spf"}
    others = [(host, domain.registrable(host)) for host in named if domain.registrable(host) not in vouched]
    claim = facts.claim
    if not others or facts.identity.brand is not None or (claim is not None and claim.claim.own):
        return  # whose name it is tells more than that it is a domain
    yield CHECK.finding(
        "field:from",
        other=others[0][0],
        owner=facts.identity.organisation or author.domain,
        address=author.address,
    )
