"""The panel opens from every place where a reader may look for it, and shows who really sent the mail."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from .mails import SAYS, samples
from .reader import Panel, Reader, roles, words

KAGOYA = samples()["kagoya"]
NOTICE = samples()["virus-notice"]


def shows_kagoya(panel: Panel) -> None:
    """It names who it claims to be, who handed it over, and who owns the link."""
    assert panel["level"] == "danger"
    assert panel["title"]
    for name in ("KAGOYA", "sv742.xserver.jp", "Xserver", "w-support.jp"):
        assert name in panel["headline"], panel["headline"]
    assert roles(panel, "registrable") == ["w-support.jp"]
    assert roles(panel, "imitation") == ["activemail.kagoya.com"]
    assert roles(panel, "placeholder") == ["{EMAIL64}"]
    assert {finding for finding, _ in panel["evidence"]} <= set(panel["findings"])
    assert panel["evidence"], "the source block marks nothing as evidence"
    assert panel["needed"] <= panel["width"], "it has to be scrolled sideways"


def shown(reader: Reader) -> None:
    """Have the scam mail displayed, and marked."""
    reader.open_folder("Inbox", 4)
    reader.select(KAGOYA)
    reader.displayed(KAGOYA)
    reader.marked("!", "KAGOYA")


def test_menu_of_the_row_opens_the_popup(reader: Reader, measured: Callable[[str, str, float], None]) -> None:
    """Right click on the selected row, then "Analyse sender": the popup under the button."""
    shown(reader)
    label = reader.choose_in_list(KAGOYA, lambda: reader.picture("menu-in-list"))
    begun = time.monotonic()
    panel = reader.until_done()
    measured("en", "menu item -> panel with its report", time.monotonic() - begun)
    assert label == words("en")["analyse"]
    assert panel["place"] == "popup"
    shows_kagoya(panel)
    reader.picture("popup-kagoya-window")
    reader.picture_of_panel("popup-kagoya")


def test_button_above_the_message_opens_the_popup(reader: Reader) -> None:
    """A click on the button of the message."""
    shown(reader)
    reader.click_display_button()
    panel = reader.until_done()
    assert panel["place"] == "popup"
    shows_kagoya(panel)


def test_button_in_the_main_toolbar_opens_the_popup(reader: Reader) -> None:
    """A click on the button in the main toolbar."""
    shown(reader)
    reader.click_main_button()
    panel = reader.until_done()
    assert panel["place"] == "popup"
    shows_kagoya(panel)
    reader.picture("popup-main-toolbar")


def test_shortcut_opens_the_popup(reader: Reader) -> None:
    """Ctrl+Shift+E on the keyboard."""
    shown(reader)
    reader.key("ctrl+shift+e", "panels().length > 0")
    panel = reader.until_done()
    assert panel["place"] == "popup"
    shows_kagoya(panel)


def test_escape_closes_the_popup(reader: Reader) -> None:
    """The popup goes away with the Escape key."""
    shown(reader)
    reader.click_display_button()
    reader.until_done()
    reader.key("Escape", "!panels().length")


def test_menu_inside_the_message(reader: Reader) -> None:
    """Right click into the text of the message."""
    shown(reader)
    label = reader.choose(
        "pane().document.getElementById('mailContext')",
        lambda: reader.point("about().document.getElementById('messagepane')"),
        lambda: reader.picture("menu-in-message"),
    )
    assert label == words("en")["analyse"]
    shows_kagoya(reader.until_done())


def test_menu_of_the_button_above_the_message(reader: Reader) -> None:
    """Right click on the button of the message."""
    shown(reader)
    menu = "about().document.getElementById('header-toolbar-context-menu')"
    reader.choose(menu, lambda: reader.point("displayButton()"), lambda: reader.picture("menu-of-button"))
    shows_kagoya(reader.until_done())


def test_menu_of_the_button_in_the_main_toolbar(reader: Reader) -> None:
    """Right click on the button of the main toolbar."""
    shown(reader)
    menu = "win.document.getElementById('unifiedToolbarMenu')"
    reader.choose(menu, lambda: reader.point("mainButton()"), lambda: reader.picture("menu-of-main-button"))
    shows_kagoya(reader.until_done())


def test_unselected_row_is_analysed_without_being_displayed(reader: Reader) -> None:
    """The menu means the row under the mouse, not the mail that is displayed."""
    reader.open_folder("Inbox", 4)
    reader.select(NOTICE)
    reader.displayed(NOTICE)
    reader.marked("!", SAYS["virus-notice"])
    reader.choose_in_list(KAGOYA)
    panel = reader.until_done()
    assert panel["place"] == "window"
    shows_kagoya(panel)
    assert reader.report()["message"]["sha256"] == KAGOYA.sha256
    reader.displayed(NOTICE)
    reader.marked("!", SAYS["virus-notice"])
    reader.picture("window-unselected-row")


def test_popup_goes_on_as_a_tab(reader: Reader) -> None:
    """The button in the popup opens the same panel in a tab, in two columns, and closes the popup."""
    shown(reader)
    reader.click_display_button()
    reader.until_done()
    reader.press("#tab")
    panel = reader.until_panel("a tab", lambda one: one["place"] == "tab" and one["state"] == "done")
    shows_kagoya(panel)
    reader.run("await until('the popup is closed', () => panels().length == 1)")
    assert words("en")["open_tab"] not in panel["buttons"]
    reader.picture("tab-kagoya-window")
    reader.picture_of_panel("tab-kagoya")


def test_hidden_message_pane(reader: Reader) -> None:
    """Who has no message pane gets the mark and the panel from the main toolbar, and the menu's panel as a window."""
    reader.open_folder("Inbox", 4)
    reader.select(NOTICE)
    reader.marked("!", SAYS["virus-notice"])
    reader.key("F8", "!pane().paneLayout.messagePaneVisible")
    try:
        reader.select(KAGOYA)
        reader.run(
            "await until('mark', () => mark(mainButton()).badge == '!' && mark(mainButton()).title.includes('KAGOYA'))"
        )
        reader.click_main_button()
        panel = reader.until_done()
        assert panel["place"] == "popup"
        shows_kagoya(panel)
        reader.picture("no-message-pane")
        reader.close_panels()
        reader.choose_in_list(KAGOYA)
        panel = reader.until_done()
        assert panel["place"] == "window"
        shows_kagoya(panel)
        reader.close_panels()
        reader.select(samples()["honest"])
        reader.run(
            "await until('no mark', () => mark(mainButton()).badge == '' && mark(mainButton()).title.startsWith('Sekisho'))"
        )
    finally:
        reader.close_panels()
        reader.row(KAGOYA)
        reader.run("pane().paneLayout.messagePaneVisible = true")


@pytest.mark.parametrize("place", ["tab", "window"])
def test_mail_in_a_tab_or_window_of_its_own(reader: Reader, place: str) -> None:
    """A mail that was opened by itself has its mark and its panel there."""
    reader.open_folder("Inbox", 4)
    reader.select(KAGOYA)
    reader.displayed(KAGOYA)
    reader.open_by_itself(KAGOYA, place)
    if place == "tab":
        button = "displayButton()"
    else:
        button = """Services.wm.getMostRecentWindow('mail:messageWindow').messageBrowser.contentWindow.document
          .querySelector(`[data-extensionid="${EXTENSION}"]`)"""
    try:
        reader.run(f"await until('mark', () => mark({button}).badge == '!' && mark({button}).title.includes('KAGOYA'))")
        reader.click_on(button)
        panel = reader.until_done()
        shows_kagoya(panel)
    finally:
        reader.run("Services.wm.getMostRecentWindow('mail:messageWindow')?.close()")
