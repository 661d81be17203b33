"""A map as a drawing inside an HTML document (inline SVG): only the land that is shown, only as finely as it is shown."""

from __future__ import annotations

import re
from html import escape
from math import cos, isfinite, radians

from sekisho.named import TYPE_CHECKING
from sekisho.paint import outline

if TYPE_CHECKING:
    from typing import Any

WIDTH, HEIGHT = 360, 200  # PROTOCOL.md
_FINE = 10  # the land is drawn in tenths
_LEAST = 5  # of them: a shorter step is not seen
_DISC = 8
_KM = 111.2  # of one degree of latitude
STANDINGS = frozenset(("checkpoint", "relay", "yours", "plausible", "claimed", "contradicted", "link"))
_COUNTRY = re.compile("[A-Z]{2}")

STYLE = """
.drawing{display:block;width:100%;max-width:44rem;border:1px solid color-mix(in srgb,currentcolor 25%,transparent);border-radius:.4rem}
.sea{fill:light-dark(#eaf0f4,#1e2328)}.land{fill:light-dark(#cfd7dd,#434b54);stroke:light-dark(#eaf0f4,#1e2328);stroke-width:.75}
.land path{vector-effect:non-scaling-stroke}.land .area{fill:light-dark(#a9c3d8,#547695);stroke:light-dark(#2b6ca3,#6aa8d8);stroke-dasharray:3 2}
.drawing,.places{--mark:light-dark(#22525e,#a5d2dd)}.stands-checkpoint{--mark:light-dark(#2b6ca3,#6aa8d8)}
.stands-plausible,.stands-claimed{--mark:light-dark(#59636d,#a6afb8)}.stands-contradicted{--mark:light-dark(#b71c1c,#ff8a80)}
.stands-link{--mark:light-dark(#7a4d00,#f3c968)}
.way,.stem,.reach,.spot,.disc{stroke:var(--mark);stroke-width:1.25}.way{fill:none;stroke-width:1.75}
.reach{fill:color-mix(in srgb,var(--mark) 18%,transparent);stroke-width:.75}.spot,.disc{fill:var(--mark)}
.hollow .disc,.spot.hollow{fill:Canvas}.way.dashed,.dashed .disc,.reach.dashed{stroke-dasharray:2.5 1.75}
.drawing text{fill:Canvas;font:700 9px system-ui,sans-serif;text-anchor:middle}.drawing .hollow text{fill:CanvasText}
.places>li{break-inside:avoid;margin:.6rem 0}.places p{margin:.1rem 0}.places>li::marker{font-weight:700}
@media print{.drawing{break-inside:avoid;max-width:34rem}}
"""


def standing(given: Any) -> str:
    """How a point stands; one of a later version counts as no more than claimed."""
    return given if isinstance(given, str) and given in STANDINGS else "claimed"


def drawing(item: dict[str, Any]) -> str:
    """The map primitive without its list, as SVG; "" where there is nothing to draw. What it holds of text is escaped numbers and `text`."""
    window = item["window"]
    edges = [window[edge] for edge in ("west", "south", "east", "north")]
    if not all(_number(edge, -540, 540) for edge in edges):
        return ""
    west, south, east, north = edges
    if not (1 <= east - west <= 360 and north - south >= 1):
        return ""
    wide, high = WIDTH / (east - west), HEIGHT / (north - south)
    spots = [
        (((point["lon"] - west) % 360) * wide, (north - point["lat"]) * high)
        if _number(point.get("lat"), -90, 90) and _number(point.get("lon"), -180, 180)
        else None
        for point in item["points"]
    ]
    areas = set()
    circles, marks, numbers = [], [], []
    for number, (point, spot) in enumerate(zip(item["points"], spots, strict=True), 1):
        if spot is None:
            continue
        x, y = spot
        dx, dy = point.get("disc") or (0, 0)
        left, top = x + dx, y + dy
        area = point.get("area")
        stands = _classes(point)
        if isinstance(area, str) and _COUNTRY.fullmatch(area):
            areas.add(area)
        else:
            radius = point.get("radius_km")
            if _number(radius, 1, 5000):
                up = radius / _KM
                across = up / max(cos(radians(point["lat"])), 0.1)
                circles.append(
                    f'<ellipse class="reach {stands}" cx="{x:.1f}" cy="{y:.1f}" rx="{across * wide:.1f}" ry="{up * high:.1f}"/>'
                )
            marks.append(f'<path class="stem {stands}" d="M{x:.1f} {y:.1f}L{left:.1f} {top:.1f}"/>')
            marks.append(f'<circle class="spot {stands}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>')
        disc = _disc(point, left, top)
        numbers.append(f'<g class="{stands}">{disc}<text x="{left:.1f}" y="{top + 3.2:.1f}">{number}</text></g>')
    ways = []
    for join in item["joins"]:
        one, other = (spots[end] if _number(end, 0, len(spots) - 1) else None for end in (join["from"], join["to"]))
        if one and other:
            ways.append(
                f'<path class="way {_classes(join)}" d="M{one[0]:.1f} {one[1]:.1f}L{other[0]:.1f} {other[1]:.1f}"/>'
            )
    return (
        f'<svg class="drawing" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(item["text"])}">'
        f'<rect class="sea" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<g class="land" transform="scale({1 / _FINE})">{_land(west, south, east, north, areas)}</g>'
        f"{''.join([*circles, *ways, *marks, *numbers])}</svg>"
    )


def _number(value: Any, least: float, most: float) -> bool:
    return isinstance(value, int | float) and isfinite(value) and least <= value <= most


def _classes(shown: dict[str, Any]) -> str:
    """The names by which the style knows a point or a join."""
    stands = standing(shown.get("standing"))
    hollow = " hollow" if stands in ("plausible", "claimed", "contradicted") or shown.get("area") else ""
    dashed = " dashed" if stands in ("claimed", "contradicted") or (stands == "plausible" and "from" in shown) else ""
    return f"stands-{stands}{hollow}{dashed}"


def _disc(point: dict[str, Any], x: float, y: float) -> str:
    if point.get("standing") == "link":
        far = _DISC + 2
        return f'<path class="disc" d="M{x:.1f} {y - far:.1f}l{far} {far}-{far} {far}-{far}-{far}z"/>'
    if point.get("area"):
        size = 2 * _DISC
        return f'<rect class="disc" x="{x - _DISC:.1f}" y="{y - _DISC:.1f}" width="{size}" height="{size}" rx="3"/>'
    return f'<circle class="disc" cx="{x:.1f}" cy="{y:.1f}" r="{_DISC}"/>'


def _land(west: float, south: float, east: float, north: float, areas: set[str]) -> str:
    """The countries of the window as one path, those in `areas` as one each. East of the date line the world begins again."""
    world = outline.read()
    wide, high = WIDTH * _FINE / (east - west) / world["scale"], HEIGHT * _FINE / (north - south) / world["scale"]
    plain, marked = [], []
    for turn in (-360, 0, 360):
        across = (turn - west) * world["scale"]
        for code, (left, bottom, right, top, path) in world["countries"].items():
            if left + turn < east and right + turn > west and bottom < north and top > south:
                made = "".join(
                    _ring([((x + across) * wide, (y + north * world["scale"]) * high) for x, y in ring])
                    for ring in outline.rings(path)
                )
                if made and code in areas:
                    marked.append(f'<path class="area" d="{made}"/>')
                elif made:
                    plain.append(made)
    return f'<path d="{"".join(plain)}"/>{"".join(marked)}'


def _ring(points: list[tuple[float, float]]) -> str:
    """One ring in whole numbers, without what is outside of the drawing or too small to be seen; "" where nothing is left."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if max(xs) < 0 or min(xs) > WIDTH * _FINE or max(ys) < 0 or min(ys) > HEIGHT * _FINE:
        return ""
    at_x, at_y = round(points[0][0]), round(points[0][1])
    made = [f"M{at_x} {at_y}l"]
    for x, y in points[1:]:
        dx, dy = round(x) - at_x, round(y) - at_y
        if abs(dx) + abs(dy) >= _LEAST:
            made.append(f"{' ' if len(made) > 1 and dx >= 0 else ''}{dx}{' ' if dy >= 0 else ''}{dy}")
            at_x, at_y = at_x + dx, at_y + dy
    return "".join(made) + "z" if len(made) > 2 else ""
