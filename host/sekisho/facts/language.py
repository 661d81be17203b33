"""In which language a text is, as far as its letters and its smallest words tell. For the history of a sender alone: no finding rests on it."""

from __future__ import annotations

from collections import Counter
from functools import cache

from sekisho.mail.message import Message

MAX_TEXT = 2_000  # characters
LEAST_LETTERS = 8  # of a script
LEAST_WORDS = 4  # of a language, and twice as many as of any other

# Words that stand in nearly every sentence of one of these languages and, as they are written, in none of the others.
_WORDS = {
    "en": "the and you your are this that with have our from will please",
    "de": "und der das ist sie nicht ein eine mit für auf wir ihr ihre zu bitte",
    "fr": "les des et vous votre est pour nous une dans avec sur pas merci",
    "es": "el los las usted su para con por del está muy gracias",
    "it": "il che gli della sono è nel vostro suo grazie questo",
    "pt": "não você uma os são seu obrigado mais com está",
    "nl": "het een van niet uw voor zijn wij naar bedankt",
}
LANGUAGES = ("ja", "ko", "zh", *_WORDS)


def of(message: Message) -> str:
    """ISO 639-1, or "" where the text is too short, of several languages, or of one that is not among LANGUAGES. Linear."""
    shown = [part for part in message.texts if part.part.disposition != "attachment"]
    return named(max(shown, key=lambda part: len(part.text)).text[:MAX_TEXT]) if shown else ""


def named(text: str) -> str:
    """The language of a text."""
    if not text.isascii():
        letters = Counter([_script(letter) for letter in text if letter >= "\u3041"])
        if letters["ja"] >= LEAST_LETTERS or letters["ko"] >= LEAST_LETTERS:
            return "ja" if letters["ja"] >= letters["ko"] else "ko"
        if letters["zh"] >= LEAST_LETTERS:
            return "zh"  # without any kana
    found = Counter(filter(None, map(_words().get, text.lower().split())))
    (first, count), (_, next_) = [*found.most_common(2), ("", 0), ("", 0)][:2]
    return first if count >= LEAST_WORDS and count >= 2 * next_ else ""


@cache
def _words() -> dict[str, str]:
    """Each word's language."""
    return {word: language for language, words in _WORDS.items() for word in words.split()}


def _script(letter: str) -> str:
    if letter <= "\u30ff":
        return "ja"
    if "\u3400" <= letter <= "\u9fff":
        return "zh"
    return "ko" if "\uac00" <= letter <= "\ud7a3" else ""
