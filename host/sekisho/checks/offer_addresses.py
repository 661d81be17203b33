"""The text sells mail addresses, or the sending of advertising to them."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-addresses",
    "low",
    {
        "en": Text(
            "It sells mail addresses or mass mailings",
            "It says “{sentence}”. Lists of addresses are gathered without asking the people on them; who writes to such a list "
            "breaks the law in many countries, and yours is on one.",
            "Don't answer. Who buys such a list is liable for what is sent to it.",
        ),
        "ja": Text(
            "メールアドレスの名簿や一斉送信を売り込んでいます",
            "本文には「{sentence}」とあります。こうした名簿は本人の同意なく集められたもので、"
            "それを使った広告メールは日本を含む多くの国で違法です。あなたのアドレスも、すでにその一つに載っています。",
            "返信しないでください。名簿を買って送れば、送った側が責任を問われます。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-addresses")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
