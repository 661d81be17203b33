"""The address that handed the mail over is on a blocklist that the reader chose, as one from which spam or viruses come.

A list of lines from which no mail should come directly accuses nobody: that is the finding `home-line-sender`.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "listed-sender",
    "medium",
    {
        "en": Text(
            "The server that handed this mail over is on a blocklist: {ip}",
            "{list} has the address: {meaning}. That is proven to be the address it came from; many senders can share it, and a listing "
            "can be out of date.",
            "Trust nothing in this mail that you can't confirm in another way.",
        ),
        "ja": Text(
            "このメールを渡したサーバー {ip} は、ブロックリストに載っています",
            "{list} に載っています({meaning})。メールがこのアドレスから届いたことは確かですが、同じアドレスを多くの人が使っていることや、"
            "登録が古いこともあります。",
            "別の手段で確かめられないことは、信じないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    entry, origin = facts.route.entry, facts.route.origin
    if entry is None or origin is None:
        return
    for listing in facts.listings(origin.ip):
        if listing.listed and listing.meaning != "end-user-line":
            yield CHECK.finding(entry.field.anchor, ip=origin.ip, list=listing.zone, meaning=listing.meaning)
            return
