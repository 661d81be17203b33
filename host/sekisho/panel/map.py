"""The places of the road on a map: what is known of where, how exactly, whose word each is, and which part of the world to show.

The host says what stands where and in which window; the outline of the world is the painters' (extension/outline.js).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import cos, hypot, isfinite, radians

from sekisho.named import NamedTuple
from sekisho.panel import View
from sekisho.panel.naming import network, place
from sekisho.panel.primitives import Primitive, badge, fold, more, sentence
from sekisho.panel.primitives import block as make
from sekisho.panel.primitives import map_ as make_map
from sekisho.report import Network

MAX_POINTS = 12
MAX_SAID = 3  # sentences about one point
MAX_LINKS = 6
# The drawing, in units of its own. A point is a few of them wide, its number stands in a disc of radius _DISC.
WIDTH, HEIGHT = 360, 200
_DISC = 8
_ONE_POINT = 7  # nearer ones of a kind are drawn as one
_RADII = {"city": 50, "region": 200}  # km: how far off a table of addresses often is (data/SOURCES.md)
_AREAS = ("country", "registry")
_AREA = 12.0  # degrees around the point of a whole country that are shown
_LEAST = 14.0  # degrees of latitude that are shown: a place is recognised by what lies around it
_WORLD = 359.9  # degrees of longitude, the most that is shown: rounded, it is still no more than the whole
_KM = 111.2  # of one degree of latitude
# Whose word, weakest first: what stands there by two words counts as the better one.
_STANDINGS = ("contradicted", "claimed", "plausible", "relay", "yours", "checkpoint")
_LEVELS = {
    "contradicted": "high",
    "claimed": "low",
    "plausible": "info",
    "relay": "info",
    "yours": "clear",
    "checkpoint": "info",
    "link": "info",
}
_READING = ("marks", "source", "reader")
# Where a number may stand, in the order of what reads best: over its point, beside it, below it, and further off.
_BESIDE = ((0, -1), (0.8, -0.8), (-0.8, -0.8), (1.1, 0), (-1.1, 0), (0.8, 0.8), (-0.8, 0.8), (0, 1))


class _Visit(NamedTuple):
    """One server of the road, or of a link, at a place."""

    standing: str
    network: Network
    lat: float
    lon: float
    where: str  # anchor
    said: str

    @property
    def area(self) -> str | None:
        """The code of the country, where no more than that is known."""
        return None if self.network.precision in _RADII else self.network.country


class _Window(NamedTuple):
    """Degrees; east may lie beyond 180, so that the Pacific is in the middle."""

    west: float
    south: float
    east: float
    north: float

    def x(self, lon: float) -> float:
        return ((lon - self.west) % 360) / (self.east - self.west) * WIDTH

    def y(self, lat: float) -> float:
        return (self.north - lat) / (self.north - self.south) * HEIGHT


def block(view: View) -> Primitive | None:
    """The map block; None where no address of the message can be placed."""
    words = view.words
    road, links = list(_road(view)), list(_links(view))
    places = {_key(visit): None for visit in road}
    left_out = len(places) - MAX_POINTS
    if left_out > 0:  # what is furthest from the checkpoint on the sender's side goes
        gone = set(list(places)[:left_out])
        road = [visit for visit in road if _key(visit) not in gone]
    if not road and not links:
        return None
    window = _window(road + links)
    points, steps = _points(road, links, window)
    discs = _discs(points, window)
    drawn = make_map(
        words("map.text", count=len(points)),
        {edge: round(value, 2) for edge, value in window._asdict().items()},
        [_point(view, visits, disc) for visits, disc in zip(points, discs, strict=True)],
        _joins(steps),
    )
    body = [drawn]
    if left_out > 0:
        body.append(more(words("map.left-out", count=left_out)))
    body.append(fold(words("map.reading"), [sentence(words(f"map.reading.{what}")) for what in _READING]))
    return make("map", words("map"), body)


def _road(view: View) -> Iterator[_Visit]:
    """The servers whose place is known, from the sender to the reader. A line tells of the one it took the message from."""
    route = view.facts.route
    extended = route.origin.extended if route.origin else None
    for number in range(len(route.steps) - 1, -1, -1):
        hop = route.steps[number].hop
        if extended is not None and extended.hop == number and extended.ip and extended.ip != hop.ip:
            yield from _visit(view, "plausible", view.facts.network(extended.ip), f"hop:{number}")
        if number > route.boundary:
            standing = hop.standing
        elif number == route.boundary:
            standing = "checkpoint"
        else:
            standing = route.steps[number + 1].hop.trust  # whom the line names wrote the one before it
        yield from _visit(view, standing, hop.network, f"hop:{number}")


def _links(view: View) -> Iterator[_Visit]:
    """The servers that the links lead to, as far as they are known."""
    found: dict[str, tuple[Network | None, str]] = {}
    named = {domain.name: domain.network for domain in view.facts.domains if "link" in domain.roles}
    named |= {host.name: host.network for domain in view.facts.domains for host in domain.hosts}
    for number, seen in enumerate(view.facts.links.seen):
        target = seen.target
        known = seen.link.network or named.get(target.host) or named.get(target.domain)
        name = target.host if seen.link.network or named.get(target.host) else target.domain
        if known is not None and known.ip not in found:
            found[known.ip] = known, f"link:{number}"
            yield from _visit(view, "link", known, f"link:{number}", name)
        if len(found) == MAX_LINKS:
            return


def _visit(view: View, standing: str, known: Network | None, where: str, name: str = "") -> Iterator[_Visit]:
    """A visit, where the place is one; nothing else."""
    if known is None or standing not in _LEVELS or not _is_code(known.country):
        return
    if not (_is_degree(known.lat, 90) and _is_degree(known.lon, 180)):
        return
    words, owner = view.words, network(known, view.words)
    at = (
        words("owners.address", ip=known.ip, network=owner, place=place(known, words))
        if owner
        else words("owners.address-plain", ip=known.ip, network=place(known, words))
    )
    said = words("map.link", name=name, at=at) if name and name != known.ip else at
    yield _Visit(standing, known, round(float(known.lat or 0), 4), round(float(known.lon or 0), 4), where, said)


def _is_code(code: object) -> bool:
    """Whether this is a country's, which a database of the reader's own may not have."""
    return isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()


def _is_degree(value: object, most: int) -> bool:
    return isinstance(value, int | float) and isfinite(value) and abs(value) <= most


def _key(visit: _Visit) -> tuple[object, ...]:
    return visit.area, visit.standing == "link", round(visit.lat, 1), round(visit.lon, 1)


def _window(visits: list[_Visit]) -> _Window:
    """The part of the world that holds all of them with what lies around, as wide as the drawing; over the Pacific where that is shorter."""
    reach = [_AREA if visit.area else _RADII.get(visit.network.precision or "", 0) / _KM for visit in visits]
    lons = sorted({visit.lon % 360 for visit in visits})
    gaps = [((after - before) % 360 or 360, after) for before, after in zip(lons, lons[1:] + lons[:1], strict=True)]
    start = max(gaps)[1]  # behind the widest stretch with nothing in it
    south = min(visit.lat - around for visit, around in zip(visits, reach, strict=True))
    north = max(visit.lat + around for visit, around in zip(visits, reach, strict=True))
    middle = min(max(abs(south + north) / 2, 30.0), 60.0)
    shrunk = cos(radians(middle))  # a degree of longitude is that much shorter there
    wests = [(visit.lon - start) % 360 - around / shrunk * 1.2 for visit, around in zip(visits, reach, strict=True)]
    easts = [(visit.lon - start) % 360 + around / shrunk * 1.2 for visit, around in zip(visits, reach, strict=True)]
    west, east = min(wests), max(easts)
    high = max((north - south) * 1.35, (east - west) * 1.2 * shrunk * HEIGHT / WIDTH, _LEAST)
    wide = min(high / shrunk * WIDTH / HEIGHT, _WORLD)
    high = min(high, wide * shrunk * HEIGHT / WIDTH if wide == _WORLD else high, 170.0)
    left = start + (west + east - wide) / 2
    left = (left + 180) % 360 - 180
    top = (south + north + high) / 2
    top = min(max(top, high - 85.0), 85.0)
    return _Window(left, top - high, left + wide, top)


def _points(
    road: list[_Visit], links: list[_Visit], window: _Window
) -> tuple[list[list[_Visit]], list[tuple[int, str]]]:
    """What is drawn as one point each, first those of the road; and at which of them, by whose word, the road is, step by step."""
    points: list[list[_Visit]] = []
    steps: list[tuple[int, str]] = []

    def near(one: _Visit, other: _Visit) -> bool:
        alike = one.area == other.area and (one.standing == "link") == (other.standing == "link")
        apart = hypot(window.x(one.lon) - window.x(other.lon), window.y(one.lat) - window.y(other.lat))
        return alike and apart < _ONE_POINT

    for visit in (*road, *links):
        number = next((n for n, others in enumerate(points) if near(others[0], visit)), len(points))
        if number == len(points):
            points.append([])
        points[number].append(visit)
        if visit.standing != "link":
            steps.append((number, visit.standing))
    return points, steps


def _joins(steps: list[tuple[int, str]]) -> list[Primitive]:
    """Which points are joined, each pair once: a way is as good as the weaker word of its two ends."""
    joins: dict[tuple[int, int], str] = {}
    for (one, before), (other, after) in itertools.pairwise(steps):
        if one != other:
            weaker = min(before, after, key=_STANDINGS.index)
            pair = (other, one) if (other, one) in joins else (one, other)
            joins[pair] = max(weaker, joins.get(pair, weaker), key=_STANDINGS.index)
    return [{"from": one, "to": other, "standing": standing} for (one, other), standing in joins.items()]


def _strongest(visits: list[_Visit]) -> _Visit:
    return max(visits, key=lambda visit: _STANDINGS.index(visit.standing) if visit.standing != "link" else 0)


def _discs(points: list[list[_Visit]], window: _Window) -> list[tuple[int, int]]:
    """How far from its point each number stands, so that none covers another or a point, and all are within the drawing."""
    spots = [(window.x(visit.lon), window.y(visit.lat)) for visit in map(_strongest, points)]
    taken: list[tuple[float, float]] = []
    out: list[tuple[int, int]] = []
    for (x, y), visits in zip(spots, points, strict=True):
        tried = [(0.0, 0.0)] if visits[0].area else []
        tried += [(dx * far, dy * far) for far in (16, 26, 38, 52) for dx, dy in _BESIDE]
        chosen = next((one for one in tried if _free(x + one[0], y + one[1], x, y, spots, taken)), tried[0])
        taken.append((x + chosen[0], y + chosen[1]))
        out.append((round(chosen[0]), round(chosen[1])))
    return out


def _free(
    x: float, y: float, own_x: float, own_y: float, spots: list[tuple[float, float]], taken: list[tuple[float, float]]
) -> bool:
    edge = _DISC + 1
    if not (edge <= x <= WIDTH - edge and edge <= y <= HEIGHT - edge):
        return False
    if any(hypot(x - other_x, y - other_y) < 2 * _DISC + 1 for other_x, other_y in taken):
        return False
    return all(
        hypot(x - other_x, y - other_y) >= _DISC + 5 or (other_x, other_y) == (own_x, own_y)
        for other_x, other_y in spots
    )


def _point(view: View, visits: list[_Visit], disc: tuple[int, int]) -> Primitive:
    words, best = view.words, _strongest(visits)
    said: dict[str, str] = {visit.said: visit.standing for visit in visits}
    body: list[Primitive] = []
    before = ""
    for text, standing in list(said.items())[:MAX_SAID]:
        if standing != before:
            body.append(badge(words(f"map.standing.{standing}"), _LEVELS[standing]))
        body.append(sentence(text))
        before = standing
    if len(said) > MAX_SAID:
        body.append(more(words("map.more", count=len(said) - MAX_SAID)))
    radius = None if best.area else max(_RADII.get(visit.network.precision or "", 0) for visit in visits)
    known = words("map.area", country=words.country(best.area)) if best.area else words("map.radius", km=radius)
    body.append(sentence(known, "muted"))
    return {
        "standing": best.standing,
        "lat": best.lat,
        "lon": best.lon,
        "precision": best.network.precision or "country",
        "radius_km": radius,
        "area": best.area,
        "disc": list(disc),
        "where": list(dict.fromkeys(visit.where for visit in visits))[:MAX_SAID],
        "body": body,
    }
