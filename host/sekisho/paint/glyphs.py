"""The marks of a timeline where no picture can be drawn: what stands beside a stop, and the road that leads on from it."""

from __future__ import annotations

from typing import Any

POINTS = {
    "sender": "◇",
    "claimed": "○",
    "contradicted": "✕",
    "plausible": "◐",
    "checkpoint": "╬",
    "relay": "■",
    "yours": "●",
    "reader": "◉",
}
ROADS = {"sender": "┊", "claimed": "┊", "contradicted": "┊", "plausible": "╎", "reader": " "}
PROVEN_ROAD = "┃"


def standing(stop: dict[str, Any]) -> str:
    """How a stop stands; one of a later version counts as no more than claimed."""
    named = stop.get("standing")
    return named if isinstance(named, str) and named in POINTS else "claimed"
