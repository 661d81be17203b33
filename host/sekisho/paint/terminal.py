"""The panel in a terminal, through rich: colours on a terminal, plain lines elsewhere. Text is never read as markup."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from sekisho.named import TYPE_CHECKING
from sekisho.paint.inert import visible
from sekisho.paint.paper import blocks, clipped
from sekisho.paint.road import POINTS, PROVEN_ROAD, ROADS, standing

if TYPE_CHECKING:
    from typing import IO, Any

_TONES = {"strong": "bold", "muted": "dim", "warn": "yellow", "danger": "bold red"}
_LEVELS = {
    "danger": "bold white on red",
    "caution": "bold black on yellow",
    "clear": "bold white on blue",
    "high": "bold white on red",
    "medium": "bold black on yellow",
    "low": "bold black on white",
    "info": "bold black on cyan",
}
_SHAPES = {"danger": "▲", "caution": "◆", "clear": "●", "high": "▲", "medium": "◆", "low": "○", "info": "○"}
_ROLES = {
    "mark": "bold black on yellow",
    "helo": "yellow",
    "rdns": "green",
    "address": "bold green",
    "by": "cyan",
    "field-name": "bold",
    "muted": "dim",
    "registrable": "bold underline",
    "ip": "bold underline",
    "imitation": "strike red",
    "placeholder": "bold black on yellow",
    "userinfo": "strike red",
    "recipient": "bold reverse",
    "nested": "italic underline",
    "port": "bold",
    "token": "dim italic",
    "scheme": "dim",
    "path": "dim",
    "query": "dim",
    "fragment": "dim",
}
MAX_WIDTH = 110
MAX_BAR = 30  # columns


def paint(report: dict[str, Any], file: IO[str] | None = None, width: int | None = None) -> None:
    """Print a report's panel. `report` is the JSON object; `width` in columns, else the terminal's own up to MAX_WIDTH."""
    console = Console(file=file or sys.stdout, highlight=False, markup=False, emoji=False, width=width)
    if width is None and console.width > MAX_WIDTH:
        console.width = MAX_WIDTH
    for block in blocks(report):
        body = Group(*(_primitive(item) for item in block["body"]))
        if block.get("level"):
            style = _LEVELS.get(block["level"], "bold").rpartition(" on ")[2]
            title = Text(
                f" {_SHAPES.get(block['level'], '')} {visible(block.get('title') or '')} ",
                _LEVELS.get(block["level"], ""),
            )
            console.print(Panel(body, title=title, title_align="left", border_style=style))
        else:
            console.print()
            console.print(Rule(Text(visible(block.get("title") or ""), "bold"), align="left", style="dim"))
            console.print(body)


def _primitive(item: dict[str, Any]) -> RenderableType:
    kind = item.get("kind")
    if kind == "badge":
        return Text(f" {_SHAPES.get(item['level'], '')} {visible(item['text'])} ", _LEVELS.get(item["level"], ""))
    if kind == "heading":
        return Padding(Text(visible(item["text"]), "bold"), (1, 0, 0, 0))
    if kind == "list":
        return _list(item)
    if kind == "table":
        return _table(item)
    if kind == "bars":
        return _bars(item)
    if kind == "timeline":
        return Group(*(_Stop(stop) for stop in item["stops"]))
    if kind == "map":
        return _list({"items": [point["body"] for point in item["points"]], "ordered": True})
    if kind == "marked":
        return Text.assemble(
            *((visible(span["text"]), _ROLES.get(span["role"], "")) for span in item["spans"]), overflow="fold"
        )
    if kind == "fold":
        inner = Group(*(_primitive(child) for child in item["body"]))
        return Group(Text("▸ " + visible(item["summary"]), "dim"), Padding(inner, (0, 0, 0, 2)))
    if kind == "dissection":
        bar = Text.assemble(
            *((visible(part["text"]), _ROLES.get(part["role"], "")) for part in item["segments"]), overflow="fold"
        )
        lines: list[RenderableType] = [Text("→ " + visible(item["owner"]), "bold")] if item.get("owner") else []
        lines.append(bar)
        for part in item["segments"]:
            if part.get("note"):
                style = _ROLES.get(part["role"], "")
                lines.append(
                    Text.assemble(
                        "  ", (visible(clipped(part["text"])), style), ": ", visible(part["note"]), overflow="fold"
                    )
                )
        if item.get("note"):
            lines.append(Text(visible(item["note"]), "yellow"))
        return Group(*lines)
    return Text(visible(str(item.get("text") or "")), _TONES.get(item.get("tone") or "", ""), overflow="fold")


def _list(item: dict[str, Any]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for number, entry in enumerate(item["items"], 1):
        grid.add_row(Text(f"{number}." if item.get("ordered") else "・"), Group(*_body(entry)))
    return grid


def _body(items: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """What stands below each other; badges that follow each other stand in one line."""
    for kind, run in groupby(items, key=lambda item: item.get("kind")):
        shown = [_primitive(item) for item in run]
        if kind == "badge" and len(shown) > 1:
            yield Text(" ").join(one for one in shown if isinstance(one, Text))
        else:
            yield from shown


class _Stop:
    """One stop of a timeline: its mark, and the road down to the next beside all that it has to say."""

    def __init__(self, stop: dict[str, Any]) -> None:
        self.stop = stop
        self.standing = standing(stop)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        body = list(self.stop.get("body") or ())
        head = Text(visible(self.stop.get("time") or ""), "dim")
        if body and body[0].get("kind") == "badge":
            badge = _primitive(body.pop(0))
            head = Text.assemble(head, "  " if head else "", badge if isinstance(badge, Text) else "")
        shown: list[RenderableType] = [head] if head else []
        if self.standing == "checkpoint" and body and body[0].get("kind") == "heading":
            shown.append(Rule(Text(visible(body.pop(0)["text"]), "bold"), align="left", characters="═", style=""))
        shown += [_primitive(item) for item in body]
        if self.stop.get("gap"):
            shown.append(Text("↓ " + visible(self.stop["gap"]), "dim"))
        if self.standing != "reader":
            shown.append(Text(""))
        road = ROADS.get(self.standing, PROVEN_ROAD)
        narrow = options.update(width=max(options.max_width - 2, 1))
        for place, line in enumerate(console.render_lines(Group(*shown), narrow, pad=False)):
            first = POINTS[self.standing] + ("═" if self.standing == "checkpoint" else " ")
            yield Segment(road + " " if place else first)
            yield from line
            yield Segment.line()


def _bars(item: dict[str, Any]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    most = max((bar["value"] for bar in item["bars"]), default=0) or 1
    for bar in item["bars"]:
        drawn = "█" * max(bar["value"] > 0, MAX_BAR * bar["value"] // most)
        grid.add_row(Text(visible(bar["label"]), "dim"), Text(drawn), Text(str(bar["value"])))
    return grid


def _table(item: dict[str, Any]) -> RenderableType:
    table = Table(show_header=bool(item["columns"]), box=None, padding=(0, 2, 0, 0))
    width = len(item["columns"]) or max((len(row) for row in item["rows"]), default=1)
    for column in range(width):
        head = item["columns"][column] if item["columns"] else ""
        table.add_column(
            Text(visible(head), "bold"), style="dim" if column == 0 and not item["columns"] else "", overflow="fold"
        )
    for row in item["rows"]:
        table.add_row(*(Text(visible(cell), overflow="fold") for cell in row))
    return table


def main() -> int:
    """Read one report from standard input and print its panel."""
    import json

    paint(json.load(sys.stdin))
    return 0


if __name__ == "__main__":
    sys.exit(main())
