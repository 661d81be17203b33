"""The checkpoint's register: what passed by, and what a reader's mail taught of the reader's own servers, kept between two starts (SQLite).

One file in Sekisho's data folder, for its user alone (0600). What stands in it, and why:

- `register`: a random key, made with the file and made anew when everything is forgotten; the day of the last clearing.
- `account`: a mark of the mail account's key, and what its mail taught: `Edges` of marks. Other accounts' mail teaches others.
- `lesson`: of each message that taught, its account, a mark of its trace fields (so that it counts once), the day it was
  looked at, and its chain: for each passage (facts.edges) five marks, of the kind of server that took it, its peer's
  organisation, the peer's address, and domain and local part of the address that `for` names. From these `Edges` are reckoned.
- `sighting`: of each message what is needed to know its like and its sender again (`sightings` says what in words, what in marks).
- `correspondent`: a mark of each address that the reader wrote to, how often and when last.
- `told`: whom the reader told of a sender's mail, and when; of all messages of one kind, which of them the letter was about.

A mark is a keyed hash cut to six bytes. Where only equality matters, no address, name, subject or text of any mail stands here.
The key lies in the same file: marks keep curious eyes, searches and backups from reading, not somebody who has the file and a
guess to try. A message is not kept.

What is older than `days` is dropped, lessons beyond MAX_LESSONS an account, sightings beyond MAX_SIGHTINGS, accounts beyond
MAX_ACCOUNTS. A file that is damaged is deleted and begun anew: it holds nothing that mail would not teach again. A rollback
journal and no write-ahead log: it works on network folders too, and leaves no second file in which forgotten things lie.
"""

from __future__ import annotations

import _sqlite3 as sqlite3  # the same, without the calendar that sqlite3 brings along: a third of a cold start's share
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from sekisho import private
from sekisho.facts.edges import NOTHING, Edges, chain
from sekisho.mail.received import Received
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.register import lessons
from sekisho.register.damage import DamagedError, damaged
from sekisho.register.marks import Marks

if TYPE_CHECKING:
    from typing import Any, TypeVar

    from sekisho.mail.likeness import Likeness
    from sekisho.register.sightings import Seen

    _Result = TypeVar("_Result")

MAX_DAYS = 180  # unless the reader chose another age
PATIENCE = 0.25  # seconds that a look at a mail waits for another process that writes
LONG_PATIENCE = 10.0  # and that somebody waits who asked for nothing else

# Each step leads from the version of its number to the next; `PRAGMA user_version` says which a file has.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE register (key BLOB NOT NULL, cleared INTEGER NOT NULL)",
        "CREATE TABLE account (id INTEGER PRIMARY KEY, mark BLOB NOT NULL UNIQUE, edges BLOB NOT NULL, due INTEGER NOT NULL)",
        "CREATE TABLE lesson (id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, "
        "mark BLOB NOT NULL, day INTEGER NOT NULL, chain BLOB NOT NULL, UNIQUE (account, mark))",
        "INSERT INTO register VALUES (randomblob(32), 0)",
    ),
    (
        f"ALTER TABLE register ADD COLUMN days INTEGER NOT NULL DEFAULT {MAX_DAYS}",
        "CREATE TABLE sighting (id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, "
        "mark BLOB NOT NULL, day INTEGER NOT NULL, at INTEGER NOT NULL, sender BLOB NOT NULL, subject BLOB, body BLOB, "
        "band0 INTEGER, band1 INTEGER, band2 INTEGER, band3 INTEGER, band4 INTEGER, band5 INTEGER, "
        "proven INTEGER NOT NULL, level INTEGER NOT NULL, said BLOB NOT NULL, UNIQUE (account, mark))",
        "CREATE INDEX sighting_day ON sighting (day)",
        "CREATE INDEX sighting_sender ON sighting (sender, at, proven, level, mark)",
        "CREATE INDEX sighting_subject ON sighting (subject, at) WHERE subject IS NOT NULL",
        *(f"CREATE INDEX sighting_band{n} ON sighting (band{n}, at) WHERE band{n} IS NOT NULL" for n in range(6)),
        "CREATE TABLE correspondent (account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, mark BLOB NOT NULL, "
        "times INTEGER NOT NULL, at INTEGER NOT NULL, day INTEGER NOT NULL, PRIMARY KEY (account, mark)) WITHOUT ROWID",
        "CREATE INDEX correspondent_mark ON correspondent (mark)",
        "CREATE TABLE told (id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, "
        "sender BLOB NOT NULL, whom TEXT NOT NULL, at INTEGER NOT NULL, day INTEGER NOT NULL)",
        "CREATE INDEX told_sender ON told (sender)",
    ),
    (
        "ALTER TABLE told ADD COLUMN message BLOB",  # a sighting's mark, where somebody was told of all of its kind
        "CREATE INDEX told_message ON told (at) WHERE message IS NOT NULL",
    ),
)
TABLES = frozenset({"register", "account", "lesson", "sighting", "correspondent", "told"})
DATED = ("sighting", "correspondent", "told")
MAX_SIGHTINGS = 1_000_000
MAX_ALIKE = 200  # of a mail's like, when it is opened; reading more of them takes longer than everything else


class RegisterError(Exception):
    """What was asked of the register could not be done; the text says why."""


class NewerError(RegisterError):
    """A newer Sekisho has written it."""


class Size(NamedTuple):
    messages: int
    accounts: int
    bytes: int


class Register:
    """An open register. Belongs to one thread; other processes may have it open too.

    Lessons and questions never raise: `trouble` says why the last one failed, None where it did not. `today`: days since 1970.
    """

    def __init__(self, path: str, today: Callable[[], int] = lambda: int(time.time() // 86400)) -> None:
        self.path = path
        self.trouble: str | None = None
        self._said = False
        self.days = MAX_DAYS  # how long what passed is remembered
        self._today = today
        self._cleared = (-1, 0)
        self._connection: sqlite3.Connection | None = None

    def teach(self, account: str, messages: Iterable[Sequence[Received]], patience: float = PATIENCE) -> None:
        """Let each message (its Received lines, newest first) count, if it has not counted for that account already."""
        taught = [(lessons.trace(lines), passages) for lines in messages if (passages := chain(lines))]
        if taught:
            self._try(lambda connection: self._remember(connection, account, taught, ()), None, patience)

    def remember(self, account: str, seen: Iterable[Seen], patience: float = PATIENCE) -> None:
        """Let each message teach, and keep what is needed to know it and its sender again; one that is known already is kept as it
        is seen now."""
        known = tuple(seen)
        taught = [(lessons.trace(one.lines), passages) for one in known if (passages := chain(one.lines))]
        if known:
            self._try(lambda connection: self._remember(connection, account, taught, known), None, patience)

    def alike(self, trace: str, likeness: Likeness, at: int, most: int = MAX_ALIKE) -> tuple[Any, ...]:
        """The records that answer `questions.ALIKE` for a message of that trace, likeness and time (seconds since 1970); `most`: of
        those that one thing is the same in."""
        if not os.path.exists(self.path):
            return ()
        from sekisho.register import sightings

        return self._try(lambda connection: sightings.alike(connection, trace, likeness, at, most), (), PATIENCE)

    def history(self, trace: str, address: str, at: int) -> tuple[Any, ...]:
        """The records that answer `questions.HISTORY` for a message of that trace, from that address."""
        if not os.path.exists(self.path):
            return ()
        from sekisho.register import sightings

        return self._try(lambda connection: sightings.history(connection, trace, address, at), (), PATIENCE)

    def told(self, account: str, address: str, whom: str, at: int | None, trace: str | None = None) -> bool:
        """Note that the reader told `whom` of this sender's mail, with `trace` of all messages of one kind with that one; `at` None
        takes it back. Whether that could be written down."""
        from sekisho.register import sightings

        def work(connection: sqlite3.Connection) -> bool:
            self._clear(connection)
            with _transaction(connection):
                marks = Marks.of(connection)
                number, _ = lessons.account_of(connection, marks("account", account))
                sightings.tell(connection, marks, number, self._today(), address, whom, at, trace)
            return True

        return self._try(work, False, LONG_PATIENCE)

    def edges(self, account: str, lines: Sequence[Received]) -> Edges:
        """What the account's mail has taught so far, as far as a message of these lines needs it: in the lines' own words."""
        if not os.path.exists(self.path):
            return NOTHING
        return self._try(lambda connection: lessons.edges(connection, account, lines), NOTHING, PATIENCE)

    def forget(self, account: str | None = None) -> int:
        """Delete what an account taught, or everything, so that nothing of it can be read in the file any more.

        The number of messages forgotten. Raises RegisterError where the file cannot be written.
        """
        if not os.path.exists(self.path):
            return 0
        forgotten = self._try(lambda connection: self._forget(connection, account), None, LONG_PATIENCE)
        if forgotten is None:
            raise RegisterError(self.trouble or "")
        return forgotten

    def news(self) -> str | None:
        """The trouble, once in the life of this object: whoever reads mail need not be told with every one."""
        said, self._said = self._said, self._said or self.trouble is not None
        return None if said else self.trouble

    def close(self) -> None:
        """Let go of the file. What is asked next opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    # ---- the file

    def _try(self, work: Callable[[sqlite3.Connection], _Result], otherwise: _Result, patience: float) -> _Result:
        """Run `work` on the open file; a second time where the file was damaged, or deleted by somebody else."""
        for last in (False, True):
            try:
                if self._connection is None:
                    self._connection = self._open(patience)
                self._connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
                result = work(self._connection)
                self.trouble = None
                return result
            except (DamagedError, sqlite3.Error, OSError) as error:
                self.trouble = str(error)
                self.close()
                if type(error) in (DamagedError, sqlite3.DatabaseError):  # every other fault has a class of its own
                    self._delete()
                elif last or _busy(error):
                    break
        return otherwise

    def _open(self, patience: float) -> sqlite3.Connection:
        private.folder(os.path.dirname(self.path))
        private.file(self.path)
        connection = sqlite3.connect(self.path, timeout=patience, isolation_level=None)
        try:
            for pragma in (
                "trusted_schema = OFF",
                "secure_delete = ON",
                "synchronous = FULL",
                "temp_store = MEMORY",
                "foreign_keys = ON",
                _CACHE,
            ):
                connection.execute(f"PRAGMA {pragma}")
            if _version(connection) < len(STEPS):
                with _transaction(connection):
                    for number in range(_version(connection), len(STEPS)):
                        for statement in STEPS[number]:
                            connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {len(STEPS)}")
            _check(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _delete(self) -> None:
        for path in (self.path, f"{self.path}-journal"):
            with suppress(OSError):
                os.unlink(path)

    def _clear(self, connection: sqlite3.Connection) -> None:
        """Once a day, with the first lesson: drop what is too old, and what a clock that was wrong dated into the future."""
        today = self._today()
        if self._cleared == (today, self.days):
            return
        with _transaction(connection):
            cleared = connection.execute("SELECT cleared, days FROM register").fetchone() or damaged("no key")
            if cleared != (today, self.days):
                old = "day < ? OR day > ?", (today - self.days, today + 1)
                for (account,) in connection.execute(
                    f"SELECT DISTINCT account FROM lesson WHERE {old[0]}", old[1]
                ).fetchall():
                    connection.execute(f"DELETE FROM lesson WHERE account = ? AND ({old[0]})", (account, *old[1]))
                    lessons.reckon(connection, account)
                for table in DATED:
                    connection.execute(f"DELETE FROM {table} WHERE {old[0]}", old[1])
                connection.execute(_WITHOUT_MAIL)
                connection.execute("UPDATE register SET cleared = ?, days = ?", (today, self.days))
        self._cleared = today, self.days

    # ---- what is done with it

    def _remember(
        self, connection: sqlite3.Connection, account: str, taught: Sequence[lessons.Lesson], seen: Sequence[Seen]
    ) -> None:
        marks = Marks.of(connection)
        whose = marks("account", account)
        new = lessons.new(connection, marks, whose, taught)
        fresh: Sequence[Any] = ()
        if seen:
            from sekisho.register import sightings

            fresh = sightings.new(connection, marks, whose, seen)
        if not new and not fresh:
            return
        self._clear(connection)
        with _transaction(connection):
            if Marks.of(connection) != marks:
                return  # another process has just forgotten everything; what was meant to go there is no exception
            number, due = lessons.account_of(connection, whose)
            if new:
                lessons.add(connection, marks, number, due, self._today(), new)
            if fresh:
                sightings.add(connection, marks, number, self._today(), fresh)
                connection.execute(_TOO_MANY, (MAX_SIGHTINGS,))

    def _forget(self, connection: sqlite3.Connection, account: str | None) -> int | None:
        if account is None:
            return self._forget_all(connection)
        connection.execute("PRAGMA journal_mode = MEMORY")  # the journal would hold on the disk what is deleted
        with _transaction(connection):
            of = " WHERE account IN (SELECT id FROM account WHERE mark = ?)"
            whose = (Marks.of(connection)("account", account),)
            messages = _messages(connection, of, whose)
            for table in ("lesson", *DATED):
                connection.execute(f"DELETE FROM {table}{of}", whose)
            connection.execute(_WITHOUT_MAIL)
        with suppress(sqlite3.OperationalError):  # somebody reads: the pages are empty already, only not given back
            connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = DELETE")
        return messages

    def _forget_all(self, connection: sqlite3.Connection) -> int:
        """First the key, so that the file is nobody's register any more: whoever finds it so after a crash begins anew (Marks.of).
        Then nothing has to be undone, and no journal holds what may be half a gigabyte, on the disk or in memory."""
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # nobody comes in between
        connection.execute("PRAGMA journal_mode = MEMORY")
        with _transaction(connection):
            messages = _messages(connection)
            connection.execute("DELETE FROM register")
        connection.execute("PRAGMA journal_mode = OFF")
        for table in ("lesson", *DATED, "account"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("INSERT INTO register VALUES (randomblob(32), 0, ?)", (self.days,))
        connection.execute("PRAGMA locking_mode = NORMAL")
        connection.execute("SELECT 1 FROM register").fetchone()  # lets go of the lock
        return messages


def look(path: str) -> Size | None:
    """How much a register holds; None where there is none. Changes nothing. Raises RegisterError when it cannot be read."""
    if not os.path.exists(path):
        return None
    from pathlib import Path

    try:
        # What a process was writing when it was killed is undone by the next one that may write.
        mode = "rw" if os.path.exists(f"{path}-journal") else "ro"
        connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode={mode}", timeout=LONG_PATIENCE, uri=True)
        try:
            _check(connection)
            messages = _messages(connection)
            (accounts,) = connection.execute("SELECT count(*) FROM account").fetchone()
        finally:
            connection.close()
        return Size(messages, accounts, os.path.getsize(path))
    except sqlite3.NotSupportedError as error:
        raise NewerError(str(error)) from error
    except (DamagedError, sqlite3.Error, OSError) as error:
        raise RegisterError(str(error)) from error


_CACHE = "cache_size = -8000"  # kB: the inner pages of eight indexes over a million messages stay at hand
_TOO_MANY = "DELETE FROM sighting WHERE id <= (SELECT max(id) FROM sighting) - ?"
_WITHOUT_MAIL = "DELETE FROM account WHERE " + " AND ".join(
    f"NOT EXISTS (SELECT 1 FROM {table} WHERE account = account.id)" for table in ("lesson", *DATED)
)


def _messages(connection: sqlite3.Connection, of: str = "", whose: tuple[bytes, ...] = ()) -> int:
    """How many messages are remembered, each once."""
    marks = f"SELECT account, mark FROM lesson{of} UNION SELECT account, mark FROM sighting{of}"
    (count,) = connection.execute(f"SELECT count(*) FROM ({marks})", whose * 2).fetchone()
    return int(count)


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise sqlite3.NotSupportedError("a newer Sekisho has written it")  # nothing of ours to delete
    return int(version)


def _check(connection: sqlite3.Connection) -> None:
    """That the file is ours, as far as its tables go, and of no version to come."""
    kinds = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    tables = {name for kind, name in kinds if kind == "table"}
    if not _version(connection) or not tables >= TABLES or any(kind in ("trigger", "view") for kind, _ in kinds):
        damaged("its tables are not ours")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and nobody else writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled back already
            connection.execute("ROLLBACK")
        raise


def _busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
