"""Times in the reader's zone, with what the mail itself says kept beside them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from workbench import LOCALES, primitives, report_of_source

from sekisho import cli
from sekisho.panel.naming import east, moment
from sekisho.settings import SettingsError, read

BERLIN = [[788918400, 60], [1648342800, 120], [1667091600, 60]]
MAIL = (
    b"Received: from mail.shop.example (mail.shop.example [120.136.14.43])\n"
    b"\tby mx.office.example (Postfix) with ESMTPS id 5C1E02A0F7\n"
    b"\tfor <yui@office.example>; Tue, 10 May 2022 06:12:44 +0900 (JST)\n"
    b"From: a@shop.example\nDate: Mon, 9 May 2022 17:12:40 -0400\n\nhi\n"
)


def blocks(locale: str = "en", **given: Any) -> dict[str, list[dict[str, Any]]]:
    report = report_of_source(MAIL, locale=locale, **given)
    return {block["block"]: block["body"] for block in report["panel"]}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_road_is_told_by_the_readers_clock(locale: str) -> None:
    """Summer time where the mail came in summer; the line's own time is among its details, the Date as it is written."""
    body = blocks(locale, time_zone=BERLIN)
    (road,) = [item for item in body["route"] if item["kind"] == "timeline"]
    rows = {row[0]: row[1] for item in primitives(body["route"]) if item["kind"] == "table" for row in item["rows"]}
    facts = {row[0]: row[1] for item in primitives(body["facts"]) if item["kind"] == "table" for row in item["rows"]}

    assert [stop["time"] for stop in road["stops"] if stop["time"]] == ["2022-05-09 23:12:40", "23:12:44"]
    assert "UTC+02:00" in body["route"][0]["text"]
    assert "2022-05-10 06:12:44 +09:00" in rows.values()
    assert any(text.startswith("2022-05-09 23:12:44 +02:00") for text in facts.values())
    assert "Mon, 9 May 2022 17:12:40 -0400" in facts.values()


def test_without_a_clock_of_the_readers_the_newest_lines_counts() -> None:
    """As an exported report is: it says nothing of where its reader is."""
    body = blocks()

    assert body["route"][0]["text"] == "Oldest first. All times are given in UTC+09:00."


@pytest.mark.parametrize(
    ("epoch", "minutes"), [(0, 60), (1648342799, 60), (1648342800, 120), (1667091599, 120), (1 << 33, 60)]
)
def test_a_change_counts_from_its_second_on(epoch: int, minutes: int) -> None:
    """What is older than the first is told by it."""
    assert east(read({"time_zone": BERLIN})[0].time_zone, epoch) == minutes


def test_a_date_that_cannot_be_read_stays_as_it_is() -> None:
    """A damaged table's date, or one that names no zone."""
    assert [moment(text, ((0, 540),)) for text in ("", "soon", "2026-06-05")] == [moment(text) for text in ("", "soon", "2026-06-05")]  # fmt: skip


@pytest.mark.parametrize(
    "given",
    ["Asia/Tokyo", [[0]], [[0, "540"]], [[0, 99999]], [[1 << 50, 0]], [[0, True]], [[0, 540]] * 1000, {"0": 540}, [None]],
)  # fmt: skip
def test_what_is_no_clock_is_refused_by_name(given: Any) -> None:
    """The extension then leaves that setting out."""
    with pytest.raises(SettingsError) as refused:
        read({"time_zone": given})

    assert refused.value.name == "time_zone"


def test_the_command_line_knows_this_computers_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change to the second, from the system's own table."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        zone = cli._time_zone()
    finally:
        monkeypatch.undo()
        time.tzset()

    assert {(1648342800, 120), (1667091600, 60)} < set(zone)
    assert list(zone) == sorted(zone)
