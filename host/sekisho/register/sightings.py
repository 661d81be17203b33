"""The messages that passed, in the register: written down, and found again by their likeness or their sender.

Of every message: when, from which network, in which language, of which verdict, whether proven, and keyed hashes of the rest. In words stands what a
reader is to be shown again: local parts of his own side's addresses, names of viruses, and, of a message with warning signs
alone, its link domains, its files' names, the address that handed it over and its Message-ID.
"""

from __future__ import annotations

import _sqlite3 as sqlite3
import json
from collections.abc import Iterable, Sequence

from sekisho.facts.campaign import RATHER
from sekisho.facts.sighting import LEVELS, Sighting, Way
from sekisho.mail.likeness import Likeness
from sekisho.mail.received import Received
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.register import fingerprints
from sekisho.register.damage import damaged
from sekisho.register.marks import Marks

if TYPE_CHECKING:
    from typing import Any

WINDOW = 30 * 86400  # seconds around a message in which its like are looked for
MAX_HISTORY = 60  # of a sender's messages the newest of each sort, in full
MAX_COUNTED = 1000
MAX_TOLD = 20
MAX_LETTERS = 50  # about all messages of one kind, of which a mail may be another
_BANDS = tuple(f"band{number}" for number in range(fingerprints.BANDS))
_FOUND = "id, mark, at, sender, subject, body, proven, level, said"


class Seen(NamedTuple):
    """A message to be remembered; `trace` is `lessons.trace` of its Received lines, or what else tells it from others."""

    trace: str
    lines: Sequence[Received]
    likeness: Likeness
    sighting: Sighting


class Mark(NamedTuple):
    """Makes a word's mark as it stands in the records of an answer."""

    marks: Marks

    def __call__(self, what: str, word: str) -> str:
        return self.marks(what, word).hex()


def new(connection: sqlite3.Connection, marks: Marks, whose: bytes, seen: Iterable[Seen]) -> list[tuple[bytes, Seen]]:
    """Those that are not known as they are seen now, each with its mark. What was once proven stays so, and the verdict that is
    kept is the worst."""
    out = []
    for one in seen:
        mark = marks("trace", one.trace)
        row = connection.execute(
            "SELECT proven, level FROM sighting JOIN account ON account.id = sighting.account "
            "WHERE account.mark = ? AND sighting.mark = ?",
            (whose, mark),
        ).fetchone()
        if row is None or row[0] < one.sighting.proven or row[1] < LEVELS.index(one.sighting.level):
            out.append((mark, one))
    return out


def add(
    connection: sqlite3.Connection, marks: Marks, account: int, today: int, seen: Iterable[tuple[bytes, Seen]]
) -> None:
    """Write them down, or better what is there."""
    columns = ("account", "mark", "day", "at", "sender", "subject", "body", *_BANDS, "proven", "level", "said")
    for mark, one in seen:
        sighting = one.sighting
        body, bands = fingerprints.of(one.likeness.shingles, marks.key)
        values = (
            account,
            mark,
            today,
            sighting.at,
            marks("from", sighting.address),
            marks("subject", one.likeness.subject) if one.likeness.subject and not sighting.sent else None,
            body if not sighting.sent else None,
            *((None,) * len(_BANDS) if sighting.sent else bands),
            sighting.proven,
            LEVELS.index(sighting.level),
            _packed(sighting, marks),
        )
        known = connection.execute(
            "SELECT id, proven, level FROM sighting WHERE account = ? AND mark = ?", (account, mark)
        )
        row = known.fetchone()
        if row is None:
            connection.execute(
                f"INSERT INTO sighting ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", values
            )
            for address in sighting.correspondents:
                connection.execute(
                    "INSERT INTO correspondent VALUES (?, ?, 1, ?, ?) ON CONFLICT DO UPDATE SET times = times + 1, "
                    "at = max(at, excluded.at), day = excluded.day",
                    (account, marks("from", address), sighting.at, today),
                )
        elif row[2] <= LEVELS.index(sighting.level):
            connection.execute(
                "UPDATE sighting SET proven = max(proven, ?), level = ?, said = ? WHERE id = ?", (*values[-3:], row[0])
            )
        else:
            connection.execute("UPDATE sighting SET proven = max(proven, ?) WHERE id = ?", (sighting.proven, row[0]))


def alike(connection: sqlite3.Connection, trace: str, likeness: Likeness, at: int, most: int) -> tuple[Any, ...]:
    """A `Mark`, and what is known of each message that may be of one kind with this one (facts.campaign decides); nothing where
    there is none. `most`: those that have most in common with it, of equal ones the newest; where there are others, the last
    record says so (`more`)."""
    marks = Marks.of(connection)
    mine = marks("trace", trace)
    subject = marks("subject", likeness.subject) if likeness.subject else None
    body, bands = fingerprints.of(likeness.shingles, marks.key)
    keys = [(name, key) for name, key in (("subject", subject), *zip(_BANDS, bands, strict=True)) if key is not None]
    if not keys:
        return ()
    # Each index alone says which have that key; the rows of those that have most in common are read, each once, in one go.
    sharing = " UNION ALL ".join(
        f"SELECT * FROM (SELECT id FROM sighting WHERE {name} = ?{number} AND at BETWEEN ?1 AND ?2 ORDER BY at DESC LIMIT ?3)"
        for number, (name, _) in enumerate(keys, 4)
    )
    rows = connection.execute(
        f"SELECT {_FOUND} FROM (SELECT id FROM ({sharing}) GROUP BY id ORDER BY count(*) DESC, id DESC LIMIT ?3) JOIN sighting USING (id)",
        (at - WINDOW, at + WINDOW, most + 1, *(key for _, key in keys)),
    ).fetchall()
    cut = len(rows) > most
    rows = sorted((row for row in rows[:most] if row[1] != mine), key=_time)
    # What is less like it is never of its kind: it need not even be read.
    overlaps = [fingerprints.likeness(body, row[5]) for row in rows]
    near = [(row, one) for row, one in zip(rows, overlaps, strict=True) if one is None or one >= RATHER]
    records = _read([row for row, _ in near])
    for (row, overlap), record in zip(near, records, strict=True):
        record["subject"], record["body"] = subject is not None and row[4] == subject, overlap
    records = _with_letters(connection, records, [row[0] for row, _ in near], mine, subject, body)
    if cut and records:
        records[-1]["more"] = True
    return (Mark(marks), *records) if records else ()


def _with_letters(
    connection: sqlite3.Connection,
    records: list[dict[str, Any]],
    numbers: Sequence[int],
    mine: bytes,
    subject: bytes | None,
    body: bytes | None,
) -> list[dict[str, Any]]:
    """Those of them about which somebody was told for all of their kind say so. Others of that kind that are not among them, this
    message itself included, come besides, as `apart`: they don't count."""
    notes: dict[int, list[dict[str, Any]]] = {}
    for number, whom, when in connection.execute(
        "SELECT sighting.id, told.whom, told.at FROM told JOIN sighting ON sighting.account = told.account "
        f"AND sighting.mark = told.message WHERE told.message IS NOT NULL ORDER BY told.at DESC LIMIT {MAX_LETTERS}"
    ):
        notes.setdefault(number, []).insert(0, {"whom": whom, "at": when})
    if not notes:
        return records
    known = dict(zip(numbers, records, strict=True))
    rows = _rows(connection, [number for number in notes if number not in known])
    for row, record in zip(rows, _read(rows), strict=True):
        alike = {"subject": subject is not None and row[4] == subject, "body": fingerprints.likeness(body, row[5])}
        known[row[0]] = {**record, **alike, "apart": True}
    return [{**record, "told": notes[number]} if number in notes else record for number, record in known.items()]


def history(connection: sqlite3.Connection, trace: str, address: str, at: int) -> tuple[Any, ...]:
    """A `Mark`, and one object: since when anything is known, the sender's messages before this one, the reader's to it, and whom
    the reader told of it."""
    marks = Marks.of(connection)
    sender, mine = marks("from", address), marks("trace", trace)
    (began,) = connection.execute("SELECT min(day) * 86400 FROM sighting").fetchone()
    # Of a sender who writes every minute the newest tell enough, and the index alone tells how many of them there are.
    known = (
        "(SELECT id, at, proven, level FROM sighting WHERE sender = ?1 AND at <= ?2 AND mark <> ?3 "
        f"ORDER BY at DESC LIMIT {MAX_COUNTED})"
    )
    count, proven, warned, first = connection.execute(
        f"SELECT count(*), sum(proven), sum(level > 0), min(at) FROM {known}", (sender, at, mine)
    ).fetchone()
    if {type(began), type(proven), type(first)} - {int, type(None)}:
        damaged("a time")
    # Those that make a habit, and those that were warned of, apart: neither crowds the other out.
    rows = [
        row
        for which in ("proven = 1 AND level = 0", "NOT (proven = 1 AND level = 0)")
        for row in connection.execute(
            f"SELECT {_FOUND} FROM (SELECT id FROM {known} WHERE {which} LIMIT {MAX_HISTORY}) JOIN sighting USING (id)",
            (sender, at, mine),
        )
    ]
    rows.sort(key=_time)
    written = connection.execute("SELECT sum(times), max(at) FROM correspondent WHERE mark = ?", (sender,)).fetchone()
    told = connection.execute(
        f"SELECT whom, at FROM told WHERE sender = ? ORDER BY at DESC LIMIT {MAX_TOLD}", (sender,)
    ).fetchall()
    return Mark(marks), {
        "began": began,
        "count": count,
        "proven": proven or 0,
        "warned": warned or 0,
        "first": first,
        "messages": _read(rows),
        "written": {"times": written[0], "at": written[1]} if written[0] else None,
        "told": [{"whom": whom, "at": when} for whom, when in reversed(told)],
    }


def tell(
    connection: sqlite3.Connection,
    marks: Marks,
    account: int,
    today: int,
    address: str,
    whom: str,
    at: int | None,
    trace: str | None,
) -> None:
    """Note whom the reader told of a sender's mail, with `trace` of all messages of that one's kind, or (`at` None) take the newest
    such note back."""
    sender = marks("from", address)
    message = marks("trace", trace) if trace is not None else None
    if at is None:
        connection.execute(
            "DELETE FROM told WHERE id = (SELECT max(id) FROM told WHERE sender = ? AND whom = ? AND message IS ?)",
            (sender, whom, message),
        )
    else:
        connection.execute(
            "INSERT INTO told (account, sender, whom, at, day, message) VALUES (?, ?, ?, ?, ?, ?)",
            (account, sender, whom, at, today, message),
        )


def _packed(sighting: Sighting, marks: Marks) -> bytes:
    """What is said of a message beside its keys, as JSON without names, in the order that `_read` takes."""
    suspicious = sighting.level != "clear"

    def hashed(what: str, words: Iterable[str]) -> list[str]:
        return [marks(what, word).hex() for word in words]

    local = [address.rpartition("@") for address in sighting.recipients]
    return json.dumps(
        [
            sighting.to_self,
            marks("net", sighting.net).hex() if sighting.net else "",
            sighting.way,
            sighting.behind,
            sighting.zone,
            hashed("domain", sighting.signed),
            [[name, marks("domain", host).hex()] for name, _, host in local],
            hashed("link", sighting.links),
            sighting.links if suspicious else [],
            sighting.files if suspicious else [],
            sighting.viruses,
            sighting.message_id if suspicious else "",
            sighting.sent,
            sighting.ip if suspicious else "",
            sighting.language,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8", "replace")


def _rows(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows of these ids, the oldest message first."""
    places = ", ".join("?" * len(numbers))
    return connection.execute(f"SELECT {_FOUND} FROM sighting WHERE id IN ({places}) ORDER BY at", numbers).fetchall()


def _time(row: tuple[Any, ...]) -> int:
    return row[2] if isinstance(row[2], int) else damaged("a time")


def _read(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows of _FOUND as records (questions.py)."""
    try:
        # All at once: a parser that is called for each takes longer than the parsing.
        said = json.loads(b"[" + b",".join(row[8] for row in rows) + b"]")
        return [_record(row, *one) for row, one in zip(rows, said, strict=True)]
    except (ValueError, TypeError, IndexError, AttributeError):
        return damaged("a sighting")


def _record(
    row: tuple[Any, ...],
    to_self: Any,
    net: Any,
    way: Any,
    behind: Any,
    zone: Any,
    signed: Any,
    recipients: Any,
    links: Any,
    names: Any,
    files: Any,
    viruses: Any,
    identity: Any,
    sent: Any,
    ip: Any = "",  # rows of before don't have these
    language: Any = "",
) -> dict[str, Any]:
    """One of them; what `_packed` has put there in that order."""
    return {
        "at": row[2],
        "sender": row[3].hex(),
        "proven": bool(row[6]),
        "level": LEVELS[row[7]],
        "to_self": to_self,
        "net": net,
        "way": way and dict(zip(Way._fields, way, strict=True)),
        "behind": behind and dict(zip(Way._fields, behind, strict=True)),
        "zone": zone,
        "signed": signed,
        "recipients": recipients,
        "links": links,
        "link_names": names,
        "files": files,
        "viruses": viruses,
        "message_id": identity,
        "sent": sent,
        "ip": ip,
        "language": language,
    }
