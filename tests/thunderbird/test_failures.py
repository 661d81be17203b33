"""Whatever happens to the host, the panel says so and how to mend it, and all is well once it is mended."""

from __future__ import annotations

import pytest

from .mails import THIRTY, large, samples
from .reader import Panel, Reader, words
from .screen import eventually

MEND = "python3 install.py"
KAGOYA, HONEST = samples()["kagoya"], samples()["honest"]

# What Thunderbird's console says of a host that is broken on purpose.
PROVOKED = (
    "No such native application",
    "does not exist, or is not executable",
    "tried to send a message of",
)

# Each is a fake because the real host cannot be made to do it.
TOO_OLD = """
while True:
    request = asked()
    answer({"id": request["id"], "error": {"code": -32001, "message": "this host speaks protocol 0", "data": {
        "protocol": 0, "host": "0.0.9", "extension_protocol": 1, "extension": request["params"]["extension"],
        "advice": "The host program is older than the extension.", "command": "python3 install.py --from-the-host"}}})
"""
SILENT = """
while True:
    asked()
"""
SILENT_AFTER_HELLO = """
request = asked()
answer({"id": request["id"], "result": {"protocol": 1, "host": "0.1.0", "tables": {}, "problems": []}})
while True:
    asked()
"""
GARBAGE = """
asked()
print("Traceback (most recent call last): a stray print of some library", flush=True)
while True:
    asked()
"""
NO_JSON = """
request = asked()
answer({"id": request["id"], "result": {"protocol": 1, "host": "0.1.0", "tables": {}, "problems": []}})
asked()
sys.stdout.buffer.write(struct.pack("=I", 5) + b"{1:2}")
sys.stdout.buffer.flush()
while True:
    asked()
"""
DIES = """
asked()
sys.exit(3)
"""


def fresh(reader: Reader) -> None:
    """Nothing is known of any mail and no host runs."""
    reader.open_folder("Inbox", 4)
    reader.unload()


def troubled(reader: Reader, kind: str) -> Panel:
    """Select the scam mail: the mark of trouble, and the panel that says which."""
    reader.select(KAGOYA)
    reader.run("await until('?', () => marks().every(one => one?.badge == '?'))")
    reader.click_display_button()
    panel = reader.until_trouble(kind)
    assert words("en")["again"] in panel["buttons"]
    assert panel["title"] == words("en")[f"trouble_{kind.replace('-', '_')}"]
    assert panel["needed"] <= panel["width"]
    return panel


def well_again(reader: Reader) -> None:
    """ "Try again" in the open panel gives the report, and the next mail is marked by itself."""
    reader.press("[data-key=again]")
    panel = reader.until_done()
    assert panel["level"] == "danger"
    assert reader.report()["message"]["sha256"] == KAGOYA.sha256
    reader.marked("!", "KAGOYA")
    reader.close_panels()
    reader.select(HONEST)
    reader.marked("", "Sekisho: ")


def test_host_is_missing(reader: Reader) -> None:
    """Without a manifest the panel names the command that installs the host."""
    fresh(reader)
    with reader.home.without_manifest():
        panel = troubled(reader, "missing")
        assert panel["command"] == MEND
        assert (reader.marks()[0] or {})["title"] == words("en")["badgeMissing"]
        reader.picture("trouble-missing-window")
        reader.picture_of_panel("trouble-missing")
    well_again(reader)


def test_launcher_is_gone(reader: Reader) -> None:
    """A manifest that names a program which is not there: the same words, the same command."""
    fresh(reader)
    aside = reader.home.launcher.with_suffix(".aside")
    reader.home.launcher.rename(aside)
    try:
        assert troubled(reader, "missing")["command"] == MEND
    finally:
        aside.rename(reader.home.launcher)
    well_again(reader)


def test_host_is_too_old(reader: Reader) -> None:
    """The host's own advice and command are shown."""
    fresh(reader)
    with reader.home.fake(TOO_OLD):
        panel = troubled(reader, "too-old")
        assert panel["command"] == "python3 install.py --from-the-host"
        assert "older than the extension" in panel["text"]
        reader.picture_of_panel("trouble-too-old")
    well_again(reader)


@pytest.mark.parametrize("name", ["garbage", "no-json"])
def test_host_writes_garbage(reader: Reader, name: str) -> None:
    """What is no frame is said to be unreadable."""
    fresh(reader)
    with reader.home.fake({"garbage": GARBAGE, "no-json": NO_JSON}[name]):
        panel = troubled(reader, "broken")
        assert panel["command"] == MEND
        reader.picture_of_panel(f"trouble-{name}")
    well_again(reader)


def test_host_dies_at_once(reader: Reader) -> None:
    """A host that ends without an answer has stopped, and may have to be installed anew."""
    fresh(reader)
    with reader.home.fake(DIES):
        assert troubled(reader, "crashed")["command"] == MEND
        reader.picture_of_panel("trouble-crashed")
    well_again(reader)


@pytest.mark.parametrize("when", ["from-the-start", "after-hello"])
def test_host_is_silent(reader: Reader, when: str) -> None:
    """A host that never answers is given up after a while, and ended."""
    fresh(reader)
    fake = reader.home.fake(SILENT if when == "from-the-start" else SILENT_AFTER_HELLO)
    with fake, reader.quickened(15_000):  # for hello, and for an analysis
        panel = troubled(reader, "silent")
        assert panel["command"] == MEND
        reader.picture_of_panel("trouble-silent")
        eventually("the silent host is ended", lambda: not reader.home.hosts())
    well_again(reader)


def test_host_is_killed_in_mid_analysis(reader: Reader) -> None:
    """The panel says that the host has stopped, and "Try again" brings the report of the whole mail."""
    mail = large(*THIRTY)
    reader.open_folder("Large", 3)
    reader.unload()
    reader.select(mail)
    reader.marked("", words("en")["badgeLarge"])
    with reader.home.hesitant():
        reader.click_display_button()
        reader.until_panel("progress", lambda panel: panel["state"] == "analysing" and panel["progress"])
        reader.home.kill_hosts()
    panel = reader.until_trouble("crashed")
    assert panel["command"] == MEND
    assert panel["title"] == words("en")["trouble_crashed"]
    reader.marked("?", words("en")["badgeTrouble"])
    reader.picture("trouble-killed-window")
    reader.press("[data-key=again]")
    panel = reader.until_done()
    assert reader.report()["message"]["sha256"] == mail.sha256
    reader.marked("", "Sekisho: ")


def test_host_that_died_in_the_meantime_is_not_noticed(reader: Reader) -> None:
    """A host that was killed while nobody asked is simply started anew."""
    fresh(reader)
    reader.select(HONEST)
    reader.marked("", "Sekisho: ")
    reader.home.kill_hosts()
    reader.select(KAGOYA)
    reader.marked("!", "KAGOYA")
