"""What is inside an archive, read with bounds: every format, names that lie, and bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import tracemalloc
import zipfile
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.opening import archive

PROGRAM = b"MZ" + b"0" * 200
NOTE = b"hello\n"
MIB = 1 << 20

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


def listed(data: bytes) -> list[dict[str, Any]]:
    """The members of an archive."""
    (record,) = archive.read(data)
    members: list[dict[str, Any]] = record["members"]
    return members


def noted(data: bytes) -> list[str]:
    """The codes of what was seen in an archive."""
    (record,) = archive.read(data)
    codes: list[str] = record["findings"]
    return codes


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


@pytest.mark.parametrize("data", HOLDING.values(), ids=list(HOLDING))
def test_a_program_is_found_in_every_format(data: bytes) -> None:
    """Name and kind of content come out of each format, nested ones too."""
    assert ("invoice.exe", "program") in [(member["name"], member["group"]) for member in listed(data)]


def test_a_cabinet_is_listed() -> None:
    """Its names are known, its content is not."""
    assert [("invoice.exe", 202, None), ("sub/note.txt", 6, None)] == [
        (member["name"], member["size"], member["group"]) for member in listed(CABINET)
    ]


@pytest.mark.parametrize(
    "data",
    [SEVEN_LOCKED, ZIP_AES, rar5("invoice.exe", PROGRAM[:100], locked=True), rar4("invoice.exe", PROGRAM, 4)],
    ids=["7z", "zip", "rar 5", "rar 4"],
)
def test_what_is_locked_is_said_to_be(data: bytes) -> None:
    """Names can be read, contents cannot."""
    member = next(member for member in listed(data) if member["name"] == "invoice.exe")

    assert (True, None, None) == (member["encrypted"], member["group"], member["sha256"])


def test_locked_names_are_said_to_be() -> None:
    """Not even the names can be read."""
    assert ([], ["hidden-names"]) == (listed(SEVEN_HIDDEN), noted(SEVEN_HIDDEN))


def test_a_japanese_name_without_a_charset_is_read() -> None:
    """Windows in Japan writes cp932."""
    data = zipped(("XXXXXX.txt", NOTE)).replace(b"XXXXXX", "請求書".encode("cp932"))

    assert ["請求書.txt"] == [member["name"] for member in listed(data)]


def test_two_names_of_one_member_are_noted() -> None:
    """Some unpackers believe the local header, some the directory."""
    data = zipped(("letter.txt", NOTE)).replace(b"letter.txt", b"letter.exe", 1)

    assert ["names-differ"] == noted(data)


# ------------------------------------------------------------------ bombs


def deep(levels: int) -> bytes:
    data = zipped(("a.txt", NOTE))
    for _ in range(levels):
        data = zipped(("next.zip", data))
    return data


def overlapping(count: int, size: int) -> bytes:
    """Many names for the same bytes (D. Fifield, "A better zip bomb")."""
    one = zipped(("a", bytes(size)))
    start = one.index(b"PK\x01\x02")
    central, body = one[start : one.index(b"PK\x05\x06")], one[:start]
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(central) * count, len(body), 0
    )
    return body + central * count + end


BOMBS = {
    "flat": (lambda: zipped(("zeros", bytes(200 * MIB))), "bomb"),
    "many": (lambda: zipped(*((f"{number}", b"") for number in range(2_000))), "too-many-members"),
    "nested": (lambda: deep(20), "too-deep"),
    "wide and nested": (
        lambda: zipped(*((f"{n}.zip", zipped(("zeros", bytes(7 * MIB + n)))) for n in range(40))),
        "too-much",
    ),
    "overlapping": (lambda: overlapping(900, 3 * MIB), "overlap"),
    "gzip": (lambda: gzip.compress(bytes(100 * MIB)), "too-much"),
    "xz": (lambda: lzma.compress(bytes(100 * MIB)), "too-much"),
    "bzip2": (lambda: bz2.compress(bytes(100 * MIB)), "too-much"),
}


@pytest.mark.parametrize(("make", "code"), BOMBS.values(), ids=list(BOMBS))
def test_a_bomb_costs_little_and_is_named(make: Callable[[], bytes], code: str) -> None:
    """Memory stays bounded whatever an archive claims to hold, and what was left out is said."""
    data = make()
    tracemalloc.start()
    codes = noted(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert code in codes
    assert most < 64 * MIB


def test_an_archive_that_holds_itself_ends() -> None:
    """What has been opened once is not opened again."""
    inner = zipped(("a.txt", NOTE))
    data = zipped(("one.zip", inner), ("two.zip", inner))

    assert ["one.zip", "a.txt", "two.zip"] == [member["name"] for member in listed(data)]


@given(st.sampled_from(sorted(HOLDING)), st.data())
@settings(max_examples=300, deadline=None)
def test_damage_is_borne(which: str, data: st.DataObject) -> None:
    """Bytes changed and cut anywhere: a record comes out."""
    broken = bytearray(HOLDING[which])
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    archive.read(bytes(broken[: data.draw(st.integers(0, len(broken)))]))
