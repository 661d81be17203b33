"""What is remembered of the sender: how this address has written so far, and what is new now.

Anybody can write any address into From. So only messages for which somebody else vouched, and which had no warning signs, make
a habit (`usual`); what a forger sends in the sender's name is counted and never becomes the sender's way. A first contact is no
accusation: everybody writes for the first time once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sekisho.facts.campaign import Told, marker
from sekisho.facts.sighting import Sighting, Way
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import Any

HABIT = 5  # proven messages
HABIT_SPAN = 14 * 86400  # seconds over which they must be spread
SAME = 0.9  # of them, that a way is the usual one
MAX_WAYS = 4
MAX_CODES = 4096
HOURS = 10  # messages with a zone of their own, from which on hours are told
LONGEST_DAY = 12  # hours; who writes at any time has no usual one
APART = 2  # hours from the usual ones
DAY, HOUR = 86400, 3600


class Hours(NamedTuple):
    """When a sender writes, by the sender's own clock, `zone` minutes from UTC: from `first` to before `last` (full hours)."""

    first: int
    last: int
    weekdays: bool  # from Monday to Friday alone
    zone: int


class Usual(NamedTuple):
    """How a sender writes, by proven messages alone. `since` the first one; each way with its messages, the most usual first.

    `language` (ISO 639-1) and `hours` where nearly all share them: habits of this one sender, which no finding may rest on.
    """

    messages: int
    since: int
    ways: tuple[tuple[Way, int], ...]
    behind: tuple[tuple[Way, int], ...]
    zones: tuple[int, ...]
    language: str
    hours: Hours | None


class History(NamedTuple):
    """`began`: since when anything is remembered. `first`, `last`: of this sender's messages before this one; None: it is the first.

    `written`: how often the reader wrote to the sender, and when last; None: not known. `news`: what is unlike the usual: network,
    country, line, behind-country, behind-line, zone; beside one of these, and never alone, language and hour. `usual` None: too little is proven to tell.
    """

    began: int | None
    messages: int
    proven: int
    warned: int
    first: int | None
    last: int | None
    usual: Usual | None
    news: tuple[str, ...]
    as_always: bool
    written: tuple[int, int] | None
    viruses: tuple[tuple[str, int], ...]
    told: tuple[Told, ...]
    now: Way | None
    behind: Way | None
    vouched: bool  # for this message
    at: int  # of this message
    language: str


def read(passed: Sighting, records: Sequence[Any], settings: Settings) -> History | None:
    """The sender's history, of the records that answer `questions.HISTORY`; None where From names nobody, or the reader."""
    mark, found = marker(records)
    if not found or not passed.address or passed.address in settings.own_addresses:
        return None
    known = found[0]
    rows = [row for row in known.get("messages") or () if isinstance(row, Mapping) and not row.get("sent")]
    times = sorted(int(row.get("at") or 0) for row in rows)
    good = [row for row in rows if row.get("proven") and row.get("level") == "clear"]
    usual = _usual(good)
    news = _news(usual, passed) if usual else ()
    besides = _besides(usual, passed) if usual and news else ()
    written = known.get("written")
    viruses = Counter(str(virus) for row in rows for virus in row.get("viruses") or ())
    viruses.update(passed.viruses)
    told = known.get("told") or ()
    return History(
        began=known.get("began"),
        messages=int(known.get("count", len(rows))),
        proven=int(known.get("proven", sum(bool(row.get("proven")) for row in rows))),
        warned=int(known.get("warned", sum(row.get("level") != "clear" for row in rows))),
        first=known.get("first", times[0] if times else None),
        last=times[-1] if times else None,
        usual=usual,
        news=(*news, *besides),
        as_always=bool(usual and passed.proven and passed.way and not news and _signed_as_ever(passed, mark, good)),
        written=(int(written["times"]), int(written["at"])) if isinstance(written, Mapping) else None,
        viruses=tuple(viruses.most_common(10)),
        told=tuple(
            Told(str(one["whom"]), int(one["at"]), sum(at > int(one["at"]) for at in (*times, passed.at)))
            for one in told
        ),
        now=passed.way,
        behind=passed.behind,
        vouched=passed.proven,
        at=passed.at,
        language=passed.language,
    )


def _usual(good: Sequence[Mapping[str, Any]]) -> Usual | None:
    times = sorted(int(row["at"]) for row in good)
    if len(times) < HABIT or times[-1] - times[0] < HABIT_SPAN:
        return None
    return Usual(
        len(times),
        times[0],
        _ways(good, "way"),
        _ways(good, "behind"),
        tuple(sorted({int(row["zone"]) for row in good if row.get("zone")})),
        _language(good),
        _hours(good),
    )


def _language(good: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(str(row["language"]) for row in good if row.get("language"))
    if counts.total() < HABIT:
        return ""
    language, count = counts.most_common(1)[0]
    return language if count >= SAME * counts.total() else ""


def _hours(good: Sequence[Mapping[str, Any]]) -> Hours | None:
    times = [(int(row["at"]), int(row["zone"])) for row in good if row.get("zone")]
    if len(times) < HOURS:
        return None
    zone = Counter(zone for _, zone in times).most_common(1)[0][0]
    local = [at + zone * 60 for at, _ in times]
    hours = [at % DAY // HOUR for at in local]
    first, last = min(hours), max(hours) + 1
    if last - first > LONGEST_DAY:
        return None
    return Hours(first, last, all(weekday(at) < 5 for at in local), zone)


def weekday(local: int) -> int:
    """Of seconds since 1970 by a local clock: 0 is Monday."""
    return (local // DAY + 3) % 7


def _besides(usual: Usual, passed: Sighting) -> tuple[str, ...]:
    """What else is new where something is: it means nothing by itself."""
    found = []
    if usual.language and passed.language and passed.language != usual.language:
        found.append("language")
    if usual.hours is not None and passed.at:
        first, last, weekdays, zone = usual.hours
        local = passed.at + zone * 60
        hour = local % DAY // HOUR
        if not first - APART <= hour < last + APART or (weekdays and weekday(local) >= 5):
            found.append("hour")
    return tuple(found)


def _ways(good: Sequence[Mapping[str, Any]], which: str) -> tuple[tuple[Way, int], ...]:
    counts: Counter[Way] = Counter()
    for row in good:
        one = row.get(which)
        if isinstance(one, Mapping):
            counts[
                Way(
                    one.get("asn"),
                    str(one.get("name") or ""),
                    str(one.get("country") or ""),
                    str(one.get("line") or ""),
                )
            ] += 1
    return tuple(counts.most_common())


def _news(usual: Usual, passed: Sighting) -> tuple[str, ...]:
    """What is unlike all of the usual; a thing that was seldom known of it tells nothing."""
    found = []
    for name, now, ways in (("", passed.way, usual.ways), ("behind-", passed.behind, usual.behind)):
        if now is None or sum(count for _, count in ways) < HABIT:
            continue
        known = [way for way, _ in ways]
        if now.asn is not None and now.asn not in {way.asn for way in known}:
            found.append(f"{name}network")
        if now.country and now.country not in {way.country for way in known}:
            found.append(f"{name}country")
        if now.line in ("access", "mobile") and now.line not in {way.line for way in known}:
            found.append(f"{name}line")
    zone = passed.zone
    if zone is not None and len(usual.zones) == 1 and zone not in usual.zones and abs(zone - usual.zones[0]) > 60:
        found.append("zone")
    return tuple(found)


def _signed_as_ever(passed: Sighting, mark: Callable[[str, str], str], good: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a signature stands under it that most of the proven messages have, where they have one."""
    counts = Counter(name for row in good for name in row.get("signed") or ())
    if not counts:
        return True
    name, times = counts.most_common(1)[0]
    return times < SAME * len(good) or name in {mark("domain", one) for one in passed.signed}
