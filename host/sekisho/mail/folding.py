"""A text as its words are meant, however they are written: widths, spaces between Japanese letters, invisible characters.

Every place in the folded text leads back to its place in the text as it came, so that what was found can be marked there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, MutableSequence, Sequence
from functools import cache, lru_cache
from itertools import islice

from sekisho.mail.normal import normalized
from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    _New = str | Callable[[re.Match[str]], str]

# What a reader does not see inside a word: soft hyphen, joiners, zero-width and direction marks, invisible operators,
# fillers, variation selectors, tag characters (Unicode: Default_Ignorable_Code_Point, and the bidi controls).
INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
# Letters of other scripts and phonetic small capitals that look like a Latin one. Source: Unicode confusables.txt, by hand.
LOOKALIKES = str.maketrans(
    "авеікмнорстухѕјԁԛԝһӏАВЕІКМНОРСТУХЅЈԌԚԜӀαεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "abeikmhopctyxsjdqwhlabeikmhopctyxsjgqwlaeikvoptuxabezhikmnoptyxabcdefghijklmnoprstuvwyz",
)
MAX_TEXT = 1 << 18  # characters of one text
LONG = 1 << 15  # characters of a text whose places would take more room than itself
MAX_PIECES = 2_000  # held one by one
MAX_RUNS = 20_000  # replaced in one pass; a newsletter's padding has some thousands


_WIDE = "\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff"  # what stands without spaces in Japanese


_ASCII = bytes(range(128))


def beyond_ascii(text: str) -> str:
    """The characters of a text that are not ASCII, in their order: few, mostly, and so searched sooner than the text."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


class _Pass(NamedTuple):
    """Where runs were replaced: `starts` in the text after it, `origins` in the text before, both ascending."""

    starts: Sequence[int]
    origins: Sequence[int]


class Folded:
    """`text` is lower case, NFKC, each number a single 0, white space one space, and none beside a Japanese letter.

    Where its places stood is reckoned when it is asked for: most texts say nothing that is to be marked.
    """

    __slots__ = ("_came", "_passes", "text")

    def __init__(self, text: str, came: str) -> None:
        self.text = text
        self._came = came
        self._passes: list[_Pass] | None = None

    def origin(self, place: int) -> int:
        """Where a place in `text` stands in the text as it came."""
        if self._passes is None:
            passes: list[_Pass] = []
            _folded(self._came, lambda text, pattern, new: _replaced(text, pattern, new, passes))
            self._passes = passes
        for one in reversed(self._passes):
            run = bisect_right(one.starts, place) - 1
            place = one.origins[run] + place - one.starts[run]
        return place


def fold(text: str) -> Folded:
    """The first MAX_TEXT characters, folded. Linear; nothing raises."""
    came = text[:MAX_TEXT]
    return Folded(_folded(came, _substituted if len(came) < LONG else _replaced), came)


def _folded(text: str, replaced: Callable[[str, re.Pattern[str], _New], str]) -> str:
    """A text folded by what puts something in the place of each match of a pattern."""
    text = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    plain = text.isascii()
    text = replaced(text.translate(_ZEROS), _NUMBER_OF_MANY, "0") if plain else replaced(text, _letters(), _letter)
    if text.count(" ") * 3 > len(text):
        text = replaced(text, _apart(), lambda match: match[0].replace(" ", ""))
    if plain:
        if "  " in text:
            text = replaced(text, _SPACE_OF_MANY, " ")
    elif not text.isascii() or "  " in text:
        text = replaced(text, _spaces() if _DASHES.isdisjoint(text) else _spaces_and_dashes(), _space)
    return text.lower()


@cache
def _letters() -> re.Pattern[str]:
    """One class of characters, so that the search for its beginning is quick."""
    odd = (
        f"{INVISIBLE}\u00a0\u00c0-\u02af\u0300-\u036f\u0370-\u052f\u1680\u1d00-\u1d7f\u2000-\u200a\u202f\u205f\u2100-\u214f"
        "\u2460-\u24ff\u2e80-\u2fdf\u3000\u3200-\u33ff\ua730-\ua7ff\uf900-\ufaff\uff01-\uff9f\uffe0-\uffe6"
        "\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff"
    )
    return re.compile(f"[0-9{odd}][0-9{odd}]*")


@cache
def _invisible() -> re.Pattern[str]:
    return re.compile(f"[{INVISIBLE}]+")


_BETWEEN_SPACES = f" (?:(?<=[{_WIDE}] )|(?=[ {_WIDE}])) *"
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")


@cache
def _spaces() -> re.Pattern[str]:
    return re.compile(_BETWEEN_SPACES)


@cache
def _spaces_and_dashes() -> re.Pattern[str]:
    """With the dashes that stand for a long vowel in katakana."""
    return re.compile(f"{_BETWEEN_SPACES}|(?<=[\u30a1-\u30fa])[-\u2010-\u2015\u2212](?=[\u30a1-\u30fa])")


@cache
def _apart() -> re.Pattern[str]:
    """L e t t e r s with a space after each."""
    return re.compile("(?<![A-Za-z])[A-Za-z](?: [A-Za-z](?![A-Za-z])){4,}")


def _places(text: str) -> MutableSequence[int]:
    """A list that begins with 0; of a long text one that holds numbers alone, in a quarter of the room."""
    if len(text) < LONG:
        return [0]
    from array import array

    return array("l", [0])


def _substituted(text: str, pattern: re.Pattern[str], new: _New) -> str:
    return pattern.sub(new, text, MAX_RUNS)


def _replaced(text: str, pattern: re.Pattern[str], new: _New, passes: list[_Pass] | None = None) -> str:
    """The same with less held at once, and with the places where something was replaced added to `passes`."""
    out: list[str] = []
    starts, origins = _places(text), _places(text)
    length = at = 0
    for match in islice(pattern.finditer(text), MAX_RUNS):
        start, end = match.span()
        said = new if isinstance(new, str) else new(match)
        out += (text[at:start], said)
        length += start - at
        if passes is not None and len(said) != end - start:  # else what stands behind it is as far from it as before
            starts.extend((length, length + len(said)))
            origins.extend((start, end))
        length += len(said)
        at = end
        if len(out) > MAX_PIECES:
            out = ["".join(out)]
    out.append(text[at:])
    if passes is not None:
        passes.append(_Pass(starts, origins))
    return "".join(out)


def _letter(match: re.Match[str]) -> str:
    run = match[0]
    if run.isascii():
        return "0"
    around = match.string[match.start() - 1 : match.start()] + run + match.string[match.end() : match.end() + 1]
    latin = any("a" <= letter <= "z" or "A" <= letter <= "Z" or "\u1d00" <= letter <= "\u1d7f" for letter in around)
    return _plain(run, latin)


@lru_cache(512)
def _plain(run: str, latin: bool) -> str:
    """A run of odd letters as plain ones; beside Latin letters those that look like them are meant."""
    run = _invisible().sub("", run)
    run = "".join(
        letter
        for letter in normalized("NFKD", run.translate(LOOKALIKES) if latin else run)
        if not "\u0300" <= letter <= "\u036f"
    )
    return _NUMBER.sub("0", normalized("NFC", run))


def _space(match: re.Match[str]) -> str:
    if match[0] != " " and match[0].strip():
        return "\u30fc"
    start, end = match.span()
    wide = (
        "\u2e80" <= match.string[start - 1 : start] < "\U0001f000"
        or "\u2e80" <= match.string[end : end + 1] < "\U0001f000"
    )
    return "" if wide else " "


_NUMBER = re.compile("[0-9]+")
# Of ASCII each digit is made a 0 first: that leaves the numbers of several to be found, by what they begin with.
_ZEROS = dict.fromkeys(range(ord("1"), ord("9") + 1), "0")
_NUMBER_OF_MANY = re.compile("000*")
_SPACE_OF_MANY = re.compile("   *")
