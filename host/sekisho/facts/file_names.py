"""A file's name taken apart: the extension that counts, and what is done to keep a reader from seeing it."""

from __future__ import annotations

from sekisho.named import NamedTuple
from sekisho.tables import file_types

_OVERRIDES = "\u202e\u202d"  # what follows is shown in the other direction (UAX #9)
_DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"  # honest names in Hebrew and Arabic carry these
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
)
_GONE = dict.fromkeys(map(ord, _OVERRIDES + _DIRECTIONS + _INVISIBLE))
_BLANKS = "\u0020\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u2800\u3000\t_"
GAP = 8  # blanks in a row that push an extension out of sight
LONG = 120  # characters before an extension that no list of files shows
_HARMLESS = frozenset((file_types.DOCUMENT, file_types.PDF, file_types.IMAGE, file_types.TEXT, file_types.MEDIA))


class Name(NamedTuple):
    """What a name is to the computer that opens the file."""

    extension: str  # the one that counts: lower case, "" for none
    group: str  # of that extension; "" where it is not known
    shown: str  # the name with what can't be seen in it made visible
    tricks: tuple[str, ...]  # override, invisible, gap, long, trailing, double


def read(name: str) -> Name:
    """A name as MIME gave it, decoded."""
    plain = name.translate(_GONE)
    bare = plain.rstrip(". \u3000\u00a0")  # Windows drops them
    stem, dot, extension = bare.rpartition(".")
    extension = extension.strip(_BLANKS).lower() if dot else ""
    group = file_types.group_of(extension)
    tricks = []
    if any(mark in name for mark in _OVERRIDES):
        tricks.append("override")
    if any(mark in name for mark in _INVISIBLE):
        tricks.append("invisible")
    if len(stem) - len(stem.rstrip(_BLANKS)) >= GAP:
        tricks.append("gap")
    if len(stem) > LONG:
        tricks.append("long")
    if bare != plain:
        tricks.append("trailing")
    inner = stem.rstrip(_BLANKS + ".").rpartition(".")[2].strip(_BLANKS).lower() if "." in stem else ""
    if inner and file_types.group_of(inner) in _HARMLESS:
        tricks.append("double")
    return Name(extension, group, _visible(name), tuple(tricks))


def _visible(name: str) -> str:
    out: list[str] = []
    blanks = 0
    for character in [*name, ""]:
        if character and character in _BLANKS and character != "_":
            blanks += 1
            continue
        if blanks:
            out.append(" " * blanks if blanks < GAP else f" ⟨{blanks}⟩ ")
            blanks = 0
        out.append(f"⟨U+{ord(character):04X}⟩" if character and ord(character) in _GONE else character)
    return "".join(out)
