"""The sender's domain is written to be taken for the reader's own."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, checkpoint
from sekisho.mail import domain
from sekisho.questions import Ask

CHECK = Check(
    "near-own-domain",
    "high",
    {
        "en": Text(
            "The sender's domain {other} looks like your own {own}, and is another",
            "{other} is registered apart from your {own}, and whoever has it can receive and answer mail there. Such names are registered to "
            "pass for a colleague, the management or your own mail server.",
            "Don't answer and don't pay. Ask the colleague by telephone, and tell whoever looks after your mail of {other}.",
        ),
        "ja": Text(
            "差出人のドメイン {other} は、ご自分の {own} に似た別のドメインです",
            "{other} はお使いの {own} とは別に登録されたもので、持ち主はそこでメールを受け取り、返事を書くこともできます。"
            "同僚や経営者、社内のメールサーバーになりすますために、こうした名前が登録されます。",
            "返信も送金もせず、本人に電話などで確かめてください。メールの管理者にも {other} のことを知らせてください。",
        ),
    },
)
# Firms often have their name under several endings themselves, and for their parts. Among other words it may be another's name: Suzuki and the
# dentist Suzuki have nothing to do with each other.
SEVERITIES = {
    "same-look": "high",
    "inside": "high",
    "near": "high",
    "part": "medium",
    "suffix": "medium",
    "words": "low",
}


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    own = checkpoint.own_organisations(facts.settings)
    if not own:
        return
    from sekisho.facts import near_own

    author = facts.identity.author
    answered = facts.message.addresses("reply-to")[:1]
    told: set[str] = set()
    for where, address in [("field:from", author), *(("field:reply-to", one) for one in answered)]:
        found = near_own.find(address.domain, own) if address else None
        if found is None or found.other in told:
            continue
        told.add(found.other)
        severity = SEVERITIES[found.kind]
        if found.kind == "suffix" and any(voucher.organisation == found.own for voucher in facts.vouched):
            continue  # the own servers vouch for it
        yield CHECK.finding(
            where, severity=severity, other=domain.unicode_form(found.other), own=found.own, likeness=found.kind
        )
