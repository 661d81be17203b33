"""The outline of the world for a map in a document: the extension's own file (extension/outline.js), which the built package has a copy of."""

from __future__ import annotations

import json
import os

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))
FILES = (
    os.path.join(_HERE, "outline.js"),  # put there by setup.py
    os.path.join(_HERE, *[os.pardir] * 3, "extension", "outline.js"),  # in the source tree
)


def read() -> dict[str, Any]:
    """{"scale", "countries": {code: [west, south, east, north, path]}}; without a country where the file cannot be read."""
    for file in FILES:
        try:
            with open(file, encoding="ascii") as opened:
                outline: dict[str, Any] = json.loads(opened.read().partition("\n")[2])
                return outline
        except (OSError, ValueError):
            continue
    return {"scale": 1, "countries": {}}


def rings(path: str) -> Iterator[list[tuple[int, int]]]:
    """The rings of a path as the builder writes it: where each begins, then steps."""
    for ring in path.split("z"):
        if not ring:
            continue
        start, _, steps = ring[1:].partition("l")
        x, y = map(int, start.split())
        points = [(x, y)]
        numbers = [int(number) for number in steps.replace("-", " -").split()]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        yield points
