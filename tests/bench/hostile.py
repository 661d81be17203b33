"""Whole mails made to cost much, through `sekisho analyse --json` as it is installed: seconds and memory, the opening process included.

    python -m tests.bench.hostile [--only WORD] [--markdown]

Each mail is held against an ordinary mail of the same size: paragraphs for texts, a letter with one honest archive of the same
size for archives. Time is processor time above that of a tiny mail, of the program and of the process that opens files; memory
the sum of the peaks of both above the tiny mail's. What costs less than FLOOR_SECONDS or FLOOR_MB is not held against anything:
opening any file takes that. Status 1: a program failed, a report was none, it took more than 4 times the ordinary mail's time, or
more memory than 4 times the mail and than the ordinary one.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from base64 import encodebytes
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HOST = Path(__file__).resolve().parents[2] / "host"
BAR = 4.0
FLOOR_SECONDS, FLOOR_MB = 0.5, 48.0
PATIENCE = 300
MIB = 1 << 20
HEAD = (
    b"From: A <a@a.example>\r\nTo: b@b.example\r\nSubject: x\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n"
    b"Message-ID: <1@a.example>\r\nMIME-Version: 1.0\r\n"
)
PARAGRAPH = (
    b"<p>Dear Ms Example, your order of <b>three</b> things is on its way. It will be with you on Monday, and you find "
    b'all about it <a href="https://www.a.example/orders/">in your account</a>. Thank you for your trust in us.</p>\r\n'
)


def page(body: bytes, charset: str = "utf-8") -> bytes:
    return HEAD + f"Content-Type: text/html; charset={charset}\r\n\r\n".encode() + body


def plain(body: bytes, charset: str = "utf-8") -> bytes:
    return HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + body


def attached(name: str, content: bytes) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee the file.\r\n--x\r\nContent-Type: application/octet-stream\r\n"
    file = f"Content-Disposition: attachment; filename={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    return HEAD + head + file + encodebytes(content) + b"--x--\r\n"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=9) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def letter(size: int) -> bytes:
    """An ordinary mail."""
    return page(PARAGRAPH * max(1, size // len(PARAGRAPH)))


def with_archive(size: int) -> bytes:
    """An ordinary mail with an honest archive."""
    return attached("photos.zip", zipped(*((f"{n}.jpg", noise(max(1, size * 3 // 16))) for n in range(4))))


def overlapping(count: int, size: int) -> bytes:
    """Names that share one kernel (D. Fifield, "A better zip bomb", quoted local headers left out)."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(size)) + kernel.flush()
    crc = zlib.crc32(bytes(size))
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0x21, crc, len(packed), size, 1, 0) + b"a" + packed
    entry = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0x21, crc, len(packed), size, 4, 0, 0, 0, 0, 0, 0
    )
    listing = b"".join(entry + b"%04d" % number for number in range(count))
    return local + listing + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(listing), len(local), 0)


def nested(depth: int, copies: int = 1) -> bytes:
    inner = zipped(("zeros", bytes(4 * MIB)))
    for _ in range(depth):
        inner = zipped(*((f"{n}.zip", inner) for n in range(copies)))
    return inner


def quine() -> bytes:
    """A gzip file that unpacks to itself (R. Cox, "Zip Files All The Way Down"): literals and repeats, five bytes each."""

    def literal(size: int) -> bytes:
        return b"\0" + struct.pack("<HH", size, size ^ 0xFFFF)

    def repeat(size: int) -> bytes:
        """The last `size` bytes again, 17 to 20 of them: two matches in a block of fixed codes, 40 bits (RFC 1951 §3.2.6)."""
        bits = [0, 1, 0]
        for length in (size - 10, 10):
            bits += [length - 2 >> place & 1 for place in range(6, -1, -1)]  # codes 257 (3 bytes) to 264
            bits += [0, 1, 0, 0, 0] + [size - 17 >> place & 1 for place in range(3)]  # code 8: distances 17 to 24
        bits += [0] * 7
        return bytes(sum(bit << place for place, bit in enumerate(bits[at : at + 8])) for at in range(0, 40, 8))

    def made(crc: int) -> bytes:
        head = b"\x1f\x8b\x08\x08\0\0\0\0\x02\x03q\0"
        one, four, none, p, r4 = literal(5), literal(20), literal(0), literal(len(head) + 5), repeat(20)
        back = repeat(len(head) + 5)

        def whole(size: int) -> bytes:
            tail = b"\x01\0\0\xff\xff" + struct.pack("<II", crc, size)
            s, again = literal(len(tail) + 5), repeat(len(tail) + 5)
            first = (head, p, head, p, back, one, back, one, one, four, back, one, one, four, r4)
            then = (four, r4, four, r4, four, r4, four, r4, none, none, s, r4, none, none, s, again, tail, again, tail)
            return b"".join((*first, *then))

        return whole(len(whole(0)))

    # The checksum is in the file: crc(file(x)) = x, which is linear in the bits of x.
    start = zlib.crc32(made(0))
    rows = []
    columns = [zlib.crc32(made(1 << bit)) ^ start ^ (1 << bit) for bit in range(32)]
    for place in range(32):
        rows.append([sum((columns[bit] >> place & 1) << bit for bit in range(32)), start >> place & 1])
    answer, done = 0, 0
    for bit in range(32):
        pivot = next((row for row in range(done, 32) if rows[row][0] >> bit & 1), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        for row in range(32):
            if row != done and rows[row][0] >> bit & 1:
                rows[row] = [rows[row][0] ^ rows[done][0], rows[row][1] ^ rows[done][1]]
        done += 1
    for coefficients, value in rows[:done]:
        if value:
            answer |= coefficients & -coefficients
    found = made(answer)
    if gzip.decompress(found) != found:
        raise AssertionError("the quine does not unpack to itself")
    return found


def multiparts(depth: int) -> bytes:
    opened = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return (
        HEAD
        + opened
        + b"\r\nhttps://inside.example/\r\n"
        + b"".join(b"--b%d--\r\n" % n for n in range(depth - 1, -1, -1))
    )


TEXTS: dict[str, Callable[[], bytes]] = {
    "HTML: 200,000 elements in each other": lambda: page(b"<div>" * 200_000 + b"x" + b"</div>" * 200_000),
    "HTML: 100,000 unclosed <b><i> in paragraphs": lambda: page(b"<p><b><i>x" * 100_000),
    "HTML: 60,000 tables in each other": lambda: page(b"<table><tr><td>" * 60_000),
    "HTML: 1,000,000 tags": lambda: page(b"<i>x</i>" * 500_000),
    "HTML: 100,000 links, each another": lambda: page(
        b"".join(b'<a href="https://h%d.example/p?id=%d">text %d</a>\r\n' % (n, n, n) for n in range(100_000))
    ),
    "HTML: 100,000 links in one paragraph's style": lambda: page(
        b"<p style='" + b"".join(b"background:url(https://h%d.example/);" % n for n in range(100_000)) + b"'>x</p>"
    ),
    "HTML: 500,000 attributes of one tag": lambda: page(
        b"<p " + b"".join(b"a%d=1 " % n for n in range(500_000)) + b">x"
    ),
    "text: 100,000 links": lambda: plain(b"".join(b"https://h%d.example/p?id=%d\r\n" % (n, n) for n in range(100_000))),
    "text: 5 MB of one word": lambda: plain(b"a" * 5_000_000),
    "text: 5 MB of 'http://' without an end": lambda: plain(b"http://" * 700_000),
    "MIME: multiparts 10,000 deep": lambda: multiparts(10_000),
    "MIME: messages 10,000 deep": lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 10_000 + b"x",
    "MIME: 60 messages in each other around 5 MB": lambda: (
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 60 + b"\r\n" + b"words " * 800_000
    ),
    "MIME: 100,000 parts": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nwords\r\n" * 100_000 + b"--x--\r\n"
    ),
    "MIME: 1,000,000 lines that are nearly a boundary": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n" + b"--y\r\n" * 1_000_000
    ),
    "header: 100,000 fields": lambda: b"X-A: b\r\n" * 100_000 + HEAD + b"\r\nx",
    "header: 20,000 Received lines": lambda: (
        b"".join(
            b"Received: from h%d.example (h%d.example [192.0.2.%d]) by m.example with ESMTP id A%d; Mon, 5 Jan 2026 10:00:00 +0000\r\n"
            % (n, n, n % 250, n)
            for n in range(20_000)
        )
        + HEAD
        + b"\r\nx"
    ),
    "header: 100,000 recipients": lambda: (
        b"To: " + b",\r\n ".join(b"a%d@b.example" % n for n in range(100_000)) + b"\r\n" + HEAD + b"\r\nx"
    ),
    "base64: 5 MB with other characters and padding inside": lambda: (
        HEAD
        + b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"PHA+eDwv*cD4=\r\n=Pg=" * 250_000
    ),
    "charset: random bytes called utf-8": lambda: plain(noise(3_000_000)),
    "charset: random bytes called iso-2022-jp": lambda: page(noise(3_000_000), "iso-2022-jp"),
    "charset: UTF-8 called utf-16": lambda: page("<p>ログイン</p>".encode() * 150_000, "utf-16"),
    "charset: utf-7, half of it base64": lambda: plain(b"+AGEAYgBj-+" * 300_000, "utf-7"),
}
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "zip: 1 GB of zeros": lambda: attached("flat.zip", zipped(("zeros", bytes(1 << 30)))),
    "zip: 10,000 names for the same 20 MB": lambda: attached("overlap.zip", overlapping(9_999, 20 * MIB)),
    "zip: 16 in 16 in 16 in 16 of 4 MB each": lambda: attached("nested.zip", nested(4, 16)),
    "zip: 100 in each other": lambda: attached("deep.zip", nested(100)),
    "gzip: unpacks to itself": lambda: attached("quine.gz", quine()),
    "zip: 60,000 empty members": lambda: attached("many.zip", zipped(*((f"{n}", b"") for n in range(60_000)))),
    "gzip: 200 MB of zeros": lambda: attached("zeros.gz", gzip.compress(bytes(200 * MIB), 9)),
}


class Cost(NamedTuple):
    seconds: float
    memory: int  # bytes


def cost(source: bytes) -> tuple[Cost, str]:
    """What one report costs, and what is wrong with it ("" where nothing is)."""
    with tempfile.NamedTemporaryFile(suffix=".eml") as file, tempfile.TemporaryFile() as said:
        file.write(source)
        file.flush()
        command = [sys.executable, "-m", "sekisho", "analyse", "--json", "--privacy", "offline", file.name]
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(HOST)}
        )
        peaks: dict[int, int] = {}
        busy: dict[int, float] = {}  # not from wait4, which knows nothing of a child that was not waited for
        begin = time.monotonic()
        while True:
            for pid in _family(process.pid):
                peaks[pid] = max(peaks.get(pid, 0), _peak(pid))
                busy[pid] = max(busy.get(pid, 0.0), _busy(pid))
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - begin > PATIENCE:
                process.kill()
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.stderr
        complaint = process.stderr.read().decode("utf-8", "replace")
        process.stderr.close()
        said.seek(0)
        opening = sum(seconds for pid, seconds in busy.items() if pid != process.pid)
        whole = used.ru_utime + used.ru_stime  # with every child that was waited for
        measured = Cost(max(whole, busy.get(process.pid, 0.0) + opening), sum(peaks.values()))
        if process.returncode:
            return measured, f"status {process.returncode}: {complaint[-300:]}"
        report = json.loads(said.read())
        broken = [one for one in report["defects"] if one.startswith(("check-failed", "block-failed"))]
        return measured, ", ".join(broken) or ("" if report["final"] else "not final")


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [
            child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
        ]
    except OSError:
        return [pid]
    return [pid, *(int(child) for child in {*children, *threads})]


def _peak(pid: int) -> int:
    """VmHWM of a process."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


def _busy(pid: int) -> float:
    """Processor seconds of a process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--only", default="", help="mails whose name has this in it")
    chosen = arguments.parse_args()
    idle, wrong = cost(HEAD + b"\r\nx")
    print(f"idle: {idle.seconds:.2f} s, {idle.memory / MIB:.0f} MB")
    print("| mail | MB | s | ordinary s | ratio | MB above idle | ordinary MB |\n|---|--:|--:|--:|--:|--:|--:|")
    failed = bool(wrong)
    for mails, ordinary in ((TEXTS, letter), (ARCHIVES, with_archive)):
        for name, make in mails.items():
            if chosen.only not in name:
                continue
            source = make()
            measured, wrong = cost(source)
            usual, _ = cost(ordinary(len(source)))
            seconds, held = measured.seconds - idle.seconds, max(usual.seconds - idle.seconds, 0.01)
            more = (measured.memory - idle.memory) / MIB
            size = len(source) / MIB
            slow = seconds > FLOOR_SECONDS and seconds > BAR * held
            usually = (usual.memory - idle.memory) / MIB
            large = more > FLOOR_MB and more > BAR * size and more > 1.25 * usually
            failed = failed or slow or large or bool(wrong)
            print(
                f"| {name} | {size:.2f} | {seconds:.2f}{' !' * slow} | {held:.2f} | {seconds / held:.1f} | {more:.0f}{' !' * large} | "
                f"{usually:.0f} |{' ' + wrong if wrong else ''}",
                flush=True,
            )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
