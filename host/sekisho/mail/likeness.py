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
MAX_NAMES = 10  # recipients of a field whose names are left out
_PREFIXES = frozenset({"re", "fw", "fwd", "aw", "wg", "sv", "tr", "ref", "転送", "返信"})


class Likeness(NamedTuple):
    """`subject`: its words in order, "" where they say too little; `shingles`: of the text, none where it is too short."""

    subject: str
    shingles: tuple[str, ...]


NOTHING = Likeness("", ())


def of(message: Message) -> Likeness:
    """Linear; never raises."""
    names = _names(message)
    subject = _tokens(fold((message.unstructured("subject") or "")[:1000]).text, names)
    while subject and subject[0] in _PREFIXES:
        del subject[0]
    shown = [part for part in message.texts if part.part.disposition != "attachment"]
    body = _tokens(max(shown, key=lambda part: len(part.text)).folded.text[:MAX_TEXT], names) if shown else []
    shingles = dict.fromkeys(" ".join(body[at : at + WIDTH]) for at in range(len(body) - WIDTH + 1))
    return Likeness(
        " ".join(subject) if sum(map(len, subject)) >= LEAST_SUBJECT else "",
        tuple(shingles) if len(shingles) >= LEAST else (),
    )


def _tokens(text: str, names: frozenset[str]) -> list[str]:
    """Of folded text the words of letters alone; of a script without spaces, single letters."""
    return [
        token for token in _token().findall(_lasting(text))[:MAX_TOKENS] if token not in names and not _has_digit(token)
    ]


def _lasting(text: str) -> str:
    """The text without addresses and places to fill in. Only words that may hold one are searched."""
    return " ".join(
        _varying().sub(" ", word) if "." in word or "@" in word or "{" in word else word for word in text.split(" ")
    )


def _has_digit(token: str) -> bool:
    return "0" in token  # folding has made one 0 of each number


def _names(message: Message) -> frozenset[str]:
    """The words by which the message may call its recipients."""
    recipients = [one for name in ("to", "cc", "delivered-to") for one in message.addresses(name)[:MAX_NAMES]]
    said = " ".join(f"{one.address} {one.name}" for one in recipients).replace("@", " ")
    return frozenset(name for name in _token().findall(fold(said).text) if len(name) > 1)


@cache
def _varying() -> re.Pattern[str]:
    """Addresses of mail and of pages, with and without scheme, and what a mailing program was to fill in."""
    return re.compile(
        r"[a-z]{3,10}://\S{1,2000}|[^\s<>()\[\]\"',;:|{}]{1,100}@[\w.-]{1,253}|\b(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b(?:/\S{0,500})?|\{\{?[^{}\s]{1,60}\}\}?"
    )


@cache
def _token() -> re.Pattern[str]:
    return re.compile(
        r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\u0e00-\u0e7f]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\u0e00-\u0e7f]{1,40}"
    )
