"""The register with many entries: how long a newly opened mail's look-up takes, and writing it down; and a campaign's whole list.

    python tests/bench/register.py [--entries 1000000] [--folder FOLDER]

Entries are made by the register's own code from made-up messages: texts over a vocabulary of 20,000 words in 500 frames, so that
bands collide as they do in mail, 3 % of them in campaigns of 20 to 400 mails, over 180 days. The file is cold in no page cache
here: what is measured is SQLite and our own reading.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "host"))

from sekisho.facts.sighting import Sighting, Way
from sekisho.mail.likeness import WIDTH, Likeness
from sekisho.register import Register, lessons, sightings
from sekisho.register.marks import Marks
from sekisho.register.sightings import Seen

DAY = 86_400
START = 1_700_000_000
ACCOUNT = "account1 reader@own.example"
TIMES = 50  # as many entries as are made of texts
WORDS = [f"w{number:x}" for number in range(20_000)]
WAYS = [
    Way(64_512 + number, f"Network {number}", country, "")
    for number, country in enumerate(["JP", "DE", "US", "FR", "BD", "NL", "GB", "CN"] * 8)
]


def text(dice: random.Random, frames: list[list[str]]) -> list[str]:
    """The words of a message: a frame that many share, and its own."""
    return [*dice.choice(frames), *dice.choices(WORDS, k=dice.randrange(20, 160))]


def likeness(words: list[str], subject: str) -> Likeness:
    shingles = dict.fromkeys(" ".join(words[at : at + WIDTH]) for at in range(len(words) - WIDTH + 1))
    return Likeness(subject, tuple(shingles))


def entries(count: int, dice: random.Random) -> Iterator[Seen]:
    """So many messages, and among them campaigns whose mails differ in a few words."""
    frames = [[dice.choice(WORDS) for _ in range(dice.randrange(0, 30))] for _ in range(500)]
    wave: list[str] = []
    left = 0
    for number in range(count):
        if not left and dice.random() < 0.0002:
            wave, left = text(dice, frames), dice.randrange(20, 400)
        if left and dice.random() < 0.8:
            left -= 1
            words, subject, level = [*wave, *(dice.choice(WORDS) for _ in range(5))], "wave " + wave[0], "danger"
        else:
            words, subject, level = (
                text(dice, frames),
                " ".join(dice.choices(WORDS, k=dice.randrange(1, 5))),
                "clear",
            )
        at = START + number * 180 * DAY // count
        yield seen(
            f"{number}",
            at,
            f"sender{int(dice.paretovariate(0.7)) % 200_000}@a.example",
            likeness(words, subject),
            level,
            dice,
        )


def seen(trace: str, at: int, sender: str, alike: Likeness, level: str, dice: random.Random) -> Seen:
    return Seen(
        trace,
        (),
        alike,
        Sighting(
            at=at,
            address=sender,
            proven=level == "clear",
            level=level,
            to_self=False,
            net=f"203.0.{dice.randrange(256)}",
            way=dice.choice(WAYS),
            behind=None,
            zone=540,
            signed=("a.example",),
            recipients=("reader@own.example",),
            links=("link.example", "other.example"),
            files=(),
            viruses=(),
            message_id=f"{trace}@a.example",
            sent=False,
            correspondents=(),
        ),
    )


def noted(made: Iterator[Seen], waves: list[Seen]) -> Iterator[Seen]:
    """The same, those of campaigns put down."""
    for one in made:
        if one.sighting.level == "danger":
            waves.append(one)
        yield one


def fill(path: str, made: Iterator[Seen], times: int) -> None:
    """Write them into a register, in one transaction that nothing protects, with indexes when all are there: each `times` times, as
    other messages with other texts, subjects and marks, of which those belong together that did before."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    kept = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'sighting' AND sql IS NOT NULL"
    ).fetchall()
    connection.execute("BEGIN")
    for name, _ in kept:
        connection.execute(f"DROP INDEX {name}")
    marks = Marks.of(connection)
    account, _ = lessons.account_of(connection, marks("account", ACCOUNT))
    today = int(time.time() // DAY)
    sightings.add(connection, marks, account, today, ((marks("trace", one.trace), one) for one in made))
    connection.execute("CREATE TEMP TABLE made AS SELECT * FROM sighting")
    connection.execute("DELETE FROM sighting")
    columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(sighting)")]
    other = {"id": "NULL", "at": "at + n"}
    other |= {name: f"CAST(substr({name}, 1, 6) || char(32 + n) AS BLOB)" for name in ("mark", "subject")}
    other |= {name: f"({name} + n * 1000003) & 0xFFFFFFFFFFFF" for name in columns if name.startswith("band")}
    copy = "INSERT INTO sighting SELECT {} FROM made CROSS JOIN (SELECT value AS n FROM json_each(?))"
    connection.execute(copy.format(", ".join(other.get(name, name) for name in columns)), (str([*range(1, times)]),))
    connection.execute(
        f"INSERT INTO sighting SELECT {', '.join('NULL' if name == 'id' else name for name in columns)} FROM made"
    )
    for _, statement in kept:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=1_000_000)
    arguments.add_argument("--folder", help="where the file is made, and kept")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(given.folder or scratch, "register.sqlite")
        register, dice = Register(path), random.Random(1)
        begin = time.perf_counter()
        waves: list[Seen] = []
        register.remember(ACCOUNT, [next(entries(1, random.Random(3)))])  # makes the file
        register.close()
        fill(path, noted(entries(given.entries // TIMES, dice), waves), TIMES)
        assert register.trouble is None, register.trouble
        print(
            f"{given.entries} entries, {os.path.getsize(path) / 1e6:.0f} MB, made in {time.perf_counter() - begin:.0f} s"
        )
        dice = random.Random(2)
        fresh = [one._replace(trace=f"new {number}") for number, one in enumerate(entries(300, dice))]
        fresh = [one._replace(sighting=one.sighting._replace(at=START + dice.randrange(180) * DAY)) for one in fresh]
        measured("look-up, a mail like none", register, fresh)
        measured(
            "look-up, a mail of a campaign",
            register,
            [one._replace(trace="x") for one in dice.sample(waves, min(300, len(waves)))],
        )
        times = []
        for one in fresh:
            begin = time.perf_counter()
            register.remember(ACCOUNT, [one])
            times.append(time.perf_counter() - begin)
        print(row("writing one down", times))
    return 0


def measured(what: str, register: Register, messages: list[Seen]) -> None:
    times, own, found = [], [], []
    for one in messages:
        begin, busy = time.perf_counter(), time.process_time()
        alike = register.alike(one.trace, one.likeness, one.sighting.at)
        register.history(one.trace, one.sighting.address, one.sighting.at)
        times.append(time.perf_counter() - begin)
        own.append(time.process_time() - busy)
        found.append(len(alike))
    assert register.trouble is None, register.trouble
    print(row(what, times))
    print(row("  of that the processor's", own), f"  records: median {statistics.median(found):.0f}, most {max(found)}")


def row(what: str, times: list[float]) -> str:
    ordered = sorted(times)
    return f"{what:32} median {statistics.median(ordered) * 1e3:6.2f} ms, 95 % {ordered[int(len(ordered) * 0.95)] * 1e3:6.2f} ms, most {ordered[-1] * 1e3:6.2f} ms"


if __name__ == "__main__":
    sys.exit(main())
