"""Findings to a level and a score, by one transparent rule: points are added up.

Each finding counts the points that `tables.weights` gives it, by id and severity, once however often it fires; one that the table does not
name counts what its severity does (`DEFAULTS`). What speaks for the sender (`facts.favours`) takes points off, but only those of slight
findings (severity info or low): a mailbox can be stolen, and a known name excuses no program in an archive. From CAUTION points on it is a
caution, from DANGER on a danger. The score of the report (0..1) is 1 - 2 ** (-points / CAUTION): 0.5 at the threshold of a caution, and it
never falls when points rise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sekisho.named import NamedTuple
from sekisho.report import Finding
from sekisho.tables.weights import CAUTION, DANGER, DEFAULTS, FAVOURS, WEIGHTS

SLIGHT = frozenset({"info", "low"})
MAX_REASONS = 5
FIRST = frozenset(
    {"own-provider-claimed", "own-account-used"}
)  # of equal weight: what is about the reader's own mailbox


class Counted(NamedTuple):
    """How much a finding, or what speaks for the sender, counted. `points` below 0: in the sender's favour; `severity` is then ""."""

    id: str
    severity: str
    points: int


class Judgement(NamedTuple):
    """`points`: the sum, 0 or more. `counted`: every part of it, the heaviest first; nothing that counted 0. `reasons`: the ids of
    the findings that count most."""

    level: str
    score: float
    reasons: tuple[str, ...]
    points: int
    counted: tuple[Counted, ...]


def points_of(name: str, severity: str) -> int:
    """What a finding counts."""
    return WEIGHTS.get(name, DEFAULTS).get(severity, DEFAULTS[severity])


def weigh(
    findings: Iterable[Finding], favours: Callable[[], Iterable[str]] = tuple, complete: bool = True
) -> Judgement:
    """The judgement. `favours` is asked only where a slight finding counts; `complete` False: the rest of the message was not read."""
    strongest: dict[str, Counted] = {}
    for finding in findings:
        points = points_of(finding.id, finding.severity)
        known = strongest.get(finding.id)
        if points > 0 and (known is None or points > known.points):
            strongest[finding.id] = Counted(finding.id, finding.severity, points)
    against = sorted(strongest.values(), key=lambda one: (-one.points, one.id not in FIRST))
    rest = sum(one.points for one in against)
    slight = sum(one.points for one in against if one.severity in SLIGHT)
    counted = list(against)
    for name in favours() if slight else ():
        taken = min(slight, -FAVOURS[name])
        if taken:
            counted.append(Counted(name, "", -taken))
            slight, rest = slight - taken, rest - taken
    level = "danger" if rest >= DANGER else "caution" if rest >= CAUTION else "clear"
    if level == "clear" and not complete:
        level = "caution"  # a NUL byte can hide the rest of a message: what was not read can't be without warning signs
    # A mail that is not warned of has no reasons but those that were noticed as a doubt.
    reasons = [one.id for one in against if level != "clear" or one.severity != "info"]
    return Judgement(level, score(rest), tuple(reasons[:MAX_REASONS]), rest, tuple(counted))


def score(points: int) -> float:
    """Points as the report's score."""
    return round(1 - float(2.0 ** (-points / CAUTION)), 4)
