"""What is inside an archive, read with bounds: every format, names that lie, and bombs."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from archives import CABINET, HOLDING, NOTE, PROGRAM, SEVEN_HIDDEN, SEVEN_LOCKED, ZIP_AES, rar4, rar5, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.opening import archive

MIB = 1 << 20


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
