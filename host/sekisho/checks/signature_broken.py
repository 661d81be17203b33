"""The sender's own domain signed the message, and the signature is not right, and nothing else speaks for the domain.

Most broken signatures are honest mail that somebody changed on the way: lists add a footer, scanners rewrite links. So it weighs
only where the domain itself asks to distrust what nobody vouches for, and little even then.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail.domain import same_organisation
from sekisho.questions import Ask

CHECK = Check(
    "signature-broken",
    "info",
    {
        "en": Text(
            "The signature of {domain} on this message is not right",
            "The message carries a signature in the name of its sender's domain, but it does not fit the message as it arrived, "
            "and nothing else vouches for that domain. Mailing lists, forwarding and virus scanners break signatures; "
            "so does somebody who changes a message, or only copies an old signature onto a new one.",
            "If it came through a mailing list, this is common. Else don't rely on the sender's name: ask by telephone or from your own address book.",
        ),
        "ja": Text(
            "{domain} の電子署名が正しくありません",
            "差出人のドメインの電子署名が付いていますが、届いたメールの内容と合わず、ほかに裏づけもありません。"
            "メーリングリストや転送、ウイルス対策でも署名は壊れます。誰かがメールを書き換えた場合や、別のメールの署名を貼り付けた場合も同じです。",
            "メーリングリスト経由ならよくあることです。そうでなければ差出人の名前をあてにせず、電話やご自分の連絡先から確かめてください。",
        ),
    },
)

STRICT = ("quarantine", "reject")


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    verified, author = facts.verified, facts.identity.author
    if verified is None or author is None or (verified.dmarc and verified.dmarc.result == "pass"):
        return
    mine = [one for one in verified.dkim if same_organisation(one.domain, author.domain)]
    if any(one.result == "pass" for one in mine):
        return
    strict = verified.dmarc is not None and verified.dmarc.result == "fail" and verified.dmarc.policy in STRICT
    for one in mine:
        if one.result == "fail":
            yield CHECK.finding(one.where, severity="low" if strict else "info", domain=one.domain)
            return
