"""How long the message took from server to server, with clocks that are wrong told from mail that waited.

Every Received line carries the time of its writer's own clock (RFC 5321 §4.4). Mail can't arrive before it was sent: where
the dates are out of order, the fewest lines that break it are taken to have a wrong clock, a line of the reader's own side
last of all. A clock that is as far off against the line above it as against the one below shows itself as such; one that
is hours late against the line above alone may as well be a line that was made up (`claims` weighs it).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from sekisho.facts.route import Route, Step
from sekisho.mail.date import Date
from sekisho.mail.date import parse as parse_date
from sekisho.mail.message import Message
from sekisho.named import NamedTuple

SKEW = 300  # seconds by which two honest clocks may differ
HOUR = 3600
_LATEST = 253_402_128_000  # 9999-12-30T00:00:00Z: a year of four digits in every zone
_OWN = 1000  # a line of the reader's side outweighs every claimed one (there are at most 200)
_DATE = 2  # the Date field, where it agrees with the hand-over: more than one host's lines that do not


class Gap(NamedTuple):
    """From one line to the next newer one that can be believed.

    `seconds`: how long it took, with wrong clocks set right; never negative; None on the newest line. `clock`: by how many
    seconds this line's own clock runs ahead (negative: behind). `kind`: `delay` (clock 0), `skew` (within SKEW), `clock`
    (that server's clock or zone is wrong), `disorder` (over an hour later than the line above, and no line below to hold
    it against: a wrong clock or a made-up line).
    """

    seconds: int | None
    clock: int
    kind: str


class Timing(NamedTuple):
    """`gaps`: one a hop, newest first; None where the line has no date or is contradicted. Their sum is `total`.

    `total`: seconds from the oldest line that is believed (`oldest`, -1 without one) to the newest, whose word `total_from`
    tells: `proven`, `plausible` or `claimed`; None with fewer than two dated lines. `arrived`: when the reader's side took
    the message from outside. `written`: the Date field (RFC 5322 §3.6.1), None where it is missing or no date.
    `date_offset`: seconds from `written` to `arrived`, negative for a Date that lies after the hand-over. `handed_in`:
    seconds from `written` to the oldest line that is believed.
    """

    gaps: tuple[Gap | None, ...]
    total: int | None
    total_from: str | None
    oldest: int
    arrived: Date | None
    written: Date | None
    date_offset: int | None
    handed_in: int | None


class _Mark(NamedTuple):
    """One dated line; the Date field stands below the last one with the place -1."""

    place: int
    epoch: int
    weight: float


class _Told(NamedTuple):
    """When a line was really written, and whether the lines on both sides agree how far its clock is off."""

    time: int
    both: bool


class _Sides(NamedTuple):
    """The lines in order on both sides of some that are not: `ahead` 1 looks for clocks that are fast, -1 for slow ones."""

    ahead: int
    near: int | None
    far: int | None


def measure(route: Route, message: Message) -> Timing:
    """The times of a message. Never raises, whatever the dates; quadratic only in lines whose clocks disagree (at most 200)."""
    text = message.unstructured("date")
    written = parse_date(text) if text else None
    believed = [
        (place, step)
        for place, step in enumerate(route.steps)
        if step.received.date and step.hop.standing != "contradicted"
    ]
    own = [place for place, step in believed if step.hop.standing == "proven"]
    marks = _marks(believed, written, own[-1] if own else -1)
    times = _set_right(marks)
    gaps: list[Gap | None] = [None] * len(route.steps)
    at: dict[int, int] = {}
    newer: int | None = None
    for mark, (time, both) in zip(marks, times, strict=True):
        if mark.place < 0:
            continue
        off = mark.epoch - time
        kind = _kind(off, both, route.steps[mark.place].hop.standing)
        gaps[mark.place] = Gap(None if newer is None else newer - time, off, kind)
        at[mark.place] = newer = time
    oldest = believed[-1][0] if believed else -1
    arrived = None
    if own:
        date = route.steps[own[-1]].received.date
        assert date is not None
        arrived = date._replace(epoch=min(at[own[-1]], _LATEST))
    return Timing(
        gaps=tuple(gaps),
        total=at[believed[0][0]] - at[oldest] if len(believed) > 1 else None,
        total_from=route.steps[oldest].hop.standing if len(believed) > 1 else None,
        oldest=oldest,
        arrived=arrived,
        written=written,
        date_offset=arrived.epoch - written.epoch if arrived and written else None,
        handed_in=at[oldest] - written.epoch if believed and written else None,
    )


def _marks(believed: Sequence[tuple[int, Step]], written: Date | None, entry: int) -> list[_Mark]:
    """The dated lines with what each weighs against the others; lines in a row by one host are one clock, and one voice."""
    marks: list[_Mark] = []
    for (own, _), row in groupby(believed, _writer):
        lines = list(row)
        weight = _OWN if own else 1 / len(lines)
        marks += [_Mark(place, step.received.date.epoch, weight) for place, step in lines if step.received.date]
    handed = next((position for position, mark in enumerate(marks) if mark.place == entry), None)
    if handed is None:
        return marks
    reference = marks[handed].epoch
    late = marks[handed + 1] if handed + 1 < len(marks) else None
    first = handed
    while first > 0 and late and marks[first].epoch < late.epoch - SKEW:
        first -= 1
    if late and first < handed and abs(marks[first].epoch - late.epoch) <= SKEW:
        # The lines above and below agree and this one stands hours before both: the reader's own server has a slow clock.
        marks[first + 1 : handed + 1] = [mark._replace(weight=0) for mark in marks[first + 1 : handed + 1]]
        reference = late.epoch
    if written and written.zoned and abs(reference - written.epoch) <= SKEW:
        # Minutes between the Date and the oldest line are two clocks' skew, and correct nobody.
        apart = written.epoch - marks[-1].epoch
        marks.append(_Mark(-1, marks[-1].epoch if 0 < apart <= SKEW else written.epoch, _DATE))
    return marks


def _writer(line: tuple[int, Step]) -> tuple[bool, str]:
    step = line[1]
    return step.hop.standing == "proven", step.received.by.lower()


def _set_right(marks: Sequence[_Mark]) -> list[_Told]:
    """For each mark when it was really written, as far as the others tell: never later than the one before it."""
    epochs = [mark.epoch for mark in marks]
    if all(newer >= older for newer, older in pairwise(epochs)):
        return [_Told(epoch, False) for epoch in epochs]
    kept = _in_order(marks)
    times = list(epochs)
    told = [False] * len(marks)
    for newer, older in pairwise([-1, *kept, len(marks)]):
        top = epochs[newer] if newer >= 0 else None
        bottom = epochs[older] if older < len(marks) else None
        row = range(newer + 1, older)
        _within(epochs, times, told, row, _Sides(1, top, bottom))
        _within(epochs, times, told, reversed(row), _Sides(-1, bottom, top))
    for position in range(1, len(times)):
        times[position] = min(times[position], times[position - 1])
    return [_Told(time, known) for time, known in zip(times, told, strict=True)]


def _within(epochs: Sequence[int], times: list[int], told: list[bool], row: Iterable[int], sides: _Sides) -> None:
    """Set right, in `times`, the lines of a row that are later than its newer side (ahead 1) or earlier than its older one (-1)."""
    ahead, near, far = sides
    if near is None:
        return
    last: int | None = None
    for place in row:
        off = ahead * (epochs[place] - near)
        if off <= 0:
            continue
        time = near
        if last is not None:
            # What lies between two lines is real where it is less than what both are off: they share a clock.
            apart = ahead * (epochs[last] - epochs[place])
            time = times[last] - ahead * apart if 0 <= apart < off else times[last]
        if far is not None:
            time = max(time, far) if ahead > 0 else min(time, far)
            told[place] = 2 * off >= ahead * (epochs[place] - far)
        times[place] = time
        last = place


def _in_order(marks: Sequence[_Mark]) -> list[int]:
    """The heaviest run of lines, newest first, of which none is later than the one before it; the newer ones if two weigh alike."""
    best: list[float] = []
    above: list[int] = []
    for position, mark in enumerate(marks):
        weight, link = 0.0, -1
        for newer in range(position):
            if best[newer] > weight and marks[newer].epoch >= mark.epoch:
                weight, link = best[newer], newer
        best.append(weight + mark.weight)
        above.append(link)
    position = best.index(max(best))
    kept = []
    while position >= 0:
        kept.append(position)
        position = above[position]
    return kept[::-1]


def _kind(off: int, told: bool, standing: str) -> str:
    if off == 0:
        return "delay"
    if abs(off) <= SKEW:
        return "skew"
    return "clock" if told or standing == "proven" or abs(off) <= HOUR else "disorder"
