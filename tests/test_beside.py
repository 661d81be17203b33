"""What stands beside the Received lines: Resent blocks and lines of a provider's inside, each with its line and whose word it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench import failures, report_of_source

from sekisho.facts import beside
from sekisho.facts.beside import Beside
from sekisho.facts.edges import NOTHING
from sekisho.facts.route import walk
from sekisho.mail import fields, resent
from sekisho.mail.message import Message
from sekisho.mail.resent import MAX_BLOCKS
from sekisho.settings import Settings

NOW = "Tue, 16 Apr 2024 01:02:03 +0000"
INSIDE = f"Received: from mx1.own.example (mx1.own.example [192.0.2.1]) by imap.own.example (Postfix) with ESMTP id 2F1D3ABC02; {NOW}\n"
ENTRY = f"Received: from mail.shop.example (mail.shop.example [198.51.100.7]) by mx1.own.example (Postfix) with ESMTPS id 2F1D3ABC01; {NOW}\n"
OLDER = f"Received: from a.shop.example (a.shop.example [198.51.100.8]) by mail.shop.example (Postfix) with ESMTP id 2F1D3ABC03; {NOW}\n"
REST = "From: Shop <info@shop.example>\nTo: me@own.example\n\nhello\n"
FIRST = "Resent-From: Aki <aki@own.example>\nResent-To: me@own.example, you@own.example\nResent-Date: Tue, 16 Apr 2024 02:00:00 +0900\nResent-Message-ID: <r1@own.example>\n"
SECOND = "Resent-From: bo@shop.example\nResent-Sender: list@shop.example\n"


def read(source: str) -> Beside:
    message = Message(source.encode())
    return beside.read(message, walk(message, Settings(), lambda ip: None, NOTHING))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (INSIDE + FIRST + ENTRY + REST, [("aki@own.example", 0, "proven")]),
        (INSIDE + ENTRY + FIRST + OLDER + REST, [("aki@own.example", 1, "claimed")]),
        (FIRST + SECOND + ENTRY + REST, [("aki@own.example", None, "proven"), ("bo@shop.example", None, "proven")]),
        (ENTRY + FIRST + OLDER + SECOND + REST, [("aki@own.example", 0, "claimed"), ("bo@shop.example", 1, "claimed")]),
        (ENTRY + FIRST + "Return-Path: <a@b.example>\n" + "Resent-To: c@d.example\n" + REST, [("aki@own.example", 0, "claimed"), ("", 0, "claimed")]),
        (ENTRY + "Resent-To: c@d.example\nList-Id: <l.example>\nResent-From: aki@own.example\n" + REST, [("aki@own.example", 0, "claimed")]),
        (FIRST + REST, [("aki@own.example", None, "claimed")]),
        (ENTRY + REST, []),
    ],
    ids=["on the own side", "before the checkpoint", "twice, newest first", "each below its line", "a trace field ends it", "others between", "nobody took it", "none"],
)  # fmt: skip
def test_a_resending_belongs_to_the_line_above_it(source: str, expected: list[tuple[str, int | None, str]]) -> None:
    """A block ends where a name comes a second time or a trace field stands (RFC 5322 §3.6.6); its place says whose word it is."""
    found = read(source).resent

    assert expected == [(next((one.address for one in block.from_), ""), block.hop, block.standing) for block in found]


def test_a_block_is_read_whole() -> None:
    """Who, to whom, when, and the resent message's own id."""
    (block,) = read(ENTRY + FIRST + "Resent-Cc: cc@own.example\nResent-Sender: desk@own.example\n" + REST).resent

    assert ["me@own.example", "you@own.example", "cc@own.example"] == [one.address for one in block.to]
    assert block.sender is not None
    assert ("desk@own.example", "2024-04-16T02:00:00+09:00", "r1@own.example") == (block.sender.address, block.date, block.message_id)  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Resent-From", "Resent-To", "Resent-Date", "Resent-Message-ID", "Received", "X-Received"]),
            st.binary(max_size=80),
        ),
        max_size=80,
    )
)
def test_nothing_makes_the_readers_raise(written: list[tuple[str, bytes]]) -> None:
    """Whatever stands there: bounded, in the order of the header, and a whole report."""
    source = b"".join(name.encode() + b": " + body.translate(None, b"\r\n") + b"\n" for name, body in written)
    blocks = resent.read(fields.parse(source))

    assert MAX_BLOCKS >= len(blocks)
    assert sorted(block.field.start for block in blocks) == [block.field.start for block in blocks]
    assert [] == failures(report_of_source(source + b"\nhello\n"))


def gmail(clock: int = 1_713_229_323_123) -> str:
    return f"X-Received: by 2002:a05:6a00:a86:b0:736:9f20:a175 with SMTP id a1-b2mr3456789abc.12.{clock}; {NOW}\n"


SENT = (
    f"Received: from mail-pl1-f172.google.com (mail-pl1-f172.google.com [192.0.2.7]) by mx1.own.example (Postfix) with ESMTPS id 2F1D3ABC01; {NOW}\n"
    f"Received: by mail-pl1-f172.google.com with SMTP id a1b.3; {NOW}\n",
    f"Received: from laptop ([198.51.100.20]) by smtp.gmail.com with ESMTPSA id a1-b2sm34567abc.12.2024.04.15.18.02.03; {NOW}\n",
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (gmail() + ENTRY + REST, [(-1, "proven")]),
        (SENT[0] + gmail() + SENT[1] + REST, [(1, "plausible")]),
        (SENT[0] + SENT[1] + gmail() + REST, [(2, "claimed")]),
        (ENTRY + gmail() + REST, [(0, "claimed")]),
        (ENTRY + gmail(1_583_219_743_009) + REST, [(0, "contradicted")]),
        (ENTRY + REST, []),
    ],
    ids=["the reader's provider", "between its lines", "below its last", "a stranger's", "copied from another message", "none"],
)  # fmt: skip
def test_a_line_of_the_inside_is_as_good_as_its_place(source: str, expected: list[tuple[int, str]]) -> None:
    """It is no hop; its clock must agree, and only between a provider's own lines could no customer write it."""
    message = Message(source.encode())

    assert expected == [(one.hop, one.standing) for one in read(source).inside]
    assert len(message.header.all("received")) == len(walk(message, Settings(), lambda ip: None, NOTHING).steps)


@pytest.mark.parametrize(
    ("source", "said", "folded"),
    [
        (INSIDE + FIRST + ENTRY + REST, "On your side it was passed on by Aki <aki@own.example> to me@own.example; you@own.example on 2024-04-16 02:00:00 +09:00.", False),
        (ENTRY + SECOND + REST, "It says that it was passed on by list@shop.example on an unknown date: the sender's own word.", True),
        (ENTRY + gmail() + REST, "X-Received: 2002:a05:6a00:a86:b0:736:9f20:a175 had it on 2024-04-16 01:02:03 +00:00, by the sender's own word.", True),
        (ENTRY + "X-Originating-IP: [203.0.113.99]\n" + REST, "X-Originating-IP names the address 203.0.113.99: the sender's own word.", True),
    ],
)  # fmt: skip
def test_the_panel_says_whose_word_it_is(source: str, said: str, folded: bool) -> None:
    """What the reader's own side did is a sentence; the sender's word is a fold away."""
    (route,) = [block for block in report_of_source(source.encode())["panel"] if block["block"] == "route"]
    inside = [item["text"] for fold in route["body"] if fold["kind"] == "fold" for item in fold["body"]]

    assert said in (inside if folded else [item.get("text") for item in route["body"]])
