"""What follows from the answers about domains: how much each says, and what says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from workbench import REPLAYS, SAMPLES, analysed, primitives, replayed, report_of


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


KAGOYA = (SAMPLES[0].parent / "kagoya.eml").read_bytes()
OTHER_SENDER = KAGOYA.replace(b"mori@office.example", b"mori@example.com")


def answer(kind: str, what: str, name: str, *records: Any) -> dict[str, Any]:
    return {
        "question": {"kind": kind, "type": what, "name": name},
        "records": list(records),
        "source": "test",
        "at": "2022-05-10T07:00:00+09:00",
    }


def told(source: bytes, *answers: dict[str, Any], **given: Any) -> tuple[str, list[str]]:
    """The headline and the sentences of the network block."""
    report = analysed(source, {"locale": "en", **given}, list(answers)).report
    sentences = [
        item["text"]
        for block in report.panel
        if block["block"] == "network"
        for item in primitives(block["body"])
        if item["kind"] == "sentence"
    ]
    return report.verdict.headline, sentences


def test_a_links_server_at_the_senders_company_is_told() -> None:
    """By the network's number; in the headline where the message is suspicious, and with both addresses' evidence in the block."""
    headline, said = told(KAGOYA, answer("dns", "A", "w-support.jp", "202.226.37.191"))

    assert headline.endswith(
        "sent through Xserver, Japan (sv742.xserver.jp), and its link belongs to w-support.jp, also at Xserver."
    )
    assert (
        "That is the company, Xserver Inc., at which the server that handed the message over (120.136.14.43) stands too."
        in said
    )


@pytest.mark.parametrize("address", [None, "84.129.205.43"])
def test_nothing_is_shared_where_it_is_not_known_or_not_so(address: str | None) -> None:
    """No answer says nothing, and neither does another company's network."""
    headline, said = told(KAGOYA, *([answer("dns", "A", "w-support.jp", address)] if address else []))

    assert "also at" not in headline
    assert [] == [text for text in said if "handed the message over (120.136.14.43)" in text]


def test_two_customers_of_a_cloud_have_nothing_in_common() -> None:
    """Amazon's network on both sides is a sentence that says so, and none in the headline."""
    source = KAGOYA.replace(b"120.136.14.43", b"52.1.1.1").replace(b"sv742.xserver.jp", b"mail.example.net")
    headline, said = told(source, answer("dns", "A", "w-support.jp", "52.1.1.2"))

    assert "also at" not in headline
    assert any("so many others that this says nothing" in text for text in said)


def test_name_servers_and_owner_are_compared_with_the_senders() -> None:
    """The confirmed host's own name servers, and one registrant for both domains; a privacy service is nobody's owner."""
    servers = answer("dns", "NS", "w-support.jp", "ns1.xserver.jp", "ns2.xserver.jp")
    owned = [
        [answer("registration", "domain", name, {"registrant": owner}) for name in ("w-support.jp", "example.com")]
        for owner in ("Example Trading Ltd", "Whois Privacy Protection Service")
    ]

    assert (
        "Its name servers are those of xserver.jp, as is the server that handed the message over (sv742.xserver.jp)."
        in told(KAGOYA, servers)[1]
    )
    assert "It has the same owner, Example Trading Ltd, as example.com." in told(OTHER_SENDER, *owned[0])[1]
    assert [] == [text for text in told(OTHER_SENDER, *owned[1])[1] if "same owner" in text]


def test_a_sender_of_one_country_behind_a_server_in_another_is_told() -> None:
    """By the domain's country, or the registrant's; not where nothing is known of one of them."""
    source = OTHER_SENDER.replace(b"eKagoya ISP ", b"").replace(b"120.136.14.43", b"27.147.195.220")
    registered = answer("registration", "domain", "example.com", {"registrant": "Example", "country": "DE"})

    assert any("in Bangladesh, while example.com is of Germany" in text for text in told(source, registered)[1])
    assert any(
        "in Bangladesh, while example.co.jp is of Japan" in text
        for text in told(source.replace(b"example.com", b"example.co.jp"))[1]
    )
    assert [] == [text for text in told(source)[1] if "while" in text]


def test_the_line_that_handed_a_mail_over_is_told() -> None:
    """In the facts, with what it is known by."""
    report = replayed(REPLAYS / "home-line-sender" / "fires-dsl.eml").report
    (rows,) = [
        item["rows"]
        for block in report.panel
        if block["block"] == "facts"
        for item in block["body"]
        if item["kind"] == "table"
    ]

    assert [
        "Kind of line",
        "an ordinary internet line, as homes and small offices have, by its name 203-0-113-33.dsl.isp.example",
    ] in rows
