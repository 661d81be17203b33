"""How long it takes to look for the reader's own in what a stranger wrote, and what happens to what is not looked through."""

from __future__ import annotations

import base64
import tracemalloc
from collections.abc import Callable
from hashlib import md5
from random import Random
from time import perf_counter
from typing import Any
from unicodedata import normalize

import pytest
from workbench import NOW, report_of_source

from sekisho import settings
from sekisho.paint import veil as module
from sekisho.paint.export import FORMATS, export
from sekisho.paint.publication import own_of
from sekisho.paint.veil import LEFT_OUT, MASK, Own, Veil

ADDRESS = "hanako.tsukino@mizuiro-works.example"
OWN = Own(
    (ADDRESS, "tsukino1987@gmail.com"),
    ("mizuiro-works.example",),
    ("Hanako Tsukino", "月野 花子", "ガブリエル"),
    ("hanako", "tsukino", "月野", "花子"),
    ("mailgate7.provider.example",),
    ("198.51.100.23", "2001:db8:7::25"),
    ("10.0.0.0/8",),
)
RANDOM = Random(7)
NOISE_BYTES = bytes(RANDOM.randrange(256) for _ in range(30_000))
SLOWER, NOISE = 8, 0.05  # times as long may four times as much take; seconds

HOSTILE: dict[str, str] = {
    "own words": "hanako.",
    "own words apart": "hanako ",
    "own addresses": f"{ADDRESS} ",
    "own local part": "hanako@",
    "cut everywhere": "…",
    "cut in words": "hanako…",
    "cut in base64": "aGFuYWtv…",
    "encoded words": "=?utf-8?B?aGVsbG8gd29ybGQ=?= ",
    "base64": base64.b64encode(NOISE_BYTES).decode(),
    "base64 in base64": base64.b64encode(base64.b64encode(base64.b64encode(NOISE_BYTES))).decode(),
    "hexadecimal": NOISE_BYTES.hex(),
    "percent": "%25",
    "percent in percent": "%2541",
    "quoted-printable": "=41",
    "references": "&#65;",
    "escapes": "\\u0041",
    "tags": "<",
    "comments": "<!--",
    "wide": "ｈａｎａｋｏ",
    "unseen": "h\u200ba\u200b",
    "one that becomes eighteen": "\ufdfa",
    "digits": "1234567890",
    "addresses of hosts": "10.1.2.3 ",
    "colons": "1:",
    "one letter": "a",
    "octets": NOISE_BYTES.decode("utf-8", "surrogateescape"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_text_costs_no_more_than_eight_times(name: str) -> None:
    """Whatever the text repeats."""

    def cost(size: int) -> float:
        text = (HOSTILE[name] * (size // len(HOSTILE[name]) + 1))[:size]
        spent = []
        for _ in range(3):
            veil = Veil(OWN)
            start = perf_counter()
            veil.text(text)
            spent.append(perf_counter() - start)
        return min(spent)

    assert cost(32_000) < SLOWER * cost(8_000) + NOISE


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("work", [0, 2, 20])
def test_nothing_passes_unsearched(name: str, work: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With any amount of work: what is the reader's own is cut, or left out with all around it."""
    monkeypatch.setattr(module, "WORK", work)
    monkeypatch.setattr(module, "WORK_MORE", 0)
    around = (HOSTILE[name] * 3000)[:3000]
    made = Veil(OWN).text(f"{around} {ADDRESS} {around}")

    assert "tsukino@" not in made and "mizuiro" not in made
    assert MASK in made or made == LEFT_OUT


def test_what_is_behind_the_longest_text_is_left_out() -> None:
    """Also where an own name goes over that place, and in pieces."""
    before = "x " * (module.MAX_TEXT // 2 - 7)
    for text in (f"{before}{ADDRESS} and more", "x " * module.MAX_TEXT + ADDRESS):
        made = Veil(OWN).text(text)
        assert "hanako" not in made and made.endswith(LEFT_OUT)
    pieces = Veil(OWN).pieces([before, ADDRESS, " and more"])
    assert before == pieces[0] and "hanako" not in "".join(pieces) and 3 == len(pieces)


WRITINGS: dict[str, Callable[[], str]] = {
    "tags between its letters": lambda: "hanako<b></b>.tsu<!-- x -->kino@mizuiro-<i>works</i>.example",
    "references to wide letters": lambda: "".join(f"&#{ord(char) + 0xFEE0};" for char in ADDRESS),
    "letters and their marks": lambda: normalize("NFD", "ガブリエル"),
    "a hash far within a run": lambda: "0" * 9000 + md5(ADDRESS.encode()).hexdigest() + "0" * 50,
    "a word in a long one": lambda: "x-y." * 100 + "hanako" + ".x-y" * 100,
    "octets of another charset": lambda: "月野".encode("euc-jp").decode("utf-8", "surrogateescape"),
}


@pytest.mark.parametrize("name", WRITINGS)
def test_more_writings_are_found(name: str) -> None:
    """As readers see them, programs read them, or services make them."""
    text = WRITINGS[name]()
    made = Veil(OWN).text(f"see {text} now")

    assert MASK in made
    assert text not in made


# ------------------------------------------------------------------ publication

MAIL = (
    b"Delivered-To: u4711x\r\n"
    b"Received: from mx.evil.example (mx.evil.example [203.0.113.9]) by mx.own.example with ESMTPS id 4b for u4711x; Mon, 1 Jun 2026 09:00:05 +0000\r\n"
    b"From: Support <support@evil.example>\r\nSubject: u4711x, your password expires\r\nDate: Mon, 1 Jun 2026 09:00:00 +0000\r\n\r\n"
    b"Verify your account: https://w.evil.example/login/u4711x\r\n"
)


def test_a_mailbox_that_its_server_knows_without_a_domain_is_not_named() -> None:
    """Delivered-To may hold no address, and the name in it is the reader's all the same."""
    report = report_of_source(MAIL)
    assert ("u4711x",) == own_of(report, settings.Settings()).words
    for form in FORMATS:
        assert "u4711x" not in export(report, form, settings.Settings(), NOW, publication=True).text


def test_the_readers_clock_is_not_published() -> None:
    """The zone that his panel counts in tells where he is; an article is the same for all."""
    given: tuple[dict[str, Any], ...] = ({}, {"time_zone": [[0, 345]]})
    for form in FORMATS:
        made = [
            export(report_of_source(MAIL, **one), form, settings.read(one)[0], NOW, publication=True).text
            for one in given
        ]
        assert made[0] == made[1] and "+05:45" not in made[1]


def test_a_name_may_be_as_long_as_a_mail() -> None:
    """The sender writes it into To: what is made of it is as long as it is, not as long as all its beginnings."""

    def held(length: int) -> int:
        name = ("hanako" * length)[:length]
        tracemalloc.start()
        try:
            veil = Veil(Own(names=(name,)))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert MASK in veil.text(f"To: {name[:40]}…")
        return peak

    assert held(16_000) < 8 * held(4_000)
