"""Whole mails made to cost much: time and memory of a report, each in a process of its own.

    python -m tests.bench.bombs [--only WORD] [--megabytes 1 5 30]

Processor time is told beside that of ordinary paragraphs of the same size; memory is the peak above what the same process
held before, warm from a small mail, as a multiple of the mail (which is in it). Status 1: time above 4 times that of the
ordinary mail, or memory above 4 times the mail.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from base64 import b64encode, encodebytes
from collections.abc import Callable
from pathlib import Path
from quopri import encodestring
from time import process_time

HOST = Path(__file__).resolve().parents[2] / "host"
BAR = 4.0
HEAD = (
    b"From: A <a@a.example>\r\nTo: b@b.example\r\nSubject: x\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n"
    b"Message-ID: <1@a.example>\r\nMIME-Version: 1.0\r\n"
)
ORDINARY = "paragraphs"


def mail(body: bytes, kind: str = "text/html; charset=utf-8", encoding: str = "8bit") -> bytes:
    """A mail of one part."""
    return HEAD + f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body


def repeated(unit: str) -> Callable[[int], bytes]:
    """A mail of that size, of one unit over and over; `{n}` in it is a number."""

    def made(size: int) -> bytes:
        if "{n}" not in unit:
            return mail((unit * (size // len(unit) + 1))[:size].encode())
        return mail("".join(unit.replace("{n}", str(n)) for n in range(size // (len(unit) + 3) + 1)).encode()[:size])

    return made


def parts(size: int) -> bytes:
    """As many text parts as go."""
    part = b"--x\r\nContent-Type: text/html\r\n\r\n<p>words in a part <a href=http://a.example/>here</a>\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + part * (size // len(part)) + b"--x--\r\n"


def large_parts(size: int) -> bytes:
    """Parts of a megabyte, or five smaller ones."""
    body = PARAGRAPH.encode() * (min(size // 5, 1 << 20) // len(PARAGRAPH))
    part = b"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body + b"\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + part * (size // len(part)) + b"--x--\r\n"


PARAGRAPH = (
    "<p>Dear Ms Example, your order of <b>three</b> things is on its way. It will be with you on Monday, and you find "
    'all about it <a href="https://www.a.example/orders/">in your account</a>. Thank you for your trust in us.</p>\r\n'
)
JAPANESE = "<p>いつもご利用ありがとうございます。ご注文の品を本日発送いたしました。<a href='https://a.example/'>詳細</a></p>\r\n"
MAILS: dict[str, Callable[[int], bytes]] = {
    ORDINARY: repeated(PARAGRAPH),
    "numbered paragraphs": repeated(PARAGRAPH.replace("orders/", "orders/{n}").replace("three", "{n}")),
    "Japanese paragraphs": repeated(JAPANESE),
    "paragraphs with an emoji": lambda size: mail(
        "\U0001f600".encode() + PARAGRAPH.encode() * (size // len(PARAGRAPH))
    ),
    "paragraphs, base64": lambda size: mail(
        encodebytes(PARAGRAPH.encode() * (size * 3 // 4 // len(PARAGRAPH))), encoding="base64"
    ),
    "paragraphs, one line of base64": lambda size: mail(
        b64encode(PARAGRAPH.encode() * (size * 3 // 4 // len(PARAGRAPH))), encoding="base64"
    ),
    "paragraphs, quoted-printable": lambda size: mail(
        encodestring(PARAGRAPH.encode() * (size // len(PARAGRAPH))), encoding="quoted-printable"
    ),
    "quoted-printable, all escaped": lambda size: mail(b"=3C=62=3E" * (size // 9), encoding="quoted-printable"),
    "paragraphs, no charset": lambda size: mail(PARAGRAPH.encode() * (size // len(PARAGRAPH)), "text/html"),
    "paragraphs, ISO-2022-JP": lambda size: mail(
        JAPANESE.encode("iso-2022-jp") * (size // 150), "text/html; charset=iso-2022-jp"
    ),
    "many parts": parts,
    "large parts": large_parts,
    "tags, flat": repeated("<b></b>"),
    "tags, br": repeated("<br>"),
    "tags, nested": repeated("<div>"),
    "tags, formatting never closed": repeated("<b id={n}><p>x"),
    "tags, mixed": repeated("<div><p><b id={n}>x<i>y<table><tr><td><span></div>"),
    "tags, styled": repeated("<p style='color:#{n};font-size:{n}px'>x"),
    "tags, hidden": repeated("<p style='display:none'>x{n}</p>"),
    "tables": repeated("<table><tr><td>"),
    "comments": repeated("<!---->"),
    "templates": repeated("<template><a href=http://a.example/{n}>"),
    "srcdoc": repeated("<iframe srcdoc='<p>x'></iframe>"),
    "links": repeated("<a href=http://a{n}.example/>x</a>"),
    "links, same": repeated("<a href=http://a.example/>x</a>"),
    "links with the reader's address": repeated("<a href=http://a.example/?m=b@b.example&n={n}>x</a>"),
    "links, wrapped": repeated("<a href=https://www.google.com/url?q=http://a{n}.example/>x</a>"),
    "data: links": repeated("<a href='data:text/html,<a href=http://a.example/{n}>x</a>'>x</a>"),
    "data: pictures": repeated("<img src='data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA{n}'>"),
    "one data: picture": lambda size: mail(b"<p>x<img src='data:image/png;base64," + b"A" * size + b"'><p>y"),
    "javascript: links": repeated("<a href='javascript:open(\"http://a.example/{n}\")'>x</a>"),
    "NULs": repeated("\0"),
    "entities": repeated("&amp;&notin;&#x41;"),
    "less-than signs": repeated("<"),
    "one tag": lambda size: mail(b"<b " + b"x" * size),
    "attributes": lambda size: mail(b"<b " + b"".join(b"x%d=1 " % n for n in range(size // 10)) + b">"),
    "style sheet": lambda size: mail(
        b"<style>" + b"".join(b".c%d{color:red;display:none}" % n for n in range(size // 34)) + b"</style><p class=c9>x"
    ),
    "style sheet, url()": lambda size: mail(
        b"<style>" + b"".join(b"a{background:url(http://a.example/%d)}" % n for n in range(size // 45)) + b"</style>"
    ),
    "style sheets": repeated("<style>.c{n}{display:none}</style>"),
    "style sheet, braces": lambda size: mail(b"<style>" + b"@media x{" * (size // 9)),
    "script": lambda size: mail(b"<script>" + b"'http://a.example/';" * (size // 20) + b"</script>"),
    "title": lambda size: mail(b"<title>" + b"x" * size),
    "plain text": lambda size: mail(b"Dear Ms Example, your order is on its way.\r\n" * (size // 44), "text/plain"),
    "plain text, links": lambda size: mail(
        b"".join(b"http://a%d.example/ \r\n" % n for n in range(size // 26)), "text/plain"
    ),
    "plain text, one word": lambda size: mail(b"x" * size, "text/plain"),
    "plain text, half links": lambda size: mail(b"http:" * (size // 5), "text/plain"),
    "plain text, brackets": lambda size: mail(b'<"http://' * (size // 9), "text/plain"),
    "plain text, punctuation": lambda size: mail(b"http://a.example/" + b")." * (size // 2), "text/plain"),
    "plain text, flowed": lambda size: mail(b"> a b \r\n" * (size // 8), "text/plain; format=flowed; delsp=yes"),
    "plain text, Japanese": lambda size: mail("ご請求書の件".encode() * (size // 18), "text/plain; charset=utf-8"),
    "plain text, raw Shift_JIS": lambda size: mail("ご請求書の件\n".encode("cp932") * (size // 13), "text/plain"),
    "plain text, lying charset": lambda size: mail(b"\xff\xfeab\x80" * (size // 5), "text/plain; charset=euc-jp"),
    "calendar": lambda size: mail(b"DESCRIPTION:x http://a.example/\r\n" * (size // 33), "text/calendar"),
    "enriched": lambda size: mail(b"<bold>x</bold>" * (size // 14), "text/enriched"),
    "attachment": lambda size: mail(encodebytes(b"\0" * (size * 3 // 4)), "application/octet-stream", "base64"),
    "a million tags, flat": lambda _: mail(b"<b>" * 1_000_000),
    "a million tags, mixed": lambda _: mail(b"<p>x<b>y<i></b><td><br>" * 200_000),
    "100,000 links": lambda _: mail(b"".join(b"<a href=http://a%d.example/>x</a>" % n for n in range(100_000))),
    "100,000 links, plain text": lambda _: mail(
        b"".join(b"http://a%d.example/\r\n" % n for n in range(100_000)), "text/plain"
    ),
}
_WARM = (
    HEAD
    + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n"
    + ("<p style=color:red>" + PARAGRAPH + JAPANESE).encode()
    + b"\r\n--x\r\nContent-Type: application/octet-stream; name=x.bin\r\n\r\n"
    + b"x" * 100_000
    + b"\r\n--x--\r\n"
)


def measure(name: str, megabytes: int) -> dict[str, object]:
    """In this process: seconds of processor time, peak bytes above the warm process, the defects told."""
    sys.path.insert(0, str(HOST))
    import hashlib  # loaded for what is large  # noqa: F401

    from sekisho import session
    from sekisho.settings import Settings

    settings = Settings()
    session.report(_WARM, settings)
    source = MAILS[name](megabytes << 20)
    size = len(source)
    before = _status("VmRSS") - size
    Path("/proc/self/clear_refs").write_text("5")
    began = process_time()
    report = session.report(source, settings)
    took = process_time() - began
    return {
        "size": size,
        "seconds": took,
        "bytes": _status("VmHWM") - before,
        "defects": report["defects"],
        "links": len(report["links"]),
    }


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) << 10
    raise LookupError(name)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--megabytes", type=int, nargs="+", default=[1])
    arguments.add_argument("--child", nargs=2)
    given = arguments.parse_args()
    if given.child:
        print(json.dumps(measure(given.child[0], int(given.child[1]))))
        return 0
    worst = 0
    for megabytes in given.megabytes:
        ordinary = 0.0
        for name in MAILS:
            if (given.only not in name and name != ORDINARY) or (
                ("00,000" in name or "million" in name) and megabytes > 1
            ):
                continue
            command = [sys.executable, "-m", "tests.bench.bombs", "--child", name, str(megabytes)]
            ran = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
            if ran.returncode:
                print(f"| {name} | {megabytes} MB | failed: {ran.stderr[-300:]}")
                worst = 1
                continue
            made = json.loads(ran.stdout)
            rate = made["seconds"] / made["size"]
            ordinary = ordinary or rate
            over = made["bytes"] / made["size"]
            worst |= rate > BAR * ordinary or over > BAR
            print(
                f"| {name} | {made['size'] / 1e6:.1f} MB | {made['seconds']:.2f} s | {rate / ordinary:.2f} | {over:.1f} | "
                f"{made['links']} | {', '.join(made['defects'])} |",
                flush=True,
            )
    return int(worst)


if __name__ == "__main__":
    raise SystemExit(main())
