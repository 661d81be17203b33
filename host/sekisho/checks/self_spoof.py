"""From equals To: the message pretends that the reader wrote it, and came in from outside.

Somebody who writes to many in Bcc puts the own address in To: that is honest, and it comes from the own provider. So
it counts only when the address is known to be the reader's, or the server that handed it over has nothing to do with it.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.questions import Ask

CHECK = Check(
    "self-spoof",
    "high",
    {
        "en": Text(
            "It says that you wrote it yourself: {address} is both sender and recipient",
            "A mail of your own would have started on your own server. This one came in from outside, through {host}; "
            "the From line is the sender's own word and anybody can write anything there.",
            "Don't answer, don't click. Nobody has to have broken into your account for this.",
        ),
        "ja": Text(
            "差出人と宛先が同じです({address})",
            "ご自分で出したメールなら自分のサーバーから始まるはずですが、これは外部の {host} から届いています。"
            "差出人欄は送り手が自由に書ける欄で、誰の名前でも名乗れます。",
            "返信もクリックもしないでください。これだけで自分のアカウントが破られたとは限りません。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, entry = facts.identity.author, facts.route.entry
    if author is None or not author.address or entry is None or entry.received.auth:
        return
    address = author.address.lower()
    recipients = {recipient.address.lower() for recipient in facts.message.addresses("to")}
    if recipients != {address}:
        return
    readers = facts.identity.readers
    host = entry.received.rdns or entry.received.helo
    if domain.same_organisation(host, author.domain):
        return
    if address in readers:
        yield CHECK.finding(
            "field:from", "field:to", entry.field.anchor, address=address, host=host or entry.received.ip
        )
    elif not readers:
        yield CHECK.finding(
            "field:from",
            "field:to",
            entry.field.anchor,
            severity="medium",
            address=address,
            host=host or entry.received.ip,
        )
