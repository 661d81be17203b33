"""What was asked and answered lately (SQLite in the reader's cache folder): questions and answers only, never anything of a mail.

Two processes may use it at once. A file that is damaged is made anew, and where none can be written the look-ups go on without.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from sekisho import private
from sekisho.named import TYPE_CHECKING
from sekisho.questions import Answer, Failed, Question

if TYPE_CHECKING:
    from typing import Any

NAME = "answers.sqlite"
VERSION = 1
MAX_ROWS = 20_000
MAX_BYTES = 64 << 10  # of one answer
_HOUR = 3600.0
# Kind (and record type) of question: seconds for which an answer is kept, and for which "there is nothing" is.
TTL = {
    "dns": (1 * _HOUR, 0.5 * _HOUR),
    "asn": (24 * _HOUR, 6 * _HOUR),
    "blocklist": (0.5 * _HOUR, 0.25 * _HOUR),
    "rdap": (7 * 24 * _HOUR, 24 * _HOUR),
    "registration": (24 * _HOUR, 1 * _HOUR),  # a domain may be registered any minute
    "safebrowsing": (300.0, 300.0),
}
# Reason of a failure: seconds. What is not here is tried again at once.
FAILURES = {"timeout": 30.0, "server-failed": 60.0, "refused": 300.0, "rate-limited": 900.0, "blocked": 3600.0}
LONGEST_REST = 24 * _HOUR
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
  kind TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
  outcome TEXT NOT NULL, records TEXT NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL, until REAL NOT NULL,
  PRIMARY KEY (kind, type, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_until ON answers (until);
"""


class Cache:
    """Belongs to one thread. Never raises: what cannot be kept is asked again."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self._rows = 0
        self._connection: sqlite3.Connection | None = None
        try:
            private.folder(str(folder))
            self._connection = self._open()
        except sqlite3.DatabaseError:
            self._renew()
        except OSError:
            pass  # no cache then

    def get(self, question: Question) -> Answer | Failed | None:
        """What is known and not too old; None: it has to be asked."""
        found = self._run(
            "SELECT outcome, records, source, at FROM answers WHERE kind = ? AND type = ? AND name = ? AND until > ?",
            (*question, time.time()),
        )
        if not found:
            return None
        outcome, records, source, at = found[0]
        if outcome != "answered":
            return Failed(outcome, source, at)
        try:
            read = json.loads(records)
        except ValueError:
            return None
        return Answer(tuple(read), source, at) if isinstance(read, list) else None

    def put(self, question: Question, state: Answer | Failed, rest: float | None = None) -> None:
        """Keep what was heard, for as long as its kind and its outcome are worth; `rest`: what the server itself asked for.

        A kind that is not in TTL (a visit) leaves no trace."""
        if question.kind not in TTL:
            return
        if isinstance(state, Answer):
            seconds = TTL.get(question.kind, (0.0, 0.0))[0 if state.records else 1]
            if state.lasts is not None:
                seconds = min(state.lasts, LONGEST_REST)
            outcome, records = "answered", json.dumps(state.records)
        else:
            seconds = min(max(FAILURES.get(state.reason, 0.0), rest or 0.0), LONGEST_REST)
            outcome, records = state.reason, "[]"
        if seconds <= 0 or len(records) > MAX_BYTES:
            return
        now = time.time()
        self._run(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*question, outcome, records, state.source, state.at, now + seconds),
        )
        self._rows += 1
        if self._rows % 500 == 1:
            self._run("DELETE FROM answers WHERE until < ?", (now,))
            self._run(
                "DELETE FROM answers WHERE until < (SELECT until FROM answers ORDER BY until DESC LIMIT 1 OFFSET ?)",
                (MAX_ROWS,),
            )

    def forget(self) -> int:
        """Delete everything, so that nothing of it can be read in the file any more. How many answers there were."""
        count = self._run("SELECT count(*) FROM answers", ())
        self._run("DELETE FROM answers", ())
        self._run("VACUUM", ())
        return int(count[0][0]) if count else 0

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        private.file(str(self._file))
        connection = sqlite3.connect(self._file, timeout=2.0, isolation_level=None)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, VERSION):
                raise sqlite3.DatabaseError("another version")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = OFF")  # it may be lost: it is only a cache
            connection.executescript(_SCHEMA)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _renew(self) -> None:
        self.close()
        with suppress(OSError, sqlite3.DatabaseError):
            for leftover in (self._file, *(self._file.with_name(NAME + end) for end in ("-journal", "-wal", "-shm"))):
                leftover.unlink(missing_ok=True)
            self._connection = self._open()

    def _run(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        if self._connection is None:
            return []
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.OperationalError:
            return []  # busy, or the disk is full
        except (sqlite3.DatabaseError, ValueError, OverflowError):
            self._renew()
            return []
