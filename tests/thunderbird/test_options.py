"""The options in a real Thunderbird: what the reader and an administrator choose, junk and back again, and forgetting everything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from .conftest import running
from .home import EXTENSION_ID
from .mails import Mail
from .reader import Reader, words
from .screen import eventually
from .test_accounts import INBOX, ME, STRAIGHT, look, quiet, told

# The page that is open, and where something on it is on the screen.
PAGE = 'views().map(view => view.xulBrowser.browsingContext).find(bc => bc?.currentWindowGlobal?.documentURI.spec.includes("/options.html"))'
FORBIDDEN = [ME, "trusted@bank.example", "forward.example"]


def open_options(reader: Reader) -> None:
    """As by the add-ons manager; waits until page and host have said all."""
    reader.run(
        "await extension().wakeupBackground?.(); await within(await until('background', background), 'await browser.runtime.openOptionsPage()');"
    )
    shown(reader)


def shown(reader: Reader) -> None:
    reader.run(
        f"""await until("options", async () => {{
          const bc = {PAGE};
          return bc && await within(bc, "return document.body.dataset.state == 'shown' && document.body.dataset.care == 'shown'").catch(() => false);
        }});"""
    )


def page(reader: Reader, body: str, *values: object) -> Any:
    """What that gives on the options page."""
    return reader.run(f"return await within({PAGE}, `{body}`, ...args)", *values)


def press(reader: Reader, selector: str) -> None:
    reader.press(selector, PAGE)


def pictures(reader: Reader, name: str) -> None:
    """Every screenful of the page, in light and in dark."""
    for colours, dark in (("light", 0), ("dark", 1)):
        reader.thunderbird.set_pref("ui.systemUsesDarkTheme", dark)
        eventually(
            "colours",
            lambda dark=dark: page(reader, "return matchMedia('(prefers-color-scheme: dark)').matches") == bool(dark),
        )
        height, whole, wide, width = page(
            reader,
            "return [innerHeight, document.documentElement.scrollHeight, document.documentElement.scrollWidth, innerWidth]",
        )
        assert wide <= width
        for number in range(-(-whole // height)):
            page(reader, "scrollTo({top: args[0], behavior: 'instant'})", number * height)
            reader.thunderbird.picture_of(PAGE, reader.pictures / f"{reader.locale}-{colours}-{name}-{number}.png")
    reader.thunderbird.set_pref("ui.systemUsesDarkTheme", 0)


def folders(reader: Reader) -> dict[str, list[tuple[str, bool]]]:
    """Folder of the account -> its messages' ids, and whether each is marked as junk."""
    found: dict[str, list[tuple[str, bool]]] = reader.run(
        """
        const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
        const root = MailServices.accounts.getAccount("account2").incomingServer.rootFolder;
        return Object.fromEntries(root.subFolders.map(folder => [folder.name,
          [...folder.messages].map(one => [one.messageId, one.getStringProperty("junkscore") == "100"])]));
        """
    )
    return found


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_the_page(program: Path, tmp_path: Path, alone: bool, locale: str) -> None:
    """Everything stands there with words; a choice is kept, a trust is named, the host's check-up is shown; nothing is wider than the page."""
    with running(program, tmp_path, locale, alone, ["Inbox"], ME, INBOX) as reader:
        log = tmp_path / "overheard"
        with reader.home.overheard(log):
            reader.unload()
            reader.open_folder("Inbox", 3, "account2")
            look(reader, STRAIGHT)
            reader.close_panels()
            open_options(reader)
            said = page(reader, "return document.body.innerText")
            assert ME in said and "own.example" in said and words(locale)["options_opening_why"] in said
            assert page(
                reader, "return [...document.querySelectorAll('input[type=radio]:checked')].map(one => one.id)"
            ) == ["privacy-offline", "opening-offline", "banner-suspicious", "locale-own"]
            assert page(reader, "return document.querySelector('#care-register').innerText").count("1")
            page(reader, "document.querySelector('#add-trusted').value = args[0]", "trusted@bank.example")
            press(reader, "[data-add=trusted_senders]")
            eventually(
                "the trust",
                lambda: (
                    page(reader, "return document.querySelector('[data-list=trusted_senders] bdi')?.textContent")
                    == "trusted@bank.example"
                ),
            )
            press(reader, "[data-care=doctor]")
            eventually(
                "the check-up", lambda: page(reader, "return document.querySelectorAll('#care-doctor li').length")
            )
            pictures(reader, "options")
            reader.close_panels()
            reader.open_folder("Inbox", 3, "account2")
            look(reader, INBOX[0])
            quiet(reader)
        assert told(log)[-1]["settings"]["trusted_senders"] == ["trusted@bank.example"]


def test_junk_and_back_again(program: Path, tmp_path: Path, alone: bool) -> None:
    """One click, one question of Thunderbird's, and the mail is in Junk; another, and it is back and no junk; then the trash."""
    junk = tmp_path / "profile" / "Mail" / "pop.host.example"
    junk.mkdir(parents=True)
    (junk / "Junk").write_bytes(b"")
    with running(program, tmp_path, "en", alone, ["Inbox"], ME, INBOX) as reader:
        reader.open_folder("Inbox", 3, "account2")
        look(reader, STRAIGHT)
        before = folders(reader)
        fold = "#actions details:has([data-action=junk])"
        reader.press(f"{fold} > summary")
        reader.picture_of_panel("mailbox")
        reader.press(f"{fold} [data-action=junk]")
        assert "Sekisho" in reader.answer_permission(allow=True)
        eventually("it is junk", lambda: (STRAIGHT.id, True) in map(tuple, folders(reader)["Junk"]))
        eventually("it has left the inbox", lambda: len(folders(reader)["Inbox"]) == 2)
        reader.run(
            "await until('said', () => within(panels().at(-1), `return document.querySelector('[data-action=put_back]')`))"
        )
        reader.picture("junked")
        reader.press("[data-action=put_back]")
        eventually(
            "it is back",
            lambda: (
                {name: sorted(map(tuple, found)) for name, found in folders(reader).items()}
                == {name: sorted(map(tuple, found)) for name, found in before.items()}
            ),
        )
        reader.press(f"{fold} [data-action=move]")  # it may by now
        eventually("it is in the trash", lambda: (STRAIGHT.id, False) in map(tuple, folders(reader)["Trash"]))
        quiet(reader)


def test_the_address_book(program: Path, tmp_path: Path, alone: bool) -> None:
    """Asked only when the reader chose it and Thunderbird was told yes; then the host learns of the one sender whether he is in it."""
    with running(program, tmp_path, "en", alone, ["Inbox"], ME, INBOX) as reader:
        author = reader.run(
            """
            const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
            const book = MailServices.ab.directories.find(one => one.URI.startsWith("jsaddrbook://abook"));
            const root = MailServices.accounts.getAccount("account2").incomingServer.rootFolder;
            const inbox = root.subFolders.find(one => one.URI.endsWith("/Inbox"));
            await until("mail", () => { try { return [...inbox.messages].length == 3; } catch { inbox.updateFolder(null); return false; } });
            const [, author] = /<?([^<> ]+@[^<> ]+?)>?$/.exec([...inbox.messages].find(one => one.messageId == args[0]).author);
            const card = Cc["@mozilla.org/addressbook/cardproperty;1"].createInstance(Ci.nsIAbCard);
            card.displayName = "Somebody";
            card.primaryEmail = author.toUpperCase();
            book.addCard(card);
            return author;
            """,
            STRAIGHT.id,
        )
        assert "@" in author

        def known(mail: Mail) -> list[str]:
            reader.unload()
            reader.open_folder("Inbox", 3, "account2")
            look(reader, mail)
            found: list[str] = reader.report()["identity"]["known"]
            reader.close_panels()
            return found

        assert known(STRAIGHT) == []
        open_options(reader)
        press(reader, "#address_book")
        assert "address book" in reader.answer_permission(allow=True, picture="book-permission")
        eventually("kept", lambda: page(reader, "return document.querySelector('#live').textContent"))
        reader.close_panels()
        assert known(STRAIGHT) == ["address-book"]
        reader.run(
            """
            const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
            for (const book of MailServices.ab.directories) book.deleteCards(book.childCards);
            """
        )
        assert known(STRAIGHT) == []
        quiet(reader)


def test_forgetting_everything_leaves_nothing(program: Path, tmp_path: Path, alone: bool) -> None:
    """Not in the host's files, not in what the extension keeps, and not in their bytes on the disk."""
    with running(program, tmp_path, "en", alone, ["Inbox"], ME, INBOX) as reader:
        reader.open_folder("Inbox", 3, "account2")
        look(reader, STRAIGHT)
        reader.close_panels()
        open_options(reader)
        for field, button, name in (
            ("#add-trusted", "trusted_senders", FORBIDDEN[1]),
            ("#add-relay", "relays", FORBIDDEN[2]),
        ):
            page(reader, "document.querySelector(args[0]).value = args[1]", field, name)
            press(reader, f"[data-add={button}]")
            eventually(
                name,
                lambda button=button: page(
                    reader, "return document.querySelectorAll('[data-list=' + args[0] + '] bdi').length", button
                ),
            )
        assert len(kept(reader)) == 3
        (register,) = reader.home.folder.rglob("register.sqlite")
        assert taught(register) == 1
        press(reader, "#remembered [data-care=ask]:not([data-key])")
        reader.thunderbird.picture_of(PAGE, reader.pictures / "en-options-forget.png")
        press(reader, "[data-care=forget]")
        eventually("words", lambda: forgotten(reader) == words("en")["care_forgotten"])
        shown(reader)
        assert kept(reader) == {}
        assert taught(register) == 0
        quiet(reader)
        reader.thunderbird.close()
        stores = [
            one
            for name in ("browser-extension-data", "storage")
            for one in (reader.thunderbird.profile / name).rglob("*")
            if one.is_file()
        ]
        ours = [
            one
            for one in reader.home.folder.rglob("*")
            if one.is_file() and one.suffix in (".sqlite", ".json") and "venv" not in str(one)
        ]
        assert [
            (str(one), word) for one in (*stores, *ours) for word in FORBIDDEN if word.encode() in one.read_bytes()
        ] == []
        reader.thunderbird._start()  # what `running` ends


def forgotten(reader: Reader) -> str:
    """What the page says of it; "" while it is loaded anew."""
    try:
        return str(page(reader, "return document.querySelector('#care-forgotten').innerText"))
    except AssertionError:
        return ""


def kept(reader: Reader) -> dict[str, Any]:
    """All that the extension keeps."""
    found: dict[str, Any] = reader.run(
        "await extension().wakeupBackground?.(); return await within(await until('background', background), 'return await browser.storage.local.get(null)')"
    )
    return found


def taught(register: Path) -> int:
    import sqlite3

    with sqlite3.connect(f"{register.as_uri()}?mode=ro", uri=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM lesson").fetchone()
    return int(count)


SET = {
    "privacy": "offline",
    "opening": "offline",
    "own_domains": ["own.example"],
    "trusted_senders": ["boss@own.example"],
    "trusted_networks": ["192.0.2.0/24"],
    "deadline": 5,
}


def locked(reader: Reader) -> list[str]:
    found: list[str] = page(
        reader,
        "return [...document.querySelectorAll('[data-name]')].filter(one => one.querySelector('.locked')).map(one => one.dataset.name)",
    )
    return found


def test_an_administrator_sets_options_by_a_manifest(program: Path, tmp_path: Path, alone: bool) -> None:
    """The file that README names: its options hold, are shown as set, and cannot be changed; the host is told the rest."""
    with running(program, tmp_path, "en", alone, ["Inbox"], ME, INBOX, "registry") as reader:
        folder = reader.home.folder / ".mozilla" / "managed-storage"
        folder.mkdir(parents=True)
        manifest = {"name": EXTENSION_ID, "description": "Sekisho", "type": "storage", "data": SET}
        (folder / f"{EXTENSION_ID}.json").write_text(json.dumps(manifest), "utf-8")
        reader.thunderbird.restart()
        log = tmp_path / "overheard"
        with reader.home.overheard(log):
            reader.open_folder("Inbox", 3, "account2")
            look(reader, STRAIGHT)
            reader.close_panels()
            open_options(reader)
            assert sorted(locked(reader)) == ["deadline", "opening", "own_domains", "privacy"]
            assert page(
                reader,
                "return [...document.querySelectorAll('[data-name=privacy] input')].every(one => one.disabled) && document.querySelector('#privacy-offline').checked",
            )
            assert page(reader, "return document.querySelector('[data-list=trusted_senders] li').innerText").startswith(
                "boss@own.example"
            )
            pictures(reader, "options-managed")
            quiet(reader)
        settings = told(log)[-1]["settings"]
        assert told(log)[-1]["privacy"] == "offline"  # the reader had chosen the registries
        assert {
            name: settings[name] for name in ("own_domains", "trusted_senders", "trusted_networks", "deadline")
        } == {name: SET[name] for name in ("own_domains", "trusted_senders", "trusted_networks", "deadline")}


def test_an_administrator_sets_options_by_a_policy(program: Path, tmp_path: Path, alone: bool) -> None:
    """policies.json beside the program, as README has it, in a copy of Thunderbird's folder."""
    copy = tmp_path / "program"
    copy.mkdir()
    for one in program.resolve().parent.iterdir():
        if one.name not in ("distribution", "thunderbird", "thunderbird-bin"):
            (copy / one.name).symlink_to(one)
    for name in ("thunderbird", "thunderbird-bin"):
        shutil.copy(program.resolve(), copy / name)
    (copy / "distribution").mkdir()
    policies = {"policies": {"3rdparty": {"Extensions": {EXTENSION_ID: SET}}}}
    (copy / "distribution" / "policies.json").write_text(json.dumps(policies), "utf-8")
    with running(copy / "thunderbird", tmp_path / "run", "en", alone, ["Inbox"], ME, INBOX, "registry") as reader:
        open_options(reader)
        assert sorted(locked(reader)) == ["deadline", "opening", "own_domains", "privacy"]
        quiet(reader)
