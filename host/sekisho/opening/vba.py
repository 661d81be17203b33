"""Macros in an Office file: VBA projects (MS-OVBA) and Excel 4 macro sheets, with the names that run by themselves.

Only read: the source text is unpacked and searched for words, never run. Runs in the opening process only.
"""

from __future__ import annotations

import re
from typing import Any

from sekisho.mail import text_links
from sekisho.opening.records import Records

MAX_STREAM = 4 << 20  # bytes of one stream
MAX_SOURCE = 1 << 20  # bytes of one module's source text
MAX_STREAMS = 500
# Names that Word, Excel and PowerPoint call by themselves (MS-OVBA says nothing of them; Microsoft's documentation of each program does).
AUTO = re.compile(
    rb"\b(?:Sub|Function)\s+(Auto_?(?:Open|Exec|Close|New|Exit|Activate)|Document_?(?:Open|Close|New|BeforeClose|Change)"
    rb"|Workbook_?(?:Open|Activate|Close|BeforeClose|Deactivate|SheetActivate)|Worksheet_(?:Activate|Calculate|Change)|\w{1,40}_"
    rb"(?:GotFocus|LostFocus|Layout|MouseHover|MouseMove|Painted|Resize|onConnecting|DocumentComplete|DownloadBegin|BeforeNavigate2))\b",
    re.IGNORECASE,
)
CALLS = re.compile(
    rb"\b(Shell|CreateObject|GetObject|WScript\.Shell|ShellExecute[AW]?|URLDownloadToFile[AW]?|MSXML2\.\w{1,20}|WinHttp\.\w{1,30}|powershell"
    rb"|cmd(?:\.exe)?|mshta|regsvr32|rundll32|certutil|bitsadmin|ADODB\.Stream|VirtualAlloc|CreateThread|CallByName|Environ)\b",
    re.IGNORECASE,
)


def read(compound: Any, records: Records) -> bool:
    """Note the VBA project of a compound file, if it has one: an `olefile.OleFileIO`."""
    streams = [path for path in compound.listdir() if len(path) > 1][:MAX_STREAMS]
    storages = {tuple(path[:-1]) for path in streams if path[-1].lower() in ("_vba_project", "dir")}
    storages = {storage for storage in storages if storage[-1].lower() == "vba"}
    if not storages:
        return False
    auto: dict[str, None] = {}
    calls: dict[str, None] = {}
    for path in streams:
        if tuple(path[:-1]) not in storages or compound.get_size(path) > MAX_STREAM:
            continue
        source = module(compound.openstream(path).read(MAX_STREAM))
        auto.update((match.decode("latin-1"), None) for match in AUTO.findall(source))
        calls.update((match.decode("latin-1"), None) for match in CALLS.findall(source))
        for found in text_links.find(source.decode("latin-1")):
            records.add("link", url=found, how="macro")
    records.add("macro", language="vba", auto=list(auto), calls=list(calls))
    return True


def module(stream: bytes) -> bytes:
    """The source text in a module's stream; empty for a stream that has none.

    The offset of the text stands in the `dir` stream, which hostile files leave wrong; its first bytes are always those of
    "Attribute VB_", so they are looked for: a container's signature, a chunk's header, flags, and the first eight letters."""
    at = stream.find(b"\x00Attribut")
    return decompressed(stream[at - 3 :]) if at >= 3 and stream[at - 3] == 1 else b""


def decompressed(container: bytes) -> bytes:
    """MS-OVBA §2.4.1.3: chunks of at most 4096 bytes, of literals and copies. A broken one as far as it goes."""
    out = bytearray()
    at = 1
    while at + 2 <= len(container) and len(out) < MAX_SOURCE:
        header = int.from_bytes(container[at : at + 2], "little")
        if header >> 12 & 7 != 3:
            break
        end = min(at + (header & 0xFFF) + 3, len(container))
        at += 2
        start = len(out)
        if not header & 0x8000:
            out += container[at:end]
            at = end
            continue
        while at < end:
            flags = container[at]
            at += 1
            for bit in range(8):
                if at >= end:
                    break
                if not flags >> bit & 1:
                    out.append(container[at])
                    at += 1
                    continue
                token = int.from_bytes(container[at : at + 2], "little")
                at += 2
                width = max(4, (len(out) - start - 1).bit_length())
                length = (token & 0xFFFF >> width) + 3
                source = len(out) - (token >> 16 - width) - 1
                if source < start:
                    return bytes(out)
                for place in range(source, source + length):
                    out.append(out[place])
    return bytes(out)
