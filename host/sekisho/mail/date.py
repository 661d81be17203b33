"""Dates of mail (RFC 5322 §3.3) with every legal and the common illegal forms, to ISO 8601 with offset."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from sekisho.named import NamedTuple

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
# RFC 5322 §4.3 names plus the ones that mail in the field writes; minutes east of UTC.
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180,
    "cet": 60, "met": 60, "mez": 60, "bst": 60, "west": 60, "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "sast": 120,
    "eest": 180, "msk": 180, "msd": 240, "ist": 330, "hkt": 480, "sgt": 480, "awst": 480, "jst": 540, "kst": 540,
    "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}  # fmt: skip
# What nearly every server writes, and a sign that nothing unusual follows.
_USUAL = re.compile(
    r" ?(?:[A-Z][a-z]{2}, {1,2})?([0-9]{1,2}) ([A-Z][a-z]{2}) ((?:19|20)[0-9]{2}) ([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]) ([+-][01][0-9][0-5][0-9])"
    r"(?: \([A-Za-z0-9 :+-]*\))?"
)
_DAYS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
MAX_TEXT = 300


@cache
def _date() -> re.Pattern[str]:
    """RFC 5322's form with whatever is left out, added or abbreviated.

    Months are told by the table, not by the pattern: an alternation without regard to case is the slowest thing there is.
    """
    return re.compile(
        r"(?P<day>\d{1,2})[ \t-]*(?P<month>[A-Za-z]{3})[a-z]*\.?[ \t-]*(?P<year>\d{2,4})[ \t,]+"
        r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?[ \t]*(?P<half>[AaPp][Mm])?[ \t]*"
        r"\(?(?P<zone>[+-]\d{1,2}:?\d{2}|[+-]\d{1,2}(?!\d)|[A-Za-z]{1,5})?(?:[ \t]*(?P<offset>[+-]\d{1,2}:?\d{2}|[+-]\d{1,2}(?!\d)))?"
    )


@cache
def _unix() -> re.Pattern[str]:
    """asctime and date(1), and forgers' `Aug, 22 2002`: compiled only where the usual form is not there."""
    return re.compile(
        r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*,?[ \t]+(?P<day>\d{1,2}),?[ \t]+(?:(?P<first>\d{4})[ \t,]+)?"
        r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?[ \t]*(?P<half>[ap]m)?[ \t]*"
        r"(?P<zone>[a-z]{1,5}|[+-]\d{4})?[ \t]*(?P<year>\d{4})?[ \t]*(?P<offset>[+-]\d{4})?",
        re.IGNORECASE,
    )


@cache
def _iso8601() -> re.Pattern[str]:
    """ISO 8601, as some Japanese gateways and Go programs write it."""
    return re.compile(
        r"(?P<year>\d{4})[-/](?P<month>\d{2})[-/](?P<day>\d{2})[T \t](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,9})?)?"
        r"[ \t]*(?P<half>[ap]m)?[ \t]*(?P<zone>z|[+-]\d{2}:?\d{2})?[ \t]*(?P<offset>[+-]\d{4})?",
        re.IGNORECASE,
    )


class Date(NamedTuple):
    """A moment: seconds since 1970 (UTC) and the writer's own offset in minutes; `zoned` is false where none is written."""

    epoch: int
    offset: int
    zoned: bool = True

    @property
    def iso(self) -> str:
        """ISO 8601 in the writer's own zone."""
        return iso(self.epoch, self.offset)


def parse(text: str) -> Date | None:
    """The first date in `text`; None when there is none or it is impossible. An unknown zone counts as UTC (RFC 5322 §4.3)."""
    cut = text[:MAX_TEXT]
    usual = _USUAL.fullmatch(cut)
    if usual:
        number, month, year, hours, minutes, seconds, zone = usual.groups()
        start, length = _month(year, month)
        day, east = int(number), _east(zone)
        if 1 <= day <= length:
            clock = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
            return Date((start + day - 1) * 86400 + clock - east * 60, east)
    if ":" not in cut and "." not in cut:
        return None  # no time of day: not one pattern is compiled for an empty field
    match = _date().search(cut) or _unix().search(cut) or _iso8601().search(cut)
    if match is None:
        return None
    part = match.groupdict()
    written = part.get("first") or part["year"]
    month = _MONTHS.get(part["month"].lower()[:3]) or (int(part["month"]) if part["month"].isdigit() else 0)
    if not written or not month:
        return None
    year = int(written)
    if len(written) < 4:
        year += 2000 if year < 50 else 1900  # RFC 5322 §4.3
    hour, minute, second, day = int(part["hour"]), int(part["minute"]), int(part["second"] or 0), int(part["day"])
    if part["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if part["half"].lower() == "pm" else 0)
    if not (
        1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 9999 and hour <= 24 and minute <= 59 and second <= 61
    ):
        return None
    if day > 28 and days(year, month, day) >= days(year + month // 12, month % 12 + 1, 1):
        return None  # 31 April
    known = _offset(part["zone"] or part.get("offset") or "", part.get("offset") or "")
    offset = known or 0
    clock = hour * 3600 + minute * 60 + second
    return Date(days(year, month, day) * 86400 + clock - offset * 60, offset, known is not None)


def _offset(zone: str, numeric: str) -> int | None:
    """Minutes east of UTC; None for a zone that is not there or means nothing."""
    text = zone if zone[:1] in "+-" and zone else ""
    if not text:
        named = _ZONES.get(zone.lower())
        # `UTC+9` is nine hours east; `JST-9` names the same zone the way POSIX does, and its number counts the other way.
        if named is not None and (not numeric or (named and len(numeric) <= 3)):
            return named
        text = numeric
    if not text:
        return None
    digits = text[1:].replace(":", "")
    digits = digits.zfill(4) if len(digits) > 2 else digits.zfill(2) + "00"
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return None if minutes > 24 * 60 else -minutes if text[0] == "-" else minutes


@lru_cache(maxsize=600)
def _month(year: str, name: str) -> tuple[int, int]:
    """The day a month begins, since 1970, and how many it has; none for a month that there is not."""
    month = _MONTHS.get(name.lower())
    if month is None:
        return 0, 0
    start = days(int(year), month, 1)
    return start, days(int(year) + month // 12, month % 12 + 1, 1) - start


@lru_cache(maxsize=100)
def _east(zone: str) -> int:
    return int(zone[:3]) * 60 + int(zone[0] + zone[3:])


def days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar (datetime would cost its import at every start)."""
    before = year - 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (
        before * 365
        + before // 4
        - before // 100
        + before // 400
        + _DAYS[month - 1]
        + (leap and month > 2)
        + day
        - 719163
    )


@lru_cache(maxsize=200)  # a line's date stands in the report and in several places of its panel
def iso(epoch: int, offset: int = 0) -> str:
    """Epoch seconds as ISO 8601 in the zone `offset` minutes east of UTC."""
    day, rest = divmod(epoch + offset * 60, 86400)
    hour, rest = divmod(rest, 3600)
    return f"{_calendar(day)}T{hour:02d}:{rest // 60:02d}:{rest % 60:02d}{_zone(offset)}"


@lru_cache(maxsize=100)
def _calendar(days: int) -> str:
    """A day since 1970 as ISO 8601 writes it."""
    # Howard Hinnant's civil_from_days: era of 400 years, March first.
    shifted = days + 719468
    era = shifted // 146097
    of_era = shifted - era * 146097
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    march = (5 * of_year + 2) // 153
    day = of_year - (153 * march + 2) // 5 + 1
    month = march + 3 if march < 10 else march - 9
    year = year_of_era + era * 400 + (month <= 2)
    return f"{year:04d}-{month:02d}-{day:02d}"


@lru_cache(maxsize=100)
def _zone(offset: int) -> str:
    east = abs(offset)
    return f"{'-' if offset < 0 else '+'}{east // 60:02d}:{east % 60:02d}"
