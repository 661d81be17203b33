"""A Thunderbird profile: whose mail lies where, what each account's mail teaches, and what of it is remembered."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_cli import objects, run
from test_remembering import mail
from workbench import held

from sekisho.profile import Account, accounts, is_profile
from sekisho.register import Register
from sekisho.register.lessons import MAX_LESSONS
from sekisho.scan import Mailbox
from sekisho.settings import Settings

IMAP, POP, FEED, LOCAL = "ImapMail/imap.own.example", "Mail/pop.second.example", "Mail/Feeds", "Mail/Local Folders"
PREFS: dict[str, Any] = {
    "mail.accountmanager.accounts": "account1,account2,account3,account5",
    "mail.account.account1.identities": "id1,id2",
    "mail.account.account1.server": "server1",
    "mail.identity.id1.useremail": "Reader@Own.Example",
    "mail.identity.id2.useremail": "sales@own.example",
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": "Imap.Hoster.Example",
    "mail.server.server1.directory": "/home/somebody/.thunderbird/old.default/ImapMail/imap.own.example",
    "mail.server.server1.directory-rel": f"[ProfD]{IMAP}",
    "mail.account.account2.server": "server2",
    "mail.server.server2.type": "none",
    "mail.server.server2.hostname": "Local Folders",
    "mail.server.server2.directory-rel": f"[ProfD]{LOCAL}",
    "mail.account.account3.identities": "id3",
    "mail.account.account3.server": "server3",
    "mail.identity.id3.useremail": "me@second.example",
    "mail.server.server3.type": "pop3",
    "mail.server.server3.hostname": "pop.second.example",
    "mail.server.server3.port": 995,
    "mail.server.server3.directory-rel": f"[ProfD]{POP}",
    "mail.account.account5.server": "server5",
    "mail.server.server5.type": "rss",
    "mail.server.server5.hostname": "Feeds",
    "mail.server.server5.directory-rel": f"[ProfD]{FEED}",
    "mail.server.server5.isSecure": True,
}


def prefs(values: dict[str, Any]) -> str:
    """A prefs.js as Thunderbird writes it."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in sorted(values.items())]
    return "// Mozilla User Preferences\n\n" + "\n".join(
        ['user_pref("app.update.lastUpdateTime", 1713229323);', *lines, ""]
    )


def mbox(*sources: bytes) -> bytes:
    return b"".join(b"From - Tue Apr 16 01:02:03 2024\n" + source.replace(b"\r\n", b"\n") + b"\n" for source in sources)


def hosted(number: int) -> bytes:
    """A mail as the hoster stores it: the top line's server belongs to neither the reader nor the edge."""
    return mail(number).replace(b"imap1.own.example", b"store.hoster.example")


def forwarded(number: int) -> bytes:
    """The second account's mail, straight to its server."""
    text = mail(number).partition(b"Received: from mail.sender")
    return (text[1] + text[2]).replace(b"own.example", b"second.example")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Two accounts, Local Folders and feeds."""
    folder = tmp_path / "abc.default"
    files = {
        "prefs.js": prefs(PREFS).encode(),
        f"{IMAP}/INBOX": mbox(*map(hosted, range(15))),
        f"{IMAP}/INBOX.msf": b"",
        f"{IMAP}/INBOX.sbd/Old": mbox(*map(hosted, range(15, 20))),
        f"{IMAP}/Sent": mbox(b"From: reader@own.example\nTo: you@sender.test\n\nHello\n"),
        f"{POP}/Inbox": mbox(*map(forwarded, range(12))),
        f"{LOCAL}/Archive": mbox(*map(hosted, range(20, 23))),
        f"{FEED}/News": mbox(b"From: Feed\nSubject: news\n\nHello\n"),
        "Mail/gone.example/Inbox": mbox(hosted(30)),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


# ------------------------------------------------------------------ prefs.js


def test_the_accounts_of_a_profile_are_read(profile: Path) -> None:
    """In Thunderbird's order: folder, addresses, the server that mail is fetched from, and the extension's key."""
    found = accounts(str(profile))

    assert [
        Account(
            "account1", str(profile / IMAP), "", ("reader@own.example", "sales@own.example"), "imap.hoster.example"
        ),
        Account("account2", str(profile / LOCAL), "", (), ""),
        Account("account3", str(profile / POP), "", ("me@second.example",), "pop.second.example"),
        Account("account5", str(profile / FEED), "", (), ""),
    ] == found
    assert ["account1 reader@own.example", None, "account3 me@second.example", None] == [one.key for one in found]
    assert is_profile(str(profile)) and not is_profile(str(profile / "Mail"))


@pytest.mark.parametrize(
    ("relative", "absolute", "folder", "elsewhere"),
    [
        (f"[ProfD]{IMAP}", "/elsewhere", IMAP, ""),
        ("", "{profile}/Mail/x", "Mail/x", ""),
        ("[ProfD]../../etc", "", "", "{profile}/../../etc"),
        ("[ProfD]/etc", "", "", "/etc"),
        ("[ProfD]", "", "", "{profile}/"),
        ("[Other]x", "/mail", "", "/mail"),
        ("", "/mail", "", "/mail"),
        ("", "", "", ""),
        ("[ProfD]a\0b", "", "", ""),
        ("", "{profile}2/Mail", "", "{profile}2/Mail"),
        ("", "{profile}/Mail/../../x", "", "{profile}/Mail/../../x"),
    ],
)
def test_a_folder_outside_of_the_profile_is_named_and_not_read(
    profile: Path, relative: str, absolute: str, folder: str, elsewhere: str
) -> None:
    """Whatever prefs.js says, only what lies in the profile is an account's folder."""
    absolute, elsewhere = absolute.format(profile=profile), elsewhere.format(profile=profile)
    changed = {"mail.server.server1.directory-rel": relative, "mail.server.server1.directory": absolute}
    (profile / "prefs.js").write_text(prefs({**PREFS, **changed}), "utf-8")
    (first, *_) = accounts(str(profile))

    assert (str(profile / folder) if folder else "", elsewhere) == (first.folder, first.elsewhere)
    assert "reader@own.example" == first.addresses[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"caf\u00e9@own.example"', "café@own.example"),
        (r'"a\x62c\"\\\'@own.example"', "abc\"\\'@own.example"),
        ('"日本@own.example"', "日本@own.example"),
        (r'"a\nb@own.example"', "a\nb@own.example"),
    ],
)
def test_text_is_read_as_thunderbird_writes_it(profile: Path, text: str, expected: str) -> None:
    """Escapes as in JavaScript, UTF-8; of a preference that is set twice the last one counts."""
    more = f'user_pref("mail.identity.id1.useremail", {text});\n'
    (profile / "prefs.js").write_text(prefs(PREFS) + more, "utf-8")

    assert expected == accounts(str(profile))[0].addresses[0]


@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_prefs_do_harm(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever stands between the lines, and as values."""
    folder = tmp_path_factory.getbasetemp() / "hostile.default"
    folder.mkdir(exist_ok=True)
    wrapped = b'user_pref("mail.accountmanager.accounts", "account1,' + data + b'");\nuser_pref("mail.account.account1.server", "' + data + b'");\n'  # fmt: skip
    for content in (data, wrapped, prefs(PREFS).encode().replace(b"account1", data)):
        (folder / "prefs.js").write_bytes(content)
        for account in accounts(str(folder)):
            assert not account.folder or account.folder.startswith(str(folder) + os.sep)


def test_prefs_cost_no_more_than_their_size(tmp_path: Path) -> None:
    """Four megabytes of what looks like preferences and is none take under five times as long as one."""
    for line in (
        b'user_pref("mail.identity.id1.useremail", "',
        b'user_pref("mail.identity.' + b"a" * 90,
        b"\\" * 50 + b'"',
    ):
        costs = []
        for size in (1 << 20, 4 << 20):
            (tmp_path / "prefs.js").write_bytes(line * (size // len(line)))
            start = process_time()
            accounts(str(tmp_path))
            costs.append(process_time() - start)

        assert costs[1] < 5 * costs[0] + 0.05


# ------------------------------------------------------------------ learning


def walked(mailbox: Mailbox) -> dict[str, set[str]]:
    """What each folder's messages are told: own addresses, incoming servers, learnt edges."""
    list(mailbox.learn())
    told: dict[str, set[str]] = {}
    for task in mailbox.tasks():
        (answer,) = task.answers.values()
        edges = answer.records[0].edges  # type: ignore[attr-defined]  # Edges
        place = os.path.relpath(task.stored.path, mailbox.path)
        told.setdefault(place, set()).update({*task.settings.own_addresses, *task.settings.incoming_servers, *edges})
    return told


def test_every_account_learns_apart(profile: Path) -> None:
    """Its own mail teaches it; all the reader's addresses are known to it, and the server that it fetches from."""
    told = walked(Mailbox(str(profile), Settings()))
    all_addresses = {"reader@own.example", "sales@own.example", "me@second.example"}
    first, second = {"imap.hoster.example", "mx9.own.example"}, {"pop.second.example", "mx9.second.example"}

    assert {f"{IMAP}/INBOX", f"{IMAP}/INBOX.sbd/Old", f"{IMAP}/Sent", f"{POP}/Inbox", f"{LOCAL}/Archive", f"{FEED}/News", "Mail/gone.example/Inbox"} == set(told)  # fmt: skip
    for folder in ("INBOX", "INBOX.sbd/Old", "Sent"):
        assert all_addresses | first == told[f"{IMAP}/{folder}"]
    assert all_addresses | second == told[f"{POP}/Inbox"]
    assert all_addresses == told[f"{LOCAL}/Archive"] == told[f"{FEED}/News"]
    assert set() == told["Mail/gone.example/Inbox"]


def test_what_the_reader_says_himself_wins(profile: Path) -> None:
    """Settings of a file stand before the profile's."""
    told = walked(Mailbox(str(profile), Settings(own_addresses=("x@y.example",), incoming_servers=("z.example",))))

    assert {"x@y.example", "z.example", "mx9.own.example"} == told[f"{IMAP}/INBOX"]
    assert {"x@y.example", "z.example"} == told[f"{LOCAL}/Archive"]


def test_a_relative_path_finds_its_accounts(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the profile's folder is named."""
    monkeypatch.chdir(profile.parent)
    for path in (profile.name, f"./{profile.name}/", f"{profile.name}/../{profile.name}"):
        assert "mx9.own.example" in walked(Mailbox(path, Settings()))[f"{IMAP}/INBOX"]


def test_the_newest_messages_are_remembered(profile: Path, tmp_path: Path) -> None:
    """By the date of the topmost line, whatever the order of the folders; of accounts that have a key."""
    newer = hosted(40).replace(b"16 Apr 2024", b"17 Apr 2024")
    (profile / IMAP / "Archive").write_bytes(mbox(newer))  # read first, for its name
    mailbox = Mailbox(str(profile), Settings(), keep=5)
    list(mailbox.learn())
    register = Register(str(tmp_path / "register.sqlite"))

    assert (10, 2) == mailbox.remember(register)
    assert (10, 2) == held(register.path)[:2]
    kept = [lines[0].date.iso for _, _, lines in mailbox._groups["account1"].newest if lines[0].date]
    assert {"2024-04-17T01:02:40+00:00", *(f"2024-04-16T01:02:{second}+00:00" for second in (16, 17, 18, 19))} == set(
        kept
    )


# ------------------------------------------------------------------ the commands


def home(tmp_path: Path) -> dict[str, str]:
    return dict.fromkeys(
        ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"), str(tmp_path / "home")
    )


def registers(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "home").rglob("register.sqlite"))


def test_a_scan_teaches_for_itself_alone(profile: Path, tmp_path: Path) -> None:
    """Without --remember nothing is written, and nothing that was remembered is used."""
    first = run("scan", "--json", profile, **home(tmp_path))
    assert (0, []) == (first.returncode, registers(tmp_path))

    run("scan", "--json", "--remember", profile, **home(tmp_path))
    alone = profile.parent / "alone.mbox"
    alone.write_bytes(mbox(hosted(1)))
    (report,) = objects(run("scan", "--json", alone, **home(tmp_path)).stdout)

    assert "192.0.2.1" == report["hops"][report["origin"]["hop"]]["ip"]
    assert 38 == len(objects(first.stdout))


def test_a_profile_is_remembered_once(profile: Path, tmp_path: Path) -> None:
    """The host in Thunderbird knows what the scan taught; a second scan teaches nothing more; it can all be forgotten."""
    for _ in range(2):
        done = run("scan", "--json", "--remember", profile, **home(tmp_path))
        assert 0 == done.returncode
        assert b"remembered what 32 messages of 2 accounts teach" in done.stderr
    (path,) = registers(tmp_path)
    assert (33, 2) == held(path)[:2]  # what was sent teaches nothing, and is remembered

    forgotten = run("forget", **home(tmp_path))
    assert (0, b"Forgotten: what was remembered of 33 messages of 2 accounts.\n") == (
        forgotten.returncode,
        forgotten.stdout,
    )
    assert (0, 0) == held(path)[:2]
    again = run("forget", "--locale", "ja", **home(tmp_path))
    assert (0, "メールから覚えたことは、ありませんでした。\n") == (again.returncode, again.stdout.decode())


def test_the_scans_origin_is_that_of_what_was_learnt(profile: Path) -> None:
    """The hoster's store is inside where mail or identities say so, not for a message that lies in no account."""
    made = {
        (os.path.relpath(one["path"], profile), one["index"]): one
        for one in objects(run("scan", "--json", profile).stdout)
    }

    assert "198.51.100.3" == made[f"{IMAP}/INBOX", 3]["origin"]["ip"]
    assert "198.51.100.3" == made[f"{POP}/Inbox", 3]["origin"]["ip"]
    assert "198.51.100.20" == made[f"{LOCAL}/Archive", 0]["origin"]["ip"]
    assert "192.0.2.1" == made["Mail/gone.example/Inbox", 0]["origin"]["ip"]


def test_only_a_profile_can_be_remembered(profile: Path, tmp_path: Path) -> None:
    """Of anything else it is not known whose mail it is: that is a usage error, said in a sentence."""
    for path in (profile / IMAP / "INBOX", profile / "Mail", tmp_path / "missing"):
        done = run("scan", "--remember", profile, path, **home(tmp_path))

        assert 2 == done.returncode
        assert b"" == done.stdout
        assert f"--remember is for a Thunderbird profile, and {path} is none" in done.stderr.decode()
    assert [] == registers(tmp_path)


def test_mail_that_lies_elsewhere_is_named(profile: Path) -> None:
    """An account whose folder is outside of the profile: its place is said, its mail is not read."""
    (profile / "prefs.js").write_text(prefs({**PREFS, "mail.server.server3.directory-rel": "[ProfD]../other"}), "utf-8")
    done = run("scan", "--json", profile)

    assert 0 == done.returncode
    assert f"the mail of account3 is not read, it lies in {profile}/../other" in done.stderr.decode()


def test_a_register_that_cannot_be_written_does_not_stop_a_scan(profile: Path, tmp_path: Path) -> None:
    """Every message is analysed; the last line and the status say what could not be done."""
    (tmp_path / "home").mkdir()
    for folder in ("sekisho", "Library"):
        (tmp_path / "home" / folder).write_bytes(b"")
    done = run("scan", "--json", "--remember", profile, **home(tmp_path))

    assert (1, 38) == (done.returncode, len(objects(done.stdout)))
    assert b"could be remembered" in done.stderr.splitlines()[-1]


def test_forgetting_takes_kept_answers_along(tmp_path: Path) -> None:
    """Answers to look-ups say whose mail was looked at: they go too."""
    from sekisho.lookup.cache import NAME, Cache
    from sekisho.questions import Answer, Question

    kept = Cache(tmp_path / "home" / "sekisho")
    kept.put(Question("dns", "MX", "secret.example"), Answer(("10 mx.secret.example",), "a resolver", "2026-11-22"))
    kept.close()
    done = run("forget", **home(tmp_path))

    assert (0, b"Nothing was remembered of any mail.\nForgotten: 1 answers to look-ups.\n") == (
        done.returncode,
        done.stdout,
    )
    assert b"secret" not in (tmp_path / "home" / "sekisho" / NAME).read_bytes()


def test_what_cannot_be_forgotten_is_said(profile: Path, tmp_path: Path) -> None:
    """Status 1 and one line; where nothing is, nothing is made."""
    assert (0, []) == (run("forget", **home(tmp_path)).returncode, registers(tmp_path))
    run("scan", "--json", "--remember", profile, **home(tmp_path))
    with sqlite3.connect(registers(tmp_path)[0]) as connection:
        connection.execute("PRAGMA user_version = 99")
    done = run("forget", **home(tmp_path))

    assert (1, b"", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert b"newer" in done.stderr


def test_a_profile_is_remembered_within_bounds() -> None:
    """As many messages of an account as the register keeps."""
    assert 2000 == MAX_LESSONS
