"""Whatever the bytes, there is a report."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from law import broken
from mutations import TOKENS, mutated
from workbench import LOCALES, mails

SOURCES = [path.read_bytes() for path in mails()]
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@settings(patiently, max_examples=150)
@given(source=st.binary(max_size=3000), locale=st.sampled_from(LOCALES), whole=st.booleans())
def test_any_bytes_give_a_report(source: bytes, locale: str, whole: bool) -> None:
    """Random bytes are a message."""
    assert [] == broken(source, locale, whole=whole)


@settings(patiently, max_examples=150)
@given(tokens=st.lists(st.tuples(st.sampled_from(TOKENS), st.integers(1, 40)), max_size=40))
def test_nasty_tokens_give_a_report(tokens: list[tuple[bytes, int]]) -> None:
    """Any sequence of what parsers stumble over is a message."""
    assert [] == broken(b"".join(token * count for token, count in tokens))


@settings(patiently, max_examples=200)
@given(
    random=st.randoms(use_true_random=False),
    source=st.sampled_from(SOURCES),
    other=st.sampled_from(SOURCES),
    steps=st.integers(1, 25),
    locale=st.sampled_from(LOCALES),
)
def test_a_mutated_mail_gives_a_report(random: Random, source: bytes, other: bytes, steps: int, locale: str) -> None:
    """A replay with bytes changed, cut, doubled and swapped is a message."""
    assert [] == broken(mutated(random, source, other, steps), locale)


HOP = b"Received: from a (b [203.0.113.9]) by c with SMTP id 1; 1 Jan 2024 00:00:00 +0900\n"
LARGE = {
    "empty": b"",
    "one NUL": b"\0",
    "NULs": b"\0" * 300_000,
    "8-bit": bytes(range(128, 256)) * 2000,
    "binary": Random(1).randbytes(300_000),
    "line ends": b"\r\n" * 100_000,
    "one line of a header": b"Subject: " + b"x" * 1_000_000,
    "one line of a text": b"\n" + b"x" * 1_000_000,
    "one long URL": b"\nhttp://example.com/" + b"a/" * 500_000,
    "10,000 Received": HOP * 10_000,
    "120 Received of 8 kB": (b"Received: from a by b with SMTP " + b"(()" * 2700 + b"\n") * 120,
    "120 Received of keywords": (b"Received: " + b"from by with id for via ; " * 320 + b"\n") * 120,
    "10,000 other fields": b"X: y\n" * 10_000,
    "nested multiparts": b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3000,
    "nested messages": b"Content-Type: message/rfc822\n\n" * 10_000,
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
    "many text parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: text/html\n\n<a href=http://a.example/>x\n" * 900,
    "deep HTML": b"Content-Type: text/html\n\n" + b"<div>" * 60_000,
    "comments": b"Content-Type: text/html\n\n" + b"<!--" * 100_000,
    "formatting": b"Content-Type: text/html\n\n<p>" + b"".join(b"<b id=%d>" % n for n in range(1000)) + b"</p>" + b"<p>x</p>" * 9000,
    "links in tables": b"Content-Type: text/html\n\n" + b"<a href=http://a.example/><table><tr><td>" * 150 + b"x" * 900_000,
    "IDN links": b"\n" + "".join(f"http://é{n}.example/ " for n in range(20_000)).encode(),
    "brackets behind a link": b"\nhttp://a.example/" + b")" * 300_000,
    "many labels": b"\n" + b"".join(b"http://" + b"a." * 110 + b"%d.example.com/\n" % n for n in range(600)),
    "hosts in paths": b"\n" + b"".join(b"http://%d.example.com/" % n + b"a.jp/" * 700 + b"\n" for n in range(300)),
    "placeholders": b"\n" + b"".join(b"http://%d.example.com/" % n + b"{email" * 600 + b"\n" for n in range(250)),
    "gateway notices": b"\n removed " + ("添付ファイル" + "は" * 60 + "ウイルス" * 15 + "は" * 80 + "\n").encode() * 700,
    "many recipients": b"To: " + b"a@example.com, " * 60_000 + b"\n\n",
    "many To": b"To: a@example.com\n" * 4000 + b"\n",
    "words": b"Subject: " + b"=?utf-8?q?x" * 90_000 + b"\n\n",
    "names": b"From: " + b"=?utf-8?q?x" * 90_000 + b" <a@example.com>\n\n",
    "parameters": b"Content-Type: text/plain" + b';a="' * 200_000 + b"\n\n",
    "results": b"".join(b"Authentication-Results: " + b"spf=pass ((; " * 600 + b"\n" for _ in range(100)),
}  # fmt: skip


@pytest.mark.parametrize("source", LARGE.values(), ids=LARGE)
def test_a_mail_made_to_be_slow_gives_a_report(source: bytes) -> None:
    """What once cost minutes, memory or the stack of some mail program is a message like others."""
    assert [] == broken(source)


def test_thirty_megabytes_of_binary_give_a_report() -> None:
    """A large message that is no mail at all is a message."""
    assert [] == broken(Random(2).randbytes(1_000_000) * 30)
