"""The claimed sender's domain asks receivers to distrust mail that it does not vouch for, and this is such mail (DMARC, RFC 7489).

By the reader's own server's word, or verified here. Lists and forwarders break what vouches for honest mail: where a proof names the list
and the domain's own signature is there, broken, or the lines speak of forwarding, it weighs little. That nobody vouches is no
finding where no domain asks. A key that is gone when an old message is looked at says nothing of the day it came: that is low, too.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail.domain import same_organisation
from sekisho.questions import Ask, Question

CHECK = Check(
    "authentication-failed",
    "medium",
    {
        "en": Text(
            "This mail says that it is from {domain}, and {domain} does not vouch for it",
            "{domain} publishes how its own mail can be told. {refused} What it asks receivers to do with such mail: {asks}.",
            "Treat the sender's name as unknown: no links, no payments, no attachments, until you have asked {domain} by a way that you know.",
        ),
        "ja": Text(
            "差出人は {domain} と名乗っていますが、{domain} からのメールだと確認できません",
            "{domain} は、自分が出したメールを見分ける方法を公開しています。{refused}こうしたメールの扱いについて {domain} が求めていること:{asks}。",
            "差出人はわからないものとして扱ってください。{domain} に手元の連絡先で確かめるまで、リンクも添付も開かず、支払いもしないでください。",
        ),
    },
)


DAYS_STALE = 30  # keys are changed every few months; a deceiver writes today
GONE = ("no-key", "revoked")


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    if not any(one.method == "dmarc" for one in facts.said) and facts.verified is None:
        return
    from sekisho.facts.papers import STRICT, VERIFIED

    refusal = facts.papers.refusal
    if refusal is None or facts.account.state == "own-login":
        return
    strict = refusal.policy in STRICT
    severity = "medium" if strict else "low" if not refusal.policy else "info"
    explained = refusal.explained or ("key-gone" if refusal.how == VERIFIED and _key_gone(facts, ask) else "")
    if explained and strict:
        severity = "low"
    yield CHECK.finding(
        *dict.fromkeys(("field:from", refusal.where)),
        severity=severity,
        domain=refusal.domain,
        asks=refusal.policy or "unknown",
        refused=refusal.how + ("-" + explained if explained else ""),
        by=refusal.by,
    )


def _key_gone(facts: Facts, ask: Ask) -> bool:
    """Whether the author's organisation signed, and its key was asked for so late that it may have been changed since."""
    from sekisho.facts.domains import age

    mine = facts.identity.organisation
    for one in facts.verified.dkim if facts.verified is not None and mine else ():
        if one.reason in GONE and same_organisation(one.domain, mine):
            answer = ask(Question("dns", "TXT", f"{one.selector}._domainkey.{one.domain}"))
            since = age(answer.at, facts.handed_over) if answer else None
            if since is not None and since < -DAYS_STALE:
                return True
    return False
