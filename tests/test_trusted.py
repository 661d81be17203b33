"""Trusted senders: a trust weighs where a proof names the sender, and never by what the mail says of itself."""

from __future__ import annotations

from typing import Any

import pytest
from workbench import primitives

from sekisho.engine import analyse
from sekisho.mail.message import Message
from sekisho.paint.export import export
from sekisho.report import as_json
from sekisho.settings import read

NOW = 1717480000
MORI = "mori@example.com"
SIGNED = "dkim=pass header.d=example.com"


def report(
    results: str = SIGNED,
    trusted: tuple[str, ...] = (MORI,),
    sender: str = f"Mori mori@other.example <{MORI}>",
    body: str = "Please look at the invoice for June.",
    extra: str = "",
    above: bool = True,
) -> Any:
    """A mail whose sender's name holds another's address, which is a doubt about who writes; `above`: `results` stand above the hand-over."""
    said = f"Authentication-Results: mx1.office.example; {results}\n" if results else ""
    line = (
        "Received: from h7.bulk.example (h7.bulk.example [203.0.113.9])\n"
        "\tby mx1.office.example (Postfix) with ESMTPS id 4C1E02A0F7\n"
        "\tfor <info@office.example>; Tue, 4 Jun 2024 15:00:03 +0900\n"
    )
    head = f"From: {sender}\nTo: info@office.example\nSubject: June\nDate: Tue, 04 Jun 2024 15:00:00 +0900\n"
    text = (said + line if above else line + said) + head + f"{extra}Message-ID: <t@example.com>\n\n{body}\n"
    chosen, _ = read({"trusted_senders": list(trusted), "own_addresses": ["info@office.example"]})
    return analyse(Message(text.encode()), {}, chosen, NOW).report


def every(made: Any) -> list[dict[str, Any]]:
    """Every primitive of its panel."""
    return list(primitives([one for block in made.panel for one in block["body"]]))


def said(made: Any, action: str) -> list[dict[str, Any]]:
    """The arguments of every button of that name."""
    return [one["arguments"] for one in every(made) if one.get("action") == action]


def severities(made: Any) -> dict[str, str]:
    return {finding.id: finding.severity for finding in made.findings}


def test_a_proven_sender_is_spared_doubts_about_who_writes() -> None:
    """The same mail is calmer with the trust; what was found is still listed."""
    without, trusted = report(trusted=()), report()
    assert without.verdict.score > trusted.verdict.score == 0
    assert (without.verdict.level, trusted.verdict.level) == ("caution", "clear")
    assert severities(without) == severities(trusted)


@pytest.mark.parametrize("results", ["", "spf=pass smtp.mailfrom=example.com", "dkim=pass header.d=bulk.example"])
def test_without_a_proof_a_trust_changes_nothing(results: str) -> None:
    """Not the name, not an envelope that any customer of a cloud may have, not a stranger's signature."""
    without, trusted = report(results, trusted=()), report(results)
    assert (without.verdict.score, without.verdict.level) == (trusted.verdict.score, trusted.verdict.level)
    assert severities(trusted)["trusted-unproven"] == "info"


def test_a_proof_that_the_sender_wrote_is_none() -> None:
    """Below the hand-over anybody may have written the result."""
    made = report(above=False)
    assert severities(made)["trusted-unproven"] == "info"
    assert made.verdict.score == report(trusted=(), above=False).verdict.score


def test_what_speaks_against_the_sender_weighs_more_with_a_trust() -> None:
    """A name that is trusted is the one worth borrowing."""
    results = "dkim=none; dmarc=fail (p=reject) header.from=example.com"
    without, trusted = report(results, trusted=()), report(results)
    assert severities(trusted)["trusted-unproven"] == "medium"
    assert trusted.verdict.score > without.verdict.score


@pytest.mark.parametrize(
    ("extra", "body"),
    [
        ("Reply-To: mori.bank@gmail.com\n", "Please answer."),
        ("", "Please log in: http://example.com@203.0.113.80/rakuten.co.jp/?e=info@office.example"),
    ],
)
def test_what_is_inside_counts_as_ever(extra: str, body: str) -> None:
    """A trusted mailbox can be stolen: answers that go elsewhere and bad links weigh as they do without the trust."""
    quiet = report(extra="", body="Hello")
    assert report(extra=extra, body=body).verdict.score > quiet.verdict.score


def test_a_mailbox_that_somebody_else_used_is_not_trusted() -> None:
    """The proof is right, the writer is not."""
    login = (
        "Received: from mail.example.co.jp (mail.example.co.jp [192.0.2.9])\n\tby mx1.office.example (Postfix) with ESMTPS id 4C1E02A0F7\n"
        "\tfor <info@office.example>; Tue, 4 Jun 2024 15:00:03 +0900\n"
        "Received: from [27.147.195.220] (unknown [27.147.195.220])\n\t(Authenticated sender: mori@example.co.jp)\n"
        "\tby mail.example.co.jp (Postfix) with ESMTPSA id 4C1E02A0F8; Tue, 4 Jun 2024 15:00:02 +0900\n"
    )
    text = (
        f"Authentication-Results: mx1.office.example; dkim=pass header.d=example.co.jp\n{login}From: mori@example.co.jp\nTo: undisclosed-recipients:;\n"
        "Reply-To: <x@elsewhere.example>\nSubject: Invoice\nDate: Tue, 04 Jun 2024 15:00:00 +0900\nMessage-ID: <u@example.com>\n\nHi\n"
    )
    made = analyse(Message(text.encode()), {}, read({"trusted_senders": ["mori@example.co.jp"]})[0], NOW).report
    assert made.account.state == "used"
    without = analyse(Message(text.encode()), {}, read({})[0], NOW).report
    assert (made.verdict.score, made.verdict.level) == (without.verdict.score, without.verdict.level)


@pytest.mark.parametrize(
    ("entry", "sender", "results", "counts"),
    [
        (MORI, MORI, SIGNED, True),
        (MORI, "MORI@Example.COM", SIGNED, True),
        ("example.com", MORI, SIGNED, True),
        ("example.com", "mori@news.example.com", SIGNED, True),
        ("news.example.com", MORI, SIGNED, False),
        ("ample.com", MORI, SIGNED, False),
        ("com", MORI, SIGNED, False),
        ("", MORI, SIGNED, False),
        ("gmail.com", "mori@gmail.com", "dkim=pass header.d=gmail.com", False),
        ("mori@gmail.com", "mori@gmail.com", "dkim=pass header.d=gmail.com", True),
        ("mori@mori.xserver.jp", "mori@mori.xserver.jp", "dkim=pass header.d=mori.xserver.jp", True),
        ("mori@mori.xserver.jp", "mori@mori.xserver.jp", "dkim=pass header.d=sato.xserver.jp", False),
        ("mori@example.com", "mori@example.com, sato@example.org", SIGNED, False),
    ],
)
def test_who_is_meant_by_an_entry(entry: str, sender: str, results: str, counts: bool) -> None:
    """An address, or a domain that somebody has alone; what a neighbour at the same provider signs proves nothing."""
    made = report(results, (entry,), sender)
    shown = [one["text"] for one in every(made) if str(one.get("text")).startswith("You trust ")]
    assert any("is proven to come from there" in text for text in shown) == counts


def test_the_button_stands_where_it_would_count() -> None:
    """Offered for a proven sender, taken back for a trusted one, and not there for anybody else."""
    assert said(report(trusted=()), "trust") == [{"sender": MORI, "on": True}]
    assert said(report(), "trust") == [{"sender": MORI, "on": False}]
    assert said(report("", trusted=()), "trust") == []
    assert said(report(""), "trust") == [{"sender": MORI, "on": False}]
    assert said(report("dkim=pass header.d=office.example", (), "info@office.example"), "trust") == []


def test_junk_and_trash_are_there_for_every_message_and_nothing_for_none() -> None:
    made = report()
    assert (said(made, "junk"), said(made, "move")) == ([{"on": True}], [{"to": "trash"}])
    empty = analyse(Message(b""), {}, read({})[0], NOW).report
    assert said(empty, "junk") == said(empty, "move") == []


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_where_nothing_can_be_clicked_the_block_is_not_there(form: str) -> None:
    """Buttons alone are no block on paper; the sentence about a trust is."""
    title = "What you can do"
    assert title not in export(as_json(report(trusted=())), form)[1]
    assert title in export(as_json(report()), form)[1]
