"""A line of every writer there is, in its own form, and each part of it: what is there, and what is not.

`received_writers.txt` holds them, three lines each: who wrote it (program @ operator), the line, its parts. A part that is not
named there must be empty. The forms are those of each program's source text, its manual, or its lines in public mail; names and
addresses are reserved ones (RFC 2606, 5737, 3849) but for the hosts by which a provider's servers are known.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.mail import received, writers
from sekisho.mail.received import Received

WRITERS = (
    "Postfix", "Exim", "Sendmail", "qmail", "qpsmtpd", "Microsoft Exchange", "Microsoft 365", "Microsoft SMTP Service", "Gmail", "Yahoo Mail",
    "FortiMail", "Barracuda", "IronPort", "Mimecast", "Proofpoint", "MDaemon", "CommuniGate Pro", "Domino", "Kerio Connect", "Courier", "Haraka",
    "OpenSMTPD", "Amazon SES", "SendGrid", "Mailgun", "Postmark", "Apache James", "hMailServer", "Stalwart", "ZoneMTA", "Zoho Mail", "ZMailer",
    "InterMail", "PowerMTA", "fetchmail", "Zimbra",
)  # fmt: skip
OPERATORS = (
    "Xserver", "SAKURA internet", "KAGOYA", "LOLIPOP!", "heteml", "BIGLOBE", "@nifty", "So-net", "NTT docomo", "au", "SoftBank", "Yahoo! JAPAN", "IIJ", "OCN",
)  # fmt: skip
TEXT = Path(__file__).with_name("received_writers.txt").read_text("utf-8")


class Case(NamedTuple):
    writer: str
    operator: str
    line: str
    parts: dict[str, str]


def case(text: str) -> Case:
    head, line, parts = text.strip("\n").split("\n")
    writer, _, operator = head.partition(" @ ")
    named = dict(word.partition("=")[::2] for word in parts.split())
    return Case(writer.removeprefix("-"), operator, line, named)


CASES = [case(text) for text in TEXT.strip().split("\n\n")]


def parts(line: Received) -> dict[str, str]:
    """What a line holds, as the table writes it: no empty part, a flag by its name alone."""
    held = {name: value for name, value in line._asdict().items() if name not in ("raw", "date") and value not in ("", False)}  # fmt: skip
    if line.date:
        held["date"] = line.date.iso
    short = {"protocol": "with", "recipient": "for"}
    return {short.get(name, name): "" if value is True else value for name, value in held.items()}


@pytest.mark.parametrize("one", CASES, ids=[f"{place}-{one.writer or one.operator}" for place, one in enumerate(CASES)])
def test_a_line_is_read_by_the_hand_that_wrote_it(one: Case) -> None:
    """Every part that is there and none that is not; folded or not; and who wrote it."""
    line = received.parse(one.line)

    assert one.parts == parts(line)
    assert one.parts == parts(received.parse(one.line.replace(" ", "\r\n\t ")))
    assert (one.writer, one.operator) == (writers.writer(line), writers.operator(line))


@pytest.mark.parametrize("name", [*WRITERS, *OPERATORS])
def test_every_writer_has_its_lines(name: str) -> None:
    """Two lines at least of every program and of every provider."""
    assert sum(name in (one.writer, one.operator) for one in CASES) >= 2


@given(one=st.sampled_from(CASES), other=st.sampled_from(CASES))
def test_what_the_peer_said_names_no_writer(one: Case, other: Case) -> None:
    """A HELO that looks like the end of another's line changes neither the writer that names itself nor the trust in a name."""
    line = received.parse(one.line)
    if not writers.named(line) or not line.helo or " by " not in other.line:
        return
    said = other.line[other.line.index(" by ") + 4 :].replace(" ", "")
    lied = line._replace(raw=line.raw.replace(line.helo, said, 1))

    assert writers.named(line) == writers.named(lied)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from h.example (mail.sender.example [203.0.113.25]) by mx.example.org (Postfix) with ESMTP id 7CEEA1F43E05", "mail.sender.example"),
        ("from h.example (unknown [203.0.113.25]) by mx.example.org (Postfix) with ESMTP id 7CEEA1F43E05", ""),
        ("from mail.sender.example ([203.0.113.25] helo=h) by mx.example.org with esmtp (Exim 4.96) id 1rwXyZ-0003kY-2B", "mail.sender.example"),
        ("from h.example (mail.sender.example [203.0.113.25]) by mx.example.org (8.17.1/8.17.1) with ESMTP id 43G123Kq012345", "mail.sender.example"),
        ("from h.example (mail.sender.example [203.0.113.25] (may be forged)) by mx.example.org (8.17.1/8.17.1) with ESMTP id 43G123Kq012345", ""),
        ("from mail.sender.example (HELO h.example) (203.0.113.25) by mx.example.org with SMTP; 16 Apr 2024 01:02:03 -0000", ""),
        ("from mail.sender.example (HELO h.example) (203.0.113.25) by mx.example.org (qpsmtpd/0.94) with SMTP; 16 Apr 2024 01:02:03 -0000", ""),
        ("from mail.sender.example ([203.0.113.4] verified) by mx.example.org (CommuniGate Pro SMTP 4.1.8) with ESMTP id 8", "mail.sender.example"),
        ("from mail.sender.example (HELO h) ([203.0.113.4]) by mx.example.org (CommuniGate Pro SMTP 4.1.8) with ESMTP id 8", ""),
        ("from h.example (mail.sender.example. [203.0.113.25]) by mx.google.com with ESMTPS id a1si100abc.1.2024.04.15.18.02.03", ""),
        ("from mail-sor-f41.google.com (mail-sor-f41.google.com. [203.0.113.41]) by mx.google.com with SMTPS id a1sor100abc.1.2024.04.15.18.02.03 (Google Transport Security)", "mail-sor-f41.google.com"),
        ("from mail-sor-f41.google.com (mail-sor-f41.google.com. [203.0.113.41]) by mx.google.com with SMTPS id a1si100abc.1.2024.04.15.18.02.03", ""),
        ('from mail.sender.example (HELO h) (203.0.113.25) by mx.example.org (envelope-from <"(Postfix)"@a.example>) with SMTP; x', ""),
        ("from h.example ([203.0.113.25]) by mx.example.org (Postfix) with ESMTP id 7CEEA1F43E05", ""),
        ("from mail.sender.example (HELO h.example) (203.0.113.25) by mx.example.org (8.8.8.8) with SMTP; 16 Apr 2024 01:02:03 -0000", ""),
    ],
)  # fmt: skip
def test_a_reverse_name_counts_where_its_writer_confirms_it(line: str, expected: str) -> None:
    """Who owns an address may call it by any name; some servers look whether the name leads back."""
    assert expected == writers.confirmed_name(received.parse(line))
