"""The sender's name is dressed up with signs: words joined by _ instead of spaces, or signs and arrows at its ends."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "decorated-name",
    "low",
    {
        "en": Text(
            "The sender's name is dressed up with signs: “{name}”",
            "Arrows, underscores and the like around a name catch the eye in a full inbox and hide its words from filters. Companies write their name plainly.",
            "Go by the address, not by the name.",
        ),
        "ja": Text(
            "差出人名が記号で飾られています：「{name}」",
            "矢印や下線などで囲んだ名前は、受信トレイで目立たせ、迷惑メールの検査に言葉を読ませないために使われます。企業が自社名をこのように書くことはまずありません。",
            "名前ではなく、アドレスを見て判断してください。",
        ),
    },
)
MAX_NAME = 200
_SIGNS = frozenset("_*#~^|=`<>»«")
_ARROWS = (("\u2190", "\u21ff"), ("\u2794", "\u27bf"), ("\u2900", "\u297f"), ("\u2b00", "\u2b2f"))


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for author in facts.identity.authors[:5]:
        name = author.name[:MAX_NAME].strip(" \"'“”")
        if len(name) > 2 and name.lower() not in author.address.lower() and _dressed(name):
            yield CHECK.finding("field:from", name=author.name)
            return


def _dressed(name: str) -> bool:
    if not any(letter.isalpha() for letter in name):
        return False  # nothing but signs: somebody took a name out
    at_ends = _is_sign(name[0]) or _is_sign(name[-1])
    words = [word for word in name.split("_") if word]
    joined = len(words) > 2 and " " not in name and all(word[0].isalpha() for word in words)
    return at_ends or joined


def _is_sign(letter: str) -> bool:
    return letter in _SIGNS or _is_arrow(letter)


def _is_arrow(letter: str) -> bool:
    return any(first <= letter <= last for first, last in _ARROWS)
