"""Files by their content and by their names, and what an attached page does."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench import report_of_source

from sekisho.facts import file_names, pages
from sekisho.tables import file_types

PROGRAM = b"MZ" + bytes(100)


def group(data: bytes) -> str:
    kind = file_types.detect(data)
    return kind.group if kind else ""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PROGRAM, "program"),
        (b"MZ is a city's number plate in Germany", ""),
        (b"\x7fELF\x02\x01\x01", "program"),
        (b"\x4c\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
        (b"[InternetShortcut]\r\nURL=https://www.example.com/\r\n", "shortcut"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "document"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100) + bytes.fromhex("84100c0000000000c000000000000046"),
            "program",
        ),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "document"),
        (b"PK\x03\x04" + bytes(26) + b"META-INF/MANIFEST.MF", "program"),
        (b"PK\x03\x04" + bytes(26) + b"letter.txt", "archive"),
        (bytes(32_769) + b"CD001\x01", "disk-image"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "html"),
        ("<html><body>".encode("utf-16"), "html"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "html"),
        (b'<?xml version="1.0"?>\n<note/>', "text"),
        (b"<b> is a tag", "text"),
        ("お世話になっております。".encode("cp932"), "text"),
        (b"From: a@sender.example\nTo: b@own.example\nSubject: x\n\nHello\n", "mail"),
        (b"From: here to there it is far.\n", "text"),
        (b"", ""),
        (bytes(100), ""),
    ],
)
def test_a_file_is_what_its_content_is(data: bytes, expected: str) -> None:
    """Neither the name nor the declared type is asked."""
    assert expected == group(data)


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"<svg", b"\xff\xfe", b"RIFF", b"From: "]))
def test_no_content_is_too_odd(tail: bytes, head: bytes) -> None:
    """Whatever the bytes: a kind or none."""
    file_types.detect(head + tail)


@pytest.mark.parametrize(
    ("name", "extension", "kind", "tricks"),
    [
        ("report.pdf", "pdf", "pdf", ()),
        ("report.v2.final.docx", "docx", "document", ()),
        ("archive.tar.gz", "gz", "archive", ()),
        ("invoice.pdf.exe", "exe", "program", ("double",)),
        ("invoice.pdf" + " " * 30 + ".scr", "scr", "program", ("gap", "double")),
        ("invoice.pdf" + "\u3000" * 30 + ".scr", "scr", "program", ("gap", "double")),
        ("invoice\u202efdp.exe", "exe", "program", ("override",)),
        ("invoice.ex\u200be", "exe", "program", ("invisible",)),
        ("invoice.exe. . ", "exe", "program", ("trailing",)),
        ("請求書" * 50 + ".js", "js", "script", ("long",)),
        ("\u200fחשבונית\u200f.pdf", "pdf", "pdf", ()),
        ("INVOICE.EXE", "exe", "program", ()),
        ("README", "", "", ()),
        ("", "", "", ()),
        (".exe", "exe", "program", ()),
    ],
)
def test_a_name_is_read_as_the_computer_reads_it(name: str, extension: str, kind: str, tricks: tuple[str, ...]) -> None:
    """The extension that counts, and what is done to keep it from being seen."""
    read = file_names.read(name)

    assert (extension, kind, tricks) == (read.extension, read.group, read.tricks)


def test_what_cannot_be_seen_in_a_name_is_shown() -> None:
    """A panel shows every character that only works in the dark, and how many blanks there are."""
    assert "a⟨U+202E⟩b ⟨20⟩ .exe" == file_names.read("a\u202eb" + " " * 20 + ".exe").shown


PACKED = b64encode(bytes(range(256)) * 4).decode()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<form><input type = 'password'></form>", {"form", "password"}),
        ("<p>Your password was changed.</p>", set()),
        (f"<script>navigator.msSaveOrOpenBlob(new Blob([atob('{PACKED}')]),'a.zip')</script>", {"script", "smuggling"}),
        (f"<script>document.write(unescape('{PACKED}'))</script>", {"script", "smuggling"}),
        ("<script>document.write(unescape('%41'))</script>", {"script"}),
        ("<body onload=\"location.href='https://www.example.com/'\">", {"script", "redirect"}),
        ('<meta http-equiv="refresh" content="0;url=https://www.example.com/">', {"redirect"}),
        ("<svg><foreignObject></foreignObject></svg>", {"embedded"}),
    ],
)
def test_what_a_page_does_is_told_by_its_source(source: str, expected: set[str]) -> None:
    """Plain words, whatever their case."""
    assert expected == pages.signs(source) == pages.signs(source.upper().replace(PACKED.upper(), PACKED))


@pytest.mark.parametrize("encoding", ["base64", "7bit"])
def test_a_name_counts_however_it_is_encoded(encoding: str) -> None:
    """RFC 2231 in pieces and RFC 2047 in a parameter (which many programs write) name the same file."""
    for disposition in (
        "attachment; filename*0*=utf-8''%E8%AB%8B%E6%B1%82; filename*1*=%E6%9B%B8.pdf; filename*2=\".exe\"",
        'attachment; filename="=?UTF-8?B?6KuL5rGC5pu4LnBkZi5leGU=?="',
    ):
        head = "From: a@sender.example\nContent-Type: application/pdf\nContent-Disposition: " + disposition
        source = f"{head}\nContent-Transfer-Encoding: {encoding}\n\nTVo=\n".encode()
        report: dict[str, Any] = report_of_source(source)

        assert "請求書.pdf.exe" == report["attachments"][0]["filename"]
        assert {"disguised-name", "program-attached"} <= {finding["id"] for finding in report["findings"]}
