"""What the reader's accounts and words tell: identities, the account of a message, and servers that forward mail."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from .conftest import BENIGN, running
from .mails import Mail, samples
from .reader import Reader
from .screen import eventually

ME = "me@own.example"
RELAY = "out.alumni.example"


def mail(name: str, *received: str) -> Mail:
    """A mail with these Received lines, newest first, that calls itself a bank's."""
    lines = "".join(f"Received: {line}; Tue, 16 Apr 2024 01:02:0{9 - place} +0000\n" for place, line in enumerate(received))  # fmt: skip
    head = f"From: Bank <info@bank.example>\nTo: {ME}\nSubject: {name}\nDate: Tue, 16 Apr 2024 01:02:00 +0000\nMessage-ID: <{name}@tests.example>\n"
    return Mail(name, f"{lines}{head}\nHello\n".encode())


STRANGER = "from bulk.example (bulk.example [203.0.113.66])"
# The reader's own server hands on to the host of the mailbox: only the identity tells that it is the reader's.
OWN = mail(
    "through-own-server",
    f"from mail.own.example (mail.own.example [192.0.2.9]) by mx.host.example (Postfix) with ESMTPS id 4VJYzF0001z1 for <{ME}>",
    f"{STRANGER} by mail.own.example (Postfix) with ESMTP id 4VJYzF0000z1 for <{ME}>",
)
FORWARDED = mail(
    "through-alumni",
    f"from {RELAY} ({RELAY} [192.0.2.50]) by mx.host.example (Postfix) with ESMTPS id 4VJYzF0002z1 for <{ME}>",
    f"{STRANGER} by in.alumni.example (Postfix) with ESMTP id 4VJYzF0000z2 for <me@alumni.example>",
    "from bank.example (bank.example [203.0.113.99]) by in.alumni.example (Postfix) with ESMTP id 4VJYzF0000z3",
)
STRAIGHT = mail("straight", f"{STRANGER} by mx.host.example (Postfix) with ESMTP id 4VJYzF0003z1 for <{ME}>")
INBOX = (OWN, FORWARDED, STRAIGHT)


def look(reader: Reader, at: Mail) -> dict[str, Any]:
    """Select a mail of the account and open its panel; gives the report."""
    reader.close_panels()
    reader.select(at)
    reader.displayed(at)
    reader.click_display_button()
    reader.until_done()
    return reader.report()


def origin(reader: Reader, ip: str) -> dict[str, Any]:
    """Wait until the open panel shows that this address handed the mail over; gives the report."""

    def found() -> dict[str, Any] | None:
        panel = reader.panel()
        report = reader.report() if panel and panel["state"] == "done" else None
        return report if report and report["origin"]["ip"] == ip else None

    return eventually(f"the origin {ip}", found)


def quiet(reader: Reader) -> None:
    reader.close_panels()
    assert reader.thunderbird.complaints(BENIGN) == []


def told(log: Path) -> list[dict[str, Any]]:
    """The parameters of each `analyse` that was overheard: its frame is JSON between lengths."""
    text = log.read_bytes().decode("latin-1")
    begins = re.finditer(r'\{"jsonrpc":"2\.0","id":\d+,"method":"analyse"', text)
    return [json.JSONDecoder().raw_decode(text, begin.start())[0]["params"] for begin in begins]


def test_identities_tell_whose_server_it_is(program: Path, tmp_path: Path, alone: bool) -> None:
    """The reader's address from the account moves the checkpoint behind the own server; another address does not."""
    with running(program, tmp_path, "en", alone, ["Inbox"], ME, INBOX) as reader:
        log = tmp_path / "overheard"
        with reader.home.overheard(log):
            reader.unload()
            reader.open_folder("Inbox", 3, "account2")
            report = look(reader, OWN)
            assert (report["origin"]["ip"], report["origin"]["hop"]) == ("203.0.113.66", 1)
            assert [hop["trust"] for hop in report["hops"]] == ["yours", "yours"]

            # Every change of the accounts counts at once, in the panel that is open.
            change = """
                const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
                MailServices.accounts.getAccount("account2").defaultIdentity.email = args[0];
            """
            reader.run(change, "me@elsewhere.example")
            origin(reader, "192.0.2.9")
            reader.run(change, "ME@Own.Example")
            origin(reader, "203.0.113.66")
            quiet(reader)

            reader.open_folder("Inbox", 4)
            look(reader, samples()["honest"])
            quiet(reader)
        said = [(one["settings"]["own_addresses"], one["account"]) for one in told(log)]
        assert [one for place, one in enumerate(said) if one not in said[place - 1 : place]] == [
            (["me@own.example"], "account2 me@own.example"),
            (["me@elsewhere.example"], "account2 me@elsewhere.example"),
            (["me@own.example"], "account2 me@own.example"),
            (["me@own.example"], None),  # Local Folders are nobody's account
        ]


ASKED = "details:has(> .body > [data-action=relay][data-arguments*='true'])"
NAMED = "#route > details:has([data-action=relay])"
TAKE_BACK = "[data-action=relay][data-arguments*='false']"


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_server_that_forwards_mail(program: Path, tmp_path: Path, alone: bool, locale: str) -> None:
    """Said in the panel the origin moves one step, at once and after a restart; taken back it moves back."""
    with running(program, tmp_path, locale, alone, ["Inbox"], ME, INBOX) as reader:
        reader.open_folder("Inbox", 3, "account2")
        assert look(reader, FORWARDED)["origin"]["ip"] == "192.0.2.50"
        reader.press(f"{ASKED} > summary")
        pictures(reader, "relay-asked", ASKED)
        reader.press(f"{ASKED} [data-action=relay]")
        report = origin(reader, "203.0.113.66")
        assert report["origin"]["rule"] == "own-relay"
        assert [hop["trust"] for hop in report["hops"]] == ["yours", "relay", "claimed"]
        eventually("the moved checkpoint", lambda: reader.run("return await within(panels().at(-1), `return document.activeElement.id == 'at-checkpoint'`)"))  # fmt: skip
        pictures(reader, "relay-said", "#at-checkpoint")

        reader.press(f".timeline {TAKE_BACK}")
        origin(reader, "192.0.2.50")
        reader.press(f"{ASKED} > summary")
        reader.press(f"{ASKED} [data-action=relay]")
        origin(reader, "203.0.113.66")
        quiet(reader)

        reader.thunderbird.restart()
        reader.open_folder("Inbox", 3, "account2")
        assert look(reader, FORWARDED)["origin"]["ip"] == "203.0.113.66"

        # A mail that did not come that way lists it all the same.
        assert look(reader, STRAIGHT)["origin"]["ip"] == "203.0.113.66"
        reader.press(f"{NAMED} > summary")
        pictures(reader, "relay-listed", NAMED)
        reader.press(f"{NAMED} {TAKE_BACK}")
        reader.run(
            "await until('an empty list', () => within(panels().at(-1), `return !document.querySelector('[data-action=relay]')`))"
        )
        assert look(reader, FORWARDED)["origin"]["ip"] == "192.0.2.50"
        quiet(reader)


def pictures(reader: Reader, name: str, place: str) -> None:
    """That part of the panel, in light and in dark."""
    for colours, dark in (("light", 0), ("dark", 1)):
        reader.thunderbird.set_pref("ui.systemUsesDarkTheme", dark)
        seen = "await until('colours', () => within(panels().at(-1), `return matchMedia('(prefers-color-scheme: dark)').matches == args[0]`, !!args[0]))"
        reader.run(seen, dark)
        panel = reader.panel()
        assert panel and panel["needed"] <= panel["width"]
        reader.run("await within(panels().at(-1), `document.querySelector(args[0]).scrollIntoView({block: 'center'})`, args[0])", place)  # fmt: skip
        reader.picture_of_panel(f"{colours}-{name}")
    reader.thunderbird.set_pref("ui.systemUsesDarkTheme", 0)
