"""Fields in which the reader's own side notes the peer: read in every form, and only above the checkpoint."""

from __future__ import annotations

import pytest
from workbench import primitives

from sekisho import session
from sekisho.facts.edges import NOTHING
from sekisho.facts.route import walk
from sekisho.mail import fields
from sekisho.mail.message import Message
from sekisho.mail.peer_fields import read
from sekisho.settings import Settings

ENTRY = b"""Received: from mail.shop.example.com (mail.shop.example.com [198.51.100.7])
	by mx1.office.example (Postfix) with ESMTPS id 4C1E02A0F7
	for <info@office.example>; Mon, 6 Jun 2022 09:11:05 +0900
"""
BY = "mx1.office.example"
REST = b"From: Shop <info@shop.example.com>\nTo: info@office.example\nSubject: hello\n\nhello\n"


@pytest.mark.parametrize(
    "field",
    [
        b"X-Sender-IP: 198.51.100.7",
        b"Received-SPF: Pass (mx1.office.example: domain designates 198.51.100.7) client-ip=198.51.100.7; helo=x;",
        b"X-Forefront-Antispam-Report: CIP:198.51.100.7;CTRY:JP;LANG:ja;SCL:1;",
        b"X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp: TenantId=84df9e7f;Ip=[198.51.100.7];Helo=[x]",
        b"X-FEAS-Client-IP: 198.51.100.7",
        b"X-MDRemoteIP: 198.51.100.7",
        b"X-Barracuda-Connect: mail.shop.example.com[198.51.100.7]",
        b"X-Barracuda-Apparent-Source-IP: 198.51.100.7",
        b"X-Originating-IP: [198.51.100.7]",
        b"Authentication-Results: mx1.office.example; iprev=pass policy.iprev=198.51.100.7",
        b"Authentication-Results: MX1.office.example; iprev=pass (mail.shop.example.com) smtp.remote-ip=198.51.100.7",
        b"Authentication-Results: office.example 1; spf=none (no record) client-ip=198.51.100.7",
        b"Authentication-Results: mx1.office.example;\n\tspf=pass (office.example: domain of info@shop.example.com designates\n\t198.51.100.7 as permitted sender) smtp.mailfrom=info@shop.example.com",
    ],
)
def test_each_form_is_read_above_the_line_and_not_below(field: bytes) -> None:
    """The same field is a witness above the hand-over and nothing below it."""
    above = field + b"\n" + ENTRY + REST
    below = ENTRY + field + b"\n" + REST

    assert ["198.51.100.7"] == [found.ip for found in read(fields.parse(above), above.index(b"Received: from"), BY)]
    assert [] == read(fields.parse(below), below.index(b"Received: from"), BY)


@pytest.mark.parametrize(
    "field", [b"X-Sender-IP: 1.2.3.4.5", b"X-Sender-IP:", b"Received-SPF: none", b"X-FEAS-Client-IP: \xff\x00"]
)
def test_what_names_no_address_is_no_witness(field: bytes) -> None:
    """A field without a whole address in its place says nothing."""
    source = field + b"\n" + ENTRY + REST

    assert [] == read(fields.parse(source), source.index(b"Received: from"), BY)


MICROSOFT = "AM1PEPF000252E0.mail.protection.outlook.com"
GMAIL_PASSED = "spf=pass (google.com: domain of a@shop.example.com designates 198.51.100.7 as permitted sender) "


@pytest.mark.parametrize(
    ("by", "results", "expected"),
    [
        (BY, "mx1.office.example; " + GMAIL_PASSED + "smtp.mailfrom=a@shop.example.com", ("198.51.100.7", "shop.example.com")),
        (BY, "mx1.office.example; " + GMAIL_PASSED + 'smtp.mailfrom="a"@shop.example.com', None),
        (BY, "mx1.office.example; " + GMAIL_PASSED + "smtp.mailfrom=a@gmail.example@shop.example.com", ("198.51.100.7", "")),
        (BY, "mx1.office.example; " + GMAIL_PASSED + "smtp.mailfrom=a@x.example; spf=pass smtp.mailfrom=b@y.example", ("198.51.100.7", "")),
        (BY, "mx1.office.example; " + GMAIL_PASSED.replace("pass", "fail") + "smtp.mailfrom=a@shop.example.com", ("198.51.100.7", "")),
        (BY, "mx1.office.example; " + GMAIL_PASSED + "policy.iprev=198.51.100.8", None),
        (BY, "mx.elsewhere.example; " + GMAIL_PASSED + "smtp.mailfrom=a@shop.example.com", None),
        (BY, "office.example; " + GMAIL_PASSED + "smtp.mailfrom=a@shop.example.com", ("198.51.100.7", "")),  # its domain is not its name
        (BY, "example; " + GMAIL_PASSED, None),
        (BY, GMAIL_PASSED, None),
        (BY, "mx1.office.example; spf=neutral (office.example: 198.51.100.7 is neither permitted nor denied by domain of a@b.example)", ("198.51.100.7", "")),
        (BY, "", None),
        (MICROSOFT, "spf=pass (sender IP is 198.51.100.7)\n smtp.mailfrom=shop.example.com; dkim=none", ("198.51.100.7", "shop.example.com")),
        (MICROSOFT, "mx1.office.example; spf=pass (sender IP is 198.51.100.7) smtp.mailfrom=shop.example.com", None),
    ],
)  # fmt: skip
def test_results_count_only_as_the_servers_own(by: str, results: str, expected: tuple[str, str] | None) -> None:
    """Authentication-Results name the peer when they are of the server that took the message, and say each thing once."""
    source = b"Authentication-Results: " + results.encode() + b"\n" + ENTRY + REST
    found = read(fields.parse(source), source.index(b"Received: from"), by)

    assert ([] if expected is None else [expected]) == [(one.ip, one.passed) for one in found]


def test_what_own_servers_say_of_each_other_is_no_witness() -> None:
    """Behind the edge the same fields speak of the server that handed on inside: that is no contradiction."""
    inside = b"Received: from mx1.office.example (mx1.office.example [203.0.113.1])\n\tby imap.office.example (Postfix) with ESMTP id 4C1E02A0F8;\n\tMon, 6 Jun 2022 09:11:06 +0900\n"
    said = b"X-Sender-IP: 203.0.113.1\nX-FEAS-Client-IP: 10.1.2.3\nX-MDRemoteIP: 198.51.100.7\n"
    message = Message(said + inside + ENTRY + REST)

    assert ["x-mdremoteip"] == [
        witness.field.name for witness in walk(message, Settings(), lambda ip: None, NOTHING).witnesses
    ]


@pytest.mark.parametrize(
    ("ip", "word"),
    [("198.51.100.7", "names the same address"), ("198.51.100.8", "names another address: 198.51.100.8")],
)
def test_the_route_says_whether_the_witness_agrees(ip: str, word: str) -> None:
    """Agreement and disagreement are both said, and the origin stays what the Received line proves."""
    report = session.report(f"X-Sender-IP: {ip}\n".encode() + ENTRY + REST, Settings())
    route = next(block for block in report["panel"] if block["block"] == "route")

    assert "198.51.100.7" == report["origin"]["ip"]
    assert any(word in item.get("text", "") for item in primitives(route["body"]))
