"""How a timeline is drawn where there are no picture files: hollow marks and a broken road are word, full ones are fact."""

from __future__ import annotations

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


POINTS = {
    "sender": "◇",
    "claimed": "○",
    "contradicted": "✕",
    "plausible": "◐",
    "checkpoint": "╬",
    "relay": "■",
    "yours": "●",
    "reader": "◆",
}
ROADS = {"sender": "┊", "claimed": "┊", "contradicted": "┊", "plausible": "╎", "reader": " "}
PROVEN_ROAD = "┃"

GATE = (
    '<svg viewBox="0 0 32 32" width="32" height="32" fill="currentcolor">'
    '<path d="M2 10.5C7.500 10 12 8 16 4c4 4 8.500 6 14 6.500V13H2zM4 15h24v3H4zM6 13h4v16H6zM22 13h4v16h-4z"/></svg>'
)
STYLE = """
.timeline{list-style:none;padding:0}
.stop{position:relative;padding:0 0 .9rem 2.2rem}
.stop::before{content:"";position:absolute;left:.7rem;top:1.5rem;bottom:-.1rem;border-left:2px solid}
.stop.sender::before,.stop.claimed::before,.stop.contradicted::before{border-left-style:dashed;opacity:.6}
.stop.plausible::before{left:calc(.7rem - 2px);width:2px;border-right:2px dotted;opacity:.8}
.stop.reader::before,details .stop:last-child::before{display:none}
.stop p{margin:.15rem 0}
.point{position:absolute;left:0;width:1.5rem;text-align:center;line-height:1.6rem}
.stop.contradicted>.point{color:light-dark(#b71c1c,#ff8a80);font-weight:700}
.stop.claimed>p.plain,.stop.contradicted>p.plain{opacity:.8}
.stop>.time{float:right;margin-left:1rem;font-variant-numeric:tabular-nums}
.time,.gap{font-size:.9em;opacity:.8}
.stop.checkpoint{margin:.6rem 0 .9rem;padding-top:.7rem;border-top:3px solid light-dark(#2b6ca3,#6aa8d8)}
.stop.checkpoint::before{top:1.4rem}
.stop.checkpoint>.point{top:-1rem;left:-.3rem;width:32px;height:32px;color:light-dark(#2b6ca3,#6aa8d8);background:Canvas}
.stop.checkpoint h3{margin:0}
@media print{.stop{break-inside:avoid}}
"""


def standing(stop: dict[str, Any]) -> str:
    """How a stop stands; one of a later version counts as no more than claimed."""
    named = stop.get("standing")
    return named if isinstance(named, str) and named in POINTS else "claimed"
