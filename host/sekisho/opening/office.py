"""Office files: what in them acts, loads from elsewhere, leads elsewhere or hides.

Told apart by content, not by name: Office Open XML and OpenDocument (both ZIP), compound files, RTF, OneNote. Runs in the
opening process only.
"""

from __future__ import annotations

import re

from sekisho.opening.records import Records

ONENOTE = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")  # MS-ONESTORE §2.3.1: guidFileType
FILE_DATA = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")  # §2.6.13: FileDataStoreObject
MAX_FILES = 100
_NAME = re.compile(rb"(?:[^\0-\x1f<>:\"/\\|?*]\0){1,100}\.\0(?:[A-Za-z0-9]\0){2,5}\0\0")


def read(data: bytes) -> list[dict[str, object]]:
    """The document and what was found in it."""
    from sekisho.opening import compound, open_xml, rich_text

    records = Records()
    if data.startswith(compound.MAGIC):
        compound.read(data, records)
    elif data[:2000].lstrip().startswith(b"{\\rt"):
        rich_text.read(data, records)
    elif data.startswith(ONENOTE):
        _notebook(data, records)
    else:
        open_xml.read(data, records)
    return records.found


def _notebook(data: bytes, records: Records) -> None:
    """A OneNote section: the files laid into it, which open with a double click."""
    from sekisho.opening import compound

    records.add("document", format="ONE")
    files = min(data.count(FILE_DATA), MAX_FILES)
    names = {match.decode("utf-16-le", "replace").rstrip("\0") for match in _NAME.findall(data)} if files else set()
    for name in sorted(names)[:MAX_FILES]:
        records.add("embedded", name=name, what="file")
    if files and not names:
        records.add("embedded", what="file")
    compound.links(data, records)
