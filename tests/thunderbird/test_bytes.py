"""The bytes that the host analyses are the message's bytes, whatever they are and however they are kept."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from .mails import THIRTY, Mail, in_crlf, in_lf, large, with_nul
from .reader import Reader, words

STORED = [("WithLF", mail) for mail in in_lf()] + [("WithCRLF", mail) for mail in in_crlf()]


@pytest.mark.parametrize(("folder", "mail"), STORED, ids=[mail.name for _, mail in STORED])
def test_every_byte_arrives(reader: Reader, folder: str, mail: Mail) -> None:
    """The report's SHA-256 is that of the mail as it was before Thunderbird stored it."""
    reader.open_folder(folder, len(in_lf()))
    reader.select(mail)
    reader.displayed(mail)
    reader.marked("", "Sekisho: ")
    reader.click_display_button()
    reader.until_done()
    message = reader.report()["message"]
    assert (message["sha256"], message["size"], message["complete"]) == (mail.sha256, len(mail.raw), True)


def test_thirty_megabytes_arrive(reader: Reader, measured: Callable[[str, str, float], None]) -> None:
    """A mail of 30 MB is analysed when the reader asks, to its last byte."""
    mail = large(*THIRTY)
    assert len(mail.raw) > 29_000_000
    reader.open_folder("Large", 3)
    reader.unload()
    reader.select(mail)
    reader.marked("", words("en")["badgeLarge"])
    assert not reader.home.hosts()
    begun = time.monotonic()
    reader.click_display_button()
    reader.until_panel("a report", lambda panel: panel["state"] in ("analysing", "done") and panel["title"])
    measured("en", "30 MB: click -> first report (header)", time.monotonic() - begun)
    reader.until_done()
    measured("en", "30 MB: click -> last report", time.monotonic() - begun)
    message = reader.report()["message"]
    assert (message["sha256"], message["size"], message["complete"]) == (mail.sha256, len(mail.raw), True)


def test_analysis_of_a_large_mail_can_be_cancelled(reader: Reader) -> None:
    """Cancel ends it, the same host goes on to the next mail."""
    reader.open_folder("Large", 3)
    reader.unload()
    reader.select(large(*THIRTY))
    reader.marked("", words("en")["badgeLarge"])
    with reader.home.hesitant():
        reader.click_display_button()
        reader.until_panel("progress", lambda panel: panel["state"] == "analysing" and panel["progress"])
        hosts = reader.home.hosts()
        assert hosts
        reader.press("[data-key=cancel]")
        panel = reader.until_panel("cancelled", lambda one: one["state"] == "cancelled")
        assert words("en")["again"] in panel["buttons"]
        assert reader.home.hosts() == hosts


def test_what_thunderbird_drops_is_said_to_be_missing(reader: Reader) -> None:
    """Behind a NUL byte Thunderbird's own reader loses the rest: the panel says that it has not seen everything."""
    mail = with_nul()
    reader.open_folder("Nul", 1)
    reader.select(mail)
    reader.displayed(mail)
    reader.run("await until('looked at', () => marks().every(one => one?.title.startsWith('Sekisho: ')))")
    reader.click_display_button()
    panel, message = reader.until_done(), reader.report()["message"]
    assert message["complete"] is False
    assert message["size"] < len(mail.raw)
    assert f"{message['size']} bytes" in panel["text"]
    reader.picture_of_panel("incomplete")
