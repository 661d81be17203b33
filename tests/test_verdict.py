"""How findings add up, and what an unread rest of a message does to the answer."""

from __future__ import annotations

import pytest

from sekisho import session
from sekisho.report import Finding
from sekisho.settings import Settings
from sekisho.verdict import weigh

QUIET = b"From: a@example.com\nTo: b@example.org\nSubject: hello\n\nhello\n"


def finding(name: str, severity: str) -> Finding:
    return Finding(name, severity, "t", "w", "a", (), {})


@pytest.mark.parametrize(
    ("severities", "level", "score"),
    [
        ((), "clear", 0.0),
        (("info",), "clear", 0.0),
        (("low", "low"), "clear", 0.19),
        (("medium",), "caution", 0.45),
        (("medium", "medium", "medium"), "danger", 0.8336),
        (("high",), "danger", 0.8),
    ],
)
def test_findings_add_up(severities: tuple[str, ...], level: str, score: float) -> None:
    """One high or several medium findings are danger, one medium is caution, and small things stay small."""
    found = [finding(f"f{number}", severity) for number, severity in enumerate(severities)]

    assert (level, score) == weigh(found)[:2]


def test_one_finding_in_many_places_counts_once() -> None:
    """Twenty links of one kind are one reason, not twenty."""
    assert weigh([finding("one", "medium")]) == weigh([finding("one", "medium")] * 20)


def test_a_message_that_was_not_read_to_its_end_is_never_clear() -> None:
    """A NUL byte that hides the rest of a mail must not buy it the answer "no warning signs"."""
    whole = session.report(QUIET, Settings(), len(QUIET))
    cut = session.report(QUIET, Settings(), len(QUIET) + 100)

    assert ("clear", True) == (whole["verdict"]["level"], whole["message"]["complete"])
    assert ("caution", False) == (cut["verdict"]["level"], cut["message"]["complete"])


def test_a_message_that_is_still_arriving_is_not_accused_of_it() -> None:
    """The early frame of a long mail says what it has seen so far and no more."""
    early = session.report(QUIET, Settings(), len(QUIET) + 100, whole=False)

    assert ("clear", False) == (early["verdict"]["level"], early["final"])
