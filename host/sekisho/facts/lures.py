"""What a message presses for: the sentences in subject, sender's name and text that the tables of lures know.

The words alone prove nothing, honest senders use them too. They say what the reader is to do, and with the rest of the
report whether the one who asks may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import islice, pairwise
from operator import itemgetter

from sekisho.mail.folding import MAX_TEXT, Folded, beyond_ascii, fold
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
LONG = 1 << 15  # characters whose words are held at once: they take more room than the text
STEM = 4  # letters that tell words apart which may go on
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
        self._kinds = frozenset([lure.kind for lure in every])

    def of(self, kind: str) -> Said | None:
        """None where nothing of that kind is said."""
        if kind not in self._kinds:
            return None
        found = [lure for lure in self.every if lure.kind == kind]
        places = tuple(dict.fromkeys(lure.where for lure in found))
        return Said(found[0].sentence, places, len({lure.pattern for lure in found}))

    @property
    def ransom(self) -> bool:
        """Threats of two sorts, and an address for coins: no honest mail has that."""
        return self.wallet and len({lure.pattern for lure in self.every if lure.kind == "extortion"}) > 1

    @property
    def codes_in_secret(self) -> bool:
        """Gift cards are wanted, and nobody is to be asked about it."""
        return self._kinds >= {"gift-cards", "errand"}


# What a text has that has a word of ours: two Latin words that follow each other, one, the beginning of one with a *, or a letter.
_Mark = str | tuple[str, str]
# (word, whether it may go on, the rarest mark of it). There are thousands: plain tuples.
_Choice = tuple[str, bool, _Mark]


class _Pattern(NamedTuple):
    kind: str
    row: str
    gap: int
    pieces: tuple[tuple[_Choice, ...], ...]
    marks: tuple[
        tuple[_Mark, ...], ...
    ]  # of each other piece's choices than those it is indexed by, the rarest piece first


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
    found: list[Lure] = []
    for language in _languages(folded.text):
        counts: dict[str, int] = {}
        patterns, by_word, by_letter, void, _, letters = _patterns(language)
        known = _known(folded.text, language)  # most patterns end at the marks that are not there
        numbers: set[int] = set()
        for mark in by_word.keys() & known:
            numbers.update(by_word[mark])
        for letter in by_letter.keys() & known:
            for word, some in by_letter[letter].items():
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


def _words(text: str) -> list[str]:
    """The runs of Latin letters in folded text, in their order."""
    return text.encode("ascii", "replace").translate(_LETTERS_ALONE).decode("ascii").split()


def _pieces(text: str) -> Iterator[str]:
    """Folded text in pieces of about LONG characters that end where no Latin word goes on."""
    at = 0
    while len(text) - at > LONG:
        word = _WORD.match(text, at + LONG)
        end = word.end() if word else at + LONG
        yield text[at:end]
        at = end
    yield text[at:] if at else text


_stem = itemgetter(slice(STEM))


def _known(text: str, language: str) -> set[_Mark]:
    """The marks that folded text has, and no others of Latin words."""
    _, by_word, _, _, _, letters = _patterns(language)
    marks, stems = by_word.keys(), _stems(language)
    known: set[_Mark] = set()
    before: list[str] = []
    for piece in _pieces(text):
        words = [*before, *_words(piece)]
        known |= marks & words
        known |= marks & zip(words, islice(words, 1, None), strict=False)  # one tuple, used again
        known.update([f"{stem}*" for stem in stems.intersection(map(_stem, words))])
        before = words[-1:]
    known.update([letter for letter in letters if letter in text] if letters else text)
    return known


def _languages(text: str) -> Iterator[str]:
    """The tables to be read."""
    if _LATIN.search(text):
        yield "en"
    beyond = "" if text.isascii() else beyond_ascii(text)
    if _JAPANESE.search(beyond):
        yield "ja"
        if _SIMPLIFIED.search(beyond):
            yield "zh"


Row = tuple[str, str, int, tuple[tuple[_Choice, ...], ...], tuple[tuple[_Mark, ...], ...]]  # fields of _Pattern
Numbers = list[int]  # of rows
# A row is put together when it is first looked for (made.unpacked).
Table = tuple[
    list["Row | bytes"],
    dict[_Mark, tuple[int, ...]],
    dict[str, dict[str, Numbers]],
    tuple[str, ...],
    tuple[str, ...],
    tuple[str, ...],
]
MAX_LETTERS = 60  # looked for one by one; of a script that has more, all of a text's are taken


@cache
def _patterns(language: str) -> Table:
    """A language's patterns, every mark of words and which patterns can be where it is, which can be where a letter and a word are, the words
    that void a sentence, the beginnings of words among the marks, and the letters that are looked for alone, unless those are too many."""
    return made.part(f"lures-{language}", lambda: _table(language), *_sources(language))


@cache
def _stems(language: str) -> frozenset[str]:
    return frozenset(_patterns(language)[4])


def parts() -> list[tuple[str, Any, tuple[str, ...]]]:
    """What is made of the tables when the package is built: name, content, sources."""
    return [(f"lures-{language}", _table(language), _sources(language)) for language in GAP]


def _sources(language: str) -> tuple[str, ...]:
    return *(f"{name}.py" for name in TABLES[language]), "../facts/lures.py"


def _table(language: str) -> Table:
    modules: list[Any] = [import_module(f"sekisho.tables.{name}") for name in TABLES[language]]
    patterns: list[Row | bytes] = []
    by_word: dict[_Mark, Numbers] = {}
    by_letter: dict[str, dict[str, Numbers]] = {}
    every: dict[_Mark, _Mark] = {}  # what is the same is one object, and stands there once
    for kind, rows in (item for module in modules for item in module.PATTERNS.items()):
        for row in rows:
            pieces = tuple(tuple(map(_choice, piece.split("|"))) for piece in row.split(" .. "))
            marks = [tuple(dict.fromkeys(every.setdefault(mark, mark) for _, _, mark in piece)) for piece in pieces]
            rarest, *rest = sorted(range(len(pieces)), key=lambda at: _commonness(marks[at]))
            for word, _, rare in pieces[rarest]:
                mark = every[rare]
                if isinstance(mark, str) and len(mark) == 1 and word != mark:
                    numbers = by_letter.setdefault(mark, {}).setdefault(word, [])
                else:
                    numbers = by_word.setdefault(mark, [])
                if len(patterns) not in numbers:
                    numbers.append(len(patterns))
            patterns.append(made.one((kind, row, GAP[language], pieces, tuple(marks[at] for at in rest))))
    letters = sorted(mark for mark in every if isinstance(mark, str) and len(mark) == 1)
    void = tuple(word for module in modules for word in module.VOID)
    stems = tuple(mark[:-1] for mark in every if isinstance(mark, str) and len(mark) > STEM and mark[-1] == "*")
    alone = tuple(letters) if len(letters) <= MAX_LETTERS else ()
    marks_of_words = {mark: tuple(by_word.get(mark, ())) for mark in every if mark in by_word or len(mark) > 1}
    return patterns, marks_of_words, by_letter, void, stems, alone


def _commonness(marks: tuple[_Mark, ...]) -> int:
    """How often a text has one of them: a pattern is looked for only where the piece that says most may stand."""
    return sum(map(_how_common, marks))


def _how_common(mark: _Mark) -> int:
    if isinstance(mark, tuple):
        return 3 if _COMMON.issuperset(mark) else 1
    if mark in _COMMON:
        return 60
    return 3 if mark >= "\u30a1" or len(mark) > 4 else 120 if len(mark) == 1 else 15


def _choice(written: str) -> _Choice:
    word = written.removesuffix("*")
    goes_on = word != written
    whole = [match[0] for match in _WORD.finditer(word) if match.end() < len(word) or not goes_on]
    pairs = list(pairwise(whole))
    mark: _Mark
    if pairs:
        mark = max(pairs, key=lambda pair: (-len(_COMMON.intersection(pair)), len(pair[0] + pair[1])))
    elif whole:
        mark = whole[0]
    elif goes_on and len(word) >= STEM and _WORD.fullmatch(word):
        mark = word[:STEM] + "*"
    else:
        mark = max(word, key=_rarity)
    return word, goes_on, mark


def _rarity(letter: str) -> int:
    """How much it says that a letter stands in a text: kanji more than kana, those more than Latin letters."""
    return 100 if letter >= "\u4e00" else 90 if letter >= "\u30a1" else 80 if letter > "\x7f" else _SELDOM.find(letter)


def _find(text: str, known: set[_Mark], pattern: _Pattern, void: tuple[str, ...]) -> tuple[int, int] | None:
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
            if end is not None:
                around = text[max(0, place[0] - 100) : end + 100]
                if not any(word in around for word in void):
                    return place[0], end
            at = place[1]
    return None


def _rest(text: str, known: set[_Mark], pattern: _Pattern, end: int) -> int | None:
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
