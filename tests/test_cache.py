"""The cache of answers: kept as long as they are worth, readable by nobody else, and never in anybody's way."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
import time
from pathlib import Path

import pytest

from sekisho.lookup import cache
from sekisho.lookup.cache import NAME, Cache
from sekisho.questions import Answer, Failed, Question

QUESTION = Question("registration", "domain", "w-support.jp")
ANSWER = Answer(
    ({"created": "2021-05-10", "registrant": "エックスサーバー"},), "whois.jprs.jp", "2026-11-22T00:00:00+00:00"
)
NOTHING = Answer((), "whois.jprs.jp", "2026-11-22T00:00:00+00:00")


def failed(reason: str) -> Failed:
    return Failed(reason, "whois.jprs.jp", "2026-11-22T00:00:00+00:00")


def test_an_answer_is_given_again_as_it_was(tmp_path: Path) -> None:
    """Records, source and time; another question's are not."""
    Cache(tmp_path).put(QUESTION, ANSWER)
    kept = Cache(tmp_path)

    assert ANSWER == kept.get(QUESTION)
    assert kept.get(QUESTION._replace(name="other.jp")) is None
    assert kept.get(QUESTION._replace(kind="rdap")) is None


@pytest.mark.parametrize("state", [ANSWER, NOTHING, failed("timeout"), failed("rate-limited")], ids=str)
def test_every_outcome_is_kept_as_long_as_it_is_worth(
    state: Answer | Failed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That there is nothing less long than an answer, a failure least; then it has to be asked again."""
    kept = Cache(tmp_path)
    kept.put(QUESTION, state)
    if isinstance(state, Failed):
        seconds = cache.FAILURES[state.reason]
    else:
        seconds = cache.TTL[QUESTION.kind][0 if state.records else 1]
    began = time.time()

    monkeypatch.setattr(time, "time", lambda: began + seconds - 5)
    assert state == kept.get(QUESTION)
    monkeypatch.setattr(time, "time", lambda: began + seconds + 5)
    assert kept.get(QUESTION) is None


def test_what_says_nothing_of_the_question_is_not_kept(tmp_path: Path) -> None:
    """Without a network, or stopped by the reader: it is tried again at once."""
    kept = Cache(tmp_path)
    for reason in ("unreachable", "cancelled", "malformed"):
        kept.put(QUESTION, failed(reason))
        assert kept.get(QUESTION) is None


def test_a_server_is_left_alone_as_long_as_it_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry-After, up to a day."""
    kept = Cache(tmp_path)
    kept.put(QUESTION, failed("rate-limited"), rest=7200.0)
    began = time.time()

    monkeypatch.setattr(time, "time", lambda: began + 7000)
    assert failed("rate-limited") == kept.get(QUESTION)


def test_nobody_else_reads_it(tmp_path: Path) -> None:
    """File 0600 in a folder 0700."""
    folder = tmp_path / "cache"
    Cache(folder).put(QUESTION, ANSWER)

    assert [0o700, 0o600] == [stat.S_IMODE(os.stat(path).st_mode) for path in (folder, folder / NAME)]


def test_what_is_forgotten_cannot_be_read_from_the_file(tmp_path: Path) -> None:
    """The bytes are gone, not only the rows."""
    kept = Cache(tmp_path)
    kept.put(QUESTION, ANSWER)
    assert b"w-support.jp" in (tmp_path / NAME).read_bytes()

    assert 1 == kept.forget()
    assert b"w-support.jp" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    "damage", [b"", b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000], ids=["empty", "text", "torn"]
)
def test_a_damaged_file_is_made_anew(damage: bytes, tmp_path: Path) -> None:
    """At the start, and while it is used."""
    (tmp_path / NAME).write_bytes(damage)
    kept = Cache(tmp_path)
    kept.put(QUESTION, ANSWER)
    assert ANSWER == kept.get(QUESTION)

    kept.close()
    (tmp_path / NAME).write_bytes(damage)
    again = Cache(tmp_path)
    again.get(QUESTION)
    again.put(QUESTION, ANSWER)
    assert ANSWER == again.get(QUESTION)


def test_another_versions_file_is_made_anew(tmp_path: Path) -> None:
    """It is only a cache."""
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("CREATE TABLE answers (other)")
    kept = Cache(tmp_path)
    kept.put(QUESTION, ANSWER)

    assert ANSWER == kept.get(QUESTION)


def test_without_a_folder_the_look_ups_go_on(tmp_path: Path) -> None:
    """Where a file stands in the way nothing is kept and nothing raised."""
    (tmp_path / "file").write_text("")
    kept = Cache(tmp_path / "file" / "cache")
    kept.put(QUESTION, ANSWER)

    assert kept.get(QUESTION) is None
    assert 0 == kept.forget()
    kept.close()


def test_a_full_disk_is_not_in_the_way(tmp_path: Path) -> None:
    """What does not fit is asked again."""
    kept = Cache(tmp_path)
    kept.put(QUESTION, ANSWER)
    assert kept._connection is not None
    pages = kept._connection.execute("PRAGMA page_count").fetchone()[0]
    kept._connection.execute(f"PRAGMA max_page_count = {pages}")
    for number in range(200):
        kept.put(QUESTION._replace(name=f"d{number}.jp"), Answer(("x" * 4000,), "s", "t"))

    assert ANSWER == kept.get(QUESTION)


def _writes(folder: str, start: int) -> None:
    kept = Cache(Path(folder))
    for number in range(start, start + 100):
        kept.put(QUESTION._replace(name=f"d{number}.jp"), ANSWER)


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Nothing of either is lost."""
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_writes, args=(str(tmp_path), start)) for start in (0, 100)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    kept = Cache(tmp_path)

    assert [0, 0] == [process.exitcode for process in both]
    assert [ANSWER] * 200 == [kept.get(QUESTION._replace(name=f"d{number}.jp")) for number in range(200)]


def test_it_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is worth least goes first."""
    monkeypatch.setattr(cache, "MAX_ROWS", 50)
    kept = Cache(tmp_path)
    for number in range(1200):
        kept.put(QUESTION._replace(name=f"d{number}.jp"), ANSWER)
    (count,) = sqlite3.connect(tmp_path / NAME).execute("SELECT count(*) FROM answers").fetchone()

    assert 50 <= count <= 600
    assert ANSWER == kept.get(QUESTION._replace(name="d1199.jp"))
