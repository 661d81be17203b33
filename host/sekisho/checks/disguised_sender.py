"""The sender's name is spelt with letters that are not what they look like, or with characters that nobody sees."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "disguised-sender",
    "medium",
    {
        "en": Text(
            "The sender's name is not spelt as it looks: “{reads}”",
            "{disguise}. A name is written like that so that a reader reads a well-known word and a filter does not.",
            "Take the name for nothing. The address is {address}.",
        ),
        "ja": Text(
            "差出人名「{reads}」は、見た目どおりの文字で書かれていません",
            "{disguise}。人にはよく知られた言葉に見え、フィルターには見つからないようにする書き方です。",
            "この名前は当てにしないでください。アドレスは {address} です。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, found = facts.identity.author, facts.sender_name.disguise
    if author is None or found is None:
        return
    brand = found.brand
    if brand is not None and (brand.runs(facts.identity.organisation) or facts.speaks_for(brand)):
        brand = None
        if found.kind == "imitated":
            return
    yield CHECK.finding(
        "field:from",
        severity="high" if brand is not None else "medium",
        reads=found.reads,
        disguise=found.kind,
        imitates=brand.name if brand else None,
        characters=list(found.characters),
        address=author.address or author.name,
    )
