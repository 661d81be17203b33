"""What a form asks people to type, and where it sends it."""

from __future__ import annotations

import re
from functools import cache

from sekisho.mail.html.targets import clean

ELEMENTS = frozenset({"form", "input", "textarea", "button"})
SECRETS = ("password", "card", "pin", "code")
MAX_FIELDS = 50  # kept of one target
MAX_FORMS = 200
_NOT_TYPED = frozenset(("hidden", "submit", "button", "checkbox", "radio", "image", "reset", "file", "range", "color"))
_SEARCHES = frozenset(("q", "s", "query", "search", "keyword", "keywords", "word", "words", "field-keywords"))


class Forms:
    """The fields of each form met so far, by where it sends them.

    A field belongs to the form that began last: in a table the parser closes a form before its fields, which belong to it all the
    same (HTML §13.2.4.4, the form element pointer).
    """

    def __init__(self) -> None:
        self._fields: dict[str, list[str]] = {}
        self._open: list[str] | None = None

    def enter(self, tag: str, attributes: dict[str, str | None]) -> None:
        """An element of ELEMENTS, in the order they stand."""
        if tag == "form":
            target = clean(attributes.get("action") or "")
            self._open = self._fields.setdefault(target, []) if target and len(self._fields) < MAX_FORMS else []
            return
        if self._open is None:
            return
        if attributes.get("formaction") and len(self._fields) < MAX_FORMS:
            self._fields[clean(attributes["formaction"] or "")] = self._open  # the same fields, sent elsewhere
        kinds = asked(tag, attributes)
        self._open += kinds[: MAX_FIELDS - len(self._open)]

    def fields(self, target: str) -> tuple[str, ...]:
        """What the forms that lead there have fields for, in their order: one of SECRETS, search, or text."""
        return tuple(self._fields.get(target, ()))


def asked(tag: str, attributes: dict[str, str | None]) -> list[str]:
    """What one field is for; [] where nothing is typed into it."""
    kind = (attributes.get("type") or "text").strip().lower() if tag == "input" else "text"
    if tag not in ("input", "textarea") or kind in _NOT_TYPED:
        return []
    if kind == "search" or (attributes.get("name") or "").strip().lower() in _SEARCHES:
        return ["search"]
    names = ("name", "id", "autocomplete", "placeholder", "aria-label")
    words = " ".join((attributes.get(name) or "")[:100] for name in names)
    found = [secret for secret, pattern in _secrets() if pattern.search(words)]
    if kind == "password" and "password" not in found:
        found.insert(0, "password")
    return found or ["text"]


@cache
def _secrets() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a field is for, by its name, its label for programs (HTML §4.10.18.7) and the words that stand in it."""
    return (
        ("password", re.compile(r"passw(?:or)?d|passwort|パスワード|\bpwd?\b", re.IGNORECASE)),
        (
            "card",
            re.compile(
                r"card[\W_]?(?:num|no\b|nr)|cc[\W_]?(?:num|no\b|csc)|credit[\W_]?card|\bcv[vc]2?\b|\bcsc\b|security[\W_]?code|"
                r"カード番号|セキュリティ\s?コード|有効期限",
                re.IGNORECASE,
            ),
        ),
        ("pin", re.compile(r"\bpin(?:[\W_]?(?:code|no|num\w{0,3}))?\b|暗証番号", re.IGNORECASE)),
        ("code", re.compile(r"\botp\b|one[\W_]?time|2fa|ワンタイム|認証コード|確認コード", re.IGNORECASE)),
    )
