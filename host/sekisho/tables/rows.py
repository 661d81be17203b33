"""The tables that are plain text, beside this file: read as far as they can be, and in words what is wrong with one."""

from __future__ import annotations

import os

from sekisho.tables import mapped

_HERE = os.path.dirname(__file__)
# What is read here or as JSON: the table, and what follows without it, by language.
_ABOUT: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "brands.tsv": (
        {"en": "The table of well-known names", "ja": "よく知られた名前の表"},
        {"en": "imitations of well-known companies may go unnoticed", "ja": "有名な会社のなりすましを見落とすことがあります"},
    ),
    "confusables.tsv": (
        {"en": "The table of letters that look alike", "ja": "見た目が似た文字の表"},
        {"en": "names written with such letters may go unnoticed", "ja": "似た文字を使った名前を見落とすことがあります"},
    ),
    "countries.tsv": (
        {"en": "The table of countries", "ja": "国名の表"},
        {"en": "countries are shown by their codes", "ja": "国名の代わりに国コードが表示されます"},
    ),
    "desks.tsv": (
        {"en": "The table of desks that take reports", "ja": "通報窓口の表"},
        {"en": "fewer addresses are offered for a report", "ja": "通報先として示せる窓口が少なくなります"},
    ),
    "zones.tsv": (
        {"en": "The table of time zones", "ja": "時差の表"},
        {"en": "a sender's clock is not compared with a country's", "ja": "送信者の時計を国の時差と比べられません"},
    ),
    "data/registries.json": (
        {"en": "The table of registries", "ja": "登録機関の表"},
        {"en": "registries cannot be asked", "ja": "登録機関に問い合わせられません"},
    ),
}  # fmt: skip


def lines(name: str) -> list[str]:
    """The lines of a table, but for those that are notes; none where it is missing. What is no UTF-8 becomes U+FFFD. Never raises."""
    try:
        text = _bytes(name).decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.replace("\r\n", "\n").split("\n") if line and not line.startswith("#")]


def problems(locale: str = "en") -> list[str]:
    """What is wrong with these tables and how to mend it; 80 kB are read for it."""
    return [mapped.sentence(kind, *_ABOUT[name], locale) for name in _ABOUT if (kind := _fault(name))]


def _bytes(name: str) -> bytes:
    with open(os.path.join(_HERE, *name.split("/")), "rb") as file:
        return file.read()


def _fault(name: str) -> str:
    try:
        content = _bytes(name)
    except FileNotFoundError:
        return mapped.MISSING
    except OSError:
        return mapped.UNREADABLE
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return mapped.DAMAGED
    if not text.endswith(("}\n", "}\r\n") if name.endswith(".json") else "\n"):
        return mapped.TRUNCATED
    return mapped.DAMAGED if "\0" in text else ""
