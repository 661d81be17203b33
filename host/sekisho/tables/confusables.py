"""What looks alike: a text's skeleton, in which letters that eyes take for each other are one (UTS #39 §4).

The letters that look like ASCII come from confusables.tsv (dated and sourced there) and are read when a text is not ASCII; Japanese
lookalikes, and those of ASCII itself, stand here (by hand, 2026-11-22). A skeleton is for comparing and never shown.
"""

from __future__ import annotations

import unicodedata

from sekisho.tables import rows

MAX_TEXT = 2_000

# One line a shape: all its letters become the first.
_EAST = (
    "二ニ", "一ー―─ｰ", "口ロ囗", "力カ", "工エ", "夕タ", "卜ト", "八ハ", "千チ", "三ミ", "才オ", "乂メ〆", "厶ム", "へヘ", "べベ", "ぺペ", "りリ",
    "井丼", "未末", "士土", "己已巳", "曰日", "人入", "午牛", "天夭", "大犬太", "住佳往", "友反", "菱萎", "楽薬", "崎﨑", "高髙", "斉斎齊齋", "辺邊邉",
)  # fmt: skip
# Cyrillic letters that Unicode holds to be like small capitals, and people like the letter; the zero of Chinese numbers.
_BESIDES = {"к": "k", "т": "t", "м": "m", "〇": "o", "○": "o"}
_ASCII = str.maketrans("01i|", "olll")
# Characters that are not seen though they are none of format (category Cf).
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
# They turn round the order in which what follows is shown (UAX #9).
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_table: dict[int, str] | None = None


def skeleton(text: str) -> str:
    """What a text looks like, for comparing with another's skeleton: case, width, accents, invisible characters and lookalikes folded.

    `i`, `l`, `1` and `I` are one, as are `0` and `o`, `rn` and `m`, `vv` and `w`. Looks at MAX_TEXT characters. Never raises.
    """
    text = text[:MAX_TEXT]
    if not text.isascii():
        table = _letters()
        folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).translate(table)).casefold()
        seen = "".join(c for c in folded if not invisible(c) and not (unicodedata.combining(c) and c not in _VOICED))
        text = unicodedata.normalize("NFC", seen).translate(table)
    return text.casefold().replace("rn", "m").replace("vv", "w").translate(_ASCII)


_VOICED = "\u3099\u309a"  # the marks that make ガ of カ


def invisible(character: str) -> bool:
    """Whether nothing is seen of a character: joiners, zero-width spaces, marks of direction, fillers."""
    return character in _UNSEEN or unicodedata.category(character) == "Cf"


def scripts(text: str) -> frozenset[str]:
    """The scripts of a text's letters (Latin, Han, ...; UAX #24), told by the letters' names."""
    found = set()
    for character in text[:MAX_TEXT]:
        if character.isascii():
            if character.isalpha():
                found.add("Latin")
        elif unicodedata.category(character)[0] == "L" and character not in "ー々〆":
            first = unicodedata.name(unicodedata.normalize("NFKC", character)[0], "").partition(" ")[0]
            found.add({"CJK": "Han", "LATIN": "Latin"}.get(first, first.partition("-")[0].capitalize()))
    return frozenset(found)


# UTS #39 §5.2, "highly restrictive": one script, or Latin with those of one East Asian language.
_TOGETHER = (
    frozenset({"Latin", "Han", "Hiragana", "Katakana"}),
    frozenset({"Latin", "Han", "Bopomofo"}),
    frozenset({"Latin", "Han", "Hangul"}),
)


def mixed(label: str) -> bool:
    """Whether a label has letters of scripts that nobody writes together."""
    found = scripts(label)
    return len(found) > 1 and not any(found <= together for together in _TOGETHER)


def _letters() -> dict[int, str]:
    """What each letter becomes, read at first use. A table that is missing leaves the rows above."""
    global _table
    if _table is None:
        _table = {ord(letter): row[0] for row in _EAST for letter in row[1:]}
        for line in rows.lines("confusables.tsv"):
            plain, tab, letters = line.partition("\t")
            if tab:
                _table.update(dict.fromkeys(map(ord, letters), plain))
        _table.update({ord(letter): plain for letter, plain in _BESIDES.items()})
    return _table
