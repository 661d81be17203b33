"""The only right signature of the sender's domain leaves the message open: text follows that it does not cover, or anybody can make such a one.

`l=` was meant to let lists add a footer (RFC 6376 §8.2); a mail signed so can be kept and sent on with any text behind it, and
its signature stays right. Keys below 1024 bits are worked out in hours, and SHA-1 is not to be relied on (RFC 8301).
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail.domain import same_organisation
from sekisho.questions import Ask

CHECK = Check(
    "weak-signature",
    "medium",
    {
        "en": Text(
            "The signature of {domain} proves little: {named}",
            "A right signature is worth only what it covers, and what nobody else can make. Here somebody else can have written what you read, "
            "and the signature in the name of {domain} would still be there.",
            "Treat what the message asks for as if nobody had signed it. If it is about money or passwords, ask the sender by another way.",
        ),
        "ja": Text(
            "{domain} の電子署名は、証拠として弱いものです({named})",
            "署名が証拠になるのは、署名された範囲について、しかもほかの人に作れない場合だけです。"
            "このメールでは、{domain} の署名が付いたまま、ほかの誰かが文面を用意できます。",
            "署名のないメールと同じように扱ってください。お金やパスワードに関わる内容なら、別の手段で差出人に確かめてください。",
        ),
    },
)

WEAK = ("sha1", "weak-key")


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    verified, author = facts.verified, facts.identity.author
    if verified is None or author is None:
        return
    mine = [one for one in verified.dkim if same_organisation(one.domain, author.domain)]
    if any(one.result == "pass" and not one.beyond for one in mine):
        return
    for one in mine:
        if one.result == "pass":
            yield CHECK.finding(one.where, domain=one.domain, named=["papers.weak.beyond"])
            return
        if one.reason in WEAK:
            yield CHECK.finding(one.where, severity="low", domain=one.domain, named=[f"papers.weak.{one.reason}"])
            return
