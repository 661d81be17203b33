"""What is inside an archive, a disk image, a winmail.dat or a message, archives inside it included. Bounded in everything.

Nothing is unpacked to anywhere: of each member as much is read in memory as tells what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import import_module
from typing import Any

from sekisho.opening.entry import DamagedError, Entry
from sekisho.tables import file_types

MAX_DEPTH = 3  # archives in each other that are opened
MAX_MEMBERS = 1_000
MAX_NAME = 500  # characters
MAX_BYTES = 64 << 20  # unpacked, of everything together
MAX_WHOLE = 8 << 20  # of one member, to be hashed or opened in turn
MAX_RATIO = 1_000  # deflate reaches 1,032; what people send stays below 100
BOMB = 100 << 20  # bytes that a member must claim to be called a bomb for its ratio

Members = Callable[[bytes, list[str]], Iterator[Entry]]
_READERS = {
    "application/zip": "zip_file",
    "application/java-archive": "zip_file",
    "application/vnd.android.package-archive": "zip_file",
    "application/x-7z-compressed": "seven_zip",
    "application/vnd.rar": "rar",
    "application/x-tar": "tar",
    "application/gzip": "compressed",
    "application/x-bzip2": "compressed",
    "application/x-xz": "compressed",
    "application/vnd.ms-cab-compressed": "cabinet",
    "application/vnd.efi.iso": "iso",
    "application/vnd.ms-tnef": "tnef",
    "message/rfc822": "mail",
}


def read(data: bytes) -> list[dict[str, Any]]:
    """One record: {"members": [...], "findings": [codes]}; PROTOCOL.md has the fields and codes."""
    walk = _Walk()
    walk.open(data, None, 1)
    return [{"members": walk.members, "findings": sorted(walk.findings)}]


class _Walk:
    """One look into an archive and those in it, with what may still be spent on it."""

    def __init__(self) -> None:
        self.members: list[dict[str, Any]] = []
        self.findings: set[str] = set()
        self._left = MAX_BYTES
        self._seen: set[str] = set()  # archives by hash: one that holds itself is opened once

    def open(self, data: bytes, inside: str | None, depth: int) -> None:
        """List what `data` holds; `inside` is the path of the archive it was itself a member of."""
        kind = file_types.detect(data)
        name = _READERS.get(kind.media_type) if kind else None
        if name is None:
            return
        members: Members = import_module(f"sekisho.opening.{name}").members
        notes: list[str] = []
        packed = unpacked = 0
        try:
            for entry in members(data, notes):
                if len(self.members) >= MAX_MEMBERS:
                    self.findings.add("too-many-members")
                    break
                packed, unpacked = packed + (entry.packed or 0), unpacked + (entry.size or 0)
                self._member(entry, inside, depth)
        except DamagedError:
            self.findings.add("damaged")
        self.findings.update(notes)
        if unpacked > BOMB and unpacked > MAX_RATIO * max(packed or len(data), 1):
            self.findings.add("bomb")

    def _member(self, entry: Entry, inside: str | None, depth: int) -> None:
        name = entry.name[:MAX_NAME]
        member: dict[str, Any] = {
            "name": name,
            "size": entry.size,
            "packed": entry.packed,
            "encrypted": entry.encrypted,
            "type": None,
            "group": None,
            "sha256": None,
            "inside": inside,
        }
        self.members.append(member)
        if entry.encrypted or entry.content is None:
            return
        content = self._content(entry)
        if content is None:
            return
        kind = file_types.detect(content)
        member["type"], member["group"] = (kind.media_type, kind.group) if kind else (None, None)
        if entry.size is not None and len(content) < entry.size:
            return  # its beginning only
        member["sha256"] = sha256(content).hexdigest()
        if member["size"] is None:
            member["size"] = len(content)
        if kind is None or kind.media_type not in _READERS or member["sha256"] in self._seen:
            return
        if depth >= MAX_DEPTH:
            self.findings.add("too-deep")
            return
        self._seen.add(member["sha256"])
        self.open(content, f"{inside}/{name}" if inside else name, depth + 1)

    def _content(self, entry: Entry) -> bytes | None:
        """The member, or the beginning of a large one; None where it cannot be had."""
        whole = entry.size is None or entry.size <= MAX_WHOLE
        wanted = min(MAX_WHOLE if whole else file_types.HEAD, self._left)
        if wanted <= 0 or entry.content is None:
            self.findings.add("too-much")
            return None
        try:
            content = entry.content(wanted + 1 if whole else wanted)
        except DamagedError:
            self.findings.add("damaged")
            return None
        self._left -= len(content)
        claimed = entry.size
        if claimed is not None and len(content) > claimed:
            self.findings.add("size-lies")
        if len(content) > wanted:
            self.findings.add("too-much")
            content = content[: file_types.HEAD]
            return content if claimed is None or claimed > len(content) else None
        return content
