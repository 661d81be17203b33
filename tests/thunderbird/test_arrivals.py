"""New mail in a real Thunderbird: switched on with its question, then what arrives wakes the event page, gets a tag, and is told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from waves import OWN, guessed, newsletters

from .conftest import running
from .mails import Mail
from .reader import Reader, words
from .screen import eventually
from .test_options import open_options, page, press

ME = f"info@{OWN}"
BAD = [Mail(f"wave {number}", raw.replace(b"\r\n", b"\n")) for number, raw in enumerate(guessed()[:6])]
GOOD = [Mail(f"letter {number}", raw.replace(b"\r\n", b"\n")) for number, raw in enumerate(newsletters(6))]
INBOX = """
    const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
    const root = MailServices.accounts.getAccount("account2").incomingServer.rootFolder;
    const inbox = root.subFolders.find(one => one.URI.endsWith("/Inbox"));
"""
ALERT = "Services.wm.getMostRecentWindow('alert:alert')"


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_new_mail(program: Path, tmp_path: Path, alone: bool, locale: str) -> None:
    """Before the option is switched on nothing happens; then nothing but it has to, not even another start of the event page."""
    say = words(locale)
    with running(program, tmp_path, locale, alone, ["Inbox"], ME, GOOD[:2]) as reader:
        reader.thunderbird.set_pref("alerts.useSystemBackend", False)  # no desktop stands behind it here
        reader.thunderbird.set_pref("alerts.totalOpenTime", 600_000)
        reader.open_folder("Inbox", 2, "account2")
        reader.unload()
        deliver(reader, BAD[:1])
        reader.run("await until('woken by it', () => extension().backgroundState == 'running')")
        reader.unload()
        assert (tagged(reader), shown(reader)) == ([], None)

        open_options(reader)
        press(reader, "#watch")
        assert "Sekisho" in reader.answer_permission(allow=True)
        eventually("kept", lambda: page(reader, "return document.querySelector('#live').textContent"))
        reader.close_panels()
        reader.unload()

        deliver(reader, [*BAD[1:4], *GOOD[2:4]])
        told = say["watch_count"].replace("$1", "3").replace("$2", "5")
        eventually("a notification", lambda: shown(reader) == [say["watch_several"], told])
        reader.screen.picture(reader.pictures / f"{locale}-watch.png")
        eventually("tags", lambda: sorted(tagged(reader)) == sorted(mail.id for mail in BAD[1:4]))
        assert held(reader) == 8, "nothing is moved"

        deliver(reader, [GOOD[4], BAD[4]])
        told = say["watch_count"].replace("$1", "4").replace("$2", "7")
        eventually("it counts on", lambda: shown(reader) == [say["watch_several"], told])
        reader.unload()
        reader.run(f"{ALERT}.document.getElementById('alertBox').click()")
        reader.run("await until('the table', () => panels().length)")
        eventually("gone", lambda: shown(reader) is None)
        counted = "return Object.values(await browser.storage.session.get('arrivals')).some(one => one.looked)"
        reader.run("await until('counted anew', async () => !await within(background(), args[0]))", counted)
        reader.close_panels()
        reader.unload()

        deliver(reader, [GOOD[5], BAD[5]])
        eventually("a notification", lambda: (one := shown(reader)) and one[0] == say["watch_one"])
        eventually("tags", lambda: sorted(tagged(reader)) == sorted(mail.id for mail in BAD[1:]))
        assert held(reader) == 12


def deliver(reader: Reader, mails: list[Mail]) -> None:
    """New mail comes into the account's inbox, and is flagged so."""
    reader.run(
        INBOX + "inbox.QueryInterface(Ci.nsIMsgLocalMailFolder).addMessageBatch(args[0]);",
        [mail.raw.decode("latin-1") for mail in mails],
    )


def tagged(reader: Reader) -> list[str]:
    """The Message-IDs of those with our tag."""
    found: list[str] = reader.run(
        INBOX
        + """
        const ours = one => one.getStringProperty("keywords").split(" ").includes("sekisho");
        return [...inbox.messages].filter(ours).map(one => one.messageId);
        """
    )
    return found


def held(reader: Reader) -> int:
    """How many messages the inbox has."""
    found: int = reader.run(INBOX + "return inbox.getTotalMessages(false);")
    return found


def shown(reader: Reader) -> Any:
    """Title and text of the notification on the screen, None without one."""
    return reader.run(
        f"""
        const page = {ALERT}?.document;
        const text = id => page.getElementById(id)?.value || page.getElementById(id)?.textContent;
        return page?.readyState == "complete" && text("alertTitleLabel") ? [text("alertTitleLabel"), text("alertTextLabel")] : null;
        """
    )
