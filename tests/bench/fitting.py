"""Weights from counts: a logistic regression whose weights keep the sign that a person would give them, and lean on a prior.

What is fitted are points; a point is SLOPE in the logarithm of the odds, so that the points of the findings of a mail may be added up, and
EVEN points are even odds: the scale stays what the priors are written in. Each weight is drawn to its prior as if it were known from
elsewhere to within SPREAD points: what was seen in three mails stays near it, what was seen in a hundred follows them. Standard library only.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

SLOPE, EVEN = 0.5, 10
SPREAD = 5.0  # points
ROUNDS, CLOSE = 200, 0.01
Key = tuple[str, str]  # a finding's id and severity; of what speaks for the sender its id and ""


class Case(NamedTuple):
    """Mails that look alike: what was found in them, whether they are to be warned of, and what they weigh."""

    keys: frozenset[Key]
    warn: bool
    mass: float


def merged(cases: Iterable[Case]) -> list[Case]:
    """The same with one case for all that look alike."""
    masses: dict[tuple[frozenset[Key], bool], float] = defaultdict(float)
    for case in cases:
        masses[case.keys, case.warn] += case.mass
    return [Case(*alike, mass) for alike, mass in masses.items() if mass > 0]


def fit(
    cases: Sequence[Case],
    priors: Mapping[Key, float],
    fixed: Mapping[Key, float],
    most: Mapping[Key, float],
    spread: float = SPREAD,
) -> dict[Key, float]:
    """The points of every key that is seen in the cases or fixed: >= 0 for a finding and at most what `most` allows it, <= 0
    for what speaks for the sender.

    By coordinates, each by Newton's method, until none moves by more than CLOSE points.
    """
    cases = merged(cases)
    where: dict[Key, list[int]] = defaultdict(list)
    for number, case in enumerate(cases):
        for key in case.keys:
            where[key].append(number)
    points = {key: fixed.get(key, priors[key]) for key in where}
    margins = [SLOPE * (sum(points[key] for key in case.keys) - EVEN) for case in cases]
    free = [key for key in sorted(where) if key not in fixed]
    pull = 1 / (SLOPE * spread) ** 2
    for _ in range(ROUNDS):
        furthest = 0.0
        for key in free:
            step = _step(cases, margins, where[key], SLOPE * (points[key] - priors[key]), pull) / SLOPE
            wanted = points[key] + max(-5.0, min(5.0, step))
            wanted = min(max(0.0, wanted), most[key]) if key[1] else min(0.0, wanted)
            moved, points[key] = wanted - points[key], wanted
            for number in where[key]:
                margins[number] += SLOPE * moved
            furthest = max(furthest, abs(moved))
        if furthest < CLOSE:
            break
    return points | dict(fixed)


def _step(cases: Sequence[Case], margins: Sequence[float], numbers: Iterable[int], off: float, pull: float) -> float:
    """Newton's step of one weight that is `off` its prior."""
    slope, bend = pull * off, pull
    for number in numbers:
        case = cases[number]
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, margins[number]))))
        slope += case.mass * (chance - case.warn)
        bend += case.mass * chance * (1 - chance)
    return -slope / bend


def points_of(keys: Iterable[Key], points: Mapping[Key, float]) -> int:
    """A mail's sum as `sekisho.verdict` reckons it: the heaviest of each finding; favours take from slight ones alone."""
    heaviest: dict[str, tuple[int, str]] = {}
    favour = 0
    for name, severity in keys:
        value = round(points[name, severity])
        if severity:
            heaviest[name] = max(heaviest.get(name, (0, "")), (value, severity))
        else:
            favour -= value
    slight = sum(value for value, severity in heaviest.values() if severity in ("info", "low"))
    return sum(value for value, _ in heaviest.values()) - min(slight, favour)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's interval of a share of `count` independent votes, at 95 %."""
    if count <= 0:
        return 0.0, 1.0
    z = 1.96
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
