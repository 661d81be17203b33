"""A mail whose report has no room in one frame: the popup says how much is left out, the tab shows all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import running, tidy
from .mails import made, mbox
from .reader import Reader, words

PIECES = b"&".join(b"k%d=https%%3A%%2F%%2Fw%d.example%%2F" % (n, n) for n in range(60))
LONG = made(
    "long",
    b"".join(
        b'<p><a href="https://host%d.example/%s?%s">Offer</a></p>\n' % (n, b"z" * 500, PIECES) for n in range(200)
    ),
    b"Content-Type: text/html; charset=UTF-8\n",
)


@pytest.fixture(scope="module")
def large(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool) -> Iterator[Reader]:
    with running(program, tmp_path_factory.mktemp("large"), "en", alone, {"Long": mbox([LONG])}) as reader:
        yield reader


@pytest.fixture
def reader(large: Reader, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with tidy(large, request) as one:
        yield one


def test_the_tab_shows_what_the_popup_has_no_room_for(reader: Reader) -> None:
    reader.open_folder("Long", 1)
    reader.select(LONG)
    reader.displayed(LONG)
    reader.run("await until('a verdict', () => marks().every(one => one?.title.startsWith('Sekisho: ')))")
    reader.click_display_button()
    reader.until_done()
    report = reader.report()
    assert report["left_out"] > 100 and "cut-for-size" in report["defects"]
    shown = "return await within(panels().at(-1), `return document.querySelector('#progress').innerText`)"
    assert words("en")["cut_entries"].replace("$1", str(report["left_out"])) in reader.run(shown)
    assert reader.run("return await within(panels().at(-1), `return document.body.dataset.whole`)") == "false"
    reader.picture("large-popup")

    reader.press("#progress [data-action=open_tab]")
    reader.run(
        "await until('all of it', async () => panels().length && await within(panels().at(-1),"
        " `return document.documentElement.dataset.place == 'tab' && document.body.dataset.whole == 'true'`))"
    )
    assert reader.run(shown) == ""
    pieces = reader.run(
        "return await within(panels().at(-1), `return [...document.querySelectorAll('#links .dissection')].map("
        "one => one.querySelectorAll('.segment').length)`)"
    )
    told = [
        len(part["segments"])
        for block in report["panel"]
        if block["block"] == "links"
        for part in _dissections(block["body"])
    ]
    assert len(pieces) >= len(told) and sum(pieces) > sum(told) + 100
    assert min(pieces) > 100
    reader.picture("large-tab")


def _dissections(value: object) -> Iterator[dict[str, list[object]]]:
    """Every dissection in a part of the panel."""
    if isinstance(value, dict):
        if value.get("kind") == "dissection":
            yield value
        for inner in value.values():
            yield from _dissections(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dissections(inner)
