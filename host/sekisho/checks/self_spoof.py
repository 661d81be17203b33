"""The sender's address is the reader's own, or of the reader's own domain, and the message came in from outside without proof.

Somebody who writes to many in Bcc puts the own address in To: that is honest, and it comes from the own provider. So where
nobody knows who reads, From equal to To says little. Of an own domain any address counts: a catch-all takes them all. What
the own servers sent, took from a login or found proven is quiet; a mailing list that hands one's own post on is, too.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, own_side
from sekisho.facts.account import signed_as
from sekisho.mail import domain
from sekisho.questions import Ask

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
# What a report of a delivery consists of: what happened, in words and for machines, and the message or its header.
_OF_REPORTS = {"text/plain", "message/delivery-status", "message/rfc822", "text/rfc822-headers"}


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, entry = facts.identity.author, facts.route.entry
    if author is None or entry is None or entry.received.auth:
        return
    whose = own_side.whose(facts)
    if not whose or own_side.handed_over(facts, entry) or facts.papers.passed or _reflected(facts):
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
    """Whether a mail server tells of a delivery and asks for nothing: what it hands back is from an own host, and often comes round."""
    author = facts.identity.author
    local = author.address.rpartition("@")[0].lower() if author else ""
    if local not in ("mailer-daemon", "postmaster"):
        return False
    if not facts.links.seen and not facts.attachments:
        return True
    # A report (RFC 3464), whose plain words name the page on which the other side's server explains itself.
    kinds = {part.content_type for part in facts.message.parts if part.leaf or part.content_type == "message/rfc822"}
    asks = any(lure.kind in ("credentials", "mailbox-full", "account-suspended") for lure in facts.lures.every)
    return not asks and "message/delivery-status" in kinds and kinds <= _OF_REPORTS


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
    signed = signed or own_side.signed_by_google(facts.message, identity.organisation)
    if signed or identity.organisation in own or not facts.provider.told:
        return "medium"  # forwarded, it may be: the marks are there, and anybody can write them
    return "high"
