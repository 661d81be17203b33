"""What was read in a picture, a PDF or an Office file, in sentences below the file's card."""

from __future__ import annotations

from sekisho.named import TYPE_CHECKING
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, more, sentence
from sekisho.panel.words import Words

if TYPE_CHECKING:
    from typing import Any

MAX_SENTENCES = 30  # of one file
MAX_SHOWN = 200  # characters of a value
_TOLD = ("opened.template", "opened.external", "opened.command", "opened.equation", "opened.password-field")


def sentences(view: View, anchor: str) -> list[Primitive]:
    """A sentence for each thing found in the file at that anchor."""
    out: list[Primitive] = []
    for file in view.facts.opened:
        if file.anchor != anchor:
            continue
        said = [line for record in file.records for line in _lines(record, view.words)]
        said = list(dict.fromkeys(said))
        out += [sentence(text, tone) for text, tone in said[:MAX_SENTENCES]]
        if len(said) > MAX_SENTENCES:
            out.append(more(view.words("opened.more", count=len(said) - MAX_SENTENCES)))
        links = len(file.of("link"))
        if links:
            out.append(sentence(view.words("opened.links", count=links), "muted"))
    return out


def _lines(record: dict[str, Any], words: Words) -> list[tuple[str, str]]:
    """Sentences and their tones for one record; none for what is no news."""
    kind = record.get("kind")
    shown = {key: _short(value) for key, value in record.items()}
    if kind == "code":
        key = "opened.code.page" if "page" in record else "opened.code"
        return [(words(key, **shown), "warn")]
    if kind == "macro":
        out = [(words(f"opened.macro.{record.get('language')}"), "warn")]
        out += [(words("opened.macro.auto", names=shown["auto"]), "warn")] if record.get("auto") else []
        return out + ([(words("opened.macro.calls", names=shown["calls"]), "warn")] if record.get("calls") else [])
    if kind == "embedded":
        key = "equation" if record.get("what") == "equation" else "embedded" if record.get("name") else "object"
        return [(words(f"opened.{key}", **shown), "warn")]
    if kind == "encrypted":
        password = record.get("password")
        key = "unread" if password is None else "password" if password else "protected"
        return [(words(f"opened.encrypted.{key}"), "muted" if password is False else "warn")]
    if kind == "action":
        return [(_action(record, shown, words), "warn" if record.get("trigger") == "open" else "muted")]
    if kind == "limit":
        return [(words("opened.limit"), "muted")]
    key = f"opened.{kind}"
    return [(words(key, **shown), "warn")] if key in _TOLD else []


def _action(record: dict[str, Any], shown: dict[str, str], words: Words) -> str:
    what = f"opened.does.{record.get('action')}"
    does = words(what) if words.has(what) else words("opened.does")
    when = words(f"opened.when.{record.get('trigger', 'some')}", does=does)
    return words("opened.action.target", said=when, target=shown["target"]) if record.get("target") else when


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
