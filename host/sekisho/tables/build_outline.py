"""Makes extension/outline.js: the outlines of the world's countries, for the map. SOURCES.md has the sources and the command.

    python -m sekisho.tables.build_outline WORLD_ATLAS_TGZ I18N_ISO_COUNTRIES_TGZ extension/outline.js

The first holds Natural Earth's countries at 1:50 million as TopoJSON, the second the two-letter codes of ISO 3166-1 numbers.

The file is one statement, `export default` and a JSON object on lines of their own, so that a browser loads it as a
module and `sekisho.paint.outline` reads it as JSON: {"scale", "countries": {code: [west, south, east, north, path]}}. The
bounds are degrees, east beyond 180 where the country crosses the date line; `path` is an SVG path in `scale`ths of a degree, x to the east, y to the south. A border that two countries share is
simplified once (Visvalingam and Whyatt, 1993), so that it stays one line.
"""

import heapq
import itertools
import json
import sys
import tarfile
from pathlib import Path

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

SCALE = 20
LEAST = 0.02  # square degrees: a point whose triangle with its neighbours is smaller goes
ISLAND = 0.015  # square degrees: a smaller island goes; a country's largest stays, in full where it must
ANTARCTICA = "010"
# What Natural Earth draws apart and ISO 3166 does not know: part of nothing here, but land.
UNCODED = "ZZ"

Point = tuple[float, float]


def member(archive: str, name: str) -> "Any":
    """A JSON file of an npm package."""
    with tarfile.open(archive) as opened:
        file = opened.extractfile(f"package/{name}")
        if file is None:
            raise SystemExit(f"{name} is not in {archive}")
        return json.load(file)


def arcs_of(topology: "Any") -> list[list[Point]]:
    """The arcs of a quantised TopoJSON topology in degrees."""
    (width, height), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            points.append((west + x * width, south + y * height))
        arcs.append(points)
    return arcs


def triangle(one: Point, other: Point, third: Point) -> float:
    return abs((other[0] - one[0]) * (third[1] - one[1]) - (third[0] - one[0]) * (other[1] - one[1])) / 2


def simplified(points: list[Point]) -> list[Point]:
    """A line without the points that matter least, one after the other; its ends stay."""
    last = len(points) - 1
    before, after = [n - 1 for n in range(last + 1)], [n + 1 for n in range(last + 1)]
    area = [0.0] * (last + 1)
    heap: list[tuple[float, int]] = []
    for n in range(1, last):
        area[n] = triangle(points[n - 1], points[n], points[n + 1])
        heapq.heappush(heap, (area[n], n))
    gone = set()
    while heap:
        size, n = heapq.heappop(heap)
        if n in gone or size != area[n]:
            continue
        if size >= LEAST:
            break
        gone.add(n)
        one, other = before[n], after[n]
        after[one], before[other] = other, one
        for beside in (one, other):
            if 0 < beside < last:
                found = triangle(points[before[beside]], points[beside], points[after[beside]])
                area[beside] = max(found, size)  # so that what goes first does not hide what comes after
                heapq.heappush(heap, (area[beside], beside))
    return [point for n, point in enumerate(points) if n not in gone]


def ring(indices: list[int], arcs: list[list[Point]]) -> list[Point]:
    """A closed ring of arcs; ~n is arc n from its end to its beginning. One that crosses the date line goes on beyond 180."""
    out: list[Point] = []
    turn = 0
    for index in indices:
        for lon, lat in (arcs[index] if index >= 0 else arcs[~index][::-1])[1 if out else 0 :]:
            if out and abs(lon + turn - out[-1][0]) > 180:
                turn += 360 if lon + turn < out[-1][0] else -360
            out.append((lon + turn, lat))
    return out if min(lon for lon, _ in out) > -185 else [(lon + 360, lat) for lon, lat in out]


def size(points: list[Point]) -> float:
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(one[0] * other[1] - other[0] * one[1] for one, other in pairs)) / 2


def drawn(points: list[Point]) -> str:
    """One ring as a path of whole numbers: where it begins, and then steps; "" where nothing is left of it."""
    whole = [(round(lon * SCALE), round(-lat * SCALE)) for lon, lat in points]
    steps = []
    for one, other in itertools.pairwise(whole):
        if one != other:
            steps.append((other[0] - one[0], other[1] - one[1]))
    if len(steps) < 3:
        return ""
    numbers = "".join(f"{'' if number < 0 or not n else ' '}{number}" for n, number in enumerate(sum(steps[:-1], ())))
    return f"M{whole[0][0]} {whole[0][1]}l{numbers}z"


def countries(topology: "Any", codes: dict[str, str]) -> dict[str, list[float | str]]:
    """Bounds and path of every country, by its code."""
    exact = arcs_of(topology)
    coarse = [simplified(arc) for arc in exact]
    rings: dict[str, list[list[int]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry.get("id") == ANTARCTICA:
            continue
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        code = codes.get(geometry.get("id", ""), UNCODED)
        rings.setdefault(code, []).extend(one for polygon in polygons for one in polygon)
    out: dict[str, list[float | str]] = {}
    for code, found in sorted(rings.items()):
        found.sort(key=lambda one: size(ring(one, exact)), reverse=True)
        kept = (
            [ring(found[0], coarse)] if drawn(ring(found[0], coarse)) else [ring(found[0], exact)]
        )  # Malta, Singapore
        kept += [ring(one, coarse) for one in found[1:] if size(ring(one, exact)) >= ISLAND]
        path = "".join(map(drawn, kept))
        if path:
            lons, lats = ([point[axis] for one in kept for point in one] for axis in (0, 1))
            bounds = (min(lons), min(lats), max(lons), max(lats))
            out[code] = [*(round(edge, 1) for edge in bounds), path]
    return out


def main() -> None:
    atlas, iso, target = sys.argv[1:]
    codes = {number: code for code, _, number, *_ in member(iso, "codes.json")}
    found = countries(member(atlas, "countries-50m.json"), codes)
    lines = ",\n".join(f"{json.dumps(code)}:{json.dumps(what, separators=(',', ':'))}" for code, what in found.items())
    text = f'export default\n{{"scale":{SCALE},"countries":{{\n{lines}\n}}}}\n'
    Path(target).write_text(text, encoding="ascii", newline="\n")
    print(f"{len(found)} countries, {len(text)} bytes")


if __name__ == "__main__":
    main()
