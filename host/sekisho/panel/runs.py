"""Which hops of a long route are told together: "5 steps inside outlook.com" opens, and does not take a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sekisho.facts.claims import organisation
from sekisho.facts.route import Step
from sekisho.named import NamedTuple
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, fold, sentence, stop, timeline
from sekisho.panel.stops import standing, standing_badge, tainted

_MIN_FOLD = 3  # fewer stand each for itself
_NOTABLE = 600  # seconds; less is what mail takes


class Run(NamedTuple):
    """Neighbouring hops, oldest first; `folded`: told together."""

    hops: list[int]
    folded: bool


def runs(numbers: Sequence[int], view: View, warned: frozenset[int]) -> list[Run]:
    """The hops of one side of the gate, oldest first, those of one kind together, the ones that matter each alone."""
    route = view.facts.route
    found: list[list[int]] = []
    last: tuple[str, str] | None = None
    for number in numbers:
        step = route.steps[number]
        kind = None if _matters(number, view, warned) else _kind(step, number < route.boundary)
        if kind and last and kind[0] == last[0] and not kind[1]:
            kind = last  # a line that names no server is by whoever wrote the one before
        if kind and kind == last:
            found[-1].append(number)
        else:
            found.append([number])
        last = kind
    out: list[Run] = []
    for hops in found:
        out += [Run(hops, True)] if len(hops) >= _MIN_FOLD else [Run([number], False) for number in hops]
    return out


def run_stop(view: View, run: Run, stops: Mapping[int, Primitive]) -> list[Primitive]:
    """The stops of a run: its own, or one that has them in a fold."""
    own = [stops[number] for number in run.hops]
    if not run.folded:
        return own
    words = view.words
    steps = [view.facts.route.steps[number] for number in run.hops]
    kinds = {standing(step.hop) for step in steps}
    kind = kinds.pop() if len(kinds) == 1 else steps[-1].hop.trust
    owners = {organisation(step.received.by) for step in steps if step.received.by}
    if kind != "contradicted" and len(owners) == 1:
        said = words(f"route.inside.{kind}", count=len(own), organisation=owners.pop())
    else:
        said = words(f"route.between.{kind}", count=len(own))
    inner = timeline(said, [*own[:-1], {**own[-1], "gap": None}])
    return [
        stop(
            kind,
            [
                standing_badge("tainted" if kind == "contradicted" else kind, words),
                sentence(said),
                fold(words("route.each", count=len(own)), [inner]),
            ],
            own[0]["time"],
            own[-1]["gap"],
        )
    ]


def _matters(number: int, view: View, warned: frozenset[int]) -> bool:
    """Whether a hop has something of its own to say: hand-over, evidence, a login, a made-up line, a wait, a wrong clock."""
    route, gap = view.facts.route, view.facts.timing.gaps[number]
    step = route.steps[number]
    if tainted(step.hop):
        return False  # evidence, but of the line that it leads up to
    if number == route.boundary or number in warned or step.hop.standing == "contradicted":
        return True
    if gap is not None and (gap.kind in ("clock", "disorder") or (gap.seconds or 0) >= _NOTABLE):
        return True
    return number > route.boundary and (step.received.auth or number == route.hand_in)


def _kind(step: Step, inside: bool) -> tuple[str, str]:
    """What hops told together have in common: whose they are, and which organisation's."""
    if inside and step.hop.trust == "yours":
        return "yours", "yours"
    if tainted(step.hop):
        return "tainted", "tainted"
    return standing(step.hop), organisation(step.received.by) if step.received.by else ""
