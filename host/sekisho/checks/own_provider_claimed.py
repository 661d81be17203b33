"""Somebody speaks as the reader's own provider, its webmail or its helpdesk, and the message came from elsewhere.

The second article's mail. A name of the table counts where that company keeps the reader's mailbox, or where it speaks under
the reader's own domain; a helpdesk without a name only where it also presses for something of the mailbox.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "own-provider-claimed",
    "high",
    {
        "en": Text(
            "“{written}” speaks as {posing}, but the message came from {host}",
            "Whoever keeps your mailbox sends its notices from its own servers and under its own address. This one has the "
            "address {address} and was handed over by {host}. A name and a subject are the sender's own words.",
            "Enter no password anywhere that this message leads to. Open your provider's page from your own bookmark, or ask "
            "whoever looks after your mail.",
        ),
        "ja": Text(
            "「{written}」は{posing}を名乗っていますが、{host} から届いています",
            "メールを預かる会社や管理者からの連絡なら、自社のサーバーから、自社のアドレスで届きます。このメールの差出人アドレスは "
            "{address}、受け渡したサーバーは {host} です。差出人名も件名も、送り手が自由に書けます。",
            "このメールから開いたページには、パスワードを入力しないでください。ご契約先の管理画面はブックマークから開くか、"
            "社内のメール担当者に確認してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    held, author, entry = facts.claim, facts.identity.author, facts.route.entry
    if held is None or not held.claim.own or held.state == "genuine" or author is None or entry is None:
        return
    severity = _severity(facts)
    if severity is not None:
        yield CHECK.finding(
            held.claim.where,
            *(["field:from"] if held.claim.by != "name" else []),
            entry.field.anchor,
            severity=severity,
            written=held.claim.written,
            posing=_posing(facts),
            host=held.host or author.domain,
            address=author.address,
        )


def _severity(facts: Facts) -> str | None:
    """How much it weighs: a name that is known for certain most, one that anybody may bear least."""
    from sekisho.facts.brand_claim import OF_A_MAILBOX

    held = facts.claim
    assert held is not None
    claim, author = held.claim, facts.identity.author
    mine = author is not None and facts.provider.owns(author.domain)
    about = any(kind in held.pressed for kind in OF_A_MAILBOX)
    leads = bool(held.domains) and not held.backed
    if held.state == "unproven" and not mine:
        return "medium" if about and leads else None  # its own address: most often it is real
    if claim.by != "name":
        if not about or not leads:
            return None
        return "high" if claim.own == "provider" or mine else "medium"
    if claim.own == "mailboxes" or (claim.own == "provider" and (facts.provider.told or about)):
        return "high"
    if claim.own == "provider":
        return "medium"
    if claim.own == "domain":
        return "high" if about or facts.provider.told else "medium"
    if mine and facts.provider.told:
        return "high" if about else None
    own_links = facts.papers.passed and all(name == facts.identity.organisation for name in held.domains)
    return "high" if about and held.domains and not own_links else None


def _posing(facts: Facts) -> str:
    """What it speaks as, as a code: the provider's name where that is known for certain, less where it is not."""
    held = facts.claim
    assert held is not None
    own = held.claim.own
    return "somebodys-provider" if own == "provider" and not facts.provider.told else own
