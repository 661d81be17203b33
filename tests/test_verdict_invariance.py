"""What tells collections of mail apart and senders not: none of it moves the verdict.

The order of header fields, fields that nobody reads, and which machine and program of the reader's side took a message in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import receivers
from workbench import TESTS, analysed, mails, name

from sekisho.engine import Analysis

MAILS = [*mails(), *sorted((TESTS / "honest").glob("*/*.eml"))]
OTHERS: dict[str, Callable[[bytes, Analysis], bytes | None]] = {
    "another order": lambda source, _: receivers.shuffled(source, 1),
    "a third order": lambda source, _: receivers.shuffled(source, 2),
    "other names": lambda source, _: receivers.renamed(source),
    **{f"kept by {form}": partial(receivers.moved, form=form) for form in receivers.FORMS},
}


def beside(path: Path, kind: str) -> Any:
    """The settings or answers that lie beside a mail."""
    file = path.with_suffix(f".{kind}.json")
    return json.loads(file.read_text("utf-8")) if file.exists() else None


@cache
def known(path: Path) -> Analysis:
    """A mail's analysis as it lies there."""
    return analysed(path.read_bytes(), beside(path, "settings"), beside(path, "answers"))


def judged(analysis: Analysis) -> tuple[str, float]:
    verdict = analysis.report.verdict
    return verdict.level, verdict.score


@pytest.mark.parametrize("how", OTHERS)
def test_what_is_no_evidence_leaves_the_verdict_as_it_was(how: str) -> None:
    """Of every replay, sample and honest mail to which it can be done, and that is most of them."""
    changed, moved = 0, {}
    for path in MAILS:
        source, before = path.read_bytes(), known(path)
        other = OTHERS[how](source, before)
        if other is None or other == source:
            continue
        changed += 1
        after = judged(analysed(other, beside(path, "settings"), beside(path, "answers")))
        if after != judged(before):
            moved[name(path)] = (judged(before), after)

    assert {} == moved
    assert changed > len(MAILS) / (10 if how == "other names" else 2)


def test_the_orders_are_other_orders_of_the_same_fields() -> None:
    """Trace fields stay where they are, and nothing is lost."""
    source = b"Received: a\nX-A: 1\nSubject: s\nReceived: b\nX-A: 2\nFrom: f\n\nbody\n\nmore\n"
    other = receivers.shuffled(source, 1)
    found, rest = receivers.fields(other)

    assert sorted(found) == sorted(receivers.fields(source)[0]) and rest == b"\n\nbody\n\nmore\n"
    assert [found[0], found[3]] == [b"Received: a", b"Received: b"]
    assert found.index(b"X-A: 1") < found.index(b"X-A: 2")
    assert other != source


def test_a_field_that_somebody_reads_keeps_its_name() -> None:
    """Else it would be no wonder that the verdict moves."""
    source = b"From: a@example.com\nX-Nobody-Reads-This: 1\nReply-To: b@example.com\n\n"

    assert receivers.renamed(source) == b"From: a@example.com\nX-Qqz-1: 1\nReply-To: b@example.com\n\n"
