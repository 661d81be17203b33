"""The route as the reader sees it: every line once, word and fact on their sides of the gate, whatever the mail."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from workbench import LOCALES, analysed, failures, mails, name, primitives, report_of, wrong

from sekisho import frames
from sekisho.paint.export import export
from sekisho.report import as_json

WORD = {"sender", "claimed", "contradicted", "plausible"}
FACT = {"yours", "relay", "reader"}


def mail(*lines: str) -> bytes:
    """A message with these trace fields, newest first."""
    head = "".join(f"Received: {line}\r\n" for line in lines)
    rest = "From: Ann <ann@sender.example>\r\nTo: me@office.example\r\nDate: Fri, 13 May 2022 10:00:00 +0200\r\n\r\nHello\r\n"
    return (head + rest).encode()


def hop(peer: str, ip: str, by: str, second: int, zone: str = "+0900") -> str:
    clock = f"{17 + second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}"
    return f"from {peer} ({peer} [{ip}]) by {by} (Postfix) with ESMTP id 0B7C52A9E3; Fri, 13 May 2022 {clock} {zone}"


OWN = hop("mx.sender.example", "203.0.113.9", "mx1.office.example", 30)
MICROSOFT = [
    f"from A{n}.eurprd01.prod.outlook.com (2603:10a6:10:{n}::1) by B{n}.eurprd01.prod.outlook.com (2603:10a6:10:{n}::2)"
    f" with Microsoft SMTP Server id 15.20.1; Fri, 13 May 2022 08:00:{59 - n:02d} +0000"
    for n in range(11)
]
EDGE = (
    "from mx.sender.example (203.0.113.9) by DB1EUR05FT001.mail.protection.outlook.com (10.233.1.1)"
    " with Microsoft SMTP Server id 15.20.1; Fri, 13 May 2022 08:00:30 +0000"
)
FORGED = [hop("a.bank.example", "192.0.2.1", f"mx{n}.bank.example", n) for n in range(5, 0, -1)]
CASES = {
    "one": mail(OWN),
    "unknown boundary": mail("by mail.sender.example with LMTP id 7; Fri, 13 May 2022 17:00:00 +0900"),
    "microsoft": mail(*MICROSOFT, EDGE),
    "forged tail": mail(OWN, *FORGED),
    "two hundred": mail(OWN, *(hop(f"h{n}.example", "192.0.2.1", f"by{n}.example", n % 60) for n in range(199))),
    "two hundred of one": mail(OWN, *(hop("h.sender.example", "192.0.2.1", "mx.sender.example", 5) for _ in range(199))),
    "two hundred own": mail(*(hop("a.office.example", "10.0.0.1", f"m{n}.office.example", 50) for n in range(199)), OWN),
    "no date": mail("from a (a [192.0.2.1]) by b.example", "from c by d"),
}  # fmt: skip


def timeline(report: dict[str, Any]) -> dict[str, Any]:
    (route,) = (block for block in report["panel"] if block["block"] == "route")
    return next(item for item in route["body"] if item["kind"] == "timeline")


def every(stops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All stops, those in folds in the place of the fold's own."""
    out = []
    for stop in stops:
        inner = [item for item in primitives(stop["body"]) if item["kind"] == "timeline"]
        out += [entry for item in inner for entry in item["stops"]] or [stop]
    return out


def told(source: bytes, locale: str = "en", **settings: Any) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(json.dumps(as_json(analysed(source, {"locale": locale, **settings}).report)))
    assert [] == failures(report) + wrong(report)
    return report


def lawful(report: dict[str, Any]) -> None:
    """Every hop once, oldest first, in its own stop; word before the gate, fact after it."""
    hops = report["hops"]
    stops = every(timeline(report)["stops"])
    assert [f"hop:{n}" for n in range(len(hops) - 1, -1, -1)] == [stop["anchor"] for stop in stops if "anchor" in stop]
    standings = [stop["standing"] for stop in stops]
    assert (standings[0], standings[-1]) == ("sender", "reader")
    gate = standings.index("checkpoint") if "checkpoint" in standings else len(standings) - 1
    assert set(standings[:gate]) <= WORD
    assert set(standings[gate + 1 :]) <= FACT
    assert ("checkpoint" in standings) == (report["origin"] is not None)
    for stop in stops:
        if "anchor" in stop:
            held = hops[int(stop["anchor"][4:])]
            assert stop["standing"] == (held["trust"] if held["standing"] == "proven" else held["standing"])
            assert f"field:received:{stop['anchor'][4:]}" in [item.get("anchor") for item in stop["body"]]
    for item in primitives([timeline(report)]):
        assert item["kind"] != "timeline" or all(stop["body"] for stop in item["stops"])


TRAVELLED = [path for path in mails() if report_of(path)["hops"]]


@pytest.mark.parametrize("path", TRAVELLED, ids=name)
def test_every_hop_is_on_the_timeline_once(path: Path) -> None:
    """No line is lost or shown twice, and none is on the wrong side of the gate."""
    lawful(report_of(path))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("case", CASES)
def test_a_road_of_any_length_is_told(case: str, locale: str) -> None:
    """However many lines there are, each is there once, and no more than a page of stops is open."""
    report = told(CASES[case], locale, own_addresses=["me@office.example"])

    lawful(report)
    assert len(timeline(report)["stops"]) <= 24


def test_without_a_line_there_is_no_road() -> None:
    """A message without a Received field gets a sentence, and nothing is drawn."""
    report = told(mail())
    (route,) = (block for block in report["panel"] if block["block"] == "route")

    assert ["sentence"] == [item["kind"] for item in route["body"]]


def test_steps_inside_the_readers_provider_are_told_together() -> None:
    """Eleven lines inside Microsoft are one stop that opens."""
    stops = timeline(told(CASES["microsoft"]))["stops"]

    assert ["sender", "checkpoint", "yours", "yours", "reader"] == [stop["standing"] for stop in stops]
    assert "11 times inside outlook.com" in stops[3]["body"][1]["text"]


def test_a_wait_inside_the_readers_provider_is_told_by_itself() -> None:
    """A line after which the message lay for hours, or whose clock is wrong, is not hidden among those told together."""
    slow = [line.replace("08:00:", "11:00:") if n < 5 else line for n, line in enumerate(MICROSOFT)]
    stops = timeline(told(mail(*slow, EDGE)))["stops"]

    assert ["3 h later"] == [stop["gap"] for stop in stops if "h " in str(stop["gap"])]


@pytest.mark.parametrize("locale", LOCALES)
def test_whose_word_a_mark_is_depends_on_where_the_line_stands(locale: str) -> None:
    """The same role has another note after the checkpoint than before it, but for the HELO, which is never more than a word."""
    report = told(CASES["forged tail"], locale)
    notes: dict[str, dict[str, set[str]]] = {}
    for stop in every(timeline(report)["stops"]):
        for item in primitives(stop["body"]):
            for span in item.get("spans", ()):
                if span["note"]:
                    notes.setdefault(span["role"], {}).setdefault(stop["standing"], set()).add(span["note"])

    for role in ("address", "rdns", "by"):
        assert not notes[role]["yours"] & set().union(*(some for kind, some in notes[role].items() if kind != "yours"))
    in_source = {
        span["note"] for block in report["panel"] if block["block"] == "source"
        for item in block["body"] for span in item.get("spans", ()) if span["note"] and span["role"] == "by"
    }  # fmt: skip
    assert in_source == set().union(*notes["by"].values())


def test_times_are_in_one_zone_and_gaps_between_neighbours() -> None:
    """Each time is said in the zone of the reader's server, the day only where it changes; a gap is up to the next line."""
    far = "from a (a.sender.example [10.0.0.1]) by mx.sender.example with ESMTP; Thu, 12 May 2022 23:57:28 -0800"
    stops = timeline(told(mail(OWN, far)))["stops"]

    assert [
        ("sender", "2022-05-13 17:00:00", None),  # the oldest line is dated before the Date
        ("claimed", "16:57:28", "3 min 2 s later"),
        ("checkpoint", None, None),
        ("yours", "17:00:30", None),
        ("reader", None, None),
    ] == [(stop["standing"], stop["time"], stop["gap"]) for stop in stops]


def test_the_way_begins_with_the_date_and_a_time_without_a_zone_is_no_time() -> None:
    """From the Date to the oldest line is a gap like any other; a date that names no zone has no place on the clock."""
    told_by = [[(stop["time"], stop["gap"]) for stop in timeline(told(source))["stops"][:1]] for source in (
        mail(OWN), mail(OWN).replace(b" 10:00:00 +0200", b" 10:00:00"),
    )]  # fmt: skip

    assert [[("2022-05-13 17:00:00", "30 s later")], [(None, None)]] == told_by


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.made: set[tuple[str, tuple[str, ...]]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.add((tag, tuple(name for name, _ in attrs)))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_kept_road_is_inert(locale: str) -> None:
    """What strangers wrote is text in the exported page, and nothing in it loads or runs."""
    hostile = 'from "><script>x</script> (<img src=x onerror=x> [192.0.2.1]) by <style>*{}</style>.example; Fri, 13 May 2022 17:00:00 +0900'
    report = told(mail(OWN, *[hostile] * 5), locale)
    page = Page()
    page.feed(export(report, "html")[1])

    road = {
        "ol",
        "ul",
        "li",
        "span",
        "p",
        "details",
        "summary",
        "table",
        "tr",
        "th",
        "td",
        "pre",
        "b",
        "mark",
        "svg",
        "path",
        "h3",
    }
    assert {tag for tag, _ in page.made} <= road | {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "section",
    }
    assert {name for tag, names in page.made if tag in road for name in names} <= (
        {"class", "aria-label", "aria-hidden", "title", "scope", "viewbox", "width", "height", "fill", "d"}
    )
    assert "<svg" in export(report, "html")[1]


def test_a_frame_that_is_too_large_says_what_it_left_out() -> None:
    """Stops that are cut off for the frame's size are counted in words."""
    report = told(CASES["two hundred"])
    report["findings"] = [{**finding, "why": "x" * 5000} for finding in report["findings"]] * 3000
    frame = frames.pack_report(lambda one: one, report, "{count} more")
    cut = json.loads(frame[4:])
    inner = [item for item in primitives([timeline(cut)]) if item["kind"] == "timeline"]

    assert [] == wrong(cut)
    assert any("more" in json.dumps(item["stops"][-1]) for item in inner)
