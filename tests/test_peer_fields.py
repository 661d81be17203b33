"""Fields in which the reader's own side notes the peer: read in every form, and only above the checkpoint."""

from __future__ import annotations

import pytest
from workbench import primitives

from sekisho import session
from sekisho.mail import fields
from sekisho.mail.peer_fields import read
from sekisho.settings import Settings

ENTRY = b"""Received: from mail.shop.example.com (mail.shop.example.com [198.51.100.7])
	by mx1.office.example (Postfix) with ESMTPS id 4C1E02A0F7
	for <info@office.example>; Mon, 6 Jun 2022 09:11:05 +0900
"""
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
    ],
)
def test_each_form_is_read_above_the_line_and_not_below(field: bytes) -> None:
    """The same field is a witness above the hand-over and nothing below it."""
    above = field + b"\n" + ENTRY + REST
    below = ENTRY + field + b"\n" + REST

    assert ["198.51.100.7"] == [found.ip for found in read(fields.parse(above), above.index(b"Received: from"))]
    assert [] == read(fields.parse(below), below.index(b"Received: from"))


@pytest.mark.parametrize(
    "field", [b"X-Sender-IP: 1.2.3.4.5", b"X-Sender-IP:", b"Received-SPF: none", b"X-FEAS-Client-IP: \xff\x00"]
)
def test_what_names_no_address_is_no_witness(field: bytes) -> None:
    """A field without a whole address in its place says nothing."""
    source = field + b"\n" + ENTRY + REST

    assert [] == read(fields.parse(source), source.index(b"Received: from"))


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
