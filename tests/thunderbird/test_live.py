"""Analyse sender asks others, unless the reader chose otherwise: here, where nobody can be reached."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import BENIGN, running, skip, without
from .mails import SAYS, samples
from .reader import Reader
from .screen import eventually
from .test_network import CALLS

KAGOYA, HONEST = samples()["kagoya"], samples()["honest"]
# A name server that hears and never answers.
DEAF = """
import socket
ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.bind(("192.0.2.53", 53))
while True:
    ear.recv(512)
"""
# A name server that knows one address for every name, and what stands there: it keeps what it is told and hangs up.
DECEIVER = """
import socket, sys, threading
ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.bind(("192.0.2.53", 53))
def names():
    while True:
        asked, whom = ear.recvfrom(4096)
        end = asked.index(bytes(1), 12) + 5
        known = asked[end - 4 : end] == bytes([0, 1, 0, 1])
        head = asked[:2] + bytes([0x81, 0x80, 0, 1, 0, known, 0, 0, 0, 0])
        answer = bytes([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]) + socket.inet_aton("202.226.37.191")
        ear.sendto(head + asked[12:end] + answer * known, whom)
threading.Thread(target=names, daemon=True).start()
door = socket.create_server(("202.226.37.191", 443))
while True:
    caller, _ = door.accept()
    with caller, open(sys.argv[1], "ab") as told:
        told.write(caller.recv(4096))
"""
NOBODY = "There is no network: nobody could be asked."


@pytest.fixture(scope="module")
def asking(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool) -> Iterator[Reader]:
    """A reader who has chosen nothing, in a network with nobody in it."""
    if not alone:
        skip("this machine gives no network namespace (it needs root), and the world is not asked by tests")
    with running(program, tmp_path_factory.mktemp("live"), "en", alone, ["Inbox"], privacy="") as reader:
        yield reader
        reader.close_panels()
        assert reader.thunderbird.complaints(BENIGN) == []


def look(reader: Reader) -> None:
    """Select the scam mail; its badge is there before anything is asked."""
    reader.close_panels()
    reader.open_folder("Inbox", 4)
    # The mark of the mail before would pass for the new one, if the event page were stopped before it took it away.
    eventually("no mark", lambda: not any(mark and mark["badge"] for mark in reader.marks()))
    reader.unload()
    reader.select(KAGOYA)
    reader.marked("!", SAYS["kagoya"])


def test_without_a_network_there_is_one_clear_word(asking: Reader) -> None:
    """The panel says so, keeps what this computer knows, and the badge stays; the next mail is looked at as ever."""
    look(asking)
    asking.click_display_button()
    panel = asking.until_done()
    assert NOBODY in panel["text"]
    assert panel["headline"]
    assert panel["level"] == "danger"
    report = asking.report()
    assert report["final"] and report["lookups"]["asked"] > 0 and report["lookups"]["waiting"] == 0
    assert {entry["outcome"] for entry in report["lookups"]["log"]} == {"unreachable"}
    asking.picture_of_panel("live-no-network")
    asking.close_panels()
    asking.marked("!", SAYS["kagoya"])
    asking.select(HONEST)
    asking.marked("", SAYS["honest"])
    asking.unload()
    eventually("no host", lambda: not asking.home.hosts())


def test_a_resolver_that_says_nothing_can_be_stopped(asking: Reader) -> None:
    """While others are asked the panel shows what is known; stopped, it keeps that and says so."""
    if not shutil.which("nsenter") or not shutil.which("ip"):
        skip("no nsenter or no ip here")
    asking.opt(resolver="192.0.2.53", deadline=60)
    inside = ["nsenter", f"--net=/proc/{asking.thunderbird.pid}/ns/net"]
    subprocess.run([*inside, "ip", "address", "add", "192.0.2.53/32", "dev", "lo"], check=True)
    deaf = subprocess.Popen([*inside, sys.executable, "-c", DEAF])
    try:
        look(asking)
        asking.click_display_button()
        panel = asking.until_panel(
            "look-ups under way", lambda now: now["state"] == "analysing" and "have answered" in now["text"]
        )
        assert panel["headline"] and panel["level"] == "danger"
        asking.press("#progress [data-action=cancel]")
        panel = asking.until_panel("stopped", lambda now: now["state"] == "cancelled")
        assert "Stopped." in panel["text"] and panel["headline"]
        asking.close_panels()
        asking.marked("!", SAYS["kagoya"])
    finally:
        deaf.kill()
        deaf.wait()
        subprocess.run([*inside, "ip", "address", "del", "192.0.2.53/32", "dev", "lo"], check=True)
        asking.opt()


def test_a_link_is_followed_from_the_panel_at_a_click(asking: Reader, tmp_path: Path) -> None:
    """The button under the link, the request at the web server, and what came of it under the link; before the click nothing is asked."""
    if not shutil.which("nsenter") or not shutil.which("ip"):
        skip("no nsenter or no ip here")
    told = tmp_path / "told"
    told.touch()
    addresses = ("192.0.2.53/32", "202.226.37.191/32")
    asking.opt(privacy="offline", resolver="192.0.2.53")
    inside = ["nsenter", f"--net=/proc/{asking.thunderbird.pid}/ns/net"]
    for address in addresses:
        subprocess.run([*inside, "ip", "address", "add", address, "dev", "lo"], check=True)
    deceiver = subprocess.Popen([*inside, sys.executable, "-c", DECEIVER, str(told)])
    try:
        look(asking)
        asking.click_display_button()
        panel = asking.until_done()
        assert "Follow this link from here" in panel["text"]
        assert told.read_bytes() == b""
        asking.press("details:not(:has(details)):has([data-arguments*=visit]) > summary")
        asking.press("[data-arguments*=visit]")
        panel = asking.until_panel("followed", lambda now: "Try to follow this link once more" in now["text"])
        assert b"w-support.jp" in told.read_bytes()
        (link,) = [link for link in asking.report()["links"] if link["host"] == "w-support.jp"][:1]
        visit = link["visit"]
        assert ("server-failed", 1) == (visit["outcome"], len(visit["chain"])), visit
        asking.picture_of_panel("live-visit")
        asking.close_panels()
    finally:
        deceiver.kill()
        deceiver.wait()
        for address in addresses:
            subprocess.run([*inside, "ip", "address", "del", address, "dev", "lo"], check=True)
        asking.opt()


def test_opening_asks_nobody_and_the_options_hold(asking: Reader, tmp_path: Path) -> None:
    """With nothing chosen a mail that is only opened makes no network call; a panel does, unless `nobody` is chosen."""
    if "strace" in without():
        skip("SEKISHO_TESTS_WITHOUT names strace")
    probe = subprocess.run(["strace", "-qq", "-o", str(tmp_path / "probe"), "true"], capture_output=True, check=False)
    if probe.returncode:
        skip(f"strace may not trace here: {probe.stderr.decode('utf-8', 'replace').strip()}")

    def calls(log: Path) -> list[str]:
        return [line for line in log.read_text("utf-8", "replace").splitlines() if CALLS.search(line)]

    opened, asked, nobody = tmp_path / "opened", tmp_path / "asked", tmp_path / "nobody"
    asking.close_panels()
    asking.unload()
    with asking.home.traced(opened):
        look(asking)
        asking.unload()
    assert calls(opened) == []
    with asking.home.traced(asked):
        look(asking)
        asking.click_display_button()
        asking.until_done()
        asking.close_panels()
        asking.unload()
    assert calls(asked)
    asking.opt(privacy="offline")
    with asking.home.traced(nobody):
        look(asking)
        asking.click_display_button()
        asking.until_done()
        asking.close_panels()
        asking.unload()
    assert calls(nobody) == []
    asking.opt()
