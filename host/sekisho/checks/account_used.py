"""The sender's own account was used, not merely the address borrowed: a login at the sender's own server from elsewhere.

The first article's third line: qmail's family writes the login of a successful SMTP AUTH before the address. What speaks for
a thief and what for a traveller is weighed in `facts.account`.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "account-used",
    "high",
    {
        "en": Text(
            "The mailbox {account} may be in someone else's hands",
            "By the line of {server}, whoever handed the message in had logged in there, from {ip} ({network}, {country}). "
            "That takes the password: the address was not merely borrowed. How sure this is: {confidence}.",
            "Tell the owner by telephone, not by mail. What to say, and a letter to copy, stand below.",
        ),
        "ja": Text(
            "{account} のメールボックスは他人に使われている疑いがあります",
            "{server} の記録によると、このメールは {ip}({network}、{country})からそのサーバーにログインした者が送っています。"
            "パスワードがなければできないことで、アドレスを騙っただけではありません。確からしさ:{confidence}。",
            "持ち主には、メールではなく電話で知らせてください。伝える内容と、そのまま使える文面を下に用意しました。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    used = facts.account
    if used.state != "used" or used.whose != "stranger" or used.hop is None:
        return
    step, network = facts.route.steps[used.hop], facts.network(used.ip or "")
    yield CHECK.finding(
        step.field.anchor,
        *([f"field:{used.field}"] if used.field else []),
        "field:from",
        severity=used.confidence,
        account=used.address,
        server=step.received.by or facts.identity.organisation,
        ip=used.ip,
        network=network.name if network and network.name else used.ip,
        country=network.country if network else "?",
        confidence=used.confidence,
    )
