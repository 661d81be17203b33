"""What mail teaches of the reader's own servers, in the register: one row a message, of its passages, and `Edges` reckoned of them."""

from __future__ import annotations

import _sqlite3 as sqlite3
import json
from collections.abc import Sequence

from sekisho.facts.edges import NOTHING, Edges, Learner, Passage
from sekisho.mail.received import Received
from sekisho.register import marks as marking
from sekisho.register.damage import damaged
from sekisho.register.marks import MARK, Marks

MAX_LESSONS = 2000  # of one account
MAX_ACCOUNTS = 32
STEP = 50  # edges are reckoned anew after as many lessons as are a fiftieth of all

Lesson = tuple[str, Sequence[Passage]]  # a message's trace, and its passages


def trace(lines: Sequence[Received]) -> str:
    """What tells one message from another wherever a copy of it lies: its trace fields, unfolded."""
    return "\n".join(line.raw for line in lines)


def new(
    connection: sqlite3.Connection, marks: Marks, whose: bytes, lessons: Sequence[Lesson]
) -> list[tuple[bytes, Sequence[Passage]]]:
    """Those that have not counted yet for the account of that mark, each with its message's mark."""
    return [
        (mark, passages)
        for mark, passages in ((marks("trace", trace), passages) for trace, passages in lessons)
        if not connection.execute(
            "SELECT 1 FROM lesson JOIN account ON account.id = lesson.account WHERE account.mark = ? AND lesson.mark = ?",
            (whose, mark),
        ).fetchone()
    ]


def add(
    connection: sqlite3.Connection,
    marks: Marks,
    account: int,
    due: int,
    today: int,
    lessons: Sequence[tuple[bytes, Sequence[Passage]]],
) -> None:
    """Write them down; `due`: how many are still due until the account's edges are reckoned again."""
    for mark, passages in lessons:
        due -= connection.execute(
            "INSERT OR IGNORE INTO lesson (account, mark, day, chain) VALUES (?, ?, ?, ?)",
            (account, mark, today, b"".join(map(marks.pack, passages))),
        ).rowcount
    if due > 0:
        connection.execute("UPDATE account SET due = ? WHERE id = ?", (due, account))
    else:
        reckon(connection, account)


def edges(connection: sqlite3.Connection, account: str, lines: Sequence[Received]) -> Edges:
    """What the account's mail has taught, as far as these lines name it, in their words."""
    marks = Marks.of(connection)
    row = connection.execute("SELECT edges FROM account WHERE mark = ?", (marks("account", account),)).fetchone()
    return marks.named(_loaded(row[0]), lines) if row else NOTHING


def account_of(connection: sqlite3.Connection, mark: bytes) -> tuple[int, int]:
    """Number of an account, and how many lessons are due until its edges are reckoned again. A new one may push out an old one."""
    row = connection.execute("SELECT id, due FROM account WHERE mark = ?", (mark,)).fetchone()
    if row:
        return int(row[0]), int(row[1])
    connection.execute(
        "DELETE FROM account WHERE id IN (SELECT account.id FROM account LEFT JOIN lesson ON lesson.account = account.id "
        "GROUP BY account.id ORDER BY max(lesson.id) DESC LIMIT -1 OFFSET ?)",
        (MAX_ACCOUNTS - 1,),
    )
    number = connection.execute(
        "INSERT INTO account (mark, edges, due) VALUES (?, ?, 0)", (mark, _dumped(NOTHING))
    ).lastrowid
    return number or 0, 0


def reckon(connection: sqlite3.Connection, account: int) -> None:
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
        return damaged("a chain")
    text, nothing = packed.hex(), marking.NOTHING.hex()
    marks = [text[at : at + width] for at in range(0, len(text), width)]
    words = iter(["" if mark == nothing else mark for mark in marks])
    return [Passage(*five) for five in zip(words, words, words, words, words, strict=True)]


def _dumped(edges: Edges) -> bytes:
    return json.dumps({name: sorted(value) for name, value in edges._asdict().items()}, separators=(",", ":")).encode()


def _loaded(data: object) -> Edges:
    if not isinstance(data, bytes):
        return damaged("edges")
    try:
        read = json.loads(data)
        pairs = [(name, whose) for name, whose in read["inside"]]
        return Edges(**{name: frozenset(pairs if name == "inside" else read.get(name, ())) for name in Edges._fields})
    except (ValueError, KeyError, TypeError):
        return damaged("edges")
