"""Findings to a level and a score, by one transparent rule.

The score is the chance that none of the findings is a false alarm, turned round: 1 - product of (1 - weight). Level `danger`
takes one finding of high severity or a score of 0.8; `caution` one of medium severity or a score of 0.4.
"""

from __future__ import annotations

from sekisho.report import Finding

WEIGHTS = {"info": 0.0, "low": 0.1, "medium": 0.45, "high": 0.8}
DANGER, CAUTION = 0.8, 0.4
MAX_REASONS = 5
FIRST = frozenset(
    {"own-provider-claimed", "own-account-used"}
)  # of equal weight: what is about the reader's own mailbox


def weigh(findings: list[Finding], complete: bool = True) -> tuple[str, float, tuple[str, ...]]:
    """Level, score (0..1) and the ids of the findings that count most. A finding that fires in many places counts once."""
    strongest: dict[str, float] = {}
    for finding in findings:
        strongest[finding.id] = max(strongest.get(finding.id, 0.0), WEIGHTS[finding.severity])
    innocent = 1.0
    for weight in strongest.values():
        innocent *= 1 - weight
    score = round(1 - innocent, 4)
    level = "danger" if score >= DANGER else "caution" if score >= CAUTION else "clear"
    if level == "clear" and not complete:
        level = "caution"  # a NUL byte can hide the rest of a message: what was not read can't be without warning signs
    counted = (name for name in strongest if strongest[name] > 0)
    reasons = sorted(counted, key=lambda name: (-strongest[name], name not in FIRST))
    return level, score, tuple(reasons[:MAX_REASONS])
