"""The sender's name has another address in it, of another organisation than the one that is answered to."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, checkpoint
from sekisho.mail import domain
from sekisho.mail.address import domain_of
from sekisho.questions import Ask
from sekisho.tables import brands, mailbox_providers

CHECK = Check(
    "address-in-name",
    "medium",
    {
        "en": Text(
            "The sender's name contains another address: {other}",
            "The name is free text, and many programs show nothing else. The address that belongs to this message is {address}; "
            "{other} is only written into the name, and nothing says that the message has to do with it.",
            "Go by the address, not by the name. If you know {other}, ask there in a new message.",
        ),
        "ja": Text(
            "差出人名の中に別のアドレスが書かれています：{other}",
            "差出人名は自由に書ける欄で、名前しか表示しないソフトも多くあります。このメールの実際の差出人アドレスは {address} です。"
            "{other} は名前の中に書かれているだけで、このメールと関係があるという裏付けはありません。",
            "名前ではなくアドレスで判断してください。{other} に心当たりがある場合は、新しいメールを作ってそちらに確認してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, named = facts.identity.author, facts.sender_name.addresses
    if author is None or not named or facts.from_list or facts.carrier_behind in named:
        return
    severity = max((_weight(facts, address) for address in named), key=("low", "medium", "high").index)
    yield CHECK.finding("field:from", severity=severity, other=named[0], address=author.address)


def _weight(facts: Facts, address: str) -> str:
    organisation = domain.registrable(domain_of(address))
    if brands.of_domain(organisation) or organisation in checkpoint.own_organisations(facts.settings):
        return "high"
    if address in facts.identity.readers or address in facts.recipients:
        return "medium"  # the reader's own address where a sender's name belongs
    # Somebody with two free mailboxes is nobody else.
    free = mailbox_providers.shared(organisation) and mailbox_providers.shared(facts.identity.organisation)
    return "low" if free else "medium"
