"""The law of Received lines over every writer's lines and over what becomes of them when bytes are changed; the hunt's own words."""

from __future__ import annotations

import subprocess
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from line_law import READERS, broken
from mutations import mutated

from sekisho.mail import received, writers

# By its file: there is a well-known package of that name.
_SPEC = spec_from_file_location("hunt", Path(__file__).with_name("coverage.py"))
assert _SPEC is not None and _SPEC.loader is not None
hunt = module_from_spec(_SPEC)
_SPEC.loader.exec_module(hunt)

LINES = [block.split("\n")[1] for block in Path(hunt.HERE.parent, "received_writers.txt").read_text("utf-8").strip().split("\n\n")]  # fmt: skip


@pytest.mark.parametrize("settings", READERS)
@pytest.mark.parametrize("learnt", [False, True])
def test_every_writers_lines_keep_the_law(settings: object, learnt: bool) -> None:
    """By themselves, and all of them in one message."""
    assert [] == [fault for line in LINES for fault in broken([line], settings, learnt)]
    assert [] == broken(LINES, settings, learnt)


@tried(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(
    random=st.randoms(use_true_random=False),
    some=st.lists(st.sampled_from(LINES), min_size=1, max_size=6),
    steps=st.integers(1, 20),
    settings=st.sampled_from(READERS),
    learnt=st.booleans(),
)
def test_changed_lines_keep_the_law(
    random: Random, some: list[str], steps: int, settings: object, learnt: bool
) -> None:
    """Bytes changed, cut, doubled, swapped, and the tokens that parsers stumble over put in."""
    source = "\n".join(some).encode()
    made = mutated(random, source, source[::-1], steps)[: hunt.MAX_SIZE].decode("utf-8", "surrogateescape")

    assert [] == broken(made.split("\n"), settings, learnt)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"ip": "198.51.100.99"}, "does not stand in the line"),
        ({"ip": "203.0.113.025"}, "an address that is none"),
        ({"raw": "from  x"}, "not unfolded"),
        ({"helo": None}, "no text"),
    ],
)
def test_the_law_sees_what_breaks_it(monkeypatch: pytest.MonkeyPatch, change: dict[str, object], word: str) -> None:
    """A reader that says what is not there is caught."""
    real = received.parse
    monkeypatch.setattr(received, "parse", lambda body: real(body)._replace(**change))

    assert word in broken([LINES[0]])[0]


def test_the_law_sees_a_writer_that_is_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is confirmed is the line's own."""
    monkeypatch.setattr(writers, "confirmed_name", lambda line: "mail.bank.example")

    assert "a writer that is two" in broken([LINES[0]])


def test_the_hunt_starts_with_every_writers_lines(tmp_path: Path) -> None:
    """Each alone and with others below it; a dictionary of their words, escaped as libFuzzer reads them."""
    hunt.seeds(tmp_path)

    assert 2 * len(LINES) == len(list(tmp_path.iterdir()))
    assert {line.encode() for line in LINES} == {path.read_bytes()[1:] for path in tmp_path.glob("line-*")}
    assert b"(Postfix)" in hunt.dictionary()
    assert b"\\x22a\\x5c\\xff" == hunt.escaped(b'"a\\\xff')


@pytest.mark.parametrize(("status", "expected"), [(0, 0), (77, 1)])
def test_the_hunt_says_what_it_found(status: int, expected: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Executions and what was new, in one line; the last words of the hunt if something broke."""
    said = "#2 INITED cov: 10 ft: 20\n#9 NEW cov: 15 ft: 33\nstat::number_of_executed_units: 900\nstat::new_units_added: 7\n"

    assert expected == hunt.told(subprocess.CompletedProcess([], status, "the law", said))
    told = capsys.readouterr().out
    assert told.startswith("900 lists of lines, 7 of them reached something new; branches 10 -> 15, paths 20 -> 33;")
    assert ("the law" in told) == (status != 0)


@pytest.mark.parametrize(
    ("body", "ip"),
    [
        ("from a.example (::1EHLO [IPv6:2001:db8::9]) by mx.example.org", "2001:db8::9"),
        (
            "from a.example (mx.othelo [192.0.2.9] (may be forged)) by mx.example.org (8.17.1/8.17.1) with ESMTP id x",
            "192.0.2.9",
        ),
        (
            "from a.example (mx.helo [192.0.2.9] (may be forged)) by mx.example.org (8.17.1/8.17.1) with ESMTP id x",
            "192.0.2.9",
        ),
        ("from a.example (192.0.2.9HELO b.example) by mx.example.org", ""),
    ],
)
def test_what_a_hunt_has_found_stays_found(body: str, ip: str) -> None:
    """A word that ends in HELO is none: it hid an address that the writer saw, and what stood before it was taken for one."""
    assert ip == received.parse(body).ip
    assert [] == broken([body], READERS[0], False)
