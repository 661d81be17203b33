"""The domain of the envelope says that the server which handed the message over may not send for it, and no signature says otherwise.

Checked here (RFC 7208), for the address at the checkpoint. Forwarding breaks it as well, which is why a right signature of the
sender's or the envelope's domain ends the matter, and why it weighs little: where the sender's domain asks to distrust what it
does not vouch for (DMARC), `authentication-failed` says so, and one fact is not weighed twice.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail.domain import same_organisation
from sekisho.questions import Ask

CHECK = Check(
    "spf-fail",
    "low",
    {
        "en": Text(
            "{ip} may not send for {domain}, says that domain",
            "{domain} publishes which servers send its mail (SPF). The one that handed this message over is not among them, and no signature vouches "
            "for it either. Somebody who only borrows the address looks like this; so does mail that was forwarded without care.",
            "If you do not have this mail forwarded from another mailbox, don't believe the sender's name. Ask by another way before you act.",
        ),
        "ja": Text(
            "{ip} は {domain} のメールを送ることを認められていません",
            "{domain} は自分のメールを送るサーバーを公開しています(SPF)が、このメールを渡したサーバーはその中になく、電子署名による裏づけもありません。"
            "アドレスを騙ったメールはこうなりますが、転送の設定が不十分な場合もこうなります。",
            "ほかのメールボックスから転送しているのでなければ、差出人の名前を信じず、行動する前に別の手段で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    verified, author, entry = facts.verified, facts.identity.author, facts.route.entry
    if verified is None or verified.spf is None or entry is None:
        return
    spf, dmarc = verified.spf, verified.dmarc
    failed = dmarc is not None and dmarc.result == "fail"
    if spf.result != "fail" and not (spf.result == "softfail" and failed):
        return
    names = [spf.domain, *([author.domain] if author else [])]
    if any(
        one.result == "pass" and any(same_organisation(one.domain, name) for name in names) for one in verified.dkim
    ):
        return
    yield CHECK.finding(entry.field.anchor, ip=spf.ip, domain=spf.domain)
