"""What of a message stays the same when it is sent to many: its subject and text without what is made anew for each.

Recipients' names and addresses, links, numbers and words with digits (tokens, dates, amounts) go; case, width and look-alike
letters are folded. What is left of the text is cut into shingles: stretches of a few words, or of a few Japanese letters.
Two texts are alike as their sets of shingles overlap (Broder 1997): words put in here and there, or behind, take a few away.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.mail.folding import fold
from sekisho.mail.message import Message
from sekisho.named import NamedTuple

MAX_TEXT = 6_000  # characters of a text that are looked at: several pages
MAX_TOKENS = 1_500
LEAST = 12  # shingles; a shorter text is like too many others
LEAST_SUBJECT = 4  # letters
WIDTH = 4  # tokens of a shingle
LONGEST = 40  # characters of a token
MAX_NAMES = 10  # recipients of a field whose names are left out
_PREFIXES = frozenset({"re", "fw", "fwd", "aw", "wg", "sv", "tr", "ref", "転送", "返信"})


class Likeness(NamedTuple):
    """`subject`: its words in order, "" where they say too little; `shingles`: of the text, none where it is too short."""

    subject: str
    shingles: tuple[str, ...]


NOTHING = Likeness("", ())
_APART = {code: " " for code in range(128) if not chr(code).isalnum()}  # what stands between words in ASCII


def of(message: Message) -> Likeness:
    """Linear; never raises."""
    names = _names(message)
    subject = _tokens(fold((message.unstructured("subject") or "")[:1000]).text, names)
    while subject and subject[0] in _PREFIXES:
        del subject[0]
    shown = [part for part in message.texts if part.part.disposition != "attachment"]
    body = _tokens(max(shown, key=lambda part: len(part.text)).folded.text[:MAX_TEXT], names) if shown else []
    shingles = dict.fromkeys(map(" ".join, zip(*(body[at:] for at in range(WIDTH)), strict=False)))
    return Likeness(
        " ".join(subject) if sum(map(len, subject)) >= LEAST_SUBJECT else "",
        tuple(shingles) if len(shingles) >= LEAST else (),
    )


def _tokens(text: str, names: frozenset[str]) -> list[str]:
    """Of folded text the words of letters alone; of a script without spaces, single letters."""
    found = _words(_lasting(text))[:MAX_TOKENS]
    return [token for token in found if "0" not in token and token not in names]  # folding made a 0 of each number


def _words(text: str) -> list[str]:
    if text.isascii() and len(words := text.translate(_APART).split()) and len(max(words, key=len)) <= LONGEST:
        return words  # as the pattern has it, at a tenth of its price
    return _token().findall(text)


def _lasting(text: str) -> str:
    """The text without addresses and places to fill in. Only words that may hold one are searched."""
    if "." not in text and "@" not in text and "{" not in text:
        return text
    # Nearly no word has one of these signs: that is asked before a function is called.
    return " ".join(
        [
            _varying().sub(" ", word) if ("." in word or "@" in word or "{" in word) and _may_vary(word) else word
            for word in text.split(" ")
        ],
    )


def _may_vary(word: str) -> bool:
    """Whether it can hold what `_varying` looks for: most words with a full stop end a sentence."""
    return "@" in word or "{" in word or ("." in word and ("." in word[:-2] or "://" in word))


def _names(message: Message) -> frozenset[str]:
    """The words by which the message may call its recipients."""
    recipients = [one for name in ("to", "cc", "delivered-to") for one in message.addresses(name)[:MAX_NAMES]]
    said = " ".join(f"{one.address} {one.name}" for one in recipients).replace("@", " ")
    return frozenset(name for name in _words(fold(said).text) if len(name) > 1)


@cache
def _varying() -> re.Pattern[str]:
    """Addresses of mail and of pages, with and without scheme, and what a mailing program was to fill in."""
    return re.compile(
        r"[a-z]{3,10}://\S{1,2000}|[^\s<>()\[\]\"',;:|{}]{1,100}@[\w.-]{1,253}|\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b(?:/\S{0,500})?|\{\{?[^{}\s]{1,60}\}\}?"
    )


@cache
def _token() -> re.Pattern[str]:
    alone = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\u0e00-\u0e7f"
    return re.compile(rf"[{alone}]|[^\W_{alone}]{{1,{LONGEST}}}")
