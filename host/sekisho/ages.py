"""How old the tables are that `sekisho update` can make new, and what to say when they are older than three months.

A table's date is its publisher's. One whose publisher has had nothing newer is not old: `update` notes the day it looked, too.
"""

from __future__ import annotations

import json
import os
import sys

from sekisho import folders
from sekisho.mail.date import days
from sekisho.named import NamedTuple
from sekisho.tables import atlas, newer, suffixes

OLD = 92  # days
LOOKED = "looked.json"  # in the folder of newer tables: name of a table -> the day `update` last asked for it, ISO 8601
MAX_HEAD = 200  # bytes of the registries' file in which its dates stand
TITLES = {
    "suffixes": ("Public Suffix List", "公開サフィックスの一覧"),
    "registries": ("Registries' servers (IANA)", "登録機関のサーバー一覧(IANA)"),
    "atlas": ("Atlas of addresses (DB-IP)", "アドレスの地図データ(DB-IP)"),
}
NOTICE = {
    "en": "{tables} on this computer are older than three months; owners and places may be wrong. This command fetches newer ones from "
    "their publishers (DB-IP, publicsuffix.org, IANA), in about three minutes:",
    "ja": "このパソコンの{tables}が三か月より古くなっています。持ち主や場所が正しくないことがあります。次のコマンドで、公開元(DB-IP、publicsuffix.org、IANA)から"
    "新しいものを取得できます(三分ほどかかります):",
}


class Age(NamedTuple):
    """`date`: ISO 8601, None where the table is missing. `old`: older than OLD days, and nobody looked for a newer one since."""

    table: str
    date: str | None
    old: bool


def ages(today: int) -> list[Age]:
    """Every table that can be fetched anew; `today` in days since 1970."""
    looked = looks()
    found = {"suffixes": suffixes.as_of(), "registries": _registries(), "atlas": atlas.as_of()}
    return [Age(name, date, _old(date, looked.get(name), today)) for name, date in found.items()]


def notice(today: int, locale: str) -> dict[str, str] | None:
    """What the panel says of tables that are too old, and the command that mends it; None where none is."""
    old = [one for one in ages(today) if one.old]
    if not old:
        return None
    column, joiner = (1, "、") if locale == "ja" else (0, ", ")
    shown = joiner.join(f"{TITLES[one.table][column]} ({one.date})" for one in old)
    return {
        "text": NOTICE["ja" if column else "en"].format(tables=shown),
        "command": f"{_command()} update",
    }


def looks() -> dict[str, str]:
    """When each table was last looked for, as `note` wrote it down."""
    try:
        with open(os.path.join(newer.FOLDER or "", LOOKED), encoding="utf-8") as file:
            found = json.load(file)
        return {name: day for name, day in found.items() if name in TITLES and isinstance(day, str)}
    except (OSError, ValueError, AttributeError):
        return {}


def note(names: list[str], today: str) -> None:
    """These tables were looked for today (ISO 8601)."""
    if newer.FOLDER:
        with open(os.path.join(newer.FOLDER, LOOKED), "w", encoding="utf-8") as file:
            json.dump({**looks(), **dict.fromkeys(names, today)}, file)


def _old(date: str | None, looked: str | None, today: int) -> bool:
    last = max((_day(one) for one in (date, looked) if one), default=0)
    return date is not None and today - last > OLD


def _day(date: str) -> int:
    """Days since 1970; 0 for what is no date: then it is old."""
    year, month, day = date[:4], date[5:7], date[8:]
    if not (year + month + day).isdecimal() or len(day) != 2 or not 1 <= int(month) <= 12:
        return 0
    return days(int(year), int(month), int(day))


def _registries() -> str | None:
    """The date of the domain registries' servers, which change most: without reading 40 KB of JSON at each start."""
    own = os.path.join(os.path.dirname(newer.__file__), "data", "registries.json")
    try:
        with open(own, encoding="utf-8") as file:
            shipped = file.read(MAX_HEAD).partition('"dns":"')[2][:10]
    except (OSError, UnicodeError):
        shipped = ""
    fetched = [name[len("registries-") :][:10] for name in newer.versions("registries", ".json")]
    return max([shipped, *fetched]) or None


def _command() -> str:
    """The `sekisho` command for a terminal (places.command_file, whose imports a start of the host should not pay for)."""
    folder = folders.data(folders.system(), folders.home(os.environ), os.environ)
    file = f"{folder}/bin/sekisho"
    if sys.platform == "win32":
        file = os.path.normpath(f"{file}.bat")
    return f'"{file}"' if " " in file else file
