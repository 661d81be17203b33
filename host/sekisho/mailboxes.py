"""Stores of mail on disk, message by message: mbox (RFC 4155), Maildir, folders of .eml, a Thunderbird profile. Read only."""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Iterator

from sekisho.named import NamedTuple

# An mbox separator stands at the start or after an empty line; its date tells it from a sentence that begins with "From ".
_SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{0,200}?\d\d:\d\d[^\r\n]{0,200}\r?\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_EML = (".eml", ".msg.txt", ".mbs")


class Stored(NamedTuple):
    """One message: the file it stands in, its place there (0 for a file of its own) and its bytes."""

    path: str
    number: int
    source: bytes


def read(path: str) -> Iterator[Stored]:
    """Every message at `path`, in the order of the names. Raises OSError where a file can't be read."""
    if os.path.isdir(path):
        yield from _folder(path)
    else:
        yield from _file(path)


def _folder(path: str) -> Iterator[Stored]:
    entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    # Thunderbird's Maildir has cur and tmp, and no new.
    maildir = "cur" in names and bool({"new", "tmp"} & names)
    if maildir:
        for part in sorted({"cur", "new"} & names):
            for entry in sorted(os.scandir(os.path.join(path, part)), key=lambda entry: entry.name):
                if entry.is_file():
                    yield _single(entry.path)
    profile = "prefs.js" in names
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if maildir and entry.name in ("cur", "new", "tmp"):
                continue
            if not profile or entry.name in ("Mail", "ImapMail", "News"):
                yield from _folder(entry.path)
        elif profile:
            continue
        elif entry.name.lower().endswith(_EML):
            yield _single(entry.path)
        elif entry.is_file() and (f"{entry.name}.msf" in names or _is_mbox(entry.path)):
            yield from _mbox(entry.path)


def _file(path: str) -> Iterator[Stored]:
    if _is_mbox(path):
        yield from _mbox(path)
    else:
        yield _single(path)


def _single(path: str) -> Stored:
    with open(path, "rb") as file:
        return Stored(path, 0, file.read())


def _is_mbox(path: str) -> bool:
    with open(path, "rb") as file:
        return _SEPARATOR.match(file.read(400)) is not None


def _mbox(path: str) -> Iterator[Stored]:
    if os.path.getsize(path) == 0:
        return
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        index = 0
        start = -1
        for match in _SEPARATOR.finditer(data):
            if start >= 0:
                yield Stored(path, index, _unquoted(data[start : match.start()]))
                index += 1
            start = match.end()
        if start >= 0:
            yield Stored(path, index, _unquoted(data[start:]))


def _unquoted(source: bytes) -> bytes:
    """The message without the empty line that the store put after it, and with mboxrd's quoting undone."""
    body = source[:-1] if source.endswith(b"\n\n") else source[:-2] if source.endswith(b"\n\r\n") else source
    return _QUOTED_FROM.sub(rb"\1", body) if b"\n>" in body else body
