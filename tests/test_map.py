"""The road on a map: what becomes a point and whose word it is, how exactly it is shown, and which part of the world."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench import LOCALES, analysed, failures, primitives, report_of, wrong

import sekisho
from sekisho import frames
from sekisho.paint import chart, outline
from sekisho.paint.export import export
from sekisho.paint.terminal import paint
from sekisho.report import as_json

TOKYO, OSAKA = (
    {"country": "JP", "city": "Tokyo", "lat": 35.69, "lon": 139.69},
    {"country": "JP", "city": "Osaka", "lat": 34.69, "lon": 135.5},
)
OREGON, TEXAS = (
    {"country": "US", "city": "Boardman", "lat": 45.84, "lon": -119.7},
    {"country": "US", "region": "Texas", "lat": 31.0, "lon": -99.0},
)
BERLIN, LONDON = (
    {"country": "DE", "city": "Berlin", "lat": 52.52, "lon": 13.4},
    {"country": "GB", "city": "London", "lat": 51.51, "lon": -0.13},
)
FIJI, SAMOA = (
    {"country": "FJ", "city": "Suva", "lat": -18.14, "lon": 178.44},
    {"country": "WS", "city": "Apia", "lat": -13.83, "lon": -171.77},
)
AMERICA = {"country": "US", "lat": 37.75, "lon": -97.82}
POLE = {"country": "NO", "city": "Longyearbyen", "lat": 89.9, "lon": 15.6}
SAMPLES = Path(sekisho.__file__).parent / "samples"


def address(number: int) -> str:
    """Of the range in the article about the Kagoya mail."""
    return f"120.136.14.{number}"


def mail(count: int, body: str = "Hello") -> bytes:
    """Through `count` servers with an address each, the last of which hands over to the reader's side: number 1."""
    lines = [
        f"Received: from h{n}.sender.example (h{n}.sender.example [{address(n)}]) by {by} (Postfix) with ESMTP id 0B7C52A9E3;"
        f" Fri, 13 May 2022 17:00:{50 - n} +0900\r\n"
        for n, by in zip(range(1, count + 1), ["mx1.office.example", *(f"h{n}.sender.example" for n in range(1, count))], strict=False)
    ]  # fmt: skip
    head = "From: Ann <ann@sender.example>\r\nTo: me@office.example\r\nDate: Fri, 13 May 2022 10:00:00 +0200\r\n\r\n"
    return ("".join(lines) + head + body + "\r\n").encode()


def at(places: list[dict[str, Any] | None]) -> list[dict[str, Any]]:
    """Where the reader's own database says that those addresses are, the newest first."""
    return [
        {"question": {"kind": "place", "type": "ip", "name": address(n)}, "records": [place] if place else [], "source": "file:mine.mmdb", "at": "2026-09-21"}
        for n, place in enumerate(places, 1)
    ]  # fmt: skip


def told(source: bytes, answers: Any = None, locale: str = "en") -> dict[str, Any]:
    report: dict[str, Any] = json.loads(json.dumps(as_json(analysed(source, {"locale": locale}, answers).report)))
    assert [] == failures(report) + wrong(report)
    return report


def through(*places: dict[str, Any], locale: str = "en", body: str = "Hello") -> dict[str, Any]:
    """The map of a mail that came through these places, from the sender to the reader."""
    return drawn(told(mail(len(places), body), at(list(reversed(places))), locale))


def drawn(report: dict[str, Any]) -> dict[str, Any]:
    (block,) = (block for block in report["panel"] if block["block"] == "map")
    (made,) = (item for item in block["body"] if item["kind"] == "map")
    return dict(made)


def words(point: dict[str, Any]) -> str:
    return " ".join(item["text"] for item in primitives(point["body"]) if "text" in item)


def x_of(made: dict[str, Any], lon: float) -> float:
    window = made["window"]
    return float((lon - window["west"]) % 360 / (window["east"] - window["west"]) * 360)


def y_of(made: dict[str, Any], lat: float) -> float:
    window = made["window"]
    return float((window["north"] - lat) / (window["north"] - window["south"]) * 200)


def lawful(made: dict[str, Any]) -> None:
    """All points and their numbers are within the drawing, no number covers another, and every join joins two points of the road."""
    window = made["window"]
    assert 1 <= window["east"] - window["west"] <= 360 and 1 <= window["north"] - window["south"] <= 180
    assert -180 <= window["west"] <= 180 and -90 <= window["south"] < window["north"] <= 90
    discs = []
    for point in made["points"]:
        x, y = x_of(made, point["lon"]), y_of(made, point["lat"])
        assert 0 <= x <= 360 and 0 <= y <= 200, point
        discs.append((x + point["disc"][0], y + point["disc"][1]))
        assert point["body"] and (point["area"] is None) != (point["radius_km"] is None)
    for x, y in discs:
        assert 7 <= x <= 353 and 7 <= y <= 193
    for (x, y), (other_x, other_y) in combinations(discs, 2):
        assert (x - other_x) ** 2 + (y - other_y) ** 2 > 15**2
    for join in made["joins"]:
        assert join["from"] != join["to"]
        assert "link" not in {made["points"][join[end]]["standing"] for end in ("from", "to")}


def test_points_go_from_the_sender_to_the_reader() -> None:
    """The address that handed over is fact and the rest the sender's word; the ways to it are no better than where they begin."""
    made = through(BERLIN, LONDON, OREGON)

    assert [("claimed", 13.4), ("claimed", -0.13), ("checkpoint", -119.7)] == [
        (point["standing"], point["lon"]) for point in made["points"]
    ]
    assert [["hop:2"], ["hop:1"], ["hop:0"]] == [point["where"] for point in made["points"]]
    assert [{"from": 0, "to": 1, "standing": "claimed"}, {"from": 1, "to": 2, "standing": "claimed"}] == made["joins"]
    assert "Only claimed" in words(made["points"][0]) and "Berlin, Germany" in words(made["points"][0])
    assert "Handed it to your side" in words(made["points"][2])
    lawful(made)


def test_servers_of_the_readers_own_side_are_fact() -> None:
    """What the line inside names is who wrote the line before it."""
    line = (
        f"Received: from mx1.office.example (mx1.office.example [{address(9)}]) by in.office.example (Postfix) with ESMTP"
        " id 1B7C52A9E3; Fri, 13 May 2022 17:00:55 +0900\r\n"
    )
    places = [OREGON, *[None] * 7, TOKYO]
    made = drawn(told(line.encode() + mail(1), at(places)))

    assert ["checkpoint", "yours"] == [point["standing"] for point in made["points"]]
    assert [{"from": 0, "to": 1, "standing": "yours"}] == made["joins"]


@pytest.mark.parametrize(("place", "radius"), [(OSAKA, 50), (TEXAS, 200)])
def test_a_circle_shows_how_far_off_a_place_may_be(place: dict[str, Any], radius: int) -> None:
    (point,) = through(place)["points"]
    assert (radius, None) == (point["radius_km"], point["area"])
    assert f"{radius} km" in words(point)


def test_a_country_is_no_place() -> None:
    """Where no more is known the whole country is marked, and that is said."""
    (point,) = through(AMERICA)["points"]
    assert (None, "US", "country") == (point["radius_km"], point["area"], point["precision"])
    assert "all of United States is marked, not a place in it" in words(point)


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "only the registry's default point"), ("ja", "登録上の既定の地点")]
)
def test_a_default_point_is_said_to_be_one(locale: str, said: str) -> None:
    """The Kagoya mail's server: the atlas has it where it puts what is somewhere in Japan."""
    made = drawn(report_of(SAMPLES / "kagoya.eml", locale))
    (point,) = made["points"]
    assert ("registry", "JP", None) == (point["precision"], point["area"], point["radius_km"])
    assert said in words(point)
    lawful(made)


def test_a_country_is_not_drawn_as_a_town_at_the_same_point() -> None:
    made = through({**AMERICA}, {**AMERICA, "city": "Wichita"})
    assert ["US", None] == [point["area"] for point in made["points"]]
    lawful(made)


def test_places_beside_each_other_are_one_point() -> None:
    """Each server is in its words, and the better word for the place is how it is drawn."""
    made = through(TOKYO, {**TOKYO, "city": "Yokohama", "lat": 35.44, "lon": 139.64})
    (point,) = made["points"]
    assert "checkpoint" == point["standing"] and [] == made["joins"]
    assert ["hop:1", "hop:0"] == point["where"]
    assert "Tokyo" in words(point) and "Yokohama" in words(point)
    assert "Only claimed" in words(point) and "Handed it to your side" in words(point)


def test_a_way_back_and_forth_is_drawn_once() -> None:
    made = through(BERLIN, LONDON, BERLIN, LONDON)
    assert 2 == len(made["points"])
    assert [{"from": 0, "to": 1, "standing": "claimed"}] == made["joins"]


def test_the_pacific_is_in_the_middle_where_that_is_shorter() -> None:
    made = through(OREGON, TOKYO)
    assert made["window"]["west"] < 139.69 and made["window"]["east"] > 360 - 119.7
    assert x_of(made, 139.69) < x_of(made, -119.7)
    lawful(made)

    made = through(OREGON, LONDON)
    assert made["window"]["east"] <= 180 and x_of(made, -119.7) < x_of(made, -0.13)
    lawful(made)


def test_the_date_line_parts_no_neighbours() -> None:
    made = through(FIJI, SAMOA)
    assert made["window"]["east"] - made["window"]["west"] < 60
    lawful(made)


def test_one_place_is_shown_with_what_lies_around_it() -> None:
    window = through(OSAKA)["window"]
    assert 14 == pytest.approx(window["north"] - window["south"])
    assert 20 < window["east"] - window["west"] < 60


@pytest.mark.parametrize("places", [[POLE], [POLE, {**POLE, "lat": -89.9}], [OREGON, BERLIN, TOKYO, SAMOA, LONDON]])
def test_the_whole_world_is_the_most_that_is_shown(places: list[dict[str, Any]]) -> None:
    window = through(*places)["window"]
    assert window["east"] - window["west"] <= 360 and -90 <= window["south"] < window["north"] <= 90


def test_what_is_furthest_on_the_senders_side_is_left_out_and_counted() -> None:
    far = [{**BERLIN, "lat": 40.0 - n * 4, "lon": -100.0 + 12 * n} for n in range(18)]
    report = told(mail(18), at(list(reversed(far))))
    made = drawn(report)
    assert 12 >= len(made["points"]) and made["points"][-1]["standing"] == "checkpoint"
    (block,) = (block for block in report["panel"] if block["block"] == "map")
    assert any(item["kind"] == "more" and "6 more places" in item["text"] for item in block["body"])
    lawful(made)


def test_where_a_link_leads_is_another_shape_and_joined_to_nothing() -> None:
    """Known offline only of a bare address."""
    made = drawn(told(mail(1, f"http://{address(40)}/a and http://{address(40)}/b"), at([OREGON, *[None] * 38, TOKYO])))
    assert ["checkpoint", "link"] == [point["standing"] for point in made["points"]]
    assert ["link:0"] == made["points"][1]["where"] and [] == made["joins"]
    lawful(made)


@pytest.mark.parametrize(
    "hostile",
    [
        {"country": "US", "city": "x", "lat": "45", "lon": None},
        {"country": "US", "city": "x", "lat": float("nan"), "lon": float("inf")},
        {"country": "US", "city": "x", "lat": 91, "lon": 10},
        {"country": "US", "city": "x", "lat": 10, "lon": -181.5},
        {"country": "<svg>", "city": "x", "lat": 10, "lon": 10},
        {"country": "us", "lat": 10, "lon": 10},
        {"country": "É1", "lat": 10, "lon": 10},
    ],
)
def test_what_is_no_place_is_not_drawn(hostile: dict[str, Any]) -> None:
    report = as_json(analysed(mail(1), {}, at([hostile])).report)
    assert [] == failures(report)
    assert [] == [block for block in report["panel"] if block["block"] == "map"]


@pytest.mark.parametrize("locale", LOCALES)
def test_without_a_place_there_is_no_map(locale: str) -> None:
    """Documentation addresses and a mail that has not travelled are nowhere, and the reader is not drawn either."""
    line = (
        b"Received: from a.example (a.example [192.0.2.1]) by mx1.office.example; Fri, 13 May 2022 17:00:50 +0900\r\n"
    )
    for source in (line + mail(0), mail(0)):
        assert "map" not in [block["block"] for block in told(source, None, locale)["panel"]]


@pytest.mark.parametrize("sample", ["virus-account", "virus-notice"])
def test_the_map_of_a_real_mail_is_lawful(sample: str) -> None:
    lawful(drawn(report_of(SAMPLES / f"{sample}.eml")))


DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["city", "region", ""]))


@settings(max_examples=25, deadline=None)
@given(st.lists(DEGREES, min_size=1, max_size=9))
def test_any_places_find_room(places: list[tuple[float, float, str]]) -> None:
    """Wherever they are, the window holds what it can, and both painters draw every point."""
    made = through(*({"country": "JP", "lat": lat, "lon": lon, what or "none": "x"} for lat, lon, what in places))
    window = made["window"]
    assert 1 <= window["east"] - window["west"] <= 360 and 1 <= window["north"] - window["south"] <= 180
    for point in made["points"]:
        assert 0 <= x_of(made, point["lon"]) <= 360
    assert chart.drawing(made).count("<text") == len(made["points"])


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.append((tag, dict(attrs)))


def test_an_exported_page_holds_the_land_it_shows_and_no_more() -> None:
    """Both sides of the Pacific, in one page without a file beside it; a single country's page is small."""
    report = told(mail(2), at([TOKYO, AMERICA]))
    page, small = export(report, "html")[1], export(told(mail(1), at([OSAKA])), "html")[1]
    read = Page()
    read.feed(page)

    (land,) = (at for at, (tag, attributes) in enumerate(read.made) if attributes.get("class") == "land")
    paths = [attributes for tag, attributes in read.made[land + 1 :] if tag == "path" and "d" in attributes]
    assert len(paths[0]["d"] or "") > 5000
    assert [attributes for attributes in paths if attributes.get("class") == "area"]
    assert {tag for tag, attributes in read.made if {"src", "href", "onload", "style"} & attributes.keys()} == set()
    assert len(small) < len(page) < 120_000
    assert "url(" not in page and "@import" not in page


def test_a_terminal_and_markdown_say_all_in_words() -> None:
    report = told(mail(2), at([TOKYO, AMERICA]))
    out = io.StringIO()
    paint(report, out, width=200)
    for text in (out.getvalue(), export(report, "markdown")[1].replace("\\", "")):
        assert re.search(r"1\. .*\n?.*Only claimed", text) and "Tokyo" in text
        assert "all of United States is marked, not a place in it" in text


def test_a_map_that_was_cut_for_size_is_painted() -> None:
    """What was cut off says so in the list, and is no point of the drawing."""
    report = told(mail(9), at([{**BERLIN, "lat": 40.0 - n * 8, "lon": -100.0 + 20 * n} for n in range(9)]))
    wide: Any = "x" * 100
    for _ in range(4):
        wide = [wide] * 20  # 16 MB, which fit only as eight of eight of eight of eight
    report["links"] = wide
    cut = json.loads(frames.pack_report(lambda inner: inner, report, "{count} more")[4:])
    made = drawn(cut)
    assert "more" in words(made["points"][-1])
    page = export(cut, "html")[1]
    assert page.count('<circle class="spot') == len(made["points"]) - 1


@pytest.mark.parametrize(
    "broken",
    [
        {"window": {"west": 0, "south": 0, "east": 0, "north": 0}},
        {"window": {"west": 0, "south": float("nan"), "east": 10, "north": 10}},
        {"window": {"west": "0", "south": 0, "east": 10, "north": 10}},
        {"joins": [{"from": 7, "to": -1, "standing": "x"}]},
    ],
)
def test_a_report_that_is_wrong_draws_nothing_wrong(broken: dict[str, Any]) -> None:
    made = chart.drawing({**through(TOKYO), **broken})
    assert 'class="way' not in made and ("window" not in broken or made == "")


def test_the_outline_is_whole() -> None:
    """Every ring can be read, lies within its country's bounds, and no step of it goes round the world."""
    world = outline.read()
    scale = world["scale"]
    assert len(world["countries"]) > 200 and {"JP", "US", "SG", "MT", "TW", "FJ"} <= world["countries"].keys()
    for code, (west, south, east, north, path) in world["countries"].items():
        found = list(outline.rings(path))
        assert found, code
        for ring in found:
            for x, y in ring:
                assert west - 0.1 <= x / scale <= east + 0.1 and south - 0.1 <= -y / scale <= north + 0.1, code
            assert all(abs(x - other) < 60 * scale for (x, _), (other, _) in pairwise(ring)), code
