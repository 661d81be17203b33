"""Words have foreign letters or invisible characters inside, so that only a person reads them."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, disguise
from sekisho.questions import Ask

CHECK = Check(
    "salted-words",
    "medium",
    {
        "en": Text(
            "Words are disguised from filters: “{word}” is written with foreign or invisible characters",
            "A person reads the word, a filter does not: letters of another alphabet or mathematical signs that look the same, or characters that "
            "nobody sees, stand in it ({words} words). Nobody types like that.",
            "Don't trust what such a mail says of its sender.",
        ),
        "ja": Text(
            "「{word}」などの語に、見分けのつかない文字や見えない文字が混ぜてあります",
            "人の目には普通の言葉に見えますが、迷惑メールの検査をすり抜けるために、形のそっくりな別の文字、数学記号の飾り文字、目に見えない文字などが"
            "混ぜられています({words} か所)。普通に書いたメールではこうなりません。",
            "名乗っている差出人を信用しないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    found = disguise.salted(facts.message)
    if found:
        most = max(found, key=lambda salted: salted.words)
        strange = sum(salted.words for salted in found if not salted.drawn)
        severity = None if strange > 1 else "low"
        yield CHECK.finding(*(salted.where for salted in found), severity=severity, word=most.word, words=most.words)
