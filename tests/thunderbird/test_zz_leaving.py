"""What is left when Thunderbird has run: nothing in its console against us, and no process."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import BENIGN, running
from .mails import THIRTY, large
from .reader import Reader, words
from .screen import eventually


def test_console_is_quiet(reader: Reader) -> None:
    """Neither manifest nor code gives a warning; that no test here makes the console complain, each one's end asserts."""
    assert reader.run("return [extension().warnings ?? [], extension().errors ?? []]") == [[], []]
    reader.run(
        """
        await extension().wakeupBackground();
        await within(await until("background", background), `setTimeout(() => { throw new Error("sekisho: on purpose"); })`);
        """
    )
    eventually("an error is seen when there is one", lambda: reader.thunderbird.complaints(BENIGN))
    assert all("on purpose" in line for line in reader.thunderbird.complaints(BENIGN))
    reader.run("Services.console.reset()")


def test_quitting_ends_everything(program: Path, tmp_path: Path, alone: bool, request: pytest.FixtureRequest) -> None:
    """Quit in the middle of an analysis: every process that began with Thunderbird is gone within seconds."""
    mail = large(*THIRTY)
    with running(program, tmp_path, "en", alone) as reader:
        # a new profile, Marionette's own switch for extensions off: the installer's files are all that enables it
        assert reader.run("return extension().startupReason") in ("ADDON_INSTALL", "APP_STARTUP")
        reader.open_folder("Large", 3)
        reader.select(mail)
        reader.marked("", words("en")["badgeLarge"])
        with reader.home.hesitant():
            reader.click_display_button()
            reader.until_panel("progress", lambda panel: panel["state"] == "analysing" and panel["progress"])
        assert reader.home.hosts()
        assert reader.thunderbird.complaints(BENIGN) == []
        session = reader.thunderbird.pid

    def left() -> list[str]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                fields = (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                if int(fields[3]) == session and fields[0] != "Z":
                    found.append((process / "cmdline").read_text("utf-8", "replace"))
            except OSError:
                continue
        return found

    eventually("no process of Thunderbird's session", lambda: not left())
