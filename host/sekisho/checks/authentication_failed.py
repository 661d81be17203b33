"""The claimed sender's domain asks receivers to distrust mail that it does not vouch for, and this is such mail (DMARC, RFC 7489).

By the reader's own server's word, or verified here. Lists and forwarders break what vouches for honest mail: where a proof names the list
and the domain's own signature is there, broken, or the lines speak of forwarding, it weighs little. That nobody vouches is no
finding where no domain asks.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

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


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    if not any(one.method == "dmarc" for one in facts.said) and facts.verified is None:
        return
    from sekisho.facts.papers import STRICT

    refusal = facts.papers.refusal
    if refusal is None or facts.account.state == "own-login":
        return
    strict = refusal.policy in STRICT
    severity = "medium" if strict else "low" if not refusal.policy else "info"
    if refusal.explained and strict:
        severity = "low"
    yield CHECK.finding(
        *dict.fromkeys(("field:from", refusal.where)),
        severity=severity,
        domain=refusal.domain,
        asks=refusal.policy or "unknown",
        refused=refusal.how + ("-" + refusal.explained if refusal.explained else ""),
        by=refusal.by,
    )
