"""The register's sightings, whatever happens to the process, the disk or the file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import waves
from test_campaign import ACCOUNT, OFFICE
from test_register import PATIENCE, full
from workbench import HOST, NOW

from sekisho import settings
from sekisho.engine import analyse
from sekisho.facts.campaign import Campaign
from sekisho.folders import REGISTER
from sekisho.mail.message import Message
from sekisho.memory import Memory
from sekisho.register import Register, look

MAILS = waves.guessed(40)


def passed(register: Register, source: bytes) -> Campaign | None:
    """One mail through the register, as in the native host."""
    message, memory = Message(source), Memory(register, ACCOUNT, 180)
    analysis = analyse(message, memory.recall(message), settings.read(OFFICE)[0], NOW)
    memory.teach(analysis)
    return analysis.facts.campaign


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "sekisho" / REGISTER)


KILLER = """
import os, random, signal, sqlite3, sys, time
sys.path[:0] = sys.argv[1:3]
import waves
from test_sightings import MAILS
from sekisho.facts.sighting import Sighting
from sekisho.mail.likeness import Likeness
from sekisho.register import Register
from sekisho.register.marks import Marks
from sekisho.register.sightings import Seen
import rensa

path, kills = sys.argv[3], int(sys.argv[4])
dice = random.Random(5)

def seen(number):
    words = tuple(f"{number} {n} {dice.random()}" for n in range(60))
    return Seen(f"trace {number}", (), Likeness(f"subject {number % 7}", words), Sighting(
        1_700_000_000 + number, f"s{number % 9}@a.example", True, "danger", False, "203.0.113", None, None, None, (), ("me@b.example",),
        ("c.example",), (), ("EICAR",), f"{number}@a.example", False, ()))

known, number = set(), 0
for kill in range(kills):
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        register = Register(path)
        while True:
            register.remember("account", [seen(number)], 30)
            assert register.trouble is None, register.trouble
            os.write(into, b"%d\\n" % number)
            number += 1
    os.close(into)
    begun = os.read(out, 1) if kill % 10 else b""  # one in ten is killed while it may still be opening the file
    time.sleep(dice.random() * 0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = (begun + os.fdopen(out, "rb").read()).split()
    known.update(map(int, said))
    number = max([number, *map(int, said)]) + 2  # one that was written and not yet said may be there too
    if not os.path.exists(path):
        assert not known
        continue
    connection = sqlite3.connect(path)
    assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall(), kill
    if connection.execute("PRAGMA user_version").fetchone()[0]:
        marks = Marks.of(connection)
        held = {mark for (mark,) in connection.execute("SELECT mark FROM sighting")}
        lost = [one for one in known if marks("trace", f"trace {one}") not in held]
        assert not lost, (kill, lost)
    else:
        assert not known
    connection.close()
print(len(known))
"""


def test_killed_at_two_hundred_points_it_loses_nothing(path: str) -> None:
    """A process that writes is killed again and again: the file is sound each time, and all that was said to be written is there."""
    os.makedirs(os.path.dirname(path))
    command = [sys.executable, "-c", KILLER, str(HOST), str(Path(__file__).parent), path, "200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=5 * PATIENCE)

    assert (0, "") == (done.returncode, done.stderr)
    assert 100 < int(done.stdout)


WRITER = """
import sys
sys.path[:0] = sys.argv[1:3]
from test_sightings import MAILS, passed
from sekisho.register import Register
register = Register(sys.argv[3])
for number in range(int(sys.argv[4]), int(sys.argv[5])):
    while True:
        passed(register, MAILS[number])
        if register.trouble is None:
            break
        assert "locked" in register.trouble, register.trouble
"""


def test_two_processes_remember_at_once(path: str) -> None:
    """Both write and read one campaign, a message of both counts once."""
    head = [sys.executable, "-c", WRITER, str(HOST), str(Path(__file__).parent), path]
    running = [
        subprocess.Popen([*head, *span], stderr=subprocess.PIPE, text=True) for span in (("0", "24"), ("16", "40"))
    ]

    assert [("", 0)] * 2 == [(one.communicate(timeout=2 * PATIENCE)[1], one.returncode) for one in running]
    size, found = look(path), passed(Register(path), MAILS[0])
    assert size is not None and found is not None
    assert (40, 40) == (size.messages, found.messages)


def test_a_full_disk_takes_nothing_from_a_report(path: str) -> None:
    """What is known stays known, that no more can be remembered is said, and with room again it goes on."""
    register = Register(path)
    for source in MAILS[:10]:
        passed(register, source)
    with full(os.path.getsize(path)):
        made = [passed(register, source) for source in MAILS[10:]]
        assert register.trouble and register.news()
    passed(register, MAILS[39])

    assert None is register.trouble
    assert all(found is not None and found.messages >= 11 for found in made)
    with closing(sqlite3.connect(path)) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()


@pytest.mark.parametrize("column", ["said", "body", "subject", "sender", "at", "level"])
def test_nonsense_in_a_row_stops_nothing(path: str, column: str) -> None:
    """A file whose rows hold something else than we wrote gives less, or is begun anew; no report fails."""
    for nonsense in ("x'00'", "'{'", "x'5b315d'", "'[1,2,3,4,5,6,7,8,9,10,11,12,13]'", "77"):
        register = Register(path)
        for source in MAILS[:4]:
            passed(register, source)
        register.close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"UPDATE sighting SET {column} = {nonsense}")
            connection.commit()
        register = Register(path)
        for source in MAILS[4:8]:
            passed(register, source)
        assert None is register.trouble


def test_a_register_of_before_is_brought_up(path: str) -> None:
    """One that has only lessons keeps them and begins to hold sightings."""
    from sekisho.register import STEPS

    os.makedirs(os.path.dirname(path))
    with closing(sqlite3.connect(path)) as connection:
        for statement in (*STEPS[0], "INSERT INTO account VALUES (1, x'010203040506', '{\"inside\":[]}', 3)"):
            connection.execute(statement)
        connection.execute("INSERT INTO lesson VALUES (1, 1, x'0a0b0c0d0e0f', ?, x'')", (NOW // 86_400,))
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    register = Register(path, lambda: NOW // 86_400)
    for source in MAILS[:3]:
        found = passed(register, source)

    assert found is not None and found.messages == 3
    size = look(path)
    assert size is not None and (4, 2) == size[:2]
