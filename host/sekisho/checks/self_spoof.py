"""The sender's address is the reader's own, or of the reader's own domain, and the message came in from outside without proof.

Somebody who writes to many in Bcc puts the own address in To: that is honest, and it comes from the own provider. So where
nobody knows who reads, From equal to To says little. Of an own domain any address counts: a catch-all takes them all. What
the own servers sent, took from a login or found proven is quiet; a mailing list that hands one's own post on is, too.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.account import signed_as
from sekisho.facts.route import Step
from sekisho.mail import domain
from sekisho.mail.writers import confirmed_name
from sekisho.questions import Ask
from sekisho.tables import providers

CHECK = Check(
    "self-spoof",
    "high",
    {
        "en": Text(
            "{address} is {whose}, but this message came in from outside",
            "A mail of your own starts on your own server or brings its proof. This one came in through {host} without one; "
            "the From line is the sender's own word and anybody can write anything there.",
            "Don't answer, don't click. Nobody has to have broken into your account for this. If it was your own web form, "
            "printer or newsletter, have its server entered in your domain's SPF record.",
        ),
        "ja": Text(
            "{address} は{whose}ですが、このメールは外部から届いています",
            "ご自分側で出したメールなら、自分のサーバーから始まるか、送信元の証明が付いているはずです。これは証明のないまま、外部の {host} から"
            "届いています。差出人欄は送り手が自由に書ける欄で、誰の名前でも名乗れます。",
            "返信もクリックもしないでください。これだけで自分のアカウントが破られたとは限りません。自社のフォームや複合機、メルマガからの"
            "ものであれば、そのサーバーをドメインの SPF レコードに加えてもらってください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, entry = facts.identity.author, facts.route.entry
    if author is None or entry is None or entry.received.auth:
        return
    whose = _whose(facts)
    if not whose or _of_own_side(facts, entry) or facts.papers.passed or _reflected(facts):
        return
    yield CHECK.finding(
        "field:from",
        *(["field:to"] if facts.identity.to_self else []),
        entry.field.anchor,
        severity=_severity(facts, whose),
        address=author.address.lower(),
        whose=whose,
        host=entry.received.rdns or entry.received.helo or entry.received.ip,
    )


def _whose(facts: Facts) -> str:
    """Whose the sender's address is: address (the reader's), domain (of the reader's domain), both (perhaps: nobody knows the
    reader's, and it is in From and To), or "" where it is somebody else's."""
    identity = facts.identity
    author = identity.author
    if author is None or not author.address:
        return ""
    if author.address.lower() in identity.readers:
        return "address"
    if facts.provider.owns(author.domain):
        return "domain"
    return "both" if identity.to_self and not identity.readers else ""


def _of_own_side(facts: Facts, entry: Step) -> bool:
    """Whether a server of the reader's own side handed it over. A HELO is the sender's own choice: only a name that the own server
    found true counts, but for readers whom nobody knows."""
    author, received = facts.identity.author, entry.received
    confirmed = confirmed_name(received)
    host = confirmed if facts.identity.readers or facts.provider.told else received.rdns or received.helo
    if author is None or domain.same_organisation(host, author.domain) or providers.from_inside(received.by, confirmed):
        return True
    if facts.provider.owns(confirmed) or confirmed.lower() in facts.provider.servers - {""}:
        return True
    # Colleagues send through the same provider; so do its other customers, of whom nothing tells unless the proof failed.
    return not facts.papers.failed and any(brand.runs(domain.registrable(confirmed)) for brand in facts.provider.brands)


def _reflected(facts: Facts) -> bool:
    """Whether a mailing list hands on what the reader's side wrote to it: proof names the list's host, and nobody presses."""
    message, carrier = facts.message, facts.carrier
    listed = (message.unstructured("list-id") or "").rpartition("<")[2].strip("> ")
    home = domain.registrable(listed)
    known = carrier is not None and carrier.kind == "list"
    if not listed or not (known or (home and any(voucher.organisation == home for voucher in facts.vouched))):
        return False
    return known or facts.claim is None or not facts.claim.pressed


def _only_reports(facts: Facts) -> bool:
    """Whether a mail server tells of a delivery and leads nowhere: what it hands back is from an own host, and often comes round."""
    author = facts.identity.author
    local = author.address.rpartition("@")[0].lower() if author else ""
    return local in ("mailer-daemon", "postmaster") and not facts.links.seen and not facts.attachments


def _severity(facts: Facts, whose: str) -> str:
    identity = facts.identity
    if _only_reports(facts):
        return "low"
    if whose == "both":
        return "medium"
    if facts.papers.failed or (whose == "address" and identity.to_self):
        return "high"
    signed = signed_as(facts.message, identity.organisation)
    if signed and facts.carrier is not None:
        return "low"  # a newsletter's service, whose signature nobody has looked at
    own = (domain.registrable(step.received.by) for step in facts.route.steps[facts.route.boundary + 1 :])
    if signed or identity.organisation in own or not facts.provider.told:
        return "medium"  # forwarded, it may be: the marks are there, and anybody can write them
    return "high"
