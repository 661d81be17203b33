"""A whole folder in a real Thunderbird: its menu, the table, one campaign among other mail, and what can be done about all of it at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from waves import OWN, guessed, newsletters

from .conftest import running
from .mails import Mail
from .reader import Reader, words
from .screen import eventually
from .test_several import READ_TABLE

ME = f"info@{OWN}"
WAVE = [Mail(f"wave {number}", raw.replace(b"\r\n", b"\n")) for number, raw in enumerate(guessed())]
OTHERS = [Mail(f"letter {number}", raw.replace(b"\r\n", b"\n")) for number, raw in enumerate(newsletters(19))]
EVERY = len(WAVE) + len(OTHERS)
GROUPS = "return await within(panels().at(-1), `return [...document.querySelectorAll('tbody .column-campaign')].map(one => one.textContent)`)"


def show_inbox(reader: Reader, mails: int = EVERY) -> None:
    """The account's inbox in the three panes."""
    reader.rows = reader.run(
        """
        const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
        const root = MailServices.accounts.getAccount("account2").incomingServer.rootFolder;
        const folder = await until("folder", () => root.subFolders.find(one => one.URI.endsWith("/Inbox")));
        pane().displayFolder(folder.URI);
        await until("rows", () => pane().gFolder?.URI == folder.URI && pane().gDBView?.rowCount == args[0]);
        return [...Array(args[0]).keys()].map(row => pane().gDBView.getMsgHdrAt(row).messageId);
        """,
        mails,
    )


def analyse_folder(reader: Reader) -> None:
    """Right click on the account's inbox, and our item in the menu."""
    row = "pane().folderPane.getRowForFolder(pane().gFolder)?.querySelector('.name')"
    menu = "pane().document.getElementById('folderPaneContext')"
    label = reader.choose(menu, lambda: reader.point(row), item="analyse-folder")
    assert label == words(reader.locale)["analyse_folder"]


def table(reader: Reader, state: str = "done") -> dict[str, Any]:
    reader.run(
        "await until('the table', async () => panels().length && await within(panels().at(-1),"
        " `return location.pathname == '/several.html' && document.body.dataset.state == args[0] && document.querySelector('.open')`, args[0]))",
        state,
    )
    found: dict[str, Any] = reader.run(READ_TABLE)
    return found


def both_colours(reader: Reader, name: str) -> None:
    for colours, dark in (("light", 0), ("dark", 1)):
        reader.thunderbird.set_pref("ui.systemUsesDarkTheme", dark)
        reader.picture(f"{name}-{colours}")
    reader.thunderbird.set_pref("ui.systemUsesDarkTheme", 0)


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_folder(
    program: Path, tmp_path: Path, alone: bool, locale: str, measured: Callable[[str, str, float], None]
) -> None:
    """From the menu to a table of all its messages: stopped, gone on with, sorted, narrowed, and the campaign told."""
    home = tmp_path / "profile" / "Mail" / "pop.host.example"
    home.mkdir(parents=True)
    for name in ("Junk", "Lists"):
        (home / name).write_bytes(b"")
    with running(program, tmp_path, locale, alone, ["Inbox"], ME, [*WAVE, *OTHERS]) as reader:
        show_inbox(reader)
        begun = time.monotonic()
        analyse_folder(reader)
        table(reader, "analysing")
        with reader.home.halted():  # it must not be done before it is stopped
            both_colours(reader, "folder-progress")
            reader.press("[data-action=cancel]")
        assert len(table(reader, "cancelled")["subjects"]) <= EVERY
        reader.press("[data-action=go_on]")
        found = table(reader)
        measured(locale, f"a folder of {EVERY} messages, with a stop", time.monotonic() - begun)
        assert len(found["subjects"]) == EVERY
        assert found["needed"] <= found["width"]
        assert str(EVERY) in found["said"]
        groups = reader.run(GROUPS)
        mine = words(locale)["campaign_of"].replace("$1", "1").replace("$2", str(len(WAVE)))
        assert (groups.count(mine), groups.count("")) == (len(WAVE), len(OTHERS))
        both_colours(reader, "folder-done")
        reader.press("[data-key=sort-verdict]")
        found = table(reader)
        assert found["levels"] == sorted(found["levels"], key=["danger", "caution", "clear"].index)
        assert found["focus"] == "sort-verdict"
        reader.press("[data-key=only-danger]")
        found = table(reader)
        assert set(found["levels"]) == {"danger"}
        reader.press("tbody tr:first-child .open")
        panel = reader.until_panel("its panel", lambda one: "/panel.html" in one["url"] and one["state"] == "done")
        assert panel["place"] == "tab" and panel["level"] == "danger"
        reader.close_panels()
        all_at_once(reader)


def counts(reader: Reader) -> dict[str, int]:
    """How many messages each folder of the account has."""
    found: dict[str, int] = reader.run(
        """
        const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
        const root = MailServices.accounts.getAccount("account2").incomingServer.rootFolder;
        return Object.fromEntries(root.subFolders.map(folder => [folder.URI.split("/").at(-1), folder.getTotalMessages(false)]));
        """
    )
    return found


APART = WAVE[-2:]  # of the campaign, moved into another folder after they were looked at


def move_apart(reader: Reader) -> None:
    """As a filter or the reader would."""
    reader.run(
        """
        const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
        const {subFolders} = MailServices.accounts.getAccount("account2").incomingServer.rootFolder;
        const [from, into] = ["/Inbox", "/Lists"].map(end => subFolders.find(one => one.URI.endsWith(end)));
        MailServices.copy.copyMessages(from, [...from.messages].filter(one => args[0].includes(one.messageId)), into, true, null, null, false);
        await until("moved", () => into.getTotalMessages(false) == args[0].length && [...into.messages].length == args[0].length);
        """,
        [one.id for one in APART],
    )
    show_inbox(reader, EVERY - len(APART))


def all_at_once(reader: Reader) -> None:
    """From the panel of one of the campaign: the table of all, all of its folder selected, all of both folders put away, and all back again."""
    move_apart(reader)
    reader.run("pane().threadTree.scrollToIndex(args[0], true)", reader.rows.index(WAVE[2].id))
    reader.select(WAVE[2])
    reader.displayed(WAVE[2])
    reader.choose_in_list(WAVE[2])
    reader.until_done()
    reader.press("#tab")
    reader.until_panel("its tab", lambda one: one["place"] == "tab" and one["state"] == "done")
    reader.run(
        "await within(panels().at(-1), `document.querySelector('[data-action=campaign]').scrollIntoView({block: 'center'})`)"
    )
    both_colours(reader, "campaign")
    press_deed(reader, "select")
    reader.run(
        """
        let now;
        await until("all selected", async () => {
          const {selectedIndices} = tabmail.tabInfo[0].chromeBrowser.contentWindow.threadTree;
          now = selectedIndices.length + " " + await within(panels().at(-1), "return document.querySelector('#live').textContent");
          return tabmail.selectedTab == tabmail.tabInfo[0] && selectedIndices.length == args[0];
        }).catch(error => { throw new Error(`${error} ${now}`); });
        """,
        len(WAVE) - len(APART),
    )
    reader.picture("campaign-selected")
    reader.run("tabmail.switchToTab(1)")
    before = counts(reader)
    press_deed(reader, "junk")
    reader.answer_permission(allow=True)
    said = words(reader.locale)["mailbox_all_junked"].replace("$1", str(len(WAVE))).split("$2")[0]
    reader.until_panel("put away", lambda one: said in one["text"], 60)
    reader.picture("campaign-junk")
    eventually("all in Junk", lambda: counts(reader) == before | {"Inbox": len(OTHERS), "Lists": 0, "Junk": len(WAVE)})
    reader.press("[data-action=put_back]")
    said = words(reader.locale)["mailbox_all_back"].replace("$1", str(len(WAVE))).split("$2")[0]
    reader.until_panel("put back", lambda one: said in one["text"], 60)
    eventually("all back", lambda: counts(reader) == before)
    reader.close_panels()


def press_deed(reader: Reader, how: str) -> None:
    reader.press(f"[data-action=campaign][data-arguments*={how}]")
