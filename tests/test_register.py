"""The register: that it teaches what the mailbox taught, holds nothing of a mail, forgets, and survives what happens to files."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_checkpoint import INSIDE, ME, NOBODY, STRANGER, WHEN, line
from workbench import HOST, held

from sekisho import register as module
from sekisho.facts.checkpoint import find
from sekisho.facts.edges import NOTHING, Learner, chain
from sekisho.folders import REGISTER
from sekisho.mail import received
from sekisho.mail.received import Received
from sekisho.register import Register, RegisterError, lessons, look
from sekisho.register.marks import MARK

ACCOUNT = "account1 reader@own.example"
TODAY = 20_000
PATIENCE = 60  # seconds until a process that hangs is given up; nothing is measured

Mail = Sequence[Received]


def mail(number: int, forwarded: bool = False) -> Mail:
    """A mail from the organisation of that number, through a forwarder or straight to the edge."""
    peer = (f"198.51.100.{number % 250}", f"mail.sender{number}.test")
    if forwarded:
        handed = line("mx2.own.example", "192.0.2.77", "alias.forward.example", to=ME)
        return [INSIDE, handed, line("alias.forward.example", *peer, to="reader@forward.example")]
    return [INSIDE, line(f"mx{number % 4}.own.example", *peer, to=ME)]


MAILBOX = [mail(number, number < 6) for number in range(60)]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "sekisho" / REGISTER)


def opened(path: str, today: int = TODAY) -> Register:
    return Register(path, lambda: today)


def rows(path: str, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


# ------------------------------------------------------------------ what it teaches


def test_it_teaches_what_the_mailbox_taught(path: str) -> None:
    """The walk goes as far with the register's marks as with everything in words, for genuine and forged mails."""
    register, learner = opened(path), Learner()
    for one in MAILBOX:
        register.teach(ACCOUNT, [one])
        learner.add(chain(one))
    learnt = learner.edges()
    register = opened(path)  # a new start: nothing is kept but the file
    strange = [
        [INSIDE, STRANGER],
        [STRANGER, line("mx1.own.example", "203.0.113.99", "forged.test", to=ME)],
        [INSIDE, STRANGER, line("alias.forward.example", "203.0.113.99", "x.test", to=ME)],
        [line("mx.bank.example", "203.0.113.66", "a.test"), STRANGER],
    ]

    for one in (*MAILBOX, *strange):
        assert find(one, NOBODY, learnt) == find(one, NOBODY, register.edges(ACCOUNT, one))
    assert {"learnt-edge", "own-forwarder"} == {find(one, NOBODY, register.edges(ACCOUNT, one)).rule for one in MAILBOX}
    assert None is register.trouble


def test_it_answers_in_the_words_of_the_lines_it_is_asked_about(path: str) -> None:
    """What was learnt of others' names stays in marks."""
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)
    edges = register.edges(ACCOUNT, mail(3, True))

    assert ({"mx9.own.example"}, {("imap9.own.example", "own.example")}) == (edges.edges, edges.inside)
    assert ({"192.0.2.77"}, {"own.example"}, {"reader"}) == (edges.forwarders, edges.recipients, edges.local_parts)
    assert frozenset() == register.edges(ACCOUNT, mail(30)).forwarders
    assert NOTHING == register.edges(ACCOUNT, [line("mx.bank.example", "203.0.113.66", "a.test")])


def test_ten_mails_teach_an_edge(path: str) -> None:
    """The tenth mail is the first for which the edge decides, whether the host was started anew in between or not."""
    for number in range(12):
        register = opened(path)
        register.teach(ACCOUNT, [mail(number)])

        assert (number >= 9) == bool(register.edges(ACCOUNT, mail(number)).edges)


def test_a_message_counts_once(path: str) -> None:
    """A copy in another folder, folded otherwise, is the same message; so is one that is looked at again."""
    register = opened(path)
    copy = [received.parse(one.raw.replace("; ", ";\r\n\t")) for one in mail(1)]
    for one in (mail(1), mail(1), copy):
        register.teach(ACCOUNT, [one, one])

    assert 1 == held(path).messages
    register.teach(ACCOUNT, [mail(2)])
    assert 2 == held(path).messages


def test_a_mail_that_came_from_nowhere_is_not_written_down(path: str) -> None:
    """Sent mail and drafts teach nothing, and make no file."""
    register = opened(path)
    register.teach(ACCOUNT, [[], [line("own.example")], [line("own.example", "192.168.1.7", "desk.own.example")]])

    assert not os.path.exists(path)


def test_accounts_learn_apart(path: str) -> None:
    """What one account's mail taught holds for no other's."""
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)
    register.teach("account2 me@second.example", MAILBOX[:3])

    learnt = register.edges("account2 me@second.example", MAILBOX[0])
    assert NOTHING == learnt._replace(
        filters=frozenset()
    )  # a filter shows in the second mail; it counts for a known provider's alone
    assert NOTHING == register.edges("account3", MAILBOX[0])
    assert (63, 2) == held(path)[:2]


def test_old_lessons_are_forgotten(path: str) -> None:
    """The first mail after the age limit ends what was taught before it; what is younger stays. So with a clock that was wrong."""
    opened(path).teach(ACCOUNT, MAILBOX[:30])
    opened(path, TODAY + 100).teach("account2", MAILBOX[30:])
    later = opened(path, TODAY + module.MAX_DAYS + 1)
    later.teach("account2", [mail(100)])

    assert NOTHING == later.edges(ACCOUNT, MAILBOX[0])
    assert {"mx9.own.example"} == later.edges("account2", MAILBOX[30]).edges
    assert (31, 1) == held(path)[:2]
    earlier = opened(path, TODAY)
    earlier.teach(ACCOUNT, [mail(100)])
    assert NOTHING == earlier.edges("account2", MAILBOX[30])
    assert (1, 1) == held(path)[:2]


def test_the_day_turns_while_a_host_runs(path: str) -> None:
    """A host that is never stopped drops what is too old all the same."""
    day = [TODAY]
    register = Register(path, lambda: day[0])
    register.teach(ACCOUNT, MAILBOX)
    day[0] += module.MAX_DAYS + 1
    register.teach(ACCOUNT, [mail(100)])

    assert NOTHING == register.edges(ACCOUNT, MAILBOX[0])
    assert (1, 1) == held(path)[:2]


def test_its_size_is_bounded(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one account the newest lessons are kept, and of the accounts those that learnt last."""
    monkeypatch.setattr(lessons, "MAX_LESSONS", 40)
    monkeypatch.setattr(lessons, "MAX_ACCOUNTS", 3)
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)
    assert 40 == held(path).messages
    newest = [[line("mx1.new.example", f"198.51.100.{number}", f"s{number}.test")] for number in range(80)]
    for one in newest:
        register.teach(ACCOUNT, [one])
    assert 40 >= held(path).messages
    assert NOTHING == register.edges(ACCOUNT, MAILBOX[0])
    assert {"mx9.new.example"} == register.edges(ACCOUNT, newest[0]).edges

    for number in range(5):
        register.teach(f"other{number}", MAILBOX[:1])
    assert (3, 3) == held(path)[:2]


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(text=st.text(max_size=60), account=st.text(max_size=200))
def test_any_text_can_be_taught(path: str, text: str, account: str) -> None:
    """Whatever a line or a key holds, lone surrogates and NUL included."""
    odd = received.parse(f"from x (x [203.0.113.5]) by mx.example with SMTP; {WHEN}")._replace(
        by=text or "b", rdns=text, recipient=f"{text}@{text}", raw=text
    )
    register = opened(path)
    register.teach(account, [[odd]])
    register.edges(account, [odd])
    register.close()

    assert None is register.trouble


# ------------------------------------------------------------------ what it holds


def words_of(mails: Sequence[Mail]) -> set[str]:
    """Every word of four letters or more that the lines of these mails hold."""
    text = " ".join(one.raw for lines in mails for one in lines) + " " + ACCOUNT
    return {word.lower() for word in re.findall(r"[\w.@-]{4,}", text) if not word.isdigit()}


def test_nothing_of_a_mail_stands_in_the_file(path: str) -> None:
    """No host, address, recipient, id, date or account key, in any usual encoding."""
    opened(path).teach(ACCOUNT, MAILBOX)
    held = Path(path).read_bytes().lower()
    kept = {"register", "account", "lesson", "with", "from"}  # the schema's own words

    assert 130 < len(words_of(MAILBOX))
    for word in words_of(MAILBOX) - kept:
        assert word.encode() not in held
        assert word.encode("utf-16-le") not in held
        assert word.encode("utf-16-be") not in held


def test_marks_differ_from_one_register_to_the_next(tmp_path: Path) -> None:
    """Two readers of the same mail hold different marks: no table made for one serves for another."""
    marks = []
    for name in "ab":
        opened(str(tmp_path / name / REGISTER)).teach(ACCOUNT, MAILBOX[:1])
        marks.append(rows(str(tmp_path / name / REGISTER), "SELECT mark, chain FROM lesson"))

    assert marks[0] != marks[1]


def test_the_file_is_its_users_alone(tmp_path: Path) -> None:
    """0600 in a folder of 0700, whatever the umask; a file that had other rights gets these."""
    before = os.umask(0)
    try:
        register = opened(str(tmp_path / "new" / REGISTER))
        register.teach(ACCOUNT, MAILBOX[:1])
        os.chmod(register.path, 0o644)
        opened(register.path).teach(ACCOUNT, MAILBOX[1:2])
    finally:
        os.umask(before)

    assert 0o600 == stat.S_IMODE(os.stat(register.path).st_mode)
    assert 0o700 == stat.S_IMODE(os.stat(tmp_path / "new").st_mode)


def marks_in(path: str) -> set[bytes]:
    """Every mark, and the key."""
    packed = [bytes(chain) for (chain,) in rows(path, "SELECT chain FROM lesson")]  # type: ignore[call-overload]  # bytes they are
    found = {one[at : at + MARK] for one in packed for at in range(0, len(one), MARK)}
    found |= {bytes(mark) for (mark,) in rows(path, "SELECT mark FROM lesson UNION SELECT mark FROM account")}  # type: ignore[call-overload]
    found |= {bytes(key) for (key,) in rows(path, "SELECT key FROM register")}  # type: ignore[call-overload]
    return found - {bytes(MARK)}


def test_what_is_forgotten_is_gone_from_the_file(path: str) -> None:
    """Not a mark of it, nor the key, can be found in the folder any more, and the file has become small."""
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)
    register.teach("account2", MAILBOX[:20])
    before, size = marks_in(path), os.path.getsize(path)
    assert all(mark in Path(path).read_bytes() for mark in before)

    assert 80 == register.forget()

    assert [REGISTER] == os.listdir(os.path.dirname(path))
    held = Path(path).read_bytes()
    assert [] == [mark for mark in before if mark in held or mark.hex().encode() in held]
    assert size > len(held)
    assert NOTHING == register.edges(ACCOUNT, MAILBOX[0])
    assert 0 == register.forget()


def test_one_account_is_forgotten_alone(path: str) -> None:
    """The others keep what they know."""
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX[:30])
    before = marks_in(path)
    register.teach("account2", MAILBOX[30:])

    assert (30, 0) == (register.forget(ACCOUNT), register.forget("nobody's"))

    assert NOTHING == register.edges(ACCOUNT, MAILBOX[0])
    assert {"mx9.own.example"} == register.edges("account2", MAILBOX[30]).edges
    gone, held = before - marks_in(path), Path(path).read_bytes()
    assert 60 < len(gone)
    assert [] == [mark for mark in gone if mark in held]


def test_forgetting_where_nothing_is_makes_nothing(path: str) -> None:
    """No file, no folder."""
    assert 0 == opened(path).forget()
    assert not os.path.exists(os.path.dirname(path))
    assert None is look(path)


def test_what_another_process_forgot_is_not_remembered_by_this_one(path: str) -> None:
    """The key is read with every mail: after a forgetting elsewhere, marks of the old key are never written again."""
    here, there = opened(path), opened(path)
    here.teach(ACCOUNT, MAILBOX[:30])
    old = marks_in(path)
    assert 30 == there.forget()
    here.teach(ACCOUNT, MAILBOX[:30])

    assert not old & marks_in(path)
    assert {"mx9.own.example"} == there.edges(ACCOUNT, MAILBOX[0]).edges


# ------------------------------------------------------------------ what happens to files

WRITER = """
import sys
sys.path[:0] = sys.argv[1:3]
from test_register import ACCOUNT, mail, opened
register = opened(sys.argv[3])
for number in range(int(sys.argv[4]), int(sys.argv[5])):
    register.teach(ACCOUNT, [mail(number)], 30)
    assert register.trouble is None, register.trouble
    print(number, flush=True)
"""


def writer(path: str, first: int, last: int) -> subprocess.Popen[str]:
    """A process that teaches the mails of these numbers one by one, and says so of each."""
    command = [sys.executable, "-c", WRITER, str(HOST), str(Path(__file__).parent), path, str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_at_once(path: str) -> None:
    """Nothing of either is lost, and what both taught counts once."""
    writers = [writer(path, 0, 120), writer(path, 60, 180), writer(path, 150, 240)]
    said = [one.communicate(timeout=PATIENCE)[0].split() for one in writers]

    assert [120, 120, 90] == [len(one) for one in said]
    assert [0, 0, 0] == [one.returncode for one in writers]
    assert [(240,)] == rows(path, "SELECT count(*) FROM lesson")
    assert [("ok",)] == rows(path, "PRAGMA integrity_check")


def test_a_process_that_is_killed_leaves_a_whole_register(path: str) -> None:
    """Killed at any point of its writing: what it said it had taught is there, and the file is sound."""
    for number in range(6):
        process = writer(path, number * 1000, number * 1000 + 1000)
        assert process.stdout
        said = [process.stdout.readline() for _ in range(1 + number * 7)]
        process.send_signal(signal.SIGKILL)
        said += process.communicate(timeout=PATIENCE)[0].splitlines()
        register = opened(path)

        assert said
        before = look(path)
        register.teach(ACCOUNT, [mail(int(text)) for text in said])
        assert before == look(path)
        assert [("ok",)] == rows(path, "PRAGMA integrity_check")


def test_a_full_disk_stops_nothing(path: str) -> None:
    """What was learnt is still known; that no more can be is said once; and with room again it goes on."""
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)
    assert register._connection
    (pages,) = register._connection.execute("PRAGMA page_count").fetchone()
    with full(os.path.getsize(path)):
        for number in range(1000, 1100):
            register.teach(ACCOUNT, [mail(number)])
            if register.trouble:
                break
        assert register.trouble
        assert (True, False) == (register.news() is not None, register.news() is not None)
        assert {"mx9.own.example"} == register.edges(ACCOUNT, MAILBOX[0]).edges

    register.teach(ACCOUNT, [mail(number)])
    assert None is register.trouble
    assert [("ok",)] == rows(path, "PRAGMA integrity_check")
    assert pages <= rows(path, "PRAGMA page_count")[0][0]  # type: ignore[operator]  # a number


@contextmanager
def full(size: int) -> Iterator[None]:
    """A limit on what any file may hold, as a disk's end is one."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_forgetting_needs_no_room(path: str) -> None:
    """On a full disk everything can be forgotten."""
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)
    with full(os.path.getsize(path)):
        assert 60 == register.forget()


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"no database\n" * 500, b"SQLite format 3\0" + b"\xff" * 4080])
def test_a_file_that_is_no_register_is_begun_anew(path: str, content: bytes) -> None:
    """Whatever lies there is deleted, and learning starts again."""
    os.makedirs(os.path.dirname(path))
    Path(path).write_bytes(content)
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)

    assert None is register.trouble
    assert {"mx9.own.example"} == register.edges(ACCOUNT, MAILBOX[0]).edges
    assert [("ok",)] == rows(path, "PRAGMA integrity_check")


def test_a_database_that_is_another_programs_is_begun_anew(path: str) -> None:
    """Tables that are not ours under our version, or ours with nonsense in them."""
    for statement in (
        "DROP TABLE lesson",
        "DELETE FROM register",
        "UPDATE register SET key = 'x'",
        "UPDATE account SET edges = '{}'",
        "UPDATE account SET edges = x'ff'",
        "UPDATE account SET edges = '{\"inside\":[3]}'",
    ):
        register = opened(path)
        register.teach(ACCOUNT, MAILBOX)
        register.close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)
            connection.commit()
        register = opened(path)
        register.edges(ACCOUNT, MAILBOX[0])
        register.teach(ACCOUNT, MAILBOX)

        assert {"mx9.own.example"} == register.edges(ACCOUNT, MAILBOX[0]).edges, statement
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE lesson SET chain = x'00'")
        connection.commit()
    register = opened(path)
    for number in range(100, 115):
        register.teach(ACCOUNT, [mail(number)])
    assert {"mx9.own.example"} == register.edges(ACCOUNT, mail(100)).edges


@settings(max_examples=20, deadline=None)
@given(
    holes=st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([1, 16, 400]), st.binary(max_size=64)), min_size=1, max_size=5
    ),
    left=st.floats(0, 1) | st.just(1.0),
)
def test_a_damaged_file_never_stops_anybody(holes: list[tuple[float, int, bytes]], left: float) -> None:
    """Bytes overwritten, cut off or put in: no error gets out, and after a forgetting it works as on the first day."""
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, REGISTER)
        register = opened(path)
        register.teach(ACCOUNT, MAILBOX)
        register.close()
        content = bytearray(Path(path).read_bytes())
        for place, width, new in holes:
            at = int(place * (len(content) - 1))
            content[at : at + width] = new
        Path(path).write_bytes(content[: int(left * len(content))])
        register = opened(path)
        register.edges(ACCOUNT, MAILBOX[0])
        register.teach(ACCOUNT, MAILBOX[:20])
        register.forget()
        register.teach(ACCOUNT, MAILBOX)

        assert {"mx9.own.example"} == register.edges(ACCOUNT, MAILBOX[0]).edges
        register.close()


def test_a_register_of_a_newer_version_is_left_alone(path: str) -> None:
    """Neither read nor deleted: the newer Sekisho that wrote it may come back."""
    opened(path).teach(ACCOUNT, MAILBOX)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = Path(path).read_bytes()
    register = opened(path)
    register.teach(ACCOUNT, [mail(100)])

    assert "newer" in (register.trouble or "")
    assert NOTHING == register.edges(ACCOUNT, MAILBOX[0])
    with pytest.raises(RegisterError, match="newer"):
        register.forget()
    with pytest.raises(RegisterError, match="newer"):
        look(path)
    assert before == Path(path).read_bytes()


def test_a_register_of_an_older_version_is_brought_up(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps that it lacks are taken, and what was learnt stays."""
    opened(path).teach(ACCOUNT, MAILBOX)
    monkeypatch.setattr(module, "STEPS", (*module.STEPS, ("CREATE TABLE more (id INTEGER PRIMARY KEY)",)))
    register = opened(path)

    assert {"mx9.own.example"} == register.edges(ACCOUNT, MAILBOX[0]).edges
    assert [(len(module.STEPS),)] == rows(path, "PRAGMA user_version")
    assert [] == rows(path, "SELECT * FROM more")


@contextmanager
def somebody(folder: Path) -> Iterator[None]:
    """A user without rights, to whom the folder belongs: root may write anywhere."""
    if os.geteuid():
        yield
        return
    for one in (folder, *folder.rglob("*")):
        os.chown(one, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_cannot_be_written_stops_nothing() -> None:
    """Without a file nothing is learnt; with one, what it holds is known. Nothing can be forgotten, and that is said."""
    with tempfile.TemporaryDirectory() as scratch, somebody(Path(scratch)):
        path = os.path.join(scratch, "data", REGISTER)
        register = opened(path)
        os.chmod(scratch, 0o500)
        register.teach(ACCOUNT, MAILBOX)
        assert (True, NOTHING) == (register.news() is not None, register.edges(ACCOUNT, MAILBOX[0]))
        os.chmod(scratch, 0o700)
        register.teach(ACCOUNT, MAILBOX)
        register.close()
        os.chmod(path, 0o400)
        os.chmod(os.path.dirname(path), 0o500)

        register = opened(path, TODAY + 1)
        register.teach(ACCOUNT, [mail(100)])
        assert register.trouble
        assert {"mx9.own.example"} == register.edges(ACCOUNT, MAILBOX[0]).edges
        assert 60 == held(path).messages
        with pytest.raises(RegisterError):
            register.forget()
        os.chmod(os.path.dirname(path), 0o700)


def test_a_folder_that_is_none_stops_nothing(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "sekisho").write_bytes(b"")
    register = opened(str(tmp_path / "sekisho" / REGISTER))
    register.teach(ACCOUNT, MAILBOX)

    assert register.trouble
    assert NOTHING == register.edges(ACCOUNT, MAILBOX[0])


def test_a_file_that_was_deleted_meanwhile_is_begun_anew(path: str) -> None:
    """An uninstall, or another process that found it damaged."""
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)
    os.unlink(path)
    register.teach(ACCOUNT, [mail(100)])

    assert None is register.trouble
    assert [(1,)] == rows(path, "SELECT count(*) FROM lesson")


def test_somebody_elses_lock_is_waited_for_a_moment_only(path: str) -> None:
    """While another process writes, a look at a mail goes on without; afterwards it teaches again."""
    register = opened(path)
    register.teach(ACCOUNT, MAILBOX)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        register.teach(ACCOUNT, [mail(100)])
        assert "locked" in (register.trouble or "")
        assert {"mx9.own.example"} == register.edges(ACCOUNT, MAILBOX[0]).edges
    register.teach(ACCOUNT, [mail(100)])

    assert [(61,)] == rows(path, "SELECT count(*) FROM lesson")


def test_what_was_half_forgotten_is_forgotten(path: str) -> None:
    """A process that is killed while it forgets everything leaves a file without its key: who has it open, and who comes, begin anew."""
    register, later = opened(path), opened(path)
    register.teach(ACCOUNT, MAILBOX)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM register")

    assert NOTHING == register.edges(ACCOUNT, MAILBOX[0])
    later.teach(ACCOUNT, [mail(1)])
    register.teach(ACCOUNT, [mail(2)])
    assert (2, 1) == held(path)[:2]
    assert (None, None) == (register.trouble, later.trouble)
