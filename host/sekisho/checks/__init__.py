"""One module a finding: its file name is the finding's id (with - for _), and it is found by being here.

A module has CHECK, a `Check` with the sentences in every language, and `find(facts, ask)`, which yields findings. It reads
like its sentence: no I/O, no counters, no formatting.
"""

from __future__ import annotations

import os
import re
from binascii import crc32
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module

from sekisho import locales
from sekisho.facts import Facts
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.panel.words import Words
from sekisho.questions import Ask
from sekisho.report import Finding
from sekisho.tables import countries, made

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


def modules() -> tuple[Module, ...]:
    """Every check, in the order of their names."""
    return tuple(map(_module, _files()))


@cache
def _files() -> dict[str, int]:
    """The modules' names in order, and their sizes in bytes as they lie there."""
    with os.scandir(os.path.dirname(__file__)) as entries:
        found = {entry.name.partition(".")[0]: entry.stat().st_size for entry in entries if entry.name[0] != "_"}
    return dict(sorted(found.items()))


@cache
def _module(name: str) -> Module:
    loaded = import_module(f"{__name__}.{name}")
    return Module(loaded.CHECK, loaded.find)


def parts() -> list[tuple[str, Any, int]]:
    """What is made of the checks when the package is built (tables.made): name, content, stamp.

    A check whose `find` is one loop over a fact, or asks for one kind of lure or what is remembered, says nothing where there is none, and need not
    even be loaded: a third of them have to do with files, which most mails have not.
    """
    import ast

    found = {}
    for name in _files():
        with open(os.path.join(os.path.dirname(__file__), f"{name}.py"), encoding="utf-8") as file:
            tree = ast.parse(file.read())
        (find,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "find"]
        body = [node for node in find.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
        first = body[0]
        over = ""
        if isinstance(first, ast.For) and len(body) == 1:
            over = _FACT_LOOPED_OVER.get(ast.unparse(first.iter), "")
        elif (
            isinstance(first, ast.Assign) and len(body) == 2 and ast.unparse(body[1]).startswith("if said is not None:")
        ):
            match = re.fullmatch(r"said = facts\.lures\.of\('([a-z-]+)'\)", ast.unparse(first))
            over = f"lures {match[1]}" if match else ""
        elif (
            isinstance(first, ast.Assign)
            and len(body) == 2
            and ast.unparse(first) in _REMEMBERED
            and ast.unparse(body[1]).startswith("if found is not None:")
        ):
            over = _REMEMBERED[ast.unparse(first)]
        if over:
            found[name] = over
    return [("checks", found, _stamp())]


_REMEMBERED = {f"found = facts.{fact}": fact for fact in ("campaign", "history")}
_FACT_LOOPED_OVER = {
    form: fact
    for fact in ("files", "opened", "removed", "links.seen", "links.scripts")
    for form in (f"facts.{fact}", f"enumerate(facts.{fact})")
} | {"facts.visits.items()": "visits"}


def _stamp() -> int:
    return crc32(repr(_files()).encode("utf-8"))


@cache
def _needed() -> dict[str, str]:
    """Which fact a check is about, for those that need not be loaded without it; nothing in a source tree."""
    return made.part("checks", dict, stamp=_stamp())


def _called_for(need: str, facts: Facts) -> bool:
    what, _, kind = need.partition(" ")
    if kind:
        return facts.lures.of(kind) is not None
    value: Any = facts
    for name in what.split("."):
        value = getattr(value, name)
    return bool(value)


MAX_FINDINGS = 20  # of one check: what it says is clear by then


def run(facts: Facts, ask: Ask, locale: str) -> tuple[list[Finding], list[str]]:
    """The findings of every check, and the ids of checks that failed (their fault is theirs alone)."""
    findings: list[Finding] = []
    failed: list[str] = []
    needed = _needed()
    called: dict[str, bool] = {}  # several checks are about one fact
    for name in _files():
        need = needed.get(name)
        if need is not None:
            if need not in called:
                called[need] = _called_for(need, facts)
            if not called[need]:
                continue
        module = _module(name)
        try:
            for count, seen in enumerate(module.find(facts, ask)):
                if count >= MAX_FINDINGS:
                    break
                findings.append(_said(module.check, seen, locale))
        except Exception:  # one broken check must not take the report with it; tests demand that none does
            failed.append(module.check.id)
    return findings, failed


def text_of(check: Check, locale: str) -> Text:
    """What a finding says: in the check's own words, or a language's (sekisho.locales), else in English."""
    own = check.texts.get(locale)
    if own:
        return own
    translated = locales.text(locale, "findings").get(check.id)
    return Text(*translated) if translated else check.texts["en"]


def _said(check: Check, seen: Seen, locale: str) -> Finding:
    text = text_of(check, locale)
    shown = {key: _short(_worded(key, value, locale), locale) for key, value in seen.values.items()}
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
        return Words(locale)("joiner").join(Words(locale)(word) for word in value)
    if key in _UNNAMED and not value:
        return Words(locale)(_UNNAMED[key])
    if key == "list":
        return _LISTS.get(locale, {}).get(str(value), value)
    return Words(locale)(f"{_CODES[key]}.{value}") if key in _CODES else value


MAX_VALUE = 200  # characters of a value inside a sentence


def _short(value: Any, locale: str) -> str:
    text = (
        ("、" if locale == "ja" else ", ").join(str(item) for item in value)
        if isinstance(value, (list, tuple))
        else str(value)
    )
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + "…"
