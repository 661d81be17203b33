"""Sentences in one language: whole sentences with named places, never pieces put together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sekisho import locales
from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

MAX_VALUE = 300  # characters of one value inside a sentence


class Words:
    """The panel's words in one locale; English stands in for what a language lacks."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._text = _sentences(locale)

    def __call__(self, key: str, **values: Any) -> str:
        """The sentence `key` with its values, each cut to MAX_VALUE characters."""
        text = self._text[key]
        if not values:
            return text
        for name, value in values.items():
            if type(value) is not str or len(value) > MAX_VALUE:
                values[name] = cut(str(value))
        return text.format_map(values)

    def has(self, key: str) -> bool:
        """Whether there is a sentence of that key; a code from elsewhere may have none."""
        return key in self._text

    def defect(self, code: str) -> str:
        """What a defect code means: `check-failed:self-spoof` carries what it is about after the colon."""
        name, _, what = code.partition(":")
        key = f"defect.{name}"
        return self(key, what=what) if key in self._text else code

    def country(self, code: str | None) -> str:
        """A country's name from its ISO 3166-1 code; the code itself where the table has no name."""
        from sekisho.tables.countries import name

        return name(code, self.locale) if code else "?"


@cache
def _sentences(locale: str) -> Mapping[str, str]:
    english = locales.text(locales.ENGLISH, "panel")
    if locale == locales.ENGLISH:
        return english
    return {**english, **{key: text for key, text in locales.text(locale, "panel").items() if text}}


def cut(text: str) -> str:
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + "…"
