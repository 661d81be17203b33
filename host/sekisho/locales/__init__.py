"""The languages in which Sekisho speaks: each is a folder here, named by its code (ISO 639). CONTRIBUTING.md has what stands in one."""

from __future__ import annotations

import os
from functools import cache

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ENGLISH = "en"  # stands in for what a language lacks


@cache
def languages() -> tuple[str, ...]:
    """Their codes, English first."""
    found = {name for folder in __path__ for name in os.listdir(folder) if name.isalpha() and name.islower()}
    return (ENGLISH, *sorted(found - {ENGLISH}))


def spoken(name: str) -> str:
    """The language of a locale's name (`ja_JP.UTF-8`, `de-AT`); English where it is none of these."""
    code = name.replace("_", "-").partition("-")[0].partition(".")[0].lower()
    return code if code in languages() else ENGLISH


@cache
def text(language: str, module: str) -> Mapping[str, Any]:
    """TEXT of a module in a language's folder; empty where there is none.

    `panel`: sentences by their key. `findings`: (title, why, advice) by a finding's id.
    """
    if language not in languages():
        return {}
    name = f"{__name__}.{language}.{module}"
    try:
        found: Mapping[str, Any] = __import__(name, fromlist=("TEXT",)).TEXT
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {}
    return found
