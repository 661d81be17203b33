"""Several selected messages are shown as a table, one line each, which leads to each one's panel."""

from __future__ import annotations

from typing import Any

from .mails import SAYS, samples
from .reader import Reader, words

KAGOYA, NOTICE, HONEST = (samples()[name] for name in ("kagoya", "virus-notice", "honest"))

READ_TABLE = """
return await within(panels().at(-1), `
  const all = (selector, make) => [...document.querySelectorAll(selector)].map(make);
  return {
    state: document.body.dataset.state, place: document.documentElement.dataset.place,
    subjects: all(".open", e => e.textContent), levels: all("tbody .column-verdict", e => e.querySelector(".badge")?.dataset.level ?? ""),
    words: all("tbody .column-verdict", e => e.textContent), senders: all("tbody .column-sender", e => e.textContent),
    links: all("tbody .column-links", e => e.textContent), dates: all("tbody .column-date", e => e.textContent),
    sorted: document.querySelector("[aria-sort$=ending]")?.className ?? null, focus: document.activeElement?.dataset.key ?? "",
    width: innerWidth, needed: document.documentElement.scrollWidth, said: document.querySelector("#live").textContent,
  }`);
"""


def select(reader: Reader) -> None:
    """Three of the four mails of the folder."""
    reader.open_folder("Inbox", 4)
    reader.select(KAGOYA)
    reader.select_too(NOTICE, HONEST)
    reader.run("await until('three', () => pane().threadTree.selectedIndices.length == 3)")
    reader.run("await until('no mark', () => !displayButton() && mark(mainButton()).badge == '')")


def table(reader: Reader, state: str = "done") -> dict[str, Any]:
    reader.run(
        "await until('the table', async () => panels().length && await within(panels().at(-1),"
        " `return location.pathname == '/several.html' && document.body.dataset.state == args[0]`, args[0]))",
        state,
    )
    found: dict[str, Any] = reader.run(READ_TABLE)
    return found


def in_order(found: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    rows = zip(found["subjects"], found["levels"], found["senders"], found["links"], strict=True)
    return {subject: (level, sender, links) for subject, level, sender, links in rows}


def shows_three(reader: Reader, found: dict[str, Any]) -> None:
    rows = in_order(found)
    assert len(rows) == 3
    level, sender, links = rows["非常に重要なメッセージ"]
    assert (level, links) == ("danger", "w-support.jp")
    japan = "日本" if reader.locale == "ja" else "Japan"
    assert "Xserver" in sender and japan in sender
    assert sorted(found["levels"]) == ["clear", "danger", "danger"]
    assert words(reader.locale)["nothing_found"] in found["words"]
    assert all(found["dates"])
    assert found["needed"] <= found["width"], "it has to be scrolled sideways"


def test_menu_of_several_rows_opens_a_window_with_their_table(reader: Reader) -> None:
    """Each of the three has its line; a click on a heading sorts; a line opens that message's panel beside it."""
    select(reader)
    reader.choose_in_list(KAGOYA)
    found = table(reader)
    assert found["place"] == "window"
    shows_three(reader, found)
    assert "3" in found["said"]
    reader.picture("several-window")
    reader.press("[data-key=sort-verdict]")
    found = table(reader)
    assert found["levels"] == ["danger", "danger", "clear"]
    assert (found["sorted"], found["focus"]) == ("column-verdict", "sort-verdict")
    reader.press("tr:has([data-level=clear]) .open")
    panel = reader.until_panel("its panel", lambda one: "/panel.html" in one["url"] and one["state"] == "done")
    assert panel["place"] == "window"
    assert SAYS["honest"] in panel["headline"]


def test_button_with_several_selected_shows_the_table_in_the_popup_and_in_a_tab(reader: Reader) -> None:
    """The main toolbar's button, the keyboard from line to line, and on as a tab."""
    select(reader)
    reader.click_main_button()
    found = table(reader)
    assert found["place"] == "popup"
    shows_three(reader, found)
    reader.picture("several-popup")
    in_popup = "await within(panels().at(-1), `const rows = [...document.querySelectorAll('.open')]; {}`, args[0])"
    reader.run("await until('the keyboard', async () => " + in_popup.format("rows[0].focus(); return document.hasFocus() && document.activeElement == rows[0]") + ")", 0)  # fmt: skip
    for row in (1, 2):
        reader.key("Down", in_popup.format("return rows.indexOf(document.activeElement) == args[0]"), row)
    reader.press("#tab")
    reader.run(
        "await until('a tab', async () => panels().length == 1 && await within(panels()[0], `return document.documentElement.dataset.place == 'tab'`))"
    )
    shows_three(reader, table(reader))
    reader.picture("several-tab")


def test_table_in_japanese(japanese: Reader) -> None:
    """The same in Japanese, and in the dark."""
    japanese.thunderbird.set_pref("ui.systemUsesDarkTheme", 1)
    try:
        select(japanese)
        japanese.choose_in_list(KAGOYA)
        shows_three(japanese, table(japanese))
        japanese.picture("several-window-dark")
    finally:
        japanese.thunderbird.set_pref("ui.systemUsesDarkTheme", 0)
