"""The reader's own mailbox was logged in to from elsewhere, to send this message.

Only the reader can know whether that was a journey. So it is never less than a question worth asking, unless the line that
says so may be the sender's own invention.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "own-account-used",
    "medium",
    {
        "en": Text(
            "Your own mailbox {account} was used from {country}: was that you?",
            "By the line of {server}, whoever handed this message in had logged in with your password, from {ip} ({network}, {country}). "
            "How sure it is that this was somebody else: {confidence}.",
            "If you were not there, and use no VPN, change your password now. What else to do stands below.",
        ),
        "ja": Text(
            "あなたのメールボックス {account} が{country}から使われています。心当たりはありますか",
            "{server} の記録によると、このメールは {ip}({network}、{country})からあなたのパスワードでログインして送られています。"
            "他人が使った確からしさ:{confidence}。",
            "出張や旅行、VPN などの心当たりがなければ、すぐにパスワードを変えてください。ほかにすべきことは下にまとめました。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    used = facts.account
    if used.state != "used" or used.whose != "reader" or used.hop is None:
        return
    step, network = facts.route.steps[used.hop], facts.network(used.ip or "")
    doubtful = "line-claimed" in used.reasons
    yield CHECK.finding(
        step.field.anchor,
        *([f"field:{used.field}"] if used.field else []),
        severity="low" if doubtful else "high" if used.confidence == "high" else "medium",
        account=used.address,
        server=step.received.by or used.address,
        ip=used.ip,
        network=network.name if network and network.name else used.ip,
        country=network.country if network else "?",
        confidence=used.confidence,
    )
