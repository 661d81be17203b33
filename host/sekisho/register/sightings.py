"""The messages that passed, in the register: written down, and found again by their likeness or their sender.

Of every message: when, from which network, of which verdict, whether proven, and keyed hashes of the rest. In words stands what a
reader is to be shown again: local parts of his own side's addresses, names of viruses, and, of a message with warning signs
alone, its link domains, its files' names and its Message-ID.
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
    there is none. `most`: of those that one thing is the same in, the newest."""
    marks = Marks.of(connection)
    mine = marks("trace", trace)
    subject = marks("subject", likeness.subject) if likeness.subject else None
    body, bands = fingerprints.of(likeness.shingles, marks.key)
    keys = [("subject", subject), *zip(_BANDS, bands, strict=True)]
    found: dict[int, tuple[Any, ...]] = {}
    for column, key in keys:
        if key is None:
            continue
        for row in connection.execute(
            f"SELECT {_FOUND} FROM sighting WHERE {column} = ? AND at BETWEEN ? AND ? ORDER BY at DESC LIMIT {most}",
            (key, at - WINDOW, at + WINDOW),
        ):
            if row[1] != mine:
                found.setdefault(row[0], row)
    records = []
    for row in sorted(found.values(), key=lambda row: int(row[2])):
        overlap = fingerprints.likeness(body, row[5])
        if overlap is None or overlap >= RATHER:  # what is less like it is never of its kind: it need not even be read
            same = subject is not None and row[4] == subject
            records.append({**_read(row, marks), "subject": same, "body": overlap})
    return (Mark(marks), *records) if records else ()


def history(connection: sqlite3.Connection, trace: str, address: str, at: int) -> tuple[Any, ...]:
    """A `Mark`, and one object: since when anything is known, the sender's messages before this one, the reader's to it, and whom
    the reader told of it."""
    marks = Marks.of(connection)
    sender, mine = marks("from", address), marks("trace", trace)
    (began,) = connection.execute("SELECT min(day) * 86400 FROM sighting").fetchone()
    before = "sender = ? AND at <= ? AND mark <> ?"
    key = (sender, at, mine)
    # Of a sender who writes every minute the newest tell enough; those that make a habit and those that were warned of, apart.
    rows = []
    for kind in ("proven = 1 AND level = 0", "NOT (proven = 1 AND level = 0)"):
        rows += connection.execute(
            f"SELECT {_FOUND} FROM sighting WHERE id IN (SELECT id FROM (SELECT id, proven, level FROM sighting WHERE {before} "
            f"ORDER BY at DESC LIMIT {MAX_COUNTED}) WHERE {kind} LIMIT {MAX_HISTORY})",
            key,
        ).fetchall()
    rows.sort(key=lambda row: int(row[2]))
    count, proven, warned, first = connection.execute(
        "SELECT count(*), sum(proven), sum(level > 0), min(at) FROM "
        f"(SELECT at, proven, level FROM sighting WHERE {before} ORDER BY at DESC LIMIT {MAX_COUNTED})",
        key,
    ).fetchone()
    written = connection.execute("SELECT sum(times), max(at) FROM correspondent WHERE mark = ?", (sender,)).fetchone()
    told = connection.execute(
        f"SELECT whom, at FROM told WHERE sender = ? ORDER BY at DESC LIMIT {MAX_TOLD}", (sender,)
    ).fetchall()
    if not all(when is None or isinstance(when, int) for when in (began, first)):
        damaged("a time")
    return Mark(marks), {
        "began": began,
        "count": count,
        "proven": proven or 0,
        "warned": warned or 0,
        "first": first,
        "messages": [_read(row, marks) for row in rows],
        "written": {"times": written[0], "at": written[1]} if written[0] else None,
        "told": [{"whom": whom, "at": when} for whom, when in reversed(told)],
    }


def tell(
    connection: sqlite3.Connection, marks: Marks, account: int, today: int, address: str, whom: str, at: int | None
) -> None:
    """Note whom the reader told of a sender's mail, or (`at` None) take the newest such note back."""
    sender = marks("from", address)
    if at is None:
        connection.execute(
            "DELETE FROM told WHERE id = (SELECT max(id) FROM told WHERE sender = ? AND whom = ?)", (sender, whom)
        )
    else:
        connection.execute(
            "INSERT INTO told (account, sender, whom, at, day) VALUES (?, ?, ?, ?, ?)",
            (account, sender, whom, at, today),
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
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8", "replace")


def _read(row: tuple[Any, ...], marks: Marks) -> dict[str, Any]:
    """A row of _FOUND as a record (questions.py)."""
    try:
        to_self, net, way, behind, zone, signed, recipients, links, names, files, viruses, identity, sent = json.loads(
            row[8]
        )
        return {
            "at": row[2],
            "sender": row[3].hex(),
            "proven": bool(row[6]),
            "level": LEVELS[row[7]],
            "to_self": to_self,
            "net": net,
            "way": way and Way(*way)._asdict(),
            "behind": behind and Way(*behind)._asdict(),
            "zone": zone,
            "signed": signed,
            "recipients": recipients,
            "links": links,
            "link_names": names,
            "files": files,
            "viruses": viruses,
            "message_id": identity,
            "sent": sent,
        }
    except (ValueError, TypeError, IndexError, AttributeError):
        return damaged("a sighting")
