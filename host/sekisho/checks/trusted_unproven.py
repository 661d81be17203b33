"""The message names a sender whom the reader trusts, and nothing proves that it is theirs.

A name that is trusted is the one worth borrowing. As long as nothing is known either way it is a note without weight, for much honest mail
carries no proof; where something speaks against the sender's domain it weighs beside that.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "trusted-unproven",
    "medium",
    {
        "en": Text(
            "It is in the name of {sender}, whom you trust, but it is not proven to be theirs",
            "Anybody can write this name into a mail. Your trust counts only where a signature or the domain's own rules prove who sent it, and here they do not.",
            "Judge it as you would a stranger's. If it wants something of you, ask {sender} by a way that you know.",
        ),
        "ja": Text(
            "信頼する差出人 {sender} の名前ですが、本人からのメールだとは確認できていません",
            "差出人の名前は誰でも書けます。信頼が効くのは、電子署名かドメイン自身の規則で送り主を確認できたときだけで、このメールでは確認できていません。",
            "知らない人からのメールと同じように見てください。何かを求められているなら、{sender} に手元の連絡先で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    trusted = facts.trusted
    if trusted is not None and trusted.standing in ("unproven", "failed"):
        severity = "medium" if trusted.standing == "failed" else "info"
        yield CHECK.finding("field:from", severity=severity, sender=trusted.entry)
