"""The machine that handed the message over called itself localhost, or gave a bare address instead of a name.

A mail server knows its name (RFC 5321 §4.1.1.1). A person's own mail program, logged in at their provider, often does
not: an authenticated submission is left alone here.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.route import names_nobody
from sekisho.mail.ip import is_loopback
from sekisho.questions import Ask

CHECK = Check(
    "nameless-helo",
    "low",
    {
        "en": Text(
            "The sending machine introduced itself as “{helo}”",
            "A real mail server gives its own host name. “{helo}” is what a mass-mailing program or an infected computer says; "
            "it names nobody.",
            "Nothing to do about the name itself: go by the address that the receiving server recorded, as the route below shows it.",
        ),
        "ja": Text(
            "送信した機械は自分を「{helo}」と名乗りました",
            "本物のメールサーバーは自分のホスト名を名乗ります。「{helo}」は誰のことでもなく、一斉送信ツールや"
            "感染したパソコンによく見られます。",
            "名前そのものへの対処は要りません。下の経路にある、受信サーバーが記録したアドレスで判断してください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for step in facts.route.steps:
        received = step.received
        inside = step.hop.private or (step.hop.trust == "yours" and step.hop is not _entry_hop(facts))
        if inside or not received.helo or not names_nobody(received.helo):
            continue
        loopback = is_loopback(received.helo) or not received.helo[0].isdigit()
        if (received.auth and not loopback) or (not received.ip and step.hop.trust != "claimed"):
            continue
        if received.helo == received.ip:
            continue  # an address literal that is true (RFC 5321 §4.1.3)
        severity = "medium" if loopback and step.hop is _entry_hop(facts) else "low"
        yield CHECK.finding(step.field.anchor, severity=severity, helo=received.helo)


def _entry_hop(facts: Facts) -> object:
    return facts.route.entry.hop if facts.route.entry else None
