"""The few shapes a panel is made of (PROTOCOL.md). A painter knows these and nothing else."""

from __future__ import annotations

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


Primitive = dict[str, "Any"]


def sentence(text: str, tone: str | None = None, anchor: str | None = None) -> Primitive:
    return _with({"kind": "sentence", "text": text}, tone, anchor)


def heading(text: str, anchor: str | None = None) -> Primitive:
    return _with({"kind": "heading", "text": text}, None, anchor)


def badge(text: str, level: str) -> Primitive:
    return {"kind": "badge", "text": text, "level": level}


def listing(items: list[list[Primitive]], ordered: bool = False) -> Primitive:
    return {"kind": "list", "items": items, "ordered": ordered}


def table(rows: list[list[str]], columns: list[str] | None = None) -> Primitive:
    return {"kind": "table", "columns": columns or [], "rows": rows}


def bars(text: str, values: list[tuple[str, int]]) -> Primitive:
    """Numbers as bars from the first to the last; `text` is their name, and what a painter says that can't draw them."""
    return {"kind": "bars", "text": text, "bars": [{"label": label, "value": value} for label, value in values]}


def span(text: str, role: str = "plain", finding: str | None = None, note: str | None = None) -> Primitive:
    return {"text": text, "role": role, "finding": finding, "note": note}


def marked(spans: list[Primitive], anchor: str | None = None) -> Primitive:
    return _with({"kind": "marked", "spans": spans}, None, anchor)


def fold(summary: str, body: list[Primitive], opened: bool = False) -> Primitive:
    return {"kind": "fold", "summary": summary, "open": opened, "body": body}


def dissection(url: str, segments: list[Primitive], owner: str, note: str | None, anchor: str) -> Primitive:
    return {"kind": "dissection", "url": url, "segments": segments, "owner": owner, "note": note, "anchor": anchor}


def timeline(text: str, stops: list[Primitive]) -> Primitive:
    """Stops from the first to the last; `text` is what a painter says that can't draw them."""
    return {"kind": "timeline", "text": text, "stops": stops}


def stop(
    standing: str, body: list[Primitive], time: str | None = None, gap: str | None = None, anchor: str | None = None
) -> Primitive:
    """One place on a timeline: when, and how long it took from there to the next one."""
    return _with({"standing": standing, "time": time, "gap": gap, "body": body}, None, anchor)


def map_(text: str, window: dict[str, float], points: list[Primitive], joins: list[Primitive]) -> Primitive:
    """Points in the order of the road, in the part of the world to show; `text` is a name for what it shows."""
    return {"kind": "map", "text": text, "window": window, "points": points, "joins": joins}


def action(text: str, name: str, arguments: dict[str, Any], note: str | None = None) -> Primitive:
    return {"kind": "action", "text": text, "action": name, "arguments": arguments, "note": note}


def copy(label: str, text: str) -> Primitive:
    """An action that puts `text` on the clipboard; painters without one leave it out."""
    return {"kind": "action", "text": label, "action": "copy", "arguments": {"text": text}, "note": None}


def more(text: str) -> Primitive:
    return {"kind": "more", "text": text}


def block(name: str, title: str | None, body: list[Primitive], level: str | None = None) -> Primitive:
    return {"block": name, "title": title, "level": level, "body": body}


def _with(primitive: Primitive, tone: str | None, anchor: str | None) -> Primitive:
    if tone:
        primitive["tone"] = tone
    if anchor:
        primitive["anchor"] = anchor
    return primitive
