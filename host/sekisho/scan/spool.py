"""What a scan has done, row by row, in a file: what an interrupted scan goes on from.

The first line says what scan it is, each other one is a row with the length that the output had after it. The output is
written first: what of it stands behind the last row is cut off and made again, so that no line is lost or there twice.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from hashlib import blake2b

from sekisho import private
from sekisho.mail import fields
from sekisho.named import TYPE_CHECKING
from sekisho.scan.examine import Job, Kin, Row

if TYPE_CHECKING:
    from typing import IO, Any

VERSION = 1
_KIN = Row._fields.index("kin")


class SpoolError(ValueError):
    """The file is of another scan, or of none; the message says so."""


class Spool:
    """Rows in a file. `rows` gives those that are there, from the first one on; of what was there before, `end` is then the output's length."""

    def __init__(self, file: IO[bytes], scan: str, output: int) -> None:
        """`file`: opened to read and write. `scan` names what is asked for; `output`: the length that the output has.

        Raises SpoolError where the file is of another scan, OSError."""
        self._file = file
        self._output = output
        self.end = 0
        self._wanted = {"sekisho.scan": VERSION, "scan": scan}
        file.seek(0)
        first = file.readline()
        self.begun = bool(first)
        if not first:
            self._write(self._wanted)
        elif _json(first) != self._wanted:
            raise SpoolError(
                "it is of another scan: of other paths or files, with other settings, or by another version"
            )
        self._start = file.tell()

    def rows(self) -> Iterator[Row]:
        """What has been done. What an interruption has cut, or the output does not have, is not: it is cut off here."""
        self._file.seek(self._start)
        good = self._start
        for line in iter(self._file.readline, b""):
            read = _json(line) if line.endswith(b"\n") else None
            if not isinstance(read, list) or len(read) != len(Row._fields) + 1 or read[-1] > self._output:
                break
            good, self.end = good + len(line), read.pop()
            yield _row(read)
        self._file.seek(good)
        self._file.truncate()

    def add(self, row: Row, end: int) -> None:
        """A row, when its line is out: `end` is the output's length now."""
        self._output = end
        self._write([*row, end])

    def _write(self, value: Any) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        self._file.flush()


def _row(read: list[Any]) -> Row:
    made: Any = [tuple(one) if isinstance(one, list) else one for one in read]
    kin: Any = [tuple(one) if isinstance(one, list) else one for one in made[_KIN]]
    return Row(*made)._replace(kin=Kin(*kin))


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


class Known:
    """The messages that have been done, by file and content: eight bytes each."""

    def __init__(self) -> None:
        self._marks = array("Q")
        self._used = bytearray()
        self.done = self.met = 0

    def add(self, row: Row) -> None:
        self._marks.append(_mark(row.path, row.sha256))
        self.done += 1

    def ready(self) -> None:
        """All have been added."""
        self._marks = array("Q", sorted(self._marks))
        self._used = bytearray(len(self._marks))

    def meet(self, job: Job) -> bool:
        """Whether a message has been done; each counts once, however many copies there are."""
        mark = _mark(job.path, sha256(job.source))
        at = bisect_left(self._marks, mark)
        while at < len(self._marks) and self._marks[at] == mark:
            if not self._used[at]:
                self._used[at] = 1
                self.met += 1
                return True
            at += 1
        return False


def sha256(source: bytes) -> str:
    """A message's, as its report has it: without the status lines that change when it is starred."""
    import hashlib

    return hashlib.sha256(memoryview(source)[fields.status_lines(source) :]).hexdigest()


def _mark(path: str, sha256: str) -> int:
    return int.from_bytes(blake2b(f"{path}\0{sha256}".encode("utf-8", "replace"), digest_size=8).digest(), "big")


def opened(path: str) -> IO[bytes]:
    """A spool's file: it holds subjects and senders, and is its owner's alone."""
    return open(private.written(path, anew=False), "r+b")
