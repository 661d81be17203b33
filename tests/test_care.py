"""What the options page is told of this computer: the tables and their age, the register, doctor's findings, and the update of the tables."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_native import MAIN, START, error, frame, frames, hello, message, request, the_answer, told
from test_remembering import ACCOUNT, home, mail
from workbench import LOCALES, primitives

from sekisho import ages
from sekisho.mail.date import days
from sekisho.tables import atlas, newer, suffixes

__all__ = ["home"]
PAPER = {"heading", "sentence", "list", "table", "marked", "fold", "action"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The reader's folder of fetched tables."""
    newer.FOLDER = str(tmp_path)
    yield tmp_path
    newer.FOLDER = None


def day(date: str) -> int:
    return days(*map(int, date.split("-")))


def of(name: str) -> ages.Age:
    return next(one for one in ages.ages(0) if one.table == name)


@pytest.mark.parametrize("table", ["atlas", "suffixes", "registries"])
def test_every_table_that_can_be_fetched_is_old_after_three_months(table: str) -> None:
    """Not on the ninety-second day, but on the next; the notice names the table, its date and one command."""
    date = of(table).date
    assert date is not None
    assert not next(one for one in ages.ages(day(date) + 92) if one.table == table).old
    assert next(one for one in ages.ages(day(date) + 93) if one.table == table).old
    for locale, column in (("en", 0), ("ja", 1)):
        said = ages.notice(day(date) + 93, locale)
        assert said and f"{ages.TITLES[table][column]} ({date})" in said["text"]
        assert said["command"].endswith(" update") and "\n" not in said["command"]


def test_fresh_tables_are_not_spoken_of() -> None:
    """On the day of the oldest nothing is old."""
    assert ages.notice(min(day(one.date) for one in ages.ages(0) if one.date), "en") is None


def test_a_publisher_without_anything_newer_makes_no_table_old(folder: Path) -> None:
    """Where `update` has looked, three months count from that day; a damaged note counts as none."""
    today = max(day(one.date) for one in ages.ages(0) if one.date) + 200
    assert next(one for one in ages.ages(today) if one.table == "registries").old
    ages.note(["registries"], time.strftime("%Y-%m-%d", time.gmtime(86400 * (today - 5))))
    found = {one.table: one.old for one in ages.ages(today)}
    assert (found["registries"], found["atlas"]) == (False, True)
    for damaged in ("", "[1]", '{"registries": 7}', '{"registries": "soon"}', '{"registries": "2026-99-99"}'):
        (folder / ages.LOOKED).write_text(damaged, "utf-8")
        assert next(one for one in ages.ages(today) if one.table == "registries").old


def test_the_registries_date_is_that_of_the_table_in_use(folder: Path) -> None:
    """It is read without the table; both must agree, with a fetched one as well."""
    from sekisho.tables import registries

    assert of("registries").date == registries.as_of()["dns"]
    own = json.loads(Path(registries.TABLE).read_text("utf-8"))
    own["as_of"]["dns"] = "2026-11-01"
    (folder / "registries-2026-11-01.json").write_text(json.dumps(own), "utf-8")
    registries.reopen()
    try:
        assert of("registries").date == registries.as_of()["dns"] == "2026-11-01"
    finally:
        registries.reopen()


@pytest.mark.parametrize("locale", LOCALES)
def test_hello_says_what_is_old(tmp_path: Path, home: str, locale: str) -> None:
    """With a clock of next year the panel is told, in its language, what to run; with fresh tables nothing."""
    later = "import time\nreal = time.time\ntime.time = lambda: real() + 400 * 86400\n"
    said = the_answer(told([hello(1, locale=locale)], home + later), 1)["result"]
    assert said["problems"] == []
    assert set(said["old"]) == {"text", "command"} and str(tmp_path) in said["old"]["command"]
    assert str(atlas.as_of()) in said["old"]["text"] and str(suffixes.as_of()) in said["old"]["text"]
    past = f"import time\ntime.time = lambda: {86400 * day(of('registries').date or '')}.0\n"
    assert the_answer(told([hello(1, locale=locale)], home + past), 1)["result"]["old"] is None


@pytest.mark.parametrize("locale", LOCALES)
def test_the_state_of_this_computer(home: str, locale: str) -> None:
    """Tables with their dates, and how much mail has taught; all of it in primitives that a painter knows."""
    before = the_answer(told([request(1, "state", locale=locale)], home), 1)["result"]
    after = [*message(1, mail(1), account=ACCOUNT), request(2, "state", locale=locale)]
    result = the_answer(told(after, home), 2)["result"]
    assert set(result) == {"data", "register"}
    shown = list(primitives([*result["data"], *result["register"]]))
    assert {one["kind"] for one in shown} <= PAPER
    dates = [row[1] for one in shown if one["kind"] == "table" for row in one["rows"]]
    assert {atlas.as_of(), suffixes.as_of()} <= set(dates)
    assert before["register"] != result["register"]
    assert "1" in result["register"][0]["text"]


def test_the_register_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, home: str) -> None:
    told([*message(1, mail(1), account=ACCOUNT)], home)
    (found,) = tmp_path.rglob("register.sqlite")
    found.write_bytes(b"no database" * 100)
    result = the_answer(told([request(1, "state")], home), 1)["result"]
    assert "cannot be read" in result["register"][0]["text"]


def test_doctors_findings(home: str) -> None:
    """In a home where nothing was installed there is something to mend, each with its step."""
    result = the_answer(told([request(1, "doctor", locale="en")], home), 1)["result"]
    shown = list(primitives(result["doctor"]))
    assert {one["kind"] for one in shown} <= PAPER
    assert shown[0]["text"].startswith("To mend: ")
    assert any("python3 install.py" == one["spans"][0]["text"] for one in shown if one["kind"] == "marked")


UPDATER = """#!{python}
import sys, time
print(sys.argv[7:])
time.sleep({seconds})
print("Atlas: now of 2026-11-01.")
"""


def process(tmp_path: Path, home: str, seconds: float) -> subprocess.Popen[bytes]:
    """A host whose `sekisho update` is a program that takes that long; no test asks a publisher."""
    program = tmp_path / "updater"
    program.write_text(UPDATER.format(python=sys.executable, seconds=seconds), "utf-8")
    program.chmod(0o755)
    before = f"{home}import sys, sekisho.native as native\nnative.TICK = 0.05\nsys.executable = {str(program)!r}\n"
    return subprocess.Popen(
        [sys.executable, "-I", "-c", START + before + MAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def heard(host: subprocess.Popen[bytes]) -> Any:
    """The next frame."""
    assert host.stdout is not None
    size = host.stdout.read(4)
    return next(frames(size + host.stdout.read(int.from_bytes(size, sys.byteorder))))


def test_an_update_is_followed_while_mail_is_looked_at(tmp_path: Path, home: str) -> None:
    """It says that it lives, other requests are answered meanwhile, a second one is refused, and its words come at the end."""
    with process(tmp_path, home, 1.0) as host:
        assert host.stdin is not None
        sent = [request(1, "update", locale="ja"), request(2, "update"), *message(3, mail(1))]
        host.stdin.write(b"".join(map(frame, sent)))
        host.stdin.flush()
        said: list[Any] = []
        while not (said and said[-1].get("id") == 1):
            said.append(heard(host))
        host.stdin.close()
        assert error(said, 2)["code"] == -32004
        assert [one["params"]["stage"] for one in said if one.get("method") == "progress"][:1] == ["updating"]
        assert the_answer(said, 3)["result"]["sha256"]
        assert said[-1]["result"]["said"] == [
            "['update', '--locale', 'ja']",
            "Atlas: now of 2026-11-01.",
        ]


def test_an_update_ends_with_the_host(tmp_path: Path, home: str) -> None:
    """Thunderbird leaves: the host does as well, and takes the update with it."""
    with process(tmp_path, home, 600.0) as host:
        assert host.stdin is not None
        host.stdin.write(frame(request(1, "update")))
        host.stdin.flush()
        heard(host)
        host.stdin.close()
        assert host.wait(20) == 0
    if shutil.which("pgrep"):
        assert subprocess.run(["pgrep", "-f", str(tmp_path / "updater")], capture_output=True).stdout == b""
