"""The same in a Japanese Thunderbird."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from .mails import SAYS, samples
from .reader import Panel, Reader, roles, words

KAGOYA = samples()["kagoya"]
PROVOKED = ("No such native application",)
KANA = re.compile(r"[ぁ-んァ-ヶ]")


def is_japanese(panel: Panel) -> None:
    """The page, its sentences and its buttons speak Japanese."""
    assert panel["lang"] == "ja"
    assert KANA.search(panel["headline"]), panel["headline"]
    assert words("ja")["open_tab"] in panel["buttons"]
    assert "Evidence" not in panel["text"]
    assert panel["needed"] <= panel["width"]


def shown(reader: Reader) -> None:
    reader.open_folder("Inbox", 4)
    reader.select(KAGOYA)
    reader.displayed(KAGOYA)
    reader.marked("!", SAYS["kagoya"])


def test_thunderbird_speaks_japanese(japanese: Reader) -> None:
    """Otherwise the other tests here would prove nothing."""
    assert japanese.run("return Services.locale.appLocaleAsBCP47") == "ja"


def test_menu_and_popup(japanese: Reader, measured: Callable[[str, str, float], None]) -> None:
    """Right click, 「送信者を調べる」, and the panel in Japanese."""
    japanese.open_folder("Inbox", 4)
    japanese.unload()
    begun = japanese.select(KAGOYA)
    japanese.marked("!", SAYS["kagoya"])
    measured("ja", "click -> badge, page unloaded and no host", time.monotonic() - begun)
    label = japanese.choose_in_list(KAGOYA, lambda: japanese.picture("menu-in-list"))
    begun = time.monotonic()
    panel = japanese.until_done()
    measured("ja", "menu item -> panel with its report", time.monotonic() - begun)
    assert label == "送信者を調べる"
    is_japanese(panel)
    for name in ("KAGOYA", "sv742.xserver.jp", "w-support.jp"):
        assert name in panel["headline"]
    assert roles(panel, "registrable") == ["w-support.jp"]
    assert panel["evidence"]
    assert japanese.report()["message"]["sha256"] == KAGOYA.sha256
    japanese.picture("popup-kagoya-window")
    japanese.picture_of_panel("panel-kagoya")
    for part in ("facts", "route", "links", "source"):
        japanese.run(
            "await within(panels().at(-1), `document.querySelector(args[0]).scrollIntoView()`, args[0])", f"#{part}"
        )
        japanese.picture_of_panel(f"popup-kagoya-{part}")


def test_tab(japanese: Reader) -> None:
    """The wide panel."""
    shown(japanese)
    japanese.click_display_button()
    japanese.until_done()
    japanese.press("#tab")
    is_japanese(
        {
            **japanese.until_panel("a tab", lambda one: one["place"] == "tab" and one["state"] == "done"),
            "buttons": [words("ja")["open_tab"]],
        }
    )
    japanese.picture("tab-kagoya-window")


def test_trouble(japanese: Reader) -> None:
    """A host that is missing is said so in Japanese, with the command."""
    japanese.open_folder("Inbox", 4)
    japanese.unload()
    with japanese.home.without_manifest():
        japanese.select(KAGOYA)
        japanese.marked("?", words("ja")["badgeMissing"])
        japanese.click_display_button()
        panel = japanese.until_trouble("missing")
        assert panel["title"] == words("ja")["trouble_missing"]
        assert panel["command"] == "python3 install.py"
        japanese.picture_of_panel("trouble-missing")
    japanese.press("[data-key=again]")
    is_japanese(japanese.until_done())


def test_honest_mail(japanese: Reader) -> None:
    """No mark, and a title in Japanese."""
    mail = samples()["honest"]
    japanese.open_folder("Inbox", 4)
    japanese.select(mail)
    japanese.marked("", SAYS["honest"])
    assert all(mark and KANA.search(mark["title"]) for mark in japanese.marks())
    japanese.click_display_button()
    is_japanese(japanese.until_done())
    japanese.picture_of_panel("popup-honest")
