"""`sekisho scan --remember`: what passed in a mailbox makes campaigns and histories, once, whatever the order in which it is read."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import waves
from test_campaign import PROOF, START, letter
from test_cli import run
from test_scan import home, prefs, registers
from test_scan_command import begun, mbox
from workbench import NOW

from sekisho import memory as remembered
from sekisho import settings
from sekisho.engine import analyse
from sekisho.mail import likeness
from sekisho.mail.message import Message
from sekisho.memory import Memory
from sekisho.register import Register
from sekisho.scan.remembering import TOGETHER, Writer

KEY = f"account1 info@{waves.OWN}"
SENT = f"From: info@{waves.OWN}\nTo: h_yoshida@kagu.example\nDate: {waves.date(START)}\nMessage-ID: <s@x>\n\nHello\n"
OWN = [f"{name}@{waves.OWN}" for name in waves.ACCOUNTS]


def profile(folder: Path, order: int) -> Path:
    """An office's mailbox, in an order of its own: a wave, a correspondent of months, what was sent, and mail of nobody's account."""
    mails = [*waves.guessed(), *(letter(day * 7, PROOF) for day in range(8))]
    random.Random(order).shuffle(mails)
    lines = {
        "mail.accountmanager.accounts": "account1",
        "mail.account.account1.identities": ",".join(f"id{number}" for number in range(len(OWN))),
        "mail.account.account1.server": "server1",
        "mail.server.server1.type": "imap",
        "mail.server.server1.hostname": "imap.office.example",
        "mail.server.server1.directory-rel": "[ProfD]ImapMail/imap.office.example",
        **{f"mail.identity.id{number}.useremail": one for number, one in enumerate(OWN)},
    }
    box = folder / "ImapMail" / "imap.office.example"
    (folder / "Mail" / "gone.example").mkdir(parents=True)
    box.mkdir(parents=True)
    (folder / "prefs.js").write_text(prefs(lines), "utf-8")
    (box / "INBOX").write_bytes(mbox(mails))
    (box / "Sent").write_bytes(mbox([SENT.encode()]))
    (folder / "Mail" / "gone.example" / "Inbox").write_bytes(mbox(waves.newsletters(3)))
    return folder


def recalled(path: Path, source: bytes) -> dict[str, Any]:
    """The report of a message that is opened after the scan."""
    chosen = settings.read({"locale": "en", "own_addresses": OWN})[0]
    message, memory = Message(source), Memory(Register(str(path)), KEY, 180)
    report = analyse(message, memory.recall(message), chosen, NOW).report
    return {"campaign": report.campaign, "history": report.history}


def rows(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return [
            *connection.execute(
                "SELECT mark, at, sender, subject, body, proven, level, said FROM sighting ORDER BY mark"
            ),
            *connection.execute("SELECT mark, times, at FROM correspondent ORDER BY mark"),
        ]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return profile(tmp_path / "abc.default", 1)


def test_a_scanned_mailbox_gives_campaigns_and_histories(office: Path, tmp_path: Path) -> None:
    """By the time of the messages: another order of the same mail, and several processes, say the same; a second scan adds nothing."""
    other = profile(tmp_path / "other" / "xyz.default", 2)
    done = run("scan", "--remember", "--jobs", 2, office, **home(tmp_path))
    assert (0, True) == (done.returncode, b"remembered 120 messages that passed" in done.stderr), done.stderr
    [path] = registers(tmp_path)
    before = rows(path)
    wave, friend = waves.guessed(112)[-1], letter(70, PROOF)
    first = [recalled(path, wave), recalled(path, friend)]
    assert 0 == run("scan", "--remember", "--jobs", 1, office, **home(tmp_path)).returncode
    assert 0 == run("scan", "--remember", "--jobs", 1, other, **home(tmp_path / "other")).returncode

    assert before == rows(path)
    assert 120 + 1 == len(before)
    campaign, history = first[0]["campaign"], first[1]["history"]
    assert (112, 108, 104, set(waves.LINKS)) == (
        campaign["count"],
        len(campaign["recipients"]),
        campaign["unknown"],
        set(campaign["links"]),
    )
    assert (8, 8, True, 1) == (history["count"], history["proven"], history["as_always"], history["written"]["times"])
    [path] = registers(tmp_path / "other")
    for report, source in zip(first, (wave, friend), strict=True):
        again = recalled(path, source)
        for one in (report, again):
            if one["history"]:
                one["history"]["began"] = None
        assert report == again


def test_mail_of_no_account_and_drafts_are_not_remembered(office: Path, tmp_path: Path) -> None:
    """Nor does a scan without --remember write anything."""
    draft = SENT.replace("Message-ID", "X-Mozilla-Draft-Info: internal/draft\nMessage-ID").encode()
    (office / "ImapMail" / "imap.office.example" / "INBOX").write_bytes(mbox([draft]))
    assert 0 == run("scan", office, **home(tmp_path)).returncode
    assert [] == registers(tmp_path)

    done = run("scan", "--remember", office, **home(tmp_path))
    assert b"remembered 1 messages that passed" in done.stderr


def test_a_killed_scan_remembers_the_rest_when_it_goes_on(office: Path, tmp_path: Path) -> None:
    """What counts as done is in the register: nothing between the two is lost."""
    box, state = office / "ImapMail" / "imap.office.example" / "INBOX", tmp_path / "state"
    box.write_bytes(mbox(waves.guessed(3 * TOGETHER)))
    with begun("--remember", "--jobs", 2, "--resume", state, office, **home(tmp_path)) as scan:
        while not state.exists() or state.read_bytes().count(b"\n") < TOGETHER // 2:
            assert scan.poll() is None
        os.killpg(scan.pid, signal.SIGKILL)
    done = state.read_bytes().count(b"\n") - 1
    [path] = registers(tmp_path)
    assert done <= len(rows(path)) < 3 * TOGETHER
    again = run("scan", "--remember", "--resume", state, office, **home(tmp_path))

    assert 0 == again.returncode, again.stderr
    assert 3 * TOGETHER + 1 + 1 == len(rows(path))  # and what was sent, and to whom


def test_what_waits_for_the_disk_is_done_in_order(tmp_path: Path) -> None:
    """At most a transaction's worth waits; without anything to write nothing does; a full disk holds up nobody."""
    path = tmp_path / "file"
    path.write_bytes(b"")
    writer, told = Writer(Register(str(path / "register.sqlite"))), list[int]()
    writer.then(lambda: told.append(0))
    assert [0] == told
    message, memory = Message(SENT.encode()), Memory(Register(str(tmp_path / "r.sqlite")), KEY, 180)
    chosen = settings.read({"own_addresses": OWN})[0]
    seen = remembered.seen(analyse(message, memory.recall(message), chosen, NOW), likeness.of(message))
    assert seen is not None
    for number in range(1, 3 * TOGETHER):
        writer.add(KEY, seen)
        writer.then(partial(told.append, number))
        assert number - len(told) < TOGETHER
    writer.flush()

    assert [*range(3 * TOGETHER)] == told
    assert 0 == writer.written


def test_the_age_of_a_letter_is_its_own(office: Path, tmp_path: Path) -> None:
    """What was written before counts, what was written later does not: the mail of day 21 knows three earlier ones."""
    assert 0 == run("scan", "--remember", office, **home(tmp_path)).returncode
    [path] = registers(tmp_path)

    assert 3 == recalled(path, letter(21, PROOF))["history"]["count"]
