"""Stores of mail on disk, message by message: mbox (RFC 4155), Maildir, folders of .eml, a Thunderbird profile. Read only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from sekisho.named import NamedTuple

# An mbox separator stands at the start or after an empty line; its date tells it from a sentence that begins with "From ".
_SEPARATOR = re.compile(rb"From [^\r\n]{0,200}?\d\d:\d\d[^\r\n]{0,200}\r?\n")
_LONGEST = 420  # bytes of a separator and what must stand before it
_PIECE = 1 << 20  # bytes read at once
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
    """Read piece by piece: of a mailbox of many GB no more is held than one message and a piece, and one that is cut short
    meanwhile (Thunderbird compacts folders) ends early."""
    held = bytearray(b"\n\n")  # the last message with two bytes of what stands before it: a separator needs them
    index, begun, searched, more = -1, 2, 0, True
    with open(path, "rb") as file:
        while more:
            piece = file.read(_PIECE)
            more = bool(piece)
            held += piece
            while (found := _separator(held, searched)) is not None:
                start, end = found
                if index >= 0:
                    yield Stored(path, index, _unquoted(bytes(held[begun:start])))
                index += 1
                begun = searched = end
            del held[: begun - 2 if index >= 0 else -_LONGEST]
            begun = 2
            searched = max(0, len(held) - _LONGEST)  # a separator may be cut by the end of the piece
    if index >= 0:
        yield Stored(path, index, _unquoted(bytes(held[begun:])))


def _separator(held: bytearray, searched: int) -> tuple[int, int] | None:
    """Where the next whole separator begins and ends."""
    while (at := held.find(b"\nFrom ", searched)) >= 0:
        match = _SEPARATOR.match(held, at + 1)
        if match and held[max(0, at - 2) : at].endswith((b"\n", b"\n\r")):
            return match.span()
        searched = at + 1
    return None


def _unquoted(source: bytes) -> bytes:
    """The message without the empty line that the store put after it, and with mboxrd's quoting undone."""
    body = source[:-1] if source.endswith(b"\n\n") else source[:-2] if source.endswith(b"\n\r\n") else source
    return _QUOTED_FROM.sub(rb"\1", body) if b"\n>" in body else body
