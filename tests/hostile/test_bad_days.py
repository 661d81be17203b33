"""The host on a machine that is not well: tables missing or damaged, a disk that is full, a clock that jumps."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_native import HONEST, MAIL, MAIN, START, frame, frames, hello, message, reports, request, the_answer
from workbench import PACKAGE, failures, wrong

TABLES = sorted(
    str(path.relative_to(PACKAGE))
    for path in PACKAGE.rglob("*")
    if path.suffix in (".bin", ".json", ".tsv")
    and path.name != "report.schema.json"
    and not path.name.startswith("made-")
)


def flipped(content: bytes) -> bytes:
    """Every fiftieth byte of the first ten thousand with its highest bit turned: in a text, one letter as another is told by nobody."""
    data = bytearray(content)
    for at in range(0, min(len(data), 10_000), 50):
        data[at] ^= 0x80
    return bytes(data)


DAMAGE: dict[str, Callable[[bytes], bytes] | None] = {
    "missing": None,
    "empty": lambda content: b"",
    "cut": lambda content: content[: len(content) // 2].rstrip(b"\n"),
    "flipped": flipped,
    "random": lambda content: random.Random(5).randbytes(len(content)),
}


def copied(to: Path) -> Path:
    """The package, each file a link to its own; what is damaged becomes a file."""
    for folder, _, names in os.walk(PACKAGE):
        if "__pycache__" not in folder:
            there = to / "sekisho" / Path(folder).relative_to(PACKAGE)
            there.mkdir(parents=True)
            for name in names:
                (there / name).symlink_to(Path(folder) / name)
    return to / "sekisho"


def said_by(start: str, home: Path, objects: list[Any], limit: int | None = None) -> list[Any]:
    """What a host says that is begun like this, its data below `home`; `limit`: bytes that any file of it may have."""

    def full() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", start + MAIN],
        input=b"".join(map(frame, objects)),
        capture_output=True,
        env={
            **os.environ,
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"),
        },
        preexec_fn=full,
    )
    assert (0, b"") == (done.returncode, done.stderr)
    return list(frames(done.stdout))


def whole(said: list[Any], identity: Any) -> dict[str, Any]:
    """The last report of a request that was answered; of its form, with no fault of the host in it."""
    assert "result" in the_answer(said, identity)
    report: dict[str, Any] = reports(said, identity)[-1]
    assert ([], []) == (failures(report), wrong(report))
    return report


def test_every_table_is_meant() -> None:
    """What is damaged below is what the program comes with."""
    assert {"tables/brands.tsv", "tables/data/atlas.bin", "tables/data/suffixes.bin"} < set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_a_damaged_table_is_told_and_the_analysis_goes_on(table: str, tmp_path: Path) -> None:
    """In words, with what follows and what mends it, in both languages; and every mail has its report."""
    for kind, damage in DAMAGE.items():
        package = copied(tmp_path / kind)
        (package / table).unlink()
        if damage is not None:
            (package / table).write_bytes(damage((PACKAGE / table).read_bytes()))
        start = f"import sys; sys.path.insert(0, {str(package.parent)!r})\n"
        said = said_by(
            start, tmp_path / "home", [hello(1), *message(2, MAIL), *message(3, HONEST), hello(4, locale="ja")]
        )

        (english,), (japanese,) = (the_answer(said, identity)["result"]["problems"] for identity in (1, 4))
        assert "install.py" in english and "install.py" in japanese and english != japanese, kind
        whole(said, 2)
        whole(said, 3)
        shutil.rmtree(tmp_path / kind)


def test_a_disk_without_room_stops_nothing(tmp_path: Path) -> None:
    """No file may have a single byte: nothing is learnt, nothing is kept, every request has its answer."""
    account = "imap://me@office.example"
    objects = [
        *message(1, MAIL, account=account),
        *message(2, MAIL, account=account, privacy="resolver", settings={"resolver": "127.0.0.1:1", "deadline": 1}),
        request(3, "campaign", of=1),
        request(4, "forget"),
        *message(5, HONEST, account=account),
    ]
    said = said_by(START, tmp_path / "home", objects, limit=0)

    for identity in (1, 2, 5):
        whole(said, identity)
    assert {3, 4} <= {one["id"] for one in said if "method" not in one}
    assert {0} == {path.stat().st_size for path in (tmp_path / "home").rglob("*") if path.is_file()}


CLOCK = """
import random, time
now, chance = time.time, random.Random(11)
time.time = lambda: now() + chance.choice((0, 0, 3600, -3600, 86400 * 400, -86400 * 400, -1.7e9, 3e9, -3e9))
"""


def test_a_clock_that_jumps_stops_nothing(tmp_path: Path) -> None:
    """By hours, years, to before 1970 and beyond 2106, at every look at it: reports, the register and kept answers bear it."""
    account = "imap://me@office.example"
    objects = [
        one
        for turn in range(8)
        for one in (
            *message(3 * turn, MAIL, account=account),
            *message(3 * turn + 1, HONEST, account=account),
            request(3 * turn + 2, "campaign", of=3 * turn),
        )
    ]
    said = said_by(START + CLOCK, tmp_path / "home", objects)

    for turn in range(8):
        whole(said, 3 * turn)
        whole(said, 3 * turn + 1)
        assert "result" in the_answer(said, 3 * turn + 2)
