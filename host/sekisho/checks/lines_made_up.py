"""Received lines below the checkpoint were made up: they contradict the server that handed the message over, or themselves."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lines-made-up",
    "medium",
    {
        "en": Text(
            "Part of the route was made up to look like {claimed}",
            "The line “by {claimed}” was already in the message when your side received it from {host}, and it contradicts that, "
            "or itself. Honest senders have no reason to invent where a message comes from.",
            "Don't go by what the lower lines of the header say. The address that your side saw is {ip}.",
        ),
        "ja": Text(
            "経路の一部が {claimed} に見せかけて作られています",
            "「by {claimed}」の行は、あなたの側が {host} から受け取った時点ですでに書かれていたもので、その事実やその行自身と矛盾します。"
            "まともな送り手に、経路をでっち上げる理由はありません。",
            "ヘッダーの下のほうの行は当てにしないでください。あなたの側が実際に見たアドレスは {ip} です。",
        ),
    },
)


# What makes a line somebody else's, or a program's that forges them. Clocks and breaks further down are also out of order where
# companies have two names, samples were edited and archives moved.
_WHO = frozenset(
    ["break", "peer-without-name", "foreign-syntax", "made-up-host", "date-for-address", "kit-date", "reserved-address"]
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    entry = facts.route.entry
    made_up = [step for step in facts.route.steps if step.hop.standing == "contradicted"]
    if entry is None or not made_up:
        return
    first = made_up[0].received
    yield CHECK.finding(
        *(step.field.anchor for step in made_up),
        severity="low" if _WHO.isdisjoint(made_up[0].hop.why) or _gains_nothing(facts) else "medium",
        claimed=first.by or first.helo or first.raw[:60],
        host=entry.received.rdns or entry.received.ip,
        ip=entry.received.ip,
    )


def _gains_nothing(facts: Facts) -> bool:
    """Whether it takes no answer (RFC 5321 §4.5.5: the null reverse-path) and leads nowhere, as reports of mail servers do: whoever makes up
    where a mail is from wants something."""
    path = facts.message.header.first("return-path")
    return (
        path is not None
        and not any(one.address for one in facts.message.addresses("return-path"))
        and not facts.links.seen
        and all(one.content_type.startswith("message/") for one in facts.attachments)
    )
