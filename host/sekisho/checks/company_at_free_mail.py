"""The sender's name is a company's or an office's, the address one that anybody can have."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables import company_words, mailbox_providers

CHECK = Check(
    "company-at-free-mail",
    "low",
    {
        "en": Text(
            "“{name}” writes from an address that anybody can have: {address}",
            "At {provider} everybody gets a mailbox, under any name. Small firms and clubs do write from there; a bank, an authority or a "
            "service's own desk does not.",
            "Look for the firm's own address on its site, and ask there.",
        ),
        "ja": Text(
            "「{name}」を名乗っていますが、誰でも作れるアドレス {address} から届いています",
            "{provider} では、誰でも好きな名前でメールアドレスを作れます。小さな会社や団体が使っていることはありますが、銀行や官公庁、"
            "サービスの窓口が使うことはありません。",
            "公式サイトに載っている連絡先を調べて、そちらに確認してください。",
        ),
    },
)
_THE_PROVIDERS_OWN = ("mailer-daemon@", "postmaster@", "abuse@")  # RFC 2142 §5: no customer gets them


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author = facts.identity.author
    if author is None or not author.name or facts.identity.brand is not None or facts.carrier_behind:
        return  # a brand's name is told apart
    if author.address.lower().startswith(_THE_PROVIDERS_OWN):
        return
    if not mailbox_providers.personal(facts.identity.organisation) or facts.from_list:
        return
    word, kind = company_words.said(author.name)
    if word:
        yield CHECK.finding(
            "field:from",
            severity="medium" if kind == "office" else "low",
            name=author.name,
            address=author.address,
            provider=facts.identity.organisation,
            word=word,
        )
