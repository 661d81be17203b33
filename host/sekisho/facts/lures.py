"""What a message presses for: the sentences in subject, sender's name and text that the tables of lures know.

The words alone prove nothing, honest senders use them too. They say what the reader is to do, and with the rest of the
report whether the one who asks may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from sekisho.mail.folding import MAX_TEXT, Folded, fold
from sekisho.mail.message import Message, TextPart
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.tables import made

if TYPE_CHECKING:
    from typing import Any

GAP = {"en": 60, "ja": 30, "zh": 20}  # folded characters between two pieces of a pattern
# What senders press for, and what strangers offer. What else is in Latin letters is read with the English, in one pass; sentences in Chinese
# are few, and stand in one table.
TABLES = {"en": ("lures_en", "offers_en", "offers_eu"), "ja": ("lures_ja", "offers_ja"), "zh": ("lures_zh",)}
MAX_TRIES = 200  # places of a pattern's first piece that are looked at in one text
MAX_SENTENCES = 3  # of one kind in one place
MAX_SENTENCE = 160  # characters shown of one
_ENDS = ("。", ". ", "! ", "? ")
_STOPS = ("。", ". ", ".\n", "! ", "? ", "!\n", "?\n", "\n\n")
_NOT = ("'t", "\u2019t")  # "won't" is not "won"
_STRANGERS = ("offer-", "order-", "removal-")  # kinds of what strangers offer
LONG = 1 << 15  # a text whose words take more room than the text if all are held at once
MAX_PIECE = 40  # characters of the longest piece
_WORD = re.compile("[a-z]+")
_SELDOM = "etaoinsrhldcumfpgwybvkxjqz"  # English letters, the seldom ones last
# English words and Chinese characters that half of all mails have.
_COMMON = frozenset(
    ["a", "about", "all", "an", "and", "any", "are", "as", "at", "be", "been", "best", "but", "by", "can", "click", "contact", "do", "email", "for", "free", "from", "get", "has", "have", "here", "if", "in", "is", "it", "know", "mail", "may", "me", "message", "more", "my", "need", "new", "no", "not", "now", "of", "on", "one", "or", "order", "our", "out", "page", "please", "price", "products", "read", "receive", "send", "service", "services", "so", "take", "than", "that", "the", "their", "them", "there", "they", "this", "time", "to", "today", "up", "us", "use", "want", "was", "we", "what", "when", "which", "will", "with", "work", "would", "you", "your", "0"]
).union("日本月年人会中大出上下方時分行生的一不用事新社者手前後今名内部通信送受取自合場入電話番号様株式連絡確認")  # fmt: skip
_LATIN = re.compile("[a-z]{3}")
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
# Without one of these no text is in simplified Chinese.
_SIMPLIFIED = re.compile("[们这为发业务电让请给种务邮您维护时么录账税贴额费无两]")


class Lure(NamedTuple):
    """One sentence that presses. `start:end` is its place in the text of `where` (field:subject, field:from, part:N)."""

    kind: str
    pattern: str
    sentence: str
    where: str
    start: int
    end: int


class Said(NamedTuple):
    """What a message says of one kind: its first sentence, every place where it says so, and in how many ways it does."""

    sentence: str
    where: tuple[str, ...]
    ways: int


class Lures:
    """All lures of a message, in the order they stand."""

    def __init__(self, every: tuple[Lure, ...], wallet: bool) -> None:
        self.every = every
        self.wallet = wallet

    def of(self, kind: str) -> Said | None:
        """None where nothing of that kind is said."""
        found = [lure for lure in self.every if lure.kind == kind]
        if not found:
            return None
        places = tuple(dict.fromkeys(lure.where for lure in found))
        return Said(found[0].sentence, places, len({lure.pattern for lure in found}))

    @property
    def ransom(self) -> bool:
        """Threats of two sorts, and an address for coins: no honest mail has that."""
        return self.wallet and len({lure.pattern for lure in self.every if lure.kind == "extortion"}) > 1

    @property
    def codes_in_secret(self) -> bool:
        """Gift cards are wanted, and nobody is to be asked about it."""
        return {"gift-cards", "errand"} <= {lure.kind for lure in self.every}


# (word, whether it may go on, the rarest of its own: a whole Latin word or a letter). There are thousands: plain tuples.
_Choice = tuple[str, bool, str]


class _Pattern(NamedTuple):
    kind: str
    row: str
    gap: int
    pieces: tuple[tuple[_Choice, ...], ...]
    marks: tuple[tuple[str, ...], ...]  # the rarest of each piece's choices


def read(message: Message) -> Lures:
    """The lures of a message, at most MAX_SENTENCES of a kind in one place. Linear; never raises."""
    out: list[Lure] = []
    budget = 2 * MAX_TEXT
    texts = _texts(message)
    for where, text, part in texts:
        out += _of(where, text[:budget], part.folded if part and len(text) <= budget else fold(text[:budget]))
        budget -= len(text)
        if budget <= 0:
            break
    threatened = any(lure.kind == "extortion" for lure in out)
    return Lures(tuple(out), threatened and any(_wallet().search(text[:MAX_TEXT]) for _, text, _ in texts))


@cache
def _wallet() -> re.Pattern[str]:
    """An address for coins: Bitcoin (base58 or bech32), Ethereum, Litecoin, Tron, Monero."""
    return re.compile(
        r"\b(?:bc1[02-9ac-hj-np-z]{25,87}|ltc1[02-9ac-hj-np-z]{25,87}|0x[0-9A-Fa-f]{40}|[13LMT][1-9A-HJ-NP-Za-km-z]{25,34}"
        r"|[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93})\b"
    )


def _texts(message: Message) -> list[tuple[str, str, TextPart | None]]:
    senders = message.addresses("from")
    named = [
        ("field:subject", message.unstructured("subject") or "", None),
        ("field:from", senders[0].name if senders else "", None),
    ]
    bodies = [(f"part:{part.part.number}", part.text, part) for part in message.texts]
    return [one for one in (*named, *bodies) if one[1].strip()]


def _of(where: str, text: str, folded: Folded) -> list[Lure]:
    words = _words(folded.text)
    found: list[Lure] = []
    for language in _languages(folded.text):
        counts: dict[str, int] = {}
        patterns, index, void, letters = _patterns(language)
        # Most patterns end at the words and letters that are not there.
        known = words.union([letter for letter in letters if letter in folded.text] if letters else folded.text)
        numbers: set[int] = set()
        for key in index.keys() & known:
            for word, some in index[key].items():
                # Where every letter of the text is known, a word's own tell more quickly than the text.
                if (letters or known.issuperset(word)) and word in folded.text:
                    numbers.update(some)
        for number in sorted(numbers):
            row = patterns[number]
            if isinstance(row, bytes):
                row = patterns[number] = made.unpacked(row)
            if any(map(known.isdisjoint, row[4])):
                continue
            pattern = _Pattern._make(row)
            if counts.get(pattern.kind, 0) >= MAX_SENTENCES:
                continue
            place = _find(folded.text, known, pattern, void)
            if place is None:
                continue
            start, end = _sentence(text, folded, *place)
            if pattern.kind.startswith(_STRANGERS) and _quoted(text, folded.origin(place[0])):
                continue  # somebody else said so, and this is an answer
            if any(lure.kind == pattern.kind and lure.start < end and start < lure.end for lure in found):
                continue  # a second pattern for the same sentence
            counts[pattern.kind] = counts.get(pattern.kind, 0) + 1
            found.append(Lure(pattern.kind, pattern.row, " ".join(text[start:end].split()), where, start, end))
    return sorted(found, key=lambda lure: lure.start)


_LETTERS_ALONE = bytes(code if 97 <= code <= 122 else 32 for code in range(256))


def _words(text: str) -> frozenset[str]:
    """The runs of Latin letters in folded text, each once."""
    if len(text) < LONG:
        return frozenset(text.encode("ascii", "replace").translate(_LETTERS_ALONE).decode("ascii").split())
    return frozenset(match[0] for match in _WORD.finditer(text))


def _languages(text: str) -> Iterator[str]:
    """The tables to be read."""
    if _LATIN.search(text):
        yield "en"
    if _JAPANESE.search(text):
        yield "ja"
        if _SIMPLIFIED.search(text):
            yield "zh"


Row = tuple[str, str, int, tuple[tuple[_Choice, ...], ...], tuple[tuple[str, ...], ...]]  # fields of _Pattern
# A row is put together when it is first looked for (made.unpacked).
Table = tuple[list["Row | bytes"], dict[str, dict[str, list[int]]], tuple[str, ...], tuple[str, ...]]
MAX_LETTERS = 60  # looked for one by one; of a script that has more, all of a text's are taken


@cache
def _patterns(language: str) -> Table:
    """A language's patterns, which of them can be where a word or letter is (and this, if it is longer), the words that void a sentence,
    and the letters that are looked for alone, unless those are too many."""
    return made.part(f"lures-{language}", lambda: _table(language), *_sources(language))


def parts() -> list[tuple[str, Any, tuple[str, ...]]]:
    """What is made of the tables when the package is built: name, content, sources."""
    return [(f"lures-{language}", _table(language), _sources(language)) for language in GAP]


def _sources(language: str) -> tuple[str, ...]:
    return *(f"{name}.py" for name in TABLES[language]), "../facts/lures.py"


def _table(language: str) -> Table:
    modules: list[Any] = [import_module(f"sekisho.tables.{name}") for name in TABLES[language]]
    patterns: list[Row | bytes] = []
    letters: set[str] = set()
    index: dict[str, dict[str, list[int]]] = {}
    for kind, rows in (item for module in modules for item in module.PATTERNS.items()):
        for row in rows:
            pieces = tuple(tuple(map(_choice, piece.split("|"))) for piece in row.split(" .. "))
            marks = tuple(tuple(dict.fromkeys(mark for _, _, mark in piece)) for piece in pieces)
            for word, _, mark in pieces[min(range(len(pieces)), key=lambda at: _commonness(marks[at]))]:
                some = index.setdefault(mark, {}).setdefault("" if word == mark else word, [])
                some.append(len(patterns))
            letters.update(mark for some in marks for mark in some if len(mark) == 1)
            patterns.append(made.one((kind, row, GAP[language], pieces, marks)))
    void = tuple(word for module in modules for word in module.VOID)
    return patterns, index, void, tuple(sorted(letters)) if len(letters) <= MAX_LETTERS else ()


def _commonness(marks: tuple[str, ...]) -> int:
    """How often a text has one of them: a pattern is looked for only where the piece that says most may stand."""
    return sum(
        20 if mark in _COMMON else 1 if mark >= "\u30a1" or len(mark) > 4 else 40 if len(mark) == 1 else 5
        for mark in marks
    )


def _choice(written: str) -> _Choice:
    word = written.removesuffix("*")
    whole = [match[0] for match in _WORD.finditer(word) if match.end() < len(word) or word == written]
    return word, word != written, max(whole, key=len) if whole else max(word, key=_rarity)


def _rarity(letter: str) -> int:
    """How much it says that a letter stands in a text: kanji more than kana, those more than Latin letters."""
    return 100 if letter >= "\u4e00" else 90 if letter >= "\u30a1" else 80 if letter > "\x7f" else _SELDOM.find(letter)


def _find(text: str, known: frozenset[str], pattern: _Pattern, void: tuple[str, ...]) -> tuple[int, int] | None:
    """The first place of a pattern in folded text that is not in a sentence of warning."""
    for piece in pattern.pieces:
        for word, _, mark in piece:
            if mark in known and word in text:
                break
        else:
            return None
    tries = 0
    for choice in pattern.pieces[0]:
        if choice[2] not in known:
            continue
        at = 0
        while tries < MAX_TRIES:
            place = _piece(text, choice, at, len(text))
            if place is None:
                break
            tries += 1
            end = _rest(text, known, pattern, place[1])
            if end is not None and not any(word in text[max(0, place[0] - 100) : end + 100] for word in void):
                return place[0], end
            at = place[1]
    return None


def _rest(text: str, known: frozenset[str], pattern: _Pattern, end: int) -> int | None:
    """Where the last piece ends when all others follow the first; None when one does not."""
    for piece in pattern.pieces[1:]:
        limit = end + pattern.gap + MAX_PIECE
        for mark in _ENDS:
            stop = text.find(mark, end, end + pattern.gap)
            if 0 <= stop < limit:
                limit = stop
        nearest: tuple[int, int] | None = None
        for choice in piece:
            if choice[2] not in known:
                continue
            place = _piece(text, choice, end, limit)
            if place is not None and place[0] - end <= pattern.gap and (nearest is None or place[0] < nearest[0]):
                nearest = place
        if nearest is None:
            return None
        end = nearest[1]
    return end


def _piece(text: str, choice: _Choice, at: int, limit: int) -> tuple[int, int] | None:
    """The next place of a choice at a word's borders (Latin letters and numbers; other scripts have none)."""
    word, goes_on, _ = choice
    while True:
        start = text.find(word, at, limit)
        if start < 0:
            return None
        end = start + len(word)
        if (
            not (start and _joined(text[start - 1], word[0]))
            and (goes_on or end >= len(text) or not _joined(word[-1], text[end]))
            and not text.startswith(_NOT, end)
        ):
            return start, end
        at = start + 1


def _joined(left: str, right: str) -> bool:
    return (
        left.isascii() and right.isascii() and left.isalnum() and right.isalnum() and left.isalpha() == right.isalpha()
    )


def _quoted(text: str, place: int) -> bool:
    """Whether the line of a place begins as quoted ones do (RFC 3676 section 4.5)."""
    return text.startswith(">", text.rfind("\n", 0, place) + 1)


def _sentence(text: str, folded: Folded, start: int, end: int) -> tuple[int, int]:
    """The sentence around a place of the folded text, as a place of the text as it came."""
    begin = min(folded.origin(start), len(text) - 1)
    stop = min(max(folded.origin(end - 1), begin) + 1, len(text), begin + 2 * MAX_SENTENCE)
    spare = max(0, MAX_SENTENCE - (stop - begin)) // 2
    before, after = text[max(0, begin - spare) : begin], text[stop : stop + spare]
    first = max(place + len(mark) if (place := before.rfind(mark)) >= 0 else 0 for mark in _STOPS)
    last = min(place + 1 if (place := after.find(mark)) >= 0 else len(after) for mark in _STOPS)
    return begin - len(before[first:].lstrip()), stop + len(after[:last].rstrip())
