"""Honest mail as the corpus lacks it, written before it was measured: none of it is warned of, but for what is listed here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from workbench import LOCALES, TESTS, failures, name, report_of

HONEST = TESTS / "honest"
MAILS = sorted(HONEST.glob("*/*.eml"))
HEAVY = {"medium", "high"}
# What is warned of all the same, with the findings that do it: too much of one fails like too little.
KNOWN: dict[str, set[str]] = {
    # A mother asks about a phish and quotes it: the link in her mail does imitate Amazon's domain, and saying so answers her.
    "private/is-this-fraud.eml": {"lookalike-domain"},
    # A taxpayers' association writes under the name of the tax office it works with: nothing in the mail tells that it may.
    "government/tax-office-consultation.eml": {"brand-elsewhere"},
    # From the reader's own domain through Google, whose signature nobody has looked at, from an address that is nobody's (RFC 5737).
    "business/forward-thread-phone-change.eml": {"self-spoof"},
}


class Entry(NamedTuple):
    """A line of index.tsv."""

    mail: str
    side: str
    address: str
    server: str
    language: str
    tricky: str


def index() -> list[Entry]:
    """What index.tsv says of each mail."""
    lines = (HONEST / "index.tsv").read_text("utf-8").splitlines()
    return [Entry(*line.split("\t")) for line in lines if not line.startswith("#")]


INDEX = {entry.mail: entry for entry in index()}
by_mail = pytest.mark.parametrize("mail", MAILS, ids=name)


def listed(mail: Path) -> str:
    """A mail's name in the index."""
    return mail.relative_to(HONEST).as_posix()


def heavy(report: dict[str, Any]) -> set[str]:
    """The findings of a report that can warn by themselves."""
    return {finding["id"] for finding in report["findings"] if finding["severity"] in HEAVY}


def test_the_index_tells_of_every_mail_and_of_nothing_else() -> None:
    """Each mail stands in the index once, with each of its columns filled."""
    entries = index()

    assert sorted(entry.mail for entry in entries) == sorted(map(listed, MAILS))
    assert all(all(entry) for entry in entries)


def test_there_are_many_of_many_kinds_from_many_places() -> None:
    """Enough to tell something, and no receiving side is most of it."""
    sides = Counter(entry.side for entry in INDEX.values())

    assert len(MAILS) >= 150
    assert len({mail.parent.name for mail in MAILS}) >= 10
    assert len(sides) >= 20
    assert max(sides.values()) < len(MAILS) / 5
    assert len({entry.language for entry in INDEX.values()}) >= 5


@by_mail
@pytest.mark.parametrize("locale", LOCALES)
def test_an_honest_mail_is_not_warned_of(mail: Path, locale: str) -> None:
    """Nothing fails, and nothing weighs but what is known to; in every language."""
    report = report_of(mail, locale)

    assert [] == failures(report)
    assert KNOWN.get(listed(mail), set()) == heavy(report)
    assert report["verdict"]["level"] == "clear" or listed(mail) in KNOWN


@by_mail
def test_nor_where_the_readers_account_is_known(mail: Path) -> None:
    """As Thunderbird shows it: with the reader's address and incoming server told."""
    entry = INDEX[listed(mail)]
    report = report_of(mail, own_addresses=[entry.address], incoming_servers=[entry.server])

    assert [] == failures(report)
    assert KNOWN.get(entry.mail, set()) == heavy(report)
    assert report["verdict"]["level"] == "clear" or entry.mail in KNOWN
