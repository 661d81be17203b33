"""The text offers a stranger's fortune: an inheritance, a donation, an investor's funds, a share in a secret transfer."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-funds",
    "low",
    {
        "en": Text(
            "A stranger offers you a fortune, or a partnership",
            "It says “{sentence}”. There is no inheritance, no donation and no investor: whoever answers is asked for one fee after the other, "
            "or for papers with which accounts are opened in their name.",
            "Don't answer, and send no copies of papers and no money. Nothing comes after it.",
        ),
        "ja": Text(
            "見知らぬ相手が、大金や共同事業を持ちかけています",
            "本文には「{sentence}」とあります。遺産も寄付も投資家も実在しません。返信すると、手数料などの名目で次々にお金を求められるか、身分証の写しを口座の開設などに悪用されます。",
            "返信せず、身分証の写しやお金を送らないでください。待っていても何も支払われません。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-funds")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
