"""How findings add up, and what an unread rest of a message does to the answer."""

from __future__ import annotations

import pytest

from sekisho import session
from sekisho.report import Finding
from sekisho.settings import Settings
from sekisho.tables.weights import DEFAULTS
from sekisho.verdict import weigh

QUIET = b"From: a@example.com\nTo: b@example.org\nSubject: hello\n\nhello\n"


def finding(name: str, severity: str) -> Finding:
    return Finding(name, severity, "t", "w", "a", (), {})


def judged(*severities: str) -> tuple[str, int]:
    """Level and points of findings that no table names, one of each severity given."""
    found = weigh([finding(f"f{number}", severity) for number, severity in enumerate(severities)])
    return found.level, found.points


@pytest.mark.parametrize(
    ("severities", "level"),
    [
        ((), "clear"),
        (("info",) * 20, "clear"),
        (("low", "low"), "clear"),
        (("medium",), "caution"),
        (("medium", "low", "low"), "caution"),
        (("medium", "medium", "medium"), "danger"),
        (("high",), "danger"),
    ],
)
def test_what_was_never_measured_counts_by_its_severity(severities: tuple[str, ...], level: str) -> None:
    """One high or several medium findings are danger, one medium is caution, and small things stay small."""
    assert (level, sum(DEFAULTS[one] for one in severities)) == judged(*severities)


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
