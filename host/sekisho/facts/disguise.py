"""What a message does so that a reader sees something else than a filter: disguised letters, hidden text, pictures for words.

All of it exists in honest mail in small amounts (padding behind a preview line, a joined price, an emoji): the measures are
of amount and kind, taken on the development corpus.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from sekisho.mail import text_links, url, wrappers
from sekisho.mail.folding import INVISIBLE, LONG, LOOKALIKES, beyond_ascii, fold
from sekisho.mail.message import Message, TextPart
from sekisho.named import NamedTuple
from sekisho.tables import shorteners, trackers

MAX_TEXT = 1 << 18  # characters looked at in one text
HIDDEN, HIDDEN_SHARE = 150, 0.4  # letters of hidden words that are seen nowhere; their share of what is seen
PICTURES = 100  # letters beside pictures: fewer, and the pictures say it all
EAST = "\u2e80"  # from here on stand the scripts of East Asia: a character says what two letters say at least
COMPARED, ALIKE = 30, 0.3  # words of each part; share of the shorter one's that the other has
MAX_COMPARED = 200  # links of each part
_WORDS = re.compile(r"\w+")


class Salted(NamedTuple):
    """Words with foreign letters or invisible characters inside. `word`: one of them as it reads; `words`: how many there are.

    `drawn`: none of them has either, they are set in mathematical signs (U+1D400 and on), which advertisers do for show.
    """

    where: str
    word: str
    words: int
    drawn: bool


class Hidden(NamedTuple):
    """Words that are there and not seen: `letters` of them that stand nowhere in sight, `seen` letters that do."""

    where: str
    sample: str
    letters: int
    seen: int


def salted(message: Message) -> list[Salted]:
    """Subject, sender's name and parts in which at least two words are disguised."""
    senders = message.addresses("from")
    texts = [
        ("field:subject", message.unstructured("subject") or ""),
        ("field:from", senders[0].name if senders else ""),
    ]
    texts += [(f"part:{part.part.number}", part.text) for part in message.texts]
    found = []
    for where, text in texts:
        if text.isascii():
            continue
        text = text[:MAX_TEXT]
        beyond = beyond_ascii(text)
        odd = _strange().search(beyond) is not None  # else no word of it can be one
        words = [match[0] for match in _disguised().finditer(text) if _foreign(match[0])] if odd else []
        drawn = [] if words or not _drawn().search(beyond) else _drawn().findall(text)
        if words or drawn:
            found.append(Salted(where, fold((words or drawn)[0][:60]).text, len(words or drawn), not words))
    return found


# Shops' programs put a byte order mark into prices and a soft hyphen into long words; a joiner that is no letter is added.
_ODD = INVISIBLE.replace("\ufeff", "").replace("\u00ad", "") + "\u034f"


@cache
def _strange() -> re.Pattern[str]:
    return re.compile(f"[\u0370-\u03ff\u0400-\u052f{_ODD}]")


@cache
def _disguised() -> re.Pattern[str]:
    """A word with Latin letters beside Cyrillic or Greek ones, or with what is invisible between its letters.

    Kana and kanji as well; the variation sequences of a kanji (IVD, U+E0100 and on) are names as people write them.
    """
    letters = f"A-Za-z\u0370-\u03ff\u0400-\u052f\u3041-\u30ff\u4e00-\u9fff{_ODD}"
    return re.compile(f"[{letters}]{{3,200}}")


@cache
def _drawn() -> re.Pattern[str]:
    return re.compile("[\U0001d400-\U0001d7ff]{3,200}")


@cache
def _inside() -> re.Pattern[str]:
    plain = _ODD.replace("\ufe00", "\ufe03").replace("\U000e0000-\U000e0fff", "\U000e0000-\U000e00ff")
    return re.compile(
        f"[A-Za-z\u3041-\u30ff][{_ODD}]+[A-Za-z\u3041-\u30ff\u4e00-\u9fff]|[\u4e00-\u9fff][{plain}]+[A-Za-z\u3041-\u30ff\u4e00-\u9fff]"
    )


def _foreign(word: str) -> bool:
    if word.isascii():
        return False
    if _inside().search(word):
        return True
    latin = sum(letter.isascii() for letter in word)
    alike = sum(ord(letter) in LOOKALIKES and letter >= "\u0370" and letter < "\u0530" for letter in word)
    others = sum("\u0370" <= letter < "\u0530" for letter in word)
    return latin > 1 and len(word) > 3 and 0 < alike == others


def hidden(message: Message) -> list[Hidden]:
    """HTML parts that hide much beside what they show; what is hidden and shown as well (a second layout) does not count."""
    found = []
    for part in _shown(message, "text/html"):
        if len(part.hidden) < HIDDEN:
            continue
        known: set[str] = set()
        in_sight = 0
        for word in _words(part.text[:MAX_TEXT]):
            known.add(word)
            in_sight += len(word)
        first: list[str] = []
        letters = 0
        for word in _words(part.hidden[:MAX_TEXT]):
            if len(first) < 20:
                first.append(word)
            if word not in known:
                letters += len(word)
        if letters >= HIDDEN and letters >= HIDDEN_SHARE * in_sight:
            found.append(Hidden(f"part:{part.part.number}", " ".join(first)[:100], letters, in_sight))
    return found


def _words(text: str) -> Iterable[str]:
    """The words of a text, all at once where they are few: that is quicker, and takes more room than the text."""
    return _WORDS.findall(text) if len(text) < LONG else (match[0] for match in _WORDS.finditer(text))


def only_pictures(message: Message) -> str | None:
    """The HTML part whose linked pictures say it all; None where there is text beside them, or somewhere else in the message."""
    pages = _shown(message, "text/html")
    pictured = [
        part
        for part in pages
        if any((image.width is None or image.width >= PICTURES) and image.height != 1 for image in part.images)
        and any(link.kind == "link" and not link.hidden for link in part.links)
    ]
    if not pictured:
        return None
    letters = 0
    for part in pages:
        for match in _WORDS.finditer(part.text[:MAX_TEXT]):
            word = match[0][:PICTURES]
            letters += len(word) + sum(letter >= EAST for letter in word)
            if letters >= PICTURES:
                return None
    return f"part:{pictured[0].part.number}"


def differing(message: Message) -> tuple[str, str] | None:
    """The plain and the HTML part of one message that say different things; each may be the one that a program shows."""
    plain, pages = _shown(message, "text/plain"), _shown(message, "text/html")
    if len(plain) != 1 or len(pages) != 1 or not _alternatives(message, plain[0], pages[0]):
        return None
    one, other = _vocabulary(plain[0].text), _vocabulary(pages[0].text)
    fewest = min(len(one), len(other))
    if fewest < COMPARED or len(one & other) >= ALIKE * fewest:
        return None
    return f"part:{plain[0].part.number}", f"part:{pages[0].part.number}"


def leading_apart(message: Message) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """(part, whose link) of the plain and of the HTML part of one message that have no link to a common owner; None where one of
    them has no link, or a service that counts clicks stands between."""
    plain, pages = _shown(message, "text/plain"), _shown(message, "text/html")
    if len(plain) != 1 or len(pages) != 1 or not _alternatives(message, plain[0], pages[0]):
        return None
    written = _owners(text_links.find(plain[0].text[:MAX_TEXT]))
    clicked = _owners([link.url for link in pages[0].links if link.kind == "link"])
    if not written or not clicked or written & clicked.keys() or any(map(_between, (*written, *clicked))):
        return None
    one, other = next(iter(written)), next(iter(clicked))
    return (f"part:{plain[0].part.number}", one), (f"part:{pages[0].part.number}", other)


def _owners(targets: list[str]) -> dict[str, None]:
    """The registrable domains that the first targets lead to, in their order."""
    out: dict[str, None] = {}
    for target in dict.fromkeys(targets[:MAX_COMPARED]):
        parsed = url.parse(target)
        if parsed is not None and parsed.scheme in ("http", "https") and parsed.domain:
            out[parsed.domain] = None
            out.update((layer.target.domain, None) for layer in wrappers.undo(parsed) if layer.target)
    out.pop("", None)
    return out


def _between(owner: str) -> bool:
    return trackers.counts_clicks(owner) or shorteners.of(owner, owner) is not None


def _shown(message: Message, content_type: str) -> list[TextPart]:
    return [
        part
        for part in message.texts
        if part.part.content_type == content_type and part.part.disposition != "attachment"
    ]


def _alternatives(message: Message, one: TextPart, other: TextPart) -> bool:
    """Whether the two stand in one multipart/alternative (RFC 2046 §5.1.4)."""
    return any(
        part.content_type == "multipart/alternative"
        and part.start <= one.part.start < part.end
        and part.start <= other.part.start < part.end
        for part in message.parts
    )


def _vocabulary(text: str) -> set[str]:
    lower = _without_addresses(text[:MAX_TEXT]).lower()
    if lower.isascii():
        return {word for word in lower.translate(_APART).split() if len(word) >= MIN_WORD}
    return set(_vocable().findall(lower))


MIN_WORD = 4  # letters
_APART = {code: " " for code in range(128) if not chr(code).isalpha()}


def _without_addresses(text: str) -> str:
    """Words with an @ inside are left out, others end where a page's address begins. A pattern would look at each letter of a word anew."""
    if "@" not in text and "http" not in text:
        return text
    return " ".join(
        [
            _address().sub(" ", word) if "http" in word else word
            for word in text.split()
            if "@" not in word or "@" not in word[1:-1]
        ]
    )


@cache
def _vocable() -> re.Pattern[str]:
    return re.compile(
        f"[^\\W\\d_\u3040-\u30ff\u4e00-\u9fff]{{{MIN_WORD},}}|[\u30a1-\u30ff]{{2,}}|[\u4e00-\u9fff]{{2,}}"
    )


@cache
def _address() -> re.Pattern[str]:
    return re.compile(r"https?://\S+")
