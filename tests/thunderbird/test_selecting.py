"""A suspicious mail shows its mark as soon as it is selected; an honest one and a stale one never do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .mails import SAYS, THIRTY, THREE, large, samples
from .reader import Reader, words
from .screen import eventually

INBOX = ("Inbox", 4)


@pytest.mark.parametrize(
    ("name", "badge"), [("kagoya", "!"), ("virus-notice", "!"), ("virus-account", "!"), ("honest", "")]
)
def test_marks_a_sample_and_analyses_its_very_bytes(reader: Reader, name: str, badge: str) -> None:
    """A click on the row marks both buttons, and the report is of the bytes in the file."""
    mail = samples()[name]
    reader.open_folder(*INBOX)
    reader.select(mail)
    reader.marked(badge, SAYS[name])
    reader.displayed(mail)
    if name == "kagoya":
        reader.picture("selected-kagoya")
    reader.click_display_button()
    panel, report = reader.until_done(), reader.report()
    assert report["message"]["sha256"] == mail.sha256
    assert (report["message"]["size"], report["message"]["complete"], report["final"]) == (len(mail.raw), True, True)
    assert panel["level"] == report["verdict"]["level"] == ("danger" if badge else "clear")
    assert [mark and mark["title"] for mark in reader.marks()] == [f"Sekisho: {report['verdict']['headline']}"] * 2
    assert report["message"]["message_id"] in (mail.id, f"<{mail.id}>")


def test_is_quick(reader: Reader, measured: Callable[[str, str, float], None]) -> None:
    """From the click to the mark, with the host still to be started and with the host there."""
    reader.open_folder(*INBOX)
    # the extension keeps reports of the mails it has seen until its page is unloaded
    reader.unload()
    begun = reader.select(samples()["kagoya"])
    reader.marked("!", SAYS["kagoya"])
    measured("en", "click -> badge, page unloaded and no host", time.monotonic() - begun)
    begun = reader.select(samples()["virus-notice"])
    reader.marked("!", SAYS["virus-notice"])
    measured("en", "click -> badge, host running", time.monotonic() - begun)
    begun = reader.select(samples()["kagoya"])
    reader.marked("!", SAYS["kagoya"])
    measured("en", "click -> badge, analysed before", time.monotonic() - begun)


def test_fast_switching_leaves_no_stale_mark(reader: Reader) -> None:
    """Whatever was passed on the way, the mark is that of the mail where the reader stays."""
    reader.open_folder(*INBOX)
    mails = samples()
    reader.unload()  # so that nothing is known and every answer comes late
    for stop, badge, title in (("honest", "", "club.example"), ("kagoya", "!", SAYS["kagoya"])):
        for name in ("virus-notice", "kagoya", "honest", "virus-account", stop):
            reader.select(mails[name])
        reader.marked(badge, title)
        settled = reader.marks()
        # the answers for the mails on the way would be here by now: each takes a few hundredths of a second
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            assert reader.marks() == settled
    reader.select(mails["honest"])
    reader.run("await until('cleared', () => marks().every(one => one.badge == ''))")


def test_a_mail_left_while_it_loads_does_not_cost_the_next_its_mark(reader: Reader) -> None:
    """Thunderbird tells late of a mail that takes long to load: the one that the reader has gone on to is marked."""
    thirty, three = large(*THIRTY), large(*THREE)
    reader.open_folder("Large", 3)
    for leave in (True, False):
        reader.select(thirty)
        reader.run(
            """
            await until("loading", () => pane().messageBrowser.contentWindow.gMessage?.messageId == args[0]);
            if (args[1]) pane().threadTree.selectedIndex = -1;
            """,
            thirty.id,
            leave,
        )
        reader.select(three)
        reader.displayed(three)
        reader.marked("", words("en")["badgeLarge"])


def test_the_old_mark_goes_at_once(reader: Reader) -> None:
    """While a large mail is still being loaded the mark of the one before it is gone."""
    reader.open_folder("Large", 3)
    reader.select(samples()["kagoya"])
    reader.marked("!", SAYS["kagoya"])
    reader.select(large(*THIRTY))
    loading, badge = reader.run(
        """
        const view = pane().messageBrowser.contentWindow;
        await until("it loads", () => view.gMessage?.messageId == args[0]);
        await sleep(100);
        return [!view.msgLoaded, mark(mainButton()).badge];
        """,
        large(*THIRTY).id,
    )
    assert loading, "it was loaded at once: this proves nothing"
    assert badge == ""


def test_arrow_keys_through_the_list_leave_no_stale_mark(reader: Reader) -> None:
    """Somebody who walks through the list by keyboard sees the last mail's mark."""
    reader.open_folder(*INBOX)
    first = next(mail for mail in samples().values() if mail.id == reader.rows[0])
    last = next(mail for mail in samples().values() if mail.id == reader.rows[-1])
    reader.select(first)
    reader.displayed(first)
    for row in range(1, len(reader.rows)):
        reader.key("Down", "pane().threadTree.selectedIndex == args[0]", row)
    reader.displayed(last)
    reader.marked("!", SAYS["virus-notice"])
    reader.click_display_button()
    reader.until_done()
    assert reader.report()["message"]["sha256"] == last.sha256


def test_a_large_mail_waits_to_be_asked(reader: Reader) -> None:
    """Above 2 MB the button says so, no host is started, and a click analyses."""
    mail = large(*THREE)
    reader.open_folder("Large", 3)
    reader.unload()
    reader.select(mail)
    reader.marked("", words("en")["badgeLarge"])
    assert not reader.home.hosts()
    reader.click_display_button()
    panel = reader.until_done()
    assert reader.report()["message"]["sha256"] == mail.sha256
    assert panel["level"] == "clear"
    assert reader.home.hosts()
    reader.marked("", "Sekisho: ")


def test_an_idle_extension_lets_the_host_go_and_wakes_again(reader: Reader, tmp_path: Path) -> None:
    """After a while of nothing neither the host nor the extension's page runs; the next mail is marked all the same."""
    reader.open_folder(*INBOX)
    reader.thunderbird.set_pref("extensions.background.idle.timeout", 5000)  # by default 30 s; read when it starts
    log = tmp_path / "overheard"
    try:
        reader.unload()
        with reader.home.overheard(log), reader.quickened(60_000, factor=20):  # after which the host is let go
            reader.select(samples()["kagoya"])
            reader.marked("!", SAYS["kagoya"])
        assert log.stat().st_size, "there was no host"
        eventually("the host is let go", lambda: not reader.home.hosts())
        reader.run("await until('unloaded', () => extension().backgroundState == 'stopped')")
        reader.select(samples()["virus-notice"])
        reader.marked("!", SAYS["virus-notice"])
        assert reader.home.hosts()
    finally:
        reader.thunderbird.set_pref("extensions.background.idle.timeout", 30_000)
