"""Small archives of every format, made here or kept as they were made elsewhere. The program in them is two letters and zeros."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from base64 import b64decode

PROGRAM = b"MZ" + b"0" * 200
NOTE = b"hello\n"

# Made with 7-Zip 26.02 and gcab 1.5: invoice.exe, sub/note.txt (and an empty file).
SEVEN = b64decode(
    "N3q8ryccAAR9aWCUrAAAAAAAAAAiAAAAAAAAAGnArNfgAM8AD10AJpaCGlOjZiPNh5j2/AAAAAAAgTMHrg/Pbu6MB8hDf0Gx+v5L"
    "oBOeFvGDt3i/xGs0qi9s+kDocJU8M1GjDI386LlBxAnxI9aQr3S7c95NvulRcDxYUjLtg46bjhS0qI0ro3hu4kBwK/hUNmFyPedD"
    "POTUn6TM9d6yI+Z8MFnKN3goaCM1OuSVST1A0zZhVPuyhU8f+X3cQagKguntES8SevPmAAAAFwYXAQmAlQAHCwEAASMDAQEFXQAQ"
    "AAAMgM4KARjbEI4AAA=="
)
SEVEN_PROGRAM_FILTER = b64decode(
    "N3q8ryccAASJh3kRsgAAAAAAAAAiAAAAAAAAALSBp7bgAM8AD10AJpaCGlOjZiPNh5j2/AAAAAAAgTMHrg/Pbu6MB7DD2i1te3N/"
    "va/U0vGFBPROhT63Fo5L8KneRtAb4ST1BnkZruhMd4Tt68xD27fEF62GGAn9U0PKZURgSFh6QAsNz16lPwDDlt5xp8I83HC1dNAp"
    "znoDcVZHWXFLSFv9k93LaC8VDKjBOYgSEGi91Qx/kRJTxozrIz0XCBOLdMziRd4vQbr9LrgtlxVcAAAAFwYXAQmAmwAHCwEAASMD"
    "AQEFXQAQAAAMgM4KAcipTiAAAA=="
)
SEVEN_LOCKED = b64decode(
    "N3q8ryccAATRnCPozwAAAAAAAAAiAAAAAAAAAEuJzBbFY8DYYurFIQcS/2pO9cr0ENa4pxY9BpG7zszQznLqOQAAgTMHrg/QDrA8"
    "nzkQnJ+m1TPasi6wnQnPon8c8cCF6V8sF78w8gCHhQe68w7YrSx/VAIZix1ssNSWR3srlgxKKFy/W4NoXSEWVDcn0GFMGWjJvey0"
    "sKRGfhuvLeOfDC3Z6xhXn+sU3HkfC4PEgc2JTUCir22U8MaKXZv+48bG6PV4QB6CIHHZ3EaG9pNLWfAGdVsAqsHaFFv6jzYfiaFe"
    "rXcLS7HwhSiZOtQAAAAXBiABCYCvAAcLAQABIwMBAQVdABAAAAyA3goBzf7ffwAA"
)
SEVEN_HIDDEN = b64decode(
    "N3q8ryccAAQHnfne0AAAAAAAAAA+AAAAAAAAACYkjDMQeuURLWKo0ZFDnkIHteG8+BXK7SCP6yfIgAxEy7XkSm2ocGi3yy1xkh37"
    "8+EUXNd9nojviGSxTq0sMFo/9zUtEopmG/AsXgK/qxbI4Xodhli/5GOmViKzW85H1r7sJ2JWB3gmoCwCcjeyTZFqkuLN7Lj6bTaX"
    "BBxXHmz5roRVm0S7EhfTzAtBVGqWLhSf2IM/OKg0PqZeiuG4FW1yFj04KrrQETCtlDAYTBZySOdkKvGT3XdQ0jnAoKJVQZvNtza3"
    "UCVFuuDHYbGAfMx0Fl+gFwYgAQmAsAAHCwEAAiQG8QcBElMPn7Hzre14/Aae+tYYr7LKEiMDAQEFXQAQAAABAAyAr4DeCgFX3PWB"
    "AAA="
)
ZIP_AES = b64decode(
    "UEsDBDMAAQBjAHdMdl0AAAAAHAAAAAAAAAAJAAsAZW1wdHkudHh0AZkHAAIAQUUDAADWRTM8heDQchTKMx0/X6fGP5FQ/YJqDQ0g"
    "gOajUEsDBDMAAQBjAHdMdl0AAAAAMAAAAMoAAAALAAsAaW52b2ljZS5leGUBmQcAAgBBRQMIAB8BKdF0EXu4HSNR6a7Tbj490u2e"
    "nxdhgL24qbnbvMBiDaYj2c2XyHBQ/NcAg9b6G1BLAwQUAAAAAAB3THZdAAAAAAAAAAAAAAAABAAAAHN1Yi9QSwMEMwABAGMAd0x2"
    "XQAAAAAiAAAABgAAAAwACwBzdWIvbm90ZS50eHQBmQcAAgBBRQMAAHkFp9B77f63M2MWUtcCP4P5YddWclbaVH0jK0Y/Y3xra3hQ"
    "SwECPwMzAAEAYwB3THZdAAAAABwAAAAAAAAACQAvAAAAAAAAACCApIEAAAAAZW1wdHkudHh0CgAgAAAAAAABABgA/S8z2WR63QEA"
    "AAAAAAAAAAAAAAAAAAAAAZkHAAIAQUUDAABQSwECPwMzAAEAYwB3THZdAAAAADAAAADKAAAACwAvAAAAAAAAACCApIFOAAAAaW52"
    "b2ljZS5leGUKACAAAAAAAAEAGAB99zHZZHrdAQAAAAAAAAAAAAAAAAAAAAABmQcAAgBBRQMIAFBLAQI/AxQAAAAAAHdMdl0AAAAA"
    "AAAAAAAAAAAEACQAAAAAAAAAEIDtQbIAAABzdWIvCgAgAAAAAAABABgAffcx2WR63QEAAAAAAAAAAAAAAAAAAAAAUEsBAj8DMwAB"
    "AGMAd0x2XQAAAAAiAAAABgAAAAwALwAAAAAAAAAggKSB1AAAAHN1Yi9ub3RlLnR4dAoAIAAAAAAAAQAYAH33Mdlket0BAAAAAAAA"
    "AAAAAAAAAAAAAAGZBwACAEFFAwAAUEsFBgAAAAAEAAQAjQEAACsBAAAAAA=="
)
CABINET = b64decode(
    "TVNDRgAAAAA9AQAAAAAAACwAAAAAAAAAAwEBAAIAAAAAAAAAZQAAAAEAAADKAAAAAAAAAAAAdl12TCAAaW52b2ljZS5leGUABgAA"
    "AMoAAAAAAHZddkwgAHN1Ylxub3RlLnR4dADxNtdv0ADQAE1aMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
    "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
    "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
    "MDAwMDAwMDAwMDBoZWxsbwo="
)


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


def tarred(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, content in members:
            one = tarfile.TarInfo(name)
            one.size = len(content)
            made.addfile(one, io.BytesIO(content))
    return out.getvalue()


def rar5(name: str, content: bytes, locked: bool = False) -> bytes:
    """A RAR 5 archive with one stored file, by RARLAB's description of the format."""

    def block(kind: int, flags: int, body: bytes, extra: bytes = b"", data: bytes = b"") -> bytes:
        sizes = (bytes([len(extra)]) if flags & 1 else b"") + (bytes([len(data)]) if flags & 2 else b"")
        head = bytes([kind, flags]) + sizes + body + extra
        return bytes(4) + bytes([len(head)]) + head + data

    raw = name.encode()
    file = bytes([0, len(content), 0x20, 0, 1, len(raw)]) + raw
    extra = bytes([2, 1, 0]) if locked else b""
    return (
        b"Rar!\x1a\x07\x01\x00"
        + block(1, 0, b"\0")
        + block(2, 2 | bool(extra), file, extra, content)
        + block(5, 0, b"\0")
    )


def rar4(name: str, content: bytes, flags: int = 0) -> bytes:
    """A RAR 4 archive with one stored file, by technote.txt."""
    raw = name.encode()
    body = struct.pack("<LLBLLBBHL", len(content), len(content), 2, 0, 0, 20, 0x30, len(raw), 32) + raw
    main = struct.pack("<HBHH", 0, 0x73, 0, 13) + bytes(6)
    return b"Rar!\x1a\x07\x00" + main + struct.pack("<HBHH", 0, 0x74, flags | 0x8000, 7 + len(body)) + body + content


def volume(name: str, content: bytes) -> bytes:
    """An ISO 9660 volume with one file in its root (ECMA-119)."""

    def both(value: int) -> bytes:
        return struct.pack("<L", value) + struct.pack(">L", value)

    def record(raw: bytes, sector: int, size: int, flags: int) -> bytes:
        body = bytes([0]) + both(sector) + both(size) + bytes(7) + bytes([flags, 0, 0]) + struct.pack("<H", 1)
        body += struct.pack(">H", 1) + bytes([len(raw)]) + raw
        body += b"\0" * (len(body) % 2 == 0)
        return bytes([len(body) + 1]) + body

    root = record(b"\0", 18, 2048, 2)
    first = b"\x01CD001\x01".ljust(156, b"\0") + root
    listing = root + record(b"\1", 18, 2048, 2) + record(name.encode() + b";1", 19, len(content), 0)
    sectors = (first, b"\xffCD001\x01", listing, content)
    return bytes(16 * 2048) + b"".join(sector.ljust(2048, b"\0") for sector in sectors)


def envelope(name: str, content: bytes) -> bytes:
    """A winmail.dat with one attachment ([MS-OXTNEF])."""

    def attribute(identity: int, data: bytes) -> bytes:
        return struct.pack("<BLL", 2, identity, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    long = name.encode("utf-16-le") + b"\0\0"
    property_ = struct.pack("<LLLL", 1, 0x3707001F, 1, len(long)) + long
    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + attribute(0x00069002, bytes(14))
        + attribute(0x00018010, b"INVOIC~1.EXE\0")
        + attribute(0x0006800F, content)
        + attribute(0x00069005, property_)
    )


HOLDING = {
    "zip": zipped(("invoice.exe", PROGRAM)),
    "zip, stored": zipped(("invoice.exe", PROGRAM), how=zipfile.ZIP_STORED),
    "zip, bzip2": zipped(("invoice.exe", PROGRAM), how=zipfile.ZIP_BZIP2),
    "zip behind a program": PROGRAM.replace(b"MZ", b"PK\x03\x04", 1) + zipped(("invoice.exe", PROGRAM)),
    "7z": SEVEN,
    "7z, program filter": SEVEN_PROGRAM_FILTER,
    "rar 5": rar5("invoice.exe", PROGRAM[:120]),
    "rar 4": rar4("invoice.exe", PROGRAM),
    "tar": tarred(("invoice.exe", PROGRAM)),
    "tar.gz": gzip.compress(tarred(("invoice.exe", PROGRAM))),
    "tar.bz2": bz2.compress(tarred(("invoice.exe", PROGRAM))),
    "tar.xz": lzma.compress(tarred(("invoice.exe", PROGRAM))),
    "iso": volume("invoice.exe", PROGRAM),
    "winmail.dat": envelope("invoice.exe", PROGRAM),
    "zip in zip": zipped(("inner.zip", zipped(("invoice.exe", PROGRAM)))),
    "zip in iso": volume("inner.zip", zipped(("invoice.exe", PROGRAM))),
}
