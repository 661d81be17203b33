"""From equals To: the message pretends that the reader wrote it, and came in from outside.

Somebody who writes to many in Bcc puts the own address in To: that is honest, and it comes from the own provider. So
it counts only when the address is known to be the reader's, or could be (nobody knows the reader's, or it is of the
reader's own domain) and the server that handed it over has nothing to do with it. A note that the reader sent from the
own provider to the own provider is no spoof either.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, checkpoint
from sekisho.mail import domain
from sekisho.mail.writers import confirmed_name
from sekisho.questions import Ask
from sekisho.tables import providers

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
    if author is None or not facts.identity.to_self or entry is None or entry.received.auth:
        return
    address = author.address.lower()
    received = entry.received
    confirmed = confirmed_name(received)
    host = received.rdns or received.helo
    readers = facts.identity.readers
    if address in readers:
        # A HELO is the sender's own choice: only a name that the own server found true can speak for the sender.
        if domain.same_organisation(confirmed, author.domain) or providers.from_inside(received.by, confirmed):
            return
        severity = "high"
    elif not readers or domain.registrable(author.domain) in checkpoint.own_organisations(facts.settings):
        if domain.same_organisation(host, author.domain) or providers.from_inside(received.by, confirmed):
            return
        severity = "medium"
    else:
        return
    yield CHECK.finding(
        "field:from",
        "field:to",
        entry.field.anchor,
        severity=severity,
        address=address,
        host=host or received.ip,
    )
