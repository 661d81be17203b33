"""What follows from the answers about domains: how much each says, and what says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from workbench import REPLAYS, report_of


def severities(folder: str, mail: str) -> dict[str, str]:
    """The severity of every finding of a mail among the replays."""
    report = report_of(REPLAYS / folder / f"{mail}.eml")
    return {finding["id"]: finding["severity"] for finding in report["findings"]}


@pytest.mark.parametrize(
    ("finding", "mail", "severity"),
    [
        ("young-domain", "fires-brand-on-a-domain-of-this-week", "high"),
        ("young-domain", "fires-link-three-days-old", "medium"),
        ("young-domain", "fires-sender-same-day", "medium"),
        ("young-domain", "fires-two-months", "low"),
        ("unregistered-domain", "fires-registry-knows-nobody", "medium"),
        ("unregistered-domain", "fires-no-server-at-all", "medium"),
        ("unregistered-domain", "fires-asked-years-later", "low"),
        ("parked-domain", "fires-link", "low"),
        ("parked-domain", "fires-sender", "medium"),
    ],
)
def test_a_finding_weighs_by_what_else_is_known(finding: str, mail: str, severity: str) -> None:
    """A well-known name on a new domain is danger; youth alone, and what may have changed since, is less."""
    assert severity == severities(finding, mail)[finding]


def test_a_finding_points_at_everything_that_names_the_domain() -> None:
    """The link for a link's domain, the fields for a sender's."""
    places: dict[str, Any] = {}
    for mail in ("fires-link-three-days-old", "fires-sender-same-day"):
        (found,) = [
            finding
            for finding in report_of(REPLAYS / "young-domain" / f"{mail}.eml")["findings"]
            if finding["id"] == "young-domain"
        ]
        places[mail] = found["where"]

    assert {
        "fires-link-three-days-old": ["link:0"],
        "fires-sender-same-day": ["field:from", "field:return-path", "field:received:0"],
    } == places
