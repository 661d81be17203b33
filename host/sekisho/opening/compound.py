"""Compound files (MS-CFB): Word, Excel and PowerPoint up to 2003, Outlook's messages, and what newer files are enciphered in.

olefile reads the file system inside; records of the streams are looked at here. Runs in the opening process only.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any

from sekisho.mail import html, text_links
from sekisho.opening import vba
from sekisho.opening.records import Records

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_STREAM = 16 << 20  # bytes looked at of one stream
MAX_STREAMS = 2000
MAX_BIFF_RECORDS = 200_000
MAX_TEXT = 1 << 20
FILEPASS, NAME, BOUNDSHEET = 0x2F, 0x18, 0x85  # MS-XLS §2.4.117, §2.4.150, §2.4.28
MACRO_SHEET = 1
AUTO_OPEN = {1: "Auto_Open", 2: "Auto_Close", 10: "Auto_Activate", 11: "Auto_Deactivate"}  # built-in names
EQUATION = bytes.fromhex(
    "02ce020000000000c000000000000046"
)  # the class of Equation Editor 3.0, whose parser is what exploits use
_NOT_LINKS = re.compile(
    r"https?://(?:schemas\.(?:openxmlformats|microsoft|xmlsoap)\.(?:org|com)|www\.w3\.org|purl\.org|ns\.adobe\.com|purl\.oclc\.org)[/#]",
    re.IGNORECASE,
)
_ANSI = re.compile(rb"(?:https?|ftp|file)://[!-~]{3,2000}", re.IGNORECASE)
_WIDE = re.compile(rb"(?:h\0t\0t\0p\0(?:s\0)?|f\0t\0p\0|f\0i\0l\0e\0):\0/\0/\0(?:[!-~]\0){3,2000}", re.IGNORECASE)
_DDE = re.compile(rb"\x13[ ]{0,8}(DDE(?:AUTO)?[ ][^\x14\x15]{1,400})", re.IGNORECASE)


def read(data: bytes, records: Records) -> None:
    """Whatever the compound file holds that acts, leads elsewhere or hides."""
    import olefile

    with olefile.OleFileIO(BytesIO(data)) as compound:
        names = [path for path in compound.listdir()[:MAX_STREAMS] if path]
        top = {path[0] for path in names if len(path) == 1}
        kind = _kind(top)
        if "EncryptedPackage" in top or "EncryptionInfo" in top:
            records.add("document", format="OOXML")
            records.add("encrypted", password=True)
            return
        records.add("document", format=kind)
        vba.read(compound, records)
        if "Workbook" in top or "Book" in top:
            _workbook(_stream(compound, "Workbook" if "Workbook" in top else "Book"), records)
        if "WordDocument" in top:
            _word(_stream(compound, "WordDocument"), records)
        if "PowerPoint Document" in top:
            _slides(_stream(compound, "PowerPoint Document"), records)
        if "__properties_version1.0" in top:
            _outlook(compound, names, records)
        objects(compound, names, records)


def objects(compound: Any, names: list[list[str]], records: Records) -> None:
    """Objects inside: a package's file name (MS-OLEDS §2.3.6 and the packager's own header), the Equation Editor's class."""
    for path in names:
        if path[-1] == "\x01Ole10Native":
            records.add("embedded", name=packaged(_stream(compound, *path)), what="ole")
        elif path[-1] == "Equation Native":
            records.add("embedded", what="equation")
    if compound.root.clsid.replace("-", "").lower().startswith("0002ce02"):
        records.add("embedded", what="equation")


def packaged(native: bytes) -> str | None:
    """The file name in an Ole10Native stream: size, two bytes, then label and name, each ended by a zero byte."""
    label, _, rest = native[6:1000].partition(b"\0")
    name = rest.partition(b"\0")[0].replace(b"/", b"\\").rpartition(b"\\")[2] or label
    text = name.decode("cp1252", "replace")
    return text if text.isprintable() and text else None


def links(data: bytes, records: Records, how: str = "link") -> None:
    """Addresses in binary data, in one byte a character or two."""
    found = [match.decode("latin-1") for match in _ANSI.findall(data)]
    found += [match.decode("utf-16-le") for match in _WIDE.findall(data)]
    for one in found:
        one = one.partition('"')[0]
        if not _NOT_LINKS.match(one):
            records.add("link", url=one, how=how)


def _kind(top: set[str]) -> str:
    for stream, kind in (
        ("WordDocument", "DOC"),
        ("Workbook", "XLS"),
        ("Book", "XLS"),
        ("PowerPoint Document", "PPT"),
        ("__properties_version1.0", "MSG"),
    ):
        if stream in top:
            return kind
    return "OLE"


def _stream(compound: Any, *path: str) -> bytes:
    try:
        data: bytes = compound.openstream(list(path)).read(MAX_STREAM)
    except OSError:
        return b""  # its chain of sectors is broken
    return data


def _word(stream: bytes, records: Records) -> None:
    if len(stream) > 12 and stream[11] & 1:  # MS-DOC §2.5.2: fEncrypted
        records.add("encrypted", password=True)
        return
    for text in (stream, stream[0::2], stream[1::2]):  # one byte a character, or the low bytes of two
        for match in _DDE.findall(text):
            records.add("command", text=match.decode("latin-1").strip())
    links(stream, records)


def _workbook(stream: bytes, records: Records) -> None:
    """BIFF records up to the end of the workbook's globals (MS-XLS §2.1.7.20.3)."""
    at = sheets = 0
    auto: list[str] = []
    for _ in range(MAX_BIFF_RECORDS):
        kind, size = int.from_bytes(stream[at : at + 2], "little"), int.from_bytes(stream[at + 2 : at + 4], "little")
        body = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if at > len(stream) or kind == 0x0A:
            break
        if kind == FILEPASS:
            # Excel opens a workbook that is enciphered with its own default password without asking.
            records.add("encrypted")
            break
        if kind == BOUNDSHEET and len(body) > 5 and body[5] & 0xF == MACRO_SHEET:
            sheets += 1
        if kind == NAME and len(body) > 15:
            if body[0] & 0x20:  # fBuiltin
                auto += [AUTO_OPEN[body[15]]] if body[15] in AUTO_OPEN else []
            elif body[15 : 15 + body[3]].lower().startswith(b"auto_"):
                auto.append(body[15 : 15 + body[3]].decode("latin-1"))
    if sheets:
        records.add("macro", language="xlm", auto=auto, calls=[])
    links(stream, records)


def _slides(stream: bytes, records: Records) -> None:
    """A VBA project in a presentation is a compound file of its own, packed into an ExOleObjStg record (MS-PPT §2.10.34)."""
    import olefile

    at = -1
    for _ in range(20):
        at = stream.find(b"\x10\x00\x11\x10", at + 1)
        if at < 0:
            break
        try:
            unpacked = zlib.decompressobj().decompress(stream[at + 12 :], MAX_STREAM)
        except zlib.error:
            continue
        if unpacked.startswith(MAGIC):
            with olefile.OleFileIO(BytesIO(unpacked)) as inner:
                vba.read(inner, records)
                objects(inner, [path for path in inner.listdir()[:MAX_STREAMS] if path], records)
    links(stream, records)


def _outlook(compound: Any, names: list[list[str]], records: Records) -> None:
    """A message (MS-OXMSG): its text's addresses and its attachments' names."""
    for path in names:
        tag = path[-1].upper()
        if tag.startswith(("__SUBSTG1.0_3707", "__SUBSTG1.0_3704")):
            if tag.startswith("__SUBSTG1.0_3704") and [*path[:-1], path[-1].replace("3704", "3707")] in names:
                continue  # the short name of a file that has a long one
            records.add("embedded", name=_string(_stream(compound, *path), tag), what="file")
        elif tag.startswith("__SUBSTG1.0_1000"):
            for found in text_links.find(_string(_stream(compound, *path), tag)[:MAX_TEXT]):
                records.add("link", url=found, how="text")
        elif tag.startswith("__SUBSTG1.0_1013"):
            for link in html.parse(_string(_stream(compound, *path), tag)[:MAX_TEXT]).links:
                records.add("link", url=link.url, how="link")


def _string(data: bytes, tag: str) -> str:
    return data.decode("utf-16-le" if tag.endswith("001F") else "utf-8", "replace").rstrip("\0")
