"""The mails of the tests, as bytes, and the mbox files Thunderbird keeps them in."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "host" / "sekisho" / "samples"


THREE, THIRTY = ("three-megabytes", 3_000_000), ("thirty-megabytes", 30_000_000)


class Mail(NamedTuple):
    name: str
    raw: bytes  # as its sender's server handed it over

    @property
    def id(self) -> str:
        found = re.search(rb"^Message-ID: <([^>\r\n]+)>", self.raw, re.MULTILINE)
        assert found
        return found[1].decode("ascii")

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


def made(name: str, body: bytes, fields: bytes = b"", day: int = 1, eol: bytes = b"\n") -> Mail:
    """A mail with that body; its line ends are `eol` in the header, and what they are in the body."""
    head = (
        b"Return-Path: <sender@plain.example>\n"
        b"Received: from mx.plain.example (mx.plain.example [192.0.2.25])\n"
        b"\tby mx.reader.example with ESMTP id 1; Mon, %d Apr 2024 10:00:00 +0900\n"
        b"From: Sender <sender@plain.example>\n"
        b"To: reader@reader.example\n"
        b"Subject: %s\n"
        b"Date: Mon, %d Apr 2024 10:00:00 +0900\n"
        b"Message-ID: <%s@tests.example>\n"
        b"MIME-Version: 1.0\n" % (day, name.encode("ascii"), day, name.encode("ascii"))
    )
    return Mail(name, (head + fields + b"\n").replace(b"\n", eol) + body)


# What the title of the button says of a sample: a name from its headline that no data and no wording will change.
SAYS = {
    "kagoya": "KAGOYA",
    "virus-notice": "27.147.195.220",
    "virus-account": "kagu.example.co.jp",
    "honest": "club.example",
}


@cache
def samples() -> dict[str, Mail]:
    """The mails that travel with the host, by the name of their file."""
    return {path.stem: Mail(path.stem, path.read_bytes()) for path in sorted(SAMPLES.glob("*.eml"))}


def bytes_mails(eol: bytes, suffix: str) -> list[Mail]:
    """Mails that only come through whole when nobody on the way takes bytes for text."""
    text = "お客様各位\n本日の会議は十時からです。\n表示能力ソ\n"  # 表, 能, ソ have a backslash as second byte
    lines = text.replace("\n", eol.decode("ascii"))
    sjis = b"Content-Type: text/plain; charset=Shift_JIS\nContent-Transfer-Encoding: 8bit\n"
    jis = b"Content-Type: text/plain; charset=ISO-2022-JP\nContent-Transfer-Encoding: 7bit\n"
    utf8 = b"Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    every = b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: 8bit\n"
    bodies = {
        "shift-jis": (sjis, lines.encode("shift_jis")),
        "iso-2022-jp": (jis, lines.encode("iso-2022-jp")),
        "utf-8": (utf8, lines.encode("utf-8")),
        "all-bytes": (every, eol.join([b"before", bytes(range(1, 256)), b"after", b""])),
        "from-lines": (utf8, eol.join([b"From the start", b">From the middle", b"trailing blanks  ", b" ", b""])),
        "long-line": (utf8, b"x" * 20_000 + eol),
    }
    return [
        made(f"{name}-{suffix}", body, fields, day, eol) for day, (name, (fields, body)) in enumerate(bodies.items(), 1)
    ]


def in_lf() -> list[Mail]:
    return bytes_mails(b"\n", "lf")


def in_crlf() -> list[Mail]:
    return bytes_mails(b"\r\n", "crlf")


@cache
def large(name: str, size: int) -> Mail:
    """A mail of about that many bytes: a text and an attachment that does not compress."""
    fields = b'Content-Type: multipart/mixed; boundary="=-part"\n'
    lines = base64.encodebytes(random.Random(name).randbytes(size * 56 // 77))
    body = (
        b"--=-part\nContent-Type: text/plain; charset=UTF-8\n\nSee https://www.plain.example/ and the attachment.\n"
        b"--=-part\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
        b'Content-Disposition: attachment; filename="data.bin"\n\n' + lines + b"--=-part--\n"
    )
    return made(name, body, fields, 20 + size % 7)


def with_nul() -> Mail:
    """A NUL byte in the middle: Thunderbird's own reader drops what follows it."""
    body = b"before the byte\n" * 50 + b"\0" + b"after the byte, https://hidden.example/\n" * 50
    return made("nul", body, b"Content-Type: text/plain; charset=UTF-8\n")


def mbox(mails: Sequence[Mail], eol: bytes = b"\n") -> bytes:
    """A folder as Thunderbird writes it: its own two lines above each mail, ">" before lines that begin with From."""
    status = b"X-Mozilla-Status: 0001" + eol + b"X-Mozilla-Status2: 00000000" + eol
    stored = []
    for mail in mails:
        quoted = re.sub(rb"^(>*From )", rb">\1", mail.raw, flags=re.MULTILINE)
        end = b"" if quoted.endswith(b"\n") else eol
        stored.append(b"From - Mon Jan  1 00:00:00 2024" + eol + status + quoted + end + eol)
    return b"".join(stored)
