"""The panel where nothing can be clicked: a terminal, a document to keep."""

from __future__ import annotations

from collections.abc import Sequence

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


MAX_PIECE = 48


def blocks(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The panel's blocks with what of them can be shown here; one that holds nothing but actions is left out."""
    shown = [{**block, "body": printable(block.get("body") or ())} for block in report.get("panel") or ()]
    return [block for block in shown if block["body"]]


def printable(body: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A block's primitives without actions, and without the folds and list items that hold nothing else."""
    out = []
    for item in body:
        if item.get("kind") == "action":
            continue
        if item.get("kind") == "fold":
            item = {**item, "body": printable(item["body"])}
            if not item["body"]:
                continue
        elif item.get("kind") == "list":
            item = {**item, "items": [entry for entry in map(printable, item["items"]) if entry]}
        elif item.get("kind") == "timeline":
            item = {**item, "stops": [{**stop, "body": printable(stop["body"])} for stop in item["stops"]]}
        elif item.get("kind") == "map":
            item = {**item, "points": [{**point, "body": printable(point["body"])} for point in item["points"]]}
        out.append(item)
    return out


def clipped(piece: str) -> str:
    """A piece of a link, short enough to stand before the words that say what it is; the link itself has the whole."""
    return piece if len(piece) <= MAX_PIECE else piece[: MAX_PIECE // 2] + "…" + piece[-MAX_PIECE // 4 :]
