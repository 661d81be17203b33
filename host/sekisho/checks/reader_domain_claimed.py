"""It speaks as the domain that it is sent to, and comes from another one: the mailbox's own administration, they say.

Who runs the reader's mailbox is known for own accounts (`own_provider_claimed`). For any other recipient the address in To says it as well:
nobody but that domain's people speaks in its name to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask
from sekisho.tables import brands, mailbox_providers

CHECK = Check(
    "reader-domain-claimed",
    "medium",
    {
        "en": Text(
            "Speaks as {claimed}, where it was sent to, but comes from {owner}",
            "“{written}” names the domain of the recipient's own address. Who runs {claimed} writes from there; this message has the address {address}. "
            "Letters about full, blocked or expiring mailboxes are written so to get the password.",
            "Enter no password. Ask whoever really looks after {claimed}.",
        ),
        "ja": Text(
            "宛先の {claimed} を名乗っていますが、{owner} から届いています",
            "「{written}」は、宛先のアドレスのドメインを名乗ったものです。{claimed} の管理者なら {claimed} から送りますが、このメールの差出人は {address} です。"
            "容量の超過、停止、期限切れを知らせる、パスワード目当てのメールによくある書き方です。",
            "パスワードを入力しないでください。{claimed} を実際に管理している人に確かめましょう。",
        ),
    },
)
PRESSING = ("mailbox-full", "credentials", "account-suspended", "document-waiting")
MAX_TEXT = 20_000  # characters of a text whose lines are looked at
MAX_LINE = 80


@cache
def _desk() -> re.Pattern[str]:
    return re.compile(
        r"support|admin|webmail|web mail|mail server|mail system|help ?desk|\bit\b|security|team|server|all rights reserved|管理|サポート|中心|センター|事務局"
    )


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author = facts.identity.author
    if author is None or not any(facts.lures.of(kind) for kind in PRESSING):
        return
    if brands.of_domain(facts.identity.organisation) is not None:
        return
    if facts.claim is not None and facts.claim.claim.own in ("provider", "mailboxes", "domain"):
        return  # own-provider-claimed tells it
    for recipient in facts.message.addresses("to")[:3]:
        claimed, home = recipient.domain.lower(), domain.registrable(recipient.domain)
        through_list = " via " in author.name and home == facts.identity.organisation
        if not home or mailbox_providers.personal(home) or (home == facts.identity.organisation and not through_list):
            continue
        found = _spoken(facts, claimed, recipient.address.lower())
        if found is not None:
            where, written = found
            yield CHECK.finding(
                where,
                "field:from",
                claimed=claimed,
                written=written,
                owner=facts.identity.organisation or author.domain,
                address=author.address,
            )
            return


def _spoken(facts: Facts, claimed: str, address: str) -> tuple[str, str] | None:
    """Where it speaks as that domain: as the sender's name, in a subject that names the mailbox, as the signature."""
    name = facts.identity.name.partition(" via ")[0]
    if _stands(claimed, name.lower()):
        return "field:from", name
    subject = facts.message.unstructured("subject") or ""
    if address in subject.lower():
        return "field:subject", subject
    for part in facts.message.texts:
        text = part.text[:MAX_TEXT]
        if claimed not in text.lower():
            continue
        for line in text.splitlines():
            low = line.lower()
            if (
                len(line) <= MAX_LINE
                and claimed in low
                and _stands(claimed, low)
                and _desk().search(low.replace(claimed, ""))
            ):
                return f"part:{part.part.number}", line.strip()
    return None


def _stands(name: str, text: str) -> bool:
    """Whether a domain stands in a text by itself, not in an address or a link."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if (
            before not in ("@", ".", "-", "/", "_")
            and not before.isalnum()
            and after not in ("/", "-", "@")
            and not after.isalnum()
        ):
            return True
        at = text.find(name, at + 1)
    return False
