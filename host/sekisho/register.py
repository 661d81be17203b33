"""The checkpoint's register: what a reader's mail taught of the reader's own servers, kept between two starts (SQLite).

One file in Sekisho's data folder, for its user alone (0600). What stands in it, and why:

- `register`: a random key, made with the file and made anew when everything is forgotten; the day of the last clearing.
- `account`: a mark of the mail account's key, and what its mail taught: `Edges` of marks. Other accounts' mail teaches others.
- `lesson`: of each message that taught, its account, a mark of its trace fields (so that it counts once), the day it was
  looked at, and its chain: for each passage (facts.edges) five marks, of the kind of server that took it, its peer's
  organisation, the peer's address, and domain and local part of the address that `for` names. From these `Edges` are reckoned.

A mark is a keyed hash cut to six bytes. To tell edges only equality matters, so no address, name, subject or text of any mail
stands here. The key lies in the same file: marks keep curious eyes, searches and backups from reading, not somebody who has
the file and a guess to try. A message is not kept, nor its sender, its verdict or the time of day.

Lessons are dropped after MAX_DAYS, and beyond MAX_LESSONS an account; accounts beyond MAX_ACCOUNTS. A file that is damaged is
deleted and begun anew: it holds nothing that mail would not teach again. A rollback journal and no write-ahead log: it
works on network folders too, and leaves no second file in which forgotten things lie.
"""

from __future__ import annotations

import _sqlite3 as sqlite3  # the same, without the calendar that sqlite3 brings along: a third of a cold start's share
import json
import os
import time
from _blake2 import blake2b  # as hashlib gives it, without OpenSSL
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from sekisho.facts.edges import NOTHING, Edges, Learner, Passage, chain, kind, peer, recipient
from sekisho.mail.received import Received
from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import NoReturn, TypeVar

    _Result = TypeVar("_Result")

MAX_DAYS = 180
MAX_LESSONS = 2000  # of one account
MAX_ACCOUNTS = 32
MARK = 6  # bytes
PATIENCE = 0.25  # seconds that a look at a mail waits for another process that writes
LONG_PATIENCE = 10.0  # and that somebody waits who asked for nothing else
STEP = 50  # edges are reckoned anew after as many lessons as are a fiftieth of all

# Each step leads from the version of its number to the next; `PRAGMA user_version` says which a file has.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE register (key BLOB NOT NULL, cleared INTEGER NOT NULL)",
        "CREATE TABLE account (id INTEGER PRIMARY KEY, mark BLOB NOT NULL UNIQUE, edges BLOB NOT NULL, due INTEGER NOT NULL)",
        "CREATE TABLE lesson (id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, "
        "mark BLOB NOT NULL, day INTEGER NOT NULL, chain BLOB NOT NULL, UNIQUE (account, mark))",
        "INSERT INTO register VALUES (randomblob(32), 0)",
    ),
)
TABLES = frozenset({"register", "account", "lesson"})
_NOTHING = bytes(MARK)  # stands for what a passage does not say


class RegisterError(Exception):
    """What was asked of the register could not be done; the text says why."""


class NewerError(RegisterError):
    """A newer Sekisho has written it."""


class _DamagedError(Exception):
    """The file holds something else than we put there."""


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
        self._today = today
        self._cleared = -1
        self._connection: sqlite3.Connection | None = None

    def teach(self, account: str, messages: Iterable[Sequence[Received]], patience: float = PATIENCE) -> None:
        """Let each message (its Received lines, newest first) count, if it has not counted for that account already."""
        lessons = [(_trace(lines), passages) for lines in messages if (passages := chain(lines))]
        if lessons:
            self._try(lambda connection: self._teach(connection, account, lessons), None, patience)

    def edges(self, account: str, lines: Sequence[Received]) -> Edges:
        """What the account's mail has taught so far, as far as a message of these lines needs it: in the lines' own words."""
        if not os.path.exists(self.path):
            return NOTHING
        return self._try(lambda connection: self._edges(connection, account, lines), NOTHING, PATIENCE)

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
            except (_DamagedError, sqlite3.Error, OSError) as error:
                self.trouble = str(error)
                self.close()
                if type(error) in (_DamagedError, sqlite3.DatabaseError):  # every other fault has a class of its own
                    self._delete()
                elif last or _busy(error):
                    break
        return otherwise

    def _open(self, patience: float) -> sqlite3.Connection:
        if not os.path.exists(self.path):
            os.makedirs(os.path.dirname(self.path), 0o700, exist_ok=True)
            with suppress(FileExistsError):  # another process was quicker
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        elif os.name != "nt" and os.stat(self.path).st_mode & 0o077:
            os.chmod(self.path, 0o600)
        connection = sqlite3.connect(self.path, timeout=patience, isolation_level=None)
        try:
            for pragma in ("secure_delete = ON", "synchronous = FULL", "temp_store = MEMORY", "foreign_keys = ON"):
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
        if self._cleared == today:
            return
        with _transaction(connection):
            (cleared,) = connection.execute("SELECT cleared FROM register").fetchone() or _damaged("no key")
            if cleared != today:
                old = "day < ? OR day > ?", (today - MAX_DAYS, today + 1)
                for (account,) in connection.execute(
                    f"SELECT DISTINCT account FROM lesson WHERE {old[0]}", old[1]
                ).fetchall():
                    connection.execute(f"DELETE FROM lesson WHERE account = ? AND ({old[0]})", (account, *old[1]))
                    _reckon(connection, account)
                connection.execute("DELETE FROM account WHERE id NOT IN (SELECT account FROM lesson)")
                connection.execute("UPDATE register SET cleared = ?", (today,))
        self._cleared = today

    # ---- what is done with it

    def _teach(
        self, connection: sqlite3.Connection, account: str, lessons: Sequence[tuple[str, Sequence[Passage]]]
    ) -> None:
        marks = Marks.of(connection)
        whose = marks("account", account)
        new = [
            (marks("trace", trace), passages)
            for trace, passages in lessons
            if not connection.execute(
                "SELECT 1 FROM lesson JOIN account ON account.id = lesson.account WHERE account.mark = ? AND lesson.mark = ?",
                (whose, marks("trace", trace)),
            ).fetchone()
        ]
        if not new:
            return
        self._clear(connection)
        with _transaction(connection):
            if Marks.of(connection) != marks:
                return  # another process has just forgotten everything; what was meant to go there is no exception
            number, due = _account(connection, whose)
            for mark, passages in new:
                due -= connection.execute(
                    "INSERT OR IGNORE INTO lesson (account, mark, day, chain) VALUES (?, ?, ?, ?)",
                    (number, mark, self._today(), b"".join(map(marks.pack, passages))),
                ).rowcount
            if due > 0:
                connection.execute("UPDATE account SET due = ? WHERE id = ?", (due, number))
            else:
                _reckon(connection, number)

    def _edges(self, connection: sqlite3.Connection, account: str, lines: Sequence[Received]) -> Edges:
        marks = Marks.of(connection)
        row = connection.execute("SELECT edges FROM account WHERE mark = ?", (marks("account", account),)).fetchone()
        return marks.named(_loaded(row[0]), lines) if row else NOTHING

    def _forget(self, connection: sqlite3.Connection, account: str | None) -> int | None:
        connection.execute("PRAGMA journal_mode = MEMORY")  # the journal would hold on the disk what is deleted
        with _transaction(connection):
            of = "" if account is None else " WHERE account IN (SELECT id FROM account WHERE mark = ?)"
            whose = () if account is None else (Marks.of(connection)("account", account),)
            (messages,) = connection.execute(f"SELECT count(*) FROM lesson{of}", whose).fetchone()
            connection.execute(f"DELETE FROM lesson{of}", whose)
            connection.execute("DELETE FROM account WHERE id NOT IN (SELECT account FROM lesson)")
            if account is None:
                connection.execute("UPDATE register SET key = randomblob(32)")
        with suppress(sqlite3.OperationalError):  # somebody reads: the pages are empty already, only not given back
            connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = DELETE")
        return int(messages)


class Marks(NamedTuple):
    """What stands in the register for words: keyed hashes (BLAKE2, RFC 7693), apart for every kind of word."""

    key: bytes

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Marks:
        """With the key of that register."""
        (key,) = connection.execute("SELECT key FROM register").fetchone() or _damaged("no key")
        return cls(key) if isinstance(key, bytes) and len(key) == 32 else _damaged("no key")

    def __call__(self, what: str, word: str) -> bytes:
        data = word.encode("utf-8", "surrogatepass")
        return blake2b(data, digest_size=MARK, key=self.key, person=what.encode()).digest()

    def pack(self, passage: Passage) -> bytes:
        """A passage as it is kept: five marks."""
        return b"".join(self(what, word) if word else _NOTHING for what, word in passage._asdict().items())

    def named(self, learnt: Edges, lines: Sequence[Received]) -> Edges:
        """Of edges in marks, what these lines name, in the lines' words: the walk looks at nothing else."""

        def known(marks: frozenset[str], what: str, words: Iterable[str]) -> frozenset[str]:
            return frozenset(word for word in words if word and self(what, word).hex() in marks)

        kinds = [(kind(line.by), line) for line in lines if line.by and line.ip]
        recipients = [recipient(line) for line in lines]
        return Edges(
            edges=known(learnt.edges, "kind", (name for name, _ in kinds)),
            inside=frozenset(
                (name, whose)
                for name, line in kinds
                if (self("kind", name).hex(), self("peer", whose := peer(line)).hex()) in learnt.inside
            ),
            filters=known(learnt.filters, "kind", (name for name, _ in kinds)),
            forwarders=known(learnt.forwarders, "ip", (line.ip for line in lines)),
            recipients=known(learnt.recipients, "recipient", (host for host, _ in recipients)),
            local_parts=known(learnt.local_parts, "local", (local for _, local in recipients)),
        )


def look(path: str) -> Size | None:
    """How much a register holds; None where there is none. Changes nothing. Raises RegisterError when it cannot be read."""
    if not os.path.exists(path):
        return None
    from pathlib import Path

    try:
        connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", timeout=LONG_PATIENCE, uri=True)
        try:
            _check(connection)
            messages, accounts = (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("lesson", "account")
            )
        finally:
            connection.close()
        return Size(messages, accounts, os.path.getsize(path))
    except sqlite3.NotSupportedError as error:
        raise NewerError(str(error)) from error
    except (_DamagedError, sqlite3.Error, OSError) as error:
        raise RegisterError(str(error)) from error


def _trace(lines: Sequence[Received]) -> str:
    """What tells one message from another wherever a copy of it lies: its trace fields, unfolded."""
    return "\n".join(line.raw for line in lines)


def _account(connection: sqlite3.Connection, mark: bytes) -> tuple[int, int]:
    """Number of an account, and how many lessons are due until its edges are reckoned again. A new one may push out an old one."""
    row = connection.execute("SELECT id, due FROM account WHERE mark = ?", (mark,)).fetchone()
    if row:
        return int(row[0]), int(row[1])
    connection.execute(
        "DELETE FROM account WHERE id IN (SELECT account FROM lesson GROUP BY account ORDER BY max(id) DESC LIMIT -1 OFFSET ?)",
        (MAX_ACCOUNTS - 1,),
    )
    number = connection.execute(
        "INSERT INTO account (mark, edges, due) VALUES (?, ?, 0)", (mark, _dumped(NOTHING))
    ).lastrowid
    return number or 0, 0


def _reckon(connection: sqlite3.Connection, account: int) -> None:
    """Edges from an account's lessons, the newest MAX_LESSONS of them."""
    connection.execute(
        "DELETE FROM lesson WHERE account = ?1 AND id <= (SELECT id FROM lesson WHERE account = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        (account, MAX_LESSONS),
    )
    learner = Learner()
    for (packed,) in connection.execute("SELECT chain FROM lesson WHERE account = ?", (account,)):
        learner.add(_unpacked(packed))
    connection.execute(
        "UPDATE account SET edges = ?, due = ? WHERE id = ?",
        (_dumped(learner.edges()), 1 + learner.mails // STEP, account),
    )


def _unpacked(packed: object) -> list[Passage]:
    """The passages of a kept chain, marks (hexadecimal) in the place of words."""
    width = 2 * MARK
    if not isinstance(packed, bytes) or len(packed) % (MARK * len(Passage._fields)):
        return _damaged("a chain")
    text, nothing = packed.hex(), _NOTHING.hex()
    marks = [text[at : at + width] for at in range(0, len(text), width)]
    words = iter(["" if mark == nothing else mark for mark in marks])
    return [Passage(*five) for five in zip(words, words, words, words, words, strict=True)]


def _dumped(edges: Edges) -> bytes:
    return json.dumps({name: sorted(value) for name, value in edges._asdict().items()}, separators=(",", ":")).encode()


def _loaded(data: object) -> Edges:
    if not isinstance(data, bytes):
        return _damaged("edges")
    try:
        read = json.loads(data)
        pairs = [(name, whose) for name, whose in read["inside"]]
        return Edges(**{name: frozenset(pairs if name == "inside" else read.get(name, ())) for name in Edges._fields})
    except (ValueError, KeyError, TypeError):
        return _damaged("edges")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise sqlite3.NotSupportedError("a newer Sekisho has written it")  # nothing of ours to delete
    return int(version)


def _check(connection: sqlite3.Connection) -> None:
    """That the file is ours, as far as its tables go, and of no version to come."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not _version(connection) or not tables >= TABLES:
        _damaged("its tables are not ours")


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


def _damaged(what: str) -> NoReturn:
    raise _DamagedError(f"damaged: {what}")
