"""A server that forwards mail to the reader: offered in the panel, said once, shown, and taken back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from workbench import LOCALES, analysed, failures, primitives, wrong

from sekisho.paint import terminal
from sekisho.paint.export import export
from sekisho.paint.paper import printable
from sekisho.report import as_json

RELAY = "out.alumni.example"
HANDED = f"Received: from {RELAY} ({RELAY} [192.0.2.50]) by mx1.own.example (Postfix) with ESMTPS id 4VJYzF0001z1 for <me@own.example>; Tue, 16 Apr 2024 01:02:09 +0000\r\n"  # fmt: skip
TAKEN = "Received: from bulk.example (bulk.example [203.0.113.66]) by in.alumni.example (Postfix) with ESMTP id 4VJYzF0000z1 for <me@alumni.example>; Tue, 16 Apr 2024 01:02:03 +0000\r\n"  # fmt: skip
FORGED = "Received: from bank.example (bank.example [203.0.113.99]) by in.alumni.example (Postfix) with ESMTP id 4VJYzF0000z0; Tue, 16 Apr 2024 01:01:03 +0000\r\n"  # fmt: skip
REST = "From: Bank <info@bank.example>\r\nTo: me@alumni.example\r\nSubject: Hello\r\nDate: Tue, 16 Apr 2024 01:02:03 +0000\r\n\r\nHello\r\n"
BOTH = HANDED + TAKEN + REST


def report(source: str, locale: str = "en", *relays: str) -> dict[str, Any]:
    """A message's report as it leaves the host, when the reader has named these relays."""
    made: dict[str, Any] = json.loads(
        json.dumps(as_json(analysed(source.encode(), {"locale": locale, "relays": list(relays)}).report))
    )
    assert ([], []) == (wrong(made), failures(made))
    return made


def actions(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The buttons of the route block."""
    (route,) = (block for block in made["panel"] if block["block"] == "route")
    return (item for item in primitives(route["body"]) if item["kind"] == "action")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_one_server_that_handed_it_over_is_offered(locale: str) -> None:
    """One button, which names it, and says what it would do before it is pressed."""
    (offer,) = actions(report(BOTH, locale))

    assert ("relay", {"relay": RELAY, "on": True}) == (offer["action"], offer["arguments"])
    assert RELAY in offer["text"]
    assert RELAY in offer["note"]


@pytest.mark.parametrize(
    "source",
    [
        HANDED + REST,
        HANDED + TAKEN.replace("in.alumni", "in.elsewhere") + REST,
        HANDED + TAKEN.replace("with ESMTP", "with ESMTPSA") + REST,
        REST,
    ],
    ids=["nothing below", "another's line below", "the sender's own server", "no line"],
)
def test_nothing_is_offered_where_it_would_lead_nowhere(source: str) -> None:
    """A mail that came straight from its sender asks no question."""
    assert [] == list(actions(report(source)))


@pytest.mark.parametrize("locale", LOCALES)
def test_said_it_moves_the_origin_one_step_and_can_be_taken_back(locale: str) -> None:
    """The origin is what the relay saw, its line is a relay's and not the reader's own, and both places take it back."""
    before, said = report(BOTH, locale), report(BOTH, locale, RELAY)

    assert ("192.0.2.50", 0) == (before["origin"]["ip"], before["origin"]["hop"])
    assert ("203.0.113.66", 1, "own-relay") == (said["origin"]["ip"], said["origin"]["hop"], said["origin"]["rule"])
    assert ["yours", "relay"] == [hop["trust"] for hop in said["hops"]]
    assert [{"relay": RELAY, "on": False}] * 2 == [one["arguments"] for one in actions(said)]
    assert all(RELAY in one["text"] for one in actions(said))


def test_a_relay_that_this_mail_did_not_come_through_can_be_taken_back_too() -> None:
    """The list names every one, whatever mail is at hand."""
    made = report(HANDED + REST, "en", "old.example", "192.0.2.1")

    assert [("old.example", False), ("192.0.2.1", False)] == [tuple(one["arguments"].values()) for one in actions(made)]


def test_what_the_sender_wrote_below_the_relay_is_not_believed() -> None:
    """A line in the relay's own look, below the one that the relay wrote, changes nothing; nor does one without the relay."""
    assert "203.0.113.66" == report(HANDED + TAKEN + FORGED + REST, "en", RELAY)["origin"]["ip"]

    direct = HANDED.replace(f"from {RELAY} ({RELAY} [192.0.2.50])", f"from {RELAY} (unknown [198.51.100.9])")
    assert "198.51.100.9" == report(direct + FORGED + REST, "en", RELAY, "192.0.2.50")["origin"]["ip"]


@pytest.mark.parametrize("relays", [(), (RELAY,)])
def test_nothing_to_click_is_printed(relays: tuple[str, ...]) -> None:
    """On paper and in a terminal stands who is believed, but no button, no question and no empty bullet."""
    made = report(BOTH, "en", *relays)
    painted = io.StringIO()
    terminal.paint(made, painted, 100)
    for text in (painted.getvalue(), export(made, "markdown")[1].replace("\\", ""), export(made, "html")[1]):
        assert "Take back" not in text
        assert "Does out" not in text
        assert bool(relays) == ("Sekisho believes what" in text)


def test_what_holds_only_actions_goes_with_them() -> None:
    """Folds and items stay as far as there is something else in them."""
    button = {"kind": "action", "text": "x"}
    words = {"kind": "sentence", "text": "y"}

    assert [] == printable([button, {"kind": "fold", "summary": "?", "body": [button]}])
    assert [
        words,
        {"kind": "list", "items": [[words]]},
        {"kind": "fold", "summary": "!", "body": [words]},
    ] == printable(
        [
            words,
            {"kind": "list", "items": [[words, button], [button]]},
            {"kind": "fold", "summary": "!", "body": [button, words]},
        ]
    )


def test_a_thousand_relays_do_not_fill_the_panel() -> None:
    """As many as the settings take; the panel lists the first and counts the rest."""
    made = report(BOTH, "en", *(f"r{number}.example" for number in range(1000)))

    assert 101 == len(list(actions(made)))  # and the offer
    assert any("900 more" in str(item.get("text")) for block in made["panel"] for item in primitives(block["body"]))
