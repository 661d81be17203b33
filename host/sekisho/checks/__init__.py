"""One module a finding: its file name is the finding's id (with - for _), and it is found by being here.

A module has CHECK, a `Check` with the sentences in every language, and `find(facts, ask)`, which yields findings. It reads
like its sentence: no I/O, no counters, no formatting.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from sekisho.facts import Facts
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.panel.words import Words
from sekisho.questions import Ask
from sekisho.report import Finding
from sekisho.tables import countries

if TYPE_CHECKING:
    from typing import Any


class Text(NamedTuple):
    """What is so; why it matters; what the reader can do. Fields in braces are the finding's values."""

    title: str
    why: str
    advice: str


class Seen(NamedTuple):
    """What a check yields: where it saw it, and the values its sentences need."""

    severity: str
    where: tuple[str, ...]
    values: dict[str, Any]


class Check(NamedTuple):
    id: str
    severity: str
    texts: Mapping[str, Text]

    def finding(self, *where: str, severity: str | None = None, **values: Any) -> Seen:
        """This check's finding at those places; `severity` where this one weighs otherwise than usual."""
        return Seen(severity or self.severity, where, values)


class Module(NamedTuple):
    check: Check
    find: Callable[[Facts, Ask], Iterator[Seen]]


_modules: tuple[Module, ...] = ()


def modules() -> tuple[Module, ...]:
    """Every check, in the order of their names."""
    global _modules
    if not _modules:
        names = sorted(
            {entry.partition(".")[0] for entry in os.listdir(os.path.dirname(__file__)) if not entry.startswith("_")}
        )
        loaded = [import_module(f"{__name__}.{name}") for name in names]
        _modules = tuple(Module(module.CHECK, module.find) for module in loaded)
    return _modules


MAX_FINDINGS = 20  # of one check: what it says is clear by then


def run(facts: Facts, ask: Ask, locale: str) -> tuple[list[Finding], list[str]]:
    """The findings of every check, and the ids of checks that failed (their fault is theirs alone)."""
    findings: list[Finding] = []
    failed: list[str] = []
    for module in modules():
        try:
            for count, seen in enumerate(module.find(facts, ask)):
                if count >= MAX_FINDINGS:
                    break
                findings.append(_said(module.check, seen, locale))
        except Exception:  # one broken check must not take the report with it; tests demand that none does
            failed.append(module.check.id)
    return findings, failed


def _said(check: Check, seen: Seen, locale: str) -> Finding:
    text = check.texts.get(locale) or check.texts["en"]
    shown = {key: _short(_worded(key, value, locale)) for key, value in seen.values.items()}
    return Finding(
        id=check.id,
        severity=seen.severity,
        title=text.title.format_map(shown),
        why=text.why.format_map(shown),
        advice=text.advice.format_map(shown),
        where=seen.where,
        values=seen.values,
    )


# Values that are codes: a person reads the word. A country's code (ISO 3166-1) is read from the table of names, `duration` is in
# seconds, a list's `meaning` is worded as in the panel, and `named` are names of the panel's words.
_CODES = {
    "confidence": "confidence",
    "evidence": "account.reason",
    "meaning": "meaning",
    "does": "does",
    "kind": "kind",
    "posing": "posing",
    "whose": "whose",
    "unproven": "unproven",
    "disguise": "disguise",
    "refused": "refused",
    "asks": "asks",
    "reading": "reading",
}
_UNNAMED = {"file": "removed.file", "product": "removed.product"}  # what is said where a value is ""
_LISTS = {"en": {"safebrowsing": "Google Safe Browsing"}, "ja": {"safebrowsing": "Google セーフ ブラウジング"}}


def _worded(key: str, value: Any, locale: str) -> Any:
    if key == "duration":
        from sekisho.panel.timing import duration

        return duration(value, Words(locale))
    if key in ("country", "home"):
        return countries.name(str(value), locale)
    if key == "named":
        return ", ".join(Words(locale)(word) for word in value)
    if key in _UNNAMED and not value:
        return Words(locale)(_UNNAMED[key])
    if key == "list":
        return _LISTS.get(locale, {}).get(str(value), value)
    return Words(locale)(f"{_CODES[key]}.{value}") if key in _CODES else value


MAX_VALUE = 200  # characters of a value inside a sentence


def _short(value: Any) -> str:
    text = ", ".join(str(item) for item in value) if isinstance(value, (list, tuple)) else str(value)
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + "…"
