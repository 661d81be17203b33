"""A link's address is written in large and small letters by turns, which no browser sees and no honest program writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "restless-letters",
    "medium",
    {
        "en": Text(
            "The link's address is written in large and small letters by turns: {written}",
            "Browsers don't tell them apart, so the mix serves nobody who reads: it makes each copy look another to filters.",
            "Don't open the link.",
        ),
        "ja": Text(
            "リンクのアドレスに大文字と小文字が不規則に混ざっています：{written}",
            "ブラウザーは大文字と小文字を区別しないため、読み手には何の意味もありません。一通ごとに違うアドレスに見せて、迷惑メールの検査をすり抜けるためのものです。",
            "リンクは開かないでください。",
        ),
    },
)
MAX_HOST = 300
MIN_TURNS = 4  # from a small letter to a large one: names of several words have fewer (www.MyBigShop.example: two)
MIN_LABEL = 12  # letters of a label with both that is no name of words: digits stand among them


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        written = seen.link.url[:MAX_HOST]
        scheme, _, rest = written.partition("://")
        host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
        if written == written.lower() or (host == host.lower() and scheme == scheme.lower()):
            continue
        if _restless(scheme) or len(_turns().findall(host)) >= MIN_TURNS or any(map(_scrambled, host.split("."))):
            yield CHECK.finding(f"link:{number}", written=f"{scheme}://{host}")
            return


def _restless(scheme: str) -> bool:
    return scheme not in (scheme.lower(), scheme.upper(), scheme.capitalize())


def _scrambled(label: str) -> bool:
    return len(label) >= MIN_LABEL and any(map(str.isdigit, label)) and label not in (label.lower(), label.upper())


@cache
def _turns() -> re.Pattern[str]:
    return re.compile("[a-z][A-Z]")
