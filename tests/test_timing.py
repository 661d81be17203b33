"""How long a message took: clocks told from delays, the Date against the hand-over, zones against countries."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.facts import Facts
from sekisho.facts.timing import Gap, Timing
from sekisho.mail.date import iso, parse
from sekisho.mail.message import Message
from sekisho.panel import timing as said
from sekisho.panel.words import Words
from sekisho.questions import Ask
from sekisho.settings import Settings
from sekisho.tables import build_zones, countries, zones

NOON = 1_717_502_400  # Tue, 4 Jun 2024 12:00:00 +0000
MINUTE, HOUR, DAY = 60, 3600, 86400
EN, JA = Words("en"), Words("ja")
Moment = int | None


def at(moment: Moment) -> str:
    """A date field's text for seconds after NOON; nothing for None."""
    return "" if moment is None else f"; {iso(NOON + moment)}"


def measured(
    own: Sequence[Moment], theirs: Sequence[Moment] = (), date: str | Moment = None, hosts: Sequence[int] | None = None
) -> Timing:
    """The times of a message whose lines carry these moments, newest first; `hosts` numbers the claimed lines' writers."""
    writers = [*(f"mx{n}.own.example" for n in range(len(own)))]
    writers += [f"out{n}.sender.test" for n in (hosts or range(len(theirs)))]
    lines = []
    for place, moment in enumerate([*own, *theirs]):
        peer = writers[place + 1] if place + 1 < len(writers) else "desk.sender.test"
        ip = f"198.51.100.{place % 250}"
        if peer == writers[place]:
            peer, ip = "localhost", "127.0.0.1"
        lines.append(
            f"Received: from {peer} ({peer} [{ip}]) by {writers[place]} (Postfix) with ESMTP id 5AB0C19D77{at(moment)}\n"
        )
    if isinstance(date, int):
        date = iso(NOON + date)
    head = "".join(lines) + (f"Date: {date}\n" if date is not None else "") + "From: a@sender.test\n\n"
    return Facts(Message(head.encode()), Settings(own_domains=("own.example",)), Ask({})).timing


def clocks(timing: Timing) -> list[int | None]:
    """By how much each line's clock is told to be off."""
    return [gap and gap.clock for gap in timing.gaps]


# ------------------------------------------------------------------ from line to line


def test_a_message_under_way_is_measured_from_line_to_line() -> None:
    """Clocks in order: each gap is the difference of two dates, and they add up to the whole way."""
    timing = measured([10, 8], [5, 0], date=-1)

    assert (None, 2, 3, 5) == tuple(gap and gap.seconds for gap in timing.gaps)
    assert {"delay"} == {gap.kind for gap in timing.gaps if gap}
    assert (10, "claimed", 3) == (timing.total, timing.total_from, timing.oldest)
    assert (9, 1) == (timing.date_offset, timing.handed_in)


@pytest.mark.parametrize("off", [7 * MINUTE, HOUR, -HOUR, 9 * HOUR, -9 * HOUR, 400 * DAY, -400 * DAY])
def test_a_clock_that_is_off_against_both_neighbours_is_no_delay(off: int) -> None:
    """An hour of summer time, a wrong zone, a dead battery: the server's clock, and its neighbours' times stay."""
    timing = measured([10], [8, 6 + off, 4, 2])

    told = timing.gaps[2]
    assert told is not None and "clock" == told.kind and abs(told.clock - off) <= 2
    assert [0, 0, told.clock, 0, 0] == clocks(timing)
    assert 8 == timing.total


def test_a_few_seconds_are_skew() -> None:
    """Honest clocks differ by seconds; nothing is negative, and nobody is blamed."""
    timing = measured([0], [3, 1, -2])

    assert ["delay", "skew", "skew", "delay"] == [gap.kind for gap in timing.gaps if gap]
    assert (None, 0, 0, 2) == tuple(gap and gap.seconds for gap in timing.gaps)


def test_two_lines_of_one_server_share_its_clock() -> None:
    """What lies between two lines of a server whose clock is wrong is real, though the time of both is not."""
    timing = measured([100], [40 + 9 * HOUR, 20 + 9 * HOUR, 10], hosts=[0, 0, 1])

    assert [9 * HOUR - 60, 9 * HOUR - 60] == clocks(timing)[1:3]
    assert [0, 20, 70] == [gap.seconds for gap in timing.gaps[1:] if gap]


def test_the_oldest_line_has_one_neighbour_only() -> None:
    """Hours after the line above it, and nothing to hold it against: a wrong clock, or made up. Minutes: a clock."""
    assert Gap(0, 5 * HOUR, "disorder") == measured([0], [5 * HOUR]).gaps[1]
    assert Gap(0, 20 * MINUTE, "clock") == measured([0], [20 * MINUTE]).gaps[1]


def test_a_date_that_agrees_with_the_hand_over_settles_whose_clock_is_wrong() -> None:
    """A server nine hours behind, between a Date and a hand-over that are seconds apart, did not keep the mail for nine hours."""
    assert [0, -9 * HOUR] == clocks(measured([0], [-9 * HOUR], date=0))
    assert [0, 0] == clocks(measured([0], [-9 * HOUR], date=-9 * HOUR))
    assert [0, 0] == clocks(measured([0], [-4 * MINUTE], date=-MINUTE))


def test_mail_that_waited_is_a_delay() -> None:
    """A gap with all lines in order is one, however long it is."""
    timing = measured([0], [-2, -3 * DAY, -3 * DAY - 1], date=-3 * DAY - 2)

    assert 3 * DAY - 2 == (timing.gaps[2] or Gap(0, 0, "")).seconds
    assert [0, 0, 0, 0] == clocks(timing)


def test_the_readers_own_server_may_have_a_slow_clock() -> None:
    """Where the line above and the line below it agree, the hand-over's own time is set right."""
    timing = measured([9, -9 * HOUR], [5, 2])

    assert [0, -9 * HOUR - 5, 0, 0] == clocks(timing)
    assert timing.arrived is not None and NOON + 5 == timing.arrived.epoch


def test_a_long_wait_on_the_readers_side_is_not_talked_away() -> None:
    """A claimed line somewhere within a wait of the reader's own side proves nothing of its clock."""
    timing = measured([9 * HOUR, 0], [4 * HOUR], date=4 * HOUR)

    assert timing.arrived is not None and NOON == timing.arrived.epoch
    assert [0, 0, 4 * HOUR] == clocks(timing)


@given(st.lists(st.integers(-2 * DAY, 2 * DAY), max_size=30), st.integers(-2 * DAY, 2 * DAY))
def test_no_claimed_line_moves_the_hand_over(theirs: list[int], date: int) -> None:
    """However many lines a sender makes up: the time at which the reader's server took the message stays that server's word."""
    timing = measured([0], theirs, date=date)

    assert timing.arrived is not None and NOON == timing.arrived.epoch
    assert -date == timing.date_offset


# ------------------------------------------------------------------ what is not there


def test_a_line_without_a_date_is_passed_over() -> None:
    """The gap of the line below it goes to the next one that has a date."""
    timing = measured([10], [None, 4])

    assert timing.gaps[1] is None
    assert Gap(6, 0, "delay") == timing.gaps[2]


def test_dates_above_the_hand_over_alone_are_proven() -> None:
    """Without a date below it, what was measured lies on the reader's own side."""
    timing = measured([10, 3], [None, None])

    assert (7, "proven", 1) == (timing.total, timing.total_from, timing.oldest)


def test_the_next_line_of_the_readers_side_stands_in_for_a_hand_over_without_a_date() -> None:
    """The clock nearest to the hand-over counts."""
    timing = measured([10, None], [4], date=0)

    assert 10 == timing.date_offset


def test_nothing_is_said_where_there_are_no_dates() -> None:
    """No lines, no dates, no Date: nothing, and no fault."""
    for timing in (measured([]), measured([None], [None, None])):
        assert (None, None, -1) == (timing.total, timing.total_from, timing.oldest)
        assert (None, None, None) == (timing.arrived, timing.date_offset, timing.handed_in)
        assert {None} >= set(timing.gaps)
    assert measured([0], date="yesterday").written is None


def test_a_line_made_up_has_no_time() -> None:
    """What is contradicted neither has a gap nor makes the way longer."""
    lines = [
        "from out.sender.test (out.sender.test [198.51.100.1]) by mx.own.example with ESMTP" + at(0),
        "from b.sender.test (b.sender.test [198.51.100.2]) by out.sender.test with ESMTP" + at(-3),
        "from c.test (c.test [198.51.100.3]) by mx.bank.example (Postfix) with ESMTP id QWPIOU" + at(-DAY),
        "from d.test (d.test [198.51.100.4]) by c.test with ESMTP" + at(-DAY),
    ]
    head = "".join(f"Received: {line}\n" for line in lines)
    timing = Facts(Message(head.encode()), Settings(), Ask({})).timing

    assert (Gap(None, 0, "delay"), Gap(3, 0, "delay"), None, None) == timing.gaps
    assert (3, 1) == (timing.total, timing.oldest)


moments = st.none() | st.integers(-20, 20) | st.integers(-3 * HOUR, 3 * HOUR) | st.integers(-(10**8), 10**8)


@given(st.lists(moments, max_size=4), st.lists(moments, max_size=12), moments, st.integers(1, 4))
def test_gaps_add_up_whatever_the_clocks_say(own: list[int], theirs: list[int], date: Moment, count: int) -> None:
    """No gap is negative, their sum is the total, and a clock is off by what its date differs from the time it is given."""
    timing = measured(own, theirs, date, hosts=[place // count for place in range(len(theirs))])
    seconds = [gap.seconds for gap in timing.gaps if gap and gap.seconds is not None]

    assert len(timing.gaps) == len(own) + len(theirs)
    assert all(gap >= 0 for gap in seconds)
    assert (timing.total or 0) == sum(seconds)
    for gap in timing.gaps:
        assert gap is None or (gap.clock == 0) == (gap.kind == "delay")
        assert said.gap(gap, EN) != "" and said.clock(gap, JA) != ""
    assert said.total(timing, EN) != "" and said.arrived(timing, EN) != "" and said.zone(timing, JA) != ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_date_breaks_it(one: str, other: str) -> None:
    """Whatever stands where a date should."""
    head = f"Received: from a.test (a.test [198.51.100.1]) by mx.own.example with ESMTP; {one}\nDate: {other}\n\n"

    assert Facts(Message(head.encode("utf-8", "replace")), Settings(), Ask({})).timing.total is None


def test_two_hundred_lines_whose_clocks_disagree() -> None:
    """As many lines as are read, every other one wrong."""
    timing = measured([0], [-place + (HOUR if place % 2 else 0) for place in range(1, 200)])

    assert 200 == len(timing.gaps)
    assert 198 == timing.total
    assert 100 == clocks(timing).count(0)


# ------------------------------------------------------------------ zones


@pytest.mark.parametrize(
    ("text", "zoned"),
    [
        ("Tue, 4 Jun 2024 12:00:00 +0900", True),
        ("Tue, 4 Jun 2024 12:00:00 -0000", True),
        ("Tue, 4 Jun 2024 12:00:00 GMT", True),
        ("Tue, 4 Jun 2024 12:00 JST", True),
        ("2024-06-04T12:00:00Z", True),
        ("Tue, 4 Jun 2024 12:00:00", False),
        ("Tue, 4 Jun 2024 12:00:00 XYZ", False),
        ("Tue, 4 Jun 2024 12:00:00 +9999", False),
        ("2024-06-04 12:00:00", False),
    ],
)
def test_a_date_tells_whether_its_zone_is_known(text: str, zoned: bool) -> None:
    """A zone that is not written, or means nothing, counts as UTC and says so."""
    read = parse(text)

    assert read is not None and zoned == read.zoned


@pytest.mark.parametrize(
    ("date", "sentence", "right"),
    [
        ("Tue, 4 Jun 2024 19:56:00 -0800", "zone.wrong", "+08:00"),
        ("Tue, 4 Jun 2024 15:00:30", "zone.missing", "+03:00"),
        ("Tue, 4 Jun 2024 09:00:00 +0000", None, ""),
        ("Tue, 4 Jun 2024 12:30:00 +0000", None, ""),
        ("Tue, 4 Jun 2024 12:00:00 +0000", None, ""),
        ("Fri, 7 Jun 2024 12:00:00 +0000", None, ""),
    ],
)
def test_a_zone_that_is_wrong_gives_its_clock_away(date: str, sentence: str | None, right: str) -> None:
    """A time of day that is hours ahead and right to the minute was written where those hours are the time; delays tell nothing."""
    told = said.zone(measured([0], date=date), EN)

    assert (told is None) == (sentence is None)
    assert told is None or right in told


def test_every_country_has_clocks() -> None:
    """The table knows each country that has a name, and no offset that no clock has."""
    named = [row for row in _codes(countries.__file__) if row not in _WITHOUT_ZONES]

    for code in named:
        assert zones.offsets(code), code
        assert all(east % 15 == 0 and -12 * 60 <= east <= 14 * 60 for east in zones.offsets(code) if east != -44), code


_WITHOUT_ZONES = frozenset({"AC", "BV", "CP", "CQ", "DG", "EA", "HM", "IC", "TA", "XK"})  # zone.tab does not list them


def _codes(module: str) -> list[str]:
    with open(module.replace(".py", ".tsv"), encoding="utf-8") as file:
        return [line.split("\t")[0] for line in file if not line.startswith("#")]


@pytest.mark.parametrize(
    ("country", "east"),
    [("JP", {540}), ("IN", {330}), ("NP", {345}), ("DE", {60, 120}), ("ZZ", set()), ("", set()), ("#", set())],
)
def test_where_clocks_stand(country: str, east: set[int]) -> None:
    """Summer time is among them; a country that is not there has none."""
    assert east == zones.offsets(country)


def test_a_countrys_offsets_are_those_of_all_its_zones() -> None:
    """The builder joins the zones that zone.tab lists for a country."""
    tab = [
        "# a comment\n",
        "AA\t+0000+00000\tOne/East\n",
        "BB\t+0000+00000\tTwo\n",
        "AA\t+0000+00000\tOne/West\tnote\n",
    ]
    shown = {"One/East": {60, 120}, "One/West": {0}, "Two": {-210}}

    assert ["AA\t0 60 120", "BB\t-210"] == build_zones.rows(tab, shown.__getitem__)


# ------------------------------------------------------------------ in words


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (0, "0 s", "0 秒"),
        (59, "59 s", "59 秒"),
        (60, "1 min", "1 分"),
        (59 * MINUTE + 40, "59 min 40 s", "59 分 40 秒"),
        (8 * HOUR - 1, "8 h", "8 時間"),
        (2 * HOUR + 10 * MINUTE, "2 h 10 min", "2 時間 10 分"),
        (47 * HOUR, "47 h", "47 時間"),
        (2 * DAY, "2 days", "2 日"),
        (3 * DAY + 4 * HOUR, "3 days 4 h", "3 日 4 時間"),
        (41 * DAY + 4 * HOUR, "41 days", "41 日"),
    ],
)
def test_a_stretch_of_time_is_said_in_the_units_that_matter(seconds: int, english: str, japanese: str) -> None:
    """Two units at most."""
    assert (english, japanese) == (said.duration(seconds, EN), said.duration(seconds, JA))


def test_a_clock_that_is_wrong_explains_a_time_that_is() -> None:
    """The panel says one of the two; a line that is only out of order keeps its reason."""
    assert said.explains(Gap(0, HOUR, "clock"), "later-by-hours")
    assert not said.explains(Gap(0, HOUR, "clock"), "break")
    assert not said.explains(Gap(0, DAY, "disorder"), "later-by-hours")
    assert not said.explains(None, "later-by-hours")


def test_a_gap_is_said_in_a_few_words() -> None:
    """A delay, a clock that is fast or slow, a date that is out of order; nothing where nothing is known."""
    gaps = [None, Gap(None, 0, "delay"), Gap(3, 0, "delay"), Gap(3, 2, "skew"), Gap(0, 9 * HOUR, "clock"), Gap(0, -HOUR, "clock"), Gap(0, DAY, "disorder")]  # fmt: skip

    assert [
        None,
        None,
        "3 s later",
        "3 s later",
        "the clock above is 9 h fast",
        "the clock above is 1 h slow",
        "dated 24 h after the next one",
    ] == [said.gap(gap, EN) for gap in gaps]
    assert [False, False, False, False, True, True, True] == [said.clock(gap, EN) is not None for gap in gaps]
