"""A mailbox that is kept on the reader's own servers was used from elsewhere: a colleague's, or another customer's of the provider.

The login stands in a line of the reader's own side, so it is fact; and whoever runs those servers is the reader's own to ask.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "fellow-account-used",
    "high",
    {
        "en": Text(
            "{account}, kept on the same servers as your own mail, may be in someone else's hands",
            "{server}, a server of your own side, took the message from somebody who had logged in from {ip} ({network}, {country}): "
            "a colleague's mailbox, or another customer's of your provider. The address was not merely borrowed. "
            "How sure this is: {confidence}.",
            "Tell whoever looks after your mail, and the owner by telephone. What to say stands below.",
        ),
        "ja": Text(
            "同じサーバーを使っている {account} のメールボックスが、他人に使われている疑いがあります",
            "このメールを受け付けたのは、あなたの側のサーバー {server} です。{ip}({network}、{country})からログインして送信されています。"
            "同僚か、同じプロバイダーのほかの利用者のメールボックスで、アドレスを騙っただけではありません。確からしさ:{confidence}。",
            "メールの管理者(または契約しているプロバイダー)に知らせ、持ち主には電話で伝えてください。文面を下に用意しました。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    used = facts.account
    if used.state != "used" or used.whose != "fellow" or used.hop is None:
        return
    step, network = facts.route.steps[used.hop], facts.network(used.ip or "")
    yield CHECK.finding(
        step.field.anchor,
        *([f"field:{used.field}"] if used.field else []),
        "field:from",
        severity=used.confidence,
        account=used.address,
        server=step.received.by,
        ip=used.ip,
        network=network.name if network and network.name else used.ip,
        country=network.country if network else "?",
        confidence=used.confidence,
    )
