"""Rich Text Format: objects that act when the file is opened, templates from elsewhere, fields that start programs.

Word reads RTF far more forgivingly than its specification (1.9.1) says, and hostile files live on that: so words are looked
for, wherever they stand. Runs in the opening process only.
"""

from __future__ import annotations

import re

from sekisho.opening import compound
from sekisho.opening.records import Records

MAX_OBJECTS = 40
MAX_OBJECT = 4 << 20  # characters of hexadecimal digits
_TEMPLATE = re.compile(rb"\\template\b\s*([^{}]{1,2000})")
_FIELD = re.compile(rb"\\fldinst\b(.{1,2000}?)(?:\\fldrslt|\}\})", re.DOTALL)
_CONTROL = re.compile(rb"\\'[0-9a-fA-F]{2}|\\[a-zA-Z]{1,32}-?\d{0,10} ?|\\[^a-zA-Z]|[{}\r\n]")
_ESCAPED = re.compile(rb"\\u(-?\d{1,5}) ?\??|\\'([0-9a-fA-F]{2})")
_TARGET = re.compile(
    r"\b(HYPERLINK|INCLUDEPICTURE|INCLUDETEXT|IMPORT)\s+(?:\\[a-z]\s+)?\"?([^\s\"]{3,2000})", re.IGNORECASE
)
_NOT_HEX = re.compile(rb"\\[a-zA-Z]{1,32}-?\d{0,10}|\\'[0-9a-fA-F]{2}|[^0-9a-fA-F]")


def read(data: bytes, records: Records) -> None:
    records.add("document", format="RTF")
    update = b"\\objupdate" in data or b"\\objautlink" in data
    at = -1
    for count in range(MAX_OBJECTS + 1):
        at = data.find(b"\\objdata", at + 1)
        if at < 0:
            break
        if count == MAX_OBJECTS:
            records.limit("too-many-objects")
            break
        _object(data[at + 8 : at + 8 + MAX_OBJECT], update, records)
    if update and b"\\objdata" not in data:
        records.add("embedded", what="ole", update=True)
    for match in _TEMPLATE.finditer(data):
        target = _plain(match.group(1)).strip()
        if "://" in target or target.startswith("\\\\"):
            records.add("template", url=target)
    for match in _FIELD.finditer(data):
        field(_plain(match.group(1)), records)


def field(text: str, records: Records) -> None:
    """A field's instruction (ECMA-376 §17.16): what it leads to, loads or starts."""
    text = " ".join(text.split())
    if text.upper().startswith(("DDE ", "DDEAUTO ")):
        records.add("command", text=text)
    for name, target in _TARGET.findall(text):
        if name.upper() == "HYPERLINK":
            records.add("link", url=target, how="link")
        elif "://" in target or target.startswith("\\\\"):
            records.add("external", url=target, what=name.lower())


def _object(text: bytes, update: bool, records: Records) -> None:
    """An object's hexadecimal data (MS-OLEDS §2.2): a class name, then the native data."""
    digits = _NOT_HEX.sub(b"", text.partition(b"}")[0])
    data = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    length = int.from_bytes(data[8:12], "little")
    name = data[12 : 12 + length].rstrip(b"\0").decode("latin-1") if 0 < length < 100 else ""
    equation = name.lower().startswith("equation") or compound.EQUATION in data
    inner = data.find(b"\0\x02\0")
    packaged = compound.packaged(data[inner - 3 :]) if name.lower() == "package" and inner >= 3 else None
    what = "equation" if equation else "ole"
    records.add("embedded", name=packaged or (name if name.isprintable() and name else None), what=what, update=update)
    compound.links(data, records, "external")


def _plain(text: bytes) -> str:
    """A group's text: escapes written out, control words left out."""
    text = _ESCAPED.sub(lambda match: _character(match).encode("utf-8", "replace"), text)
    return _CONTROL.sub(b"", text.replace(b"\\\\", b"\x00")).replace(b"\x00", b"\\").decode("utf-8", "replace")


def _character(match: re.Match[bytes]) -> str:
    if match.group(2) is not None:
        return bytes.fromhex(match.group(2).decode("ascii")).decode("cp1252", "replace")
    return chr(int(match.group(1)) & 0xFFFF)
