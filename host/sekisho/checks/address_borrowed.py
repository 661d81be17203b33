"""Only the sender's address was borrowed: its owner's mailbox had no part in the message.

Said only where something speaks against it: the reader's own server found the domain's own rules broken, or a made-up line
names the sender's server. That another company's server handed it over is what most honest mail does. Who borrows the
reader's own address is told to the reader by `self_spoof`.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "address-borrowed",
    "low",
    {
        "en": Text(
            "Only the address {address} was borrowed",
            "{evidence} The From line is the sender's own word. How sure this is: {confidence}.",
            "Don't blame the owner of {address}, and no warning is needed: that mailbox had no part in it, and its password need not be changed.",
        ),
        "ja": Text(
            "{address} はアドレスを騙られただけです",
            "{evidence}差出人欄は送り手が自由に書けます。確からしさ:{confidence}。",
            "{address} の持ち主を責めたり、注意を促したりする必要はありません。そのメールボックスは使われておらず、パスワードの変更も不要です。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    borrowed, entry = facts.account, facts.route.entry
    if borrowed.state != "borrowed" or borrowed.confidence == "low" or entry is None:
        return
    if "self-from-outside" in borrowed.reasons:
        return
    yield CHECK.finding(
        "field:from",
        entry.field.anchor,
        address=borrowed.address,
        evidence=borrowed.reasons[0],
        confidence=borrowed.confidence,
    )
