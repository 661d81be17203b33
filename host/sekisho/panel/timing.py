"""How long it took, in words: from line to line, from one end to the other, and the Date against the hand-over."""

from __future__ import annotations

from sekisho.facts.timing import HOUR, SKEW, Gap, Timing
from sekisho.mail.date import iso
from sekisho.panel.naming import Zone, moment
from sekisho.panel.words import Words

_TRANSIT = 600  # seconds that a message may have been under way when its zone is looked for
_WEST, _EAST = -12 * 60, 14 * 60  # minutes: no clock is set further from UTC


def duration(seconds: int, words: Words) -> str:
    """A stretch of time in the two units that matter: 3 s, 2 min 10 s, 2 h 10 min, 3 days 4 h, 41 days."""
    if seconds < HOUR:
        minutes, rest = divmod(seconds, 60)
        key = "duration.seconds" if not minutes else "duration.minutes-seconds" if rest else "duration.minutes"
        return words(key, minutes=minutes, seconds=rest)
    hours, rest = divmod(round(seconds / 60), 60)
    if hours < 48:
        return words("duration.hours-minutes" if rest else "duration.hours", hours=hours, minutes=rest)
    days, rest = divmod(round(seconds / HOUR), 24)
    return words("duration.days-hours" if rest and days < 14 else "duration.days", days=days, hours=rest)


def gap(gap: Gap | None, words: Words) -> str | None:
    """What lies between a line and the next newer one, in a few words; None where nothing is known of it."""
    if gap is None:
        return None
    if gap.kind in ("clock", "disorder"):
        return words(f"gap.{_which(gap)}", duration=_about(gap.clock, words))
    if gap.seconds is None:
        return None
    return words("gap.delay", duration=duration(gap.seconds, words)) if gap.seconds else words("gap.at-once")


def handed_in(timing: Timing, hops: int, words: Words) -> str | None:
    """What lies between the Date and the oldest of so many lines; None where one of the two is not known, or the Date is later."""
    zoned = timing.written is not None and timing.written.zoned
    if not zoned or timing.handed_in is None or timing.handed_in < 0 or timing.oldest != hops - 1:
        return None
    return gap(Gap(timing.handed_in, 0, "delay"), words)


def clock(gap: Gap | None, words: Words) -> str | None:
    """A sentence on a clock that is wrong; None for one that is not."""
    if gap is None or gap.kind not in ("clock", "disorder"):
        return None
    return words(f"clock.{_which(gap)}", duration=_about(gap.clock, words))


def explains(gap: Gap | None, code: str) -> bool:
    """Whether a reason of `claims` is the clock's doing: who reads that it is wrong need not read that its time can't be."""
    return gap is not None and gap.kind in ("clock", "skew") and code in ("later-by-hours", "later-by-minutes")


def _about(seconds: int, words: Words) -> str:
    return duration(60 * round(abs(seconds) / 60), words)


def _which(gap: Gap) -> str:
    return "disorder" if gap.kind == "disorder" else "fast" if gap.clock > 0 else "slow"


def total(timing: Timing, words: Words) -> str | None:
    """A sentence on the whole way, and whose word its beginning is; None with fewer than two dated lines."""
    if timing.total is None:
        return None
    return words(f"total.{timing.total_from}", duration=duration(timing.total, words))


def arrived(timing: Timing, words: Words, zone: Zone = ()) -> str | None:
    """When the reader's side took the message, by the reader's clock where it is known, and how long after (or before) its own Date that was."""
    if timing.arrived is None:
        return None
    date, offset = moment(timing.arrived.iso, zone), timing.date_offset
    if offset is None or timing.written is None or not timing.written.zoned:
        return date
    return words("arrived.before" if offset < 0 else "arrived.after", date=date, duration=duration(abs(offset), words))


def zone(timing: Timing, words: Words) -> str | None:
    """A sentence where the Date's zone is missing or wrong and its time of day shows which one would be right; else None."""
    written, offset = timing.written, timing.date_offset
    if written is None or offset is None:
        return None
    hours, under_way = divmod(offset + SKEW, HOUR)
    east = written.offset - hours * 60
    if under_way > SKEW + _TRANSIT or not _WEST <= east <= _EAST or (written.zoned and hours >= 0):
        return None
    right = iso(0, east)[-6:]
    return words("zone.wrong" if written.zoned else "zone.missing", right=right, zone=iso(0, written.offset)[-6:])
