"""The panel as it looks: light and dark, narrow and wide, in both languages. The pictures are for people to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import running
from .mails import SAYS, samples
from .reader import Panel, Reader
from .screen import eventually

KAGOYA = samples()["kagoya"]


def test_first_start(program: Path, tmp_path: Path, alone: bool) -> None:
    """The very first mail that is selected after installing is marked and explained; the README shows this picture."""
    with running(program, tmp_path, "en", alone, ["Inbox"]) as reader:
        popup(reader, "kagoya")
        reader.picture("first-start-window")


@pytest.fixture(params=["light", "dark"])
def colours(request: pytest.FixtureRequest, reader: Reader) -> Iterator[str]:
    """Thunderbird in the colours of a light and of a dark desktop."""
    dark = request.param == "dark"
    reader.thunderbird.set_pref("ui.systemUsesDarkTheme", int(dark))
    reader.run("await until('colours', () => win.matchMedia('(prefers-color-scheme: dark)').matches == args[0])", dark)
    yield request.param
    reader.thunderbird.set_pref("ui.systemUsesDarkTheme", 0)
    reader.run("await until('colours', () => !win.matchMedia('(prefers-color-scheme: dark)').matches)")


def popup(reader: Reader, name: str) -> Panel:
    mail = samples()[name]
    reader.open_folder("Inbox", 4)
    reader.select(mail)
    reader.run("await until('looked at', () => marks().every(one => one?.title.includes(args[0])))", SAYS[name])
    reader.click_display_button()
    return reader.until_done()


def as_tab(reader: Reader) -> Panel:
    reader.press("#tab")
    return reader.until_panel("a tab", lambda one: one["place"] == "tab" and one["state"] == "done")


def scroll(reader: Reader, place: str) -> None:
    """Bring a part of the panel into view."""
    reader.run("await within(panels().at(-1), `document.querySelector(args[0]).scrollIntoView()`, args[0])", place)


@pytest.mark.parametrize("name", list(samples()))
def test_popup(reader: Reader, colours: str, name: str) -> None:
    """The narrow popup needs no scrolling sideways, in light and in dark."""
    panel = popup(reader, name)
    assert panel["needed"] <= panel["width"]
    assert panel["dark"] == (colours == "dark")
    reader.picture(f"{colours}-{name}-window")
    reader.picture_of_panel(f"{colours}-{name}-popup")
    if name == "kagoya":
        for part in ("facts", "route", "links", "source"):
            scroll(reader, f"#{part}")
            reader.picture_of_panel(f"{colours}-{name}-popup-{part}")


def test_wide_tab(reader: Reader, colours: str) -> None:
    """In a tab the panel takes two columns."""
    popup(reader, "kagoya")
    panel = as_tab(reader)
    assert panel["needed"] <= panel["width"]
    assert panel["width"] > 1000
    columns = reader.run(
        """
        return await within(panels().at(-1), `
          return [...document.querySelectorAll(".column")].map(one => one.getBoundingClientRect().left)`);
        """
    )
    assert len(set(columns)) > 1
    reader.picture(f"{colours}-tab-window")
    scroll(reader, "#source")
    reader.picture(f"{colours}-tab-source-window")


def test_evidence_leads_there_and_back(reader: Reader) -> None:
    """A click on a finding's evidence goes to the marked place, and a click below a stop that it rests on back to it."""
    popup(reader, "kagoya")
    reader.press("#verdict .evidence a")
    eventually(
        "the focus on the evidence",
        lambda: reader.run(
            "return await within(panels().at(-1), `return document.activeElement.id.startsWith('at-')`)"
        ),
    )
    reader.picture_of_panel("evidence-arrived")
    reader.press("#route a.back.rests")
    eventually(
        "the focus on the finding",
        lambda: reader.run(
            "return await within(panels().at(-1), `return document.activeElement.id.startsWith('finding-')`)"
        ),
    )


def test_note_of_a_marked_word(reader: Reader) -> None:
    """Under the mouse a marked word of the source says what it is."""
    popup(reader, "kagoya")

    def point_at() -> None:
        left, top = reader.place("#source .noted bdi")
        reader.screen.act("mousemove", round(left), round(top), "mousemove_relative", 1, 0)

    reader.until_taken(
        "the note",
        point_at,
        "return await within(panels().at(-1), `const note = document.querySelector('#source .noted .note');"
        " return note.checkVisibility({visibilityProperty: true, opacityProperty: true})`)",
    )
    reader.picture_of_panel("note")
