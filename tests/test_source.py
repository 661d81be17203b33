"""The annotated source: every piece of evidence marked where it stands, in fields of any form and length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from workbench import SAMPLES, mails, name, report_of, report_of_source

from sekisho.panel.source import MAX_FIELD, MAX_FIELDS, MAX_TEXT

MX = (
    b"Received: from mail.shop.example (mail.shop.example [120.136.14.43])\r\n"
    b"\tby mx.office.example (Postfix) with ESMTPS id 5C1E02A0F7\r\n"
    b"\tfor <yui@office.example>; Tue, 10 May 2022 06:12:44 +0900 (JST)\r\n"
)


def source(report: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The spans of the source block by the fields' anchors."""
    (block,) = [block for block in report["panel"] if block["block"] == "source"]
    return {item["anchor"]: item["spans"] for item in block["body"] if item["kind"] == "marked"}


def marks(spans: list[dict[str, Any]], finding: str) -> list[str]:
    return [piece["text"] for piece in spans if piece["finding"] == finding]


@pytest.mark.parametrize("path", mails(), ids=name)
def test_every_finding_with_a_place_in_the_header_has_a_mark_there(path: Path) -> None:
    """A mark leads to the finding, or tells of it beside a stronger one; what is marked is not the whole header."""
    report = report_of(path)
    shown = source(report)
    for finding in report["findings"]:
        for place in finding["where"]:
            if place not in shown or not "".join(piece["text"] for piece in shown[place][1:]).strip():
                continue
            noted = [piece for piece in shown[place] if finding["title"] in (piece["note"] or "")]
            assert noted, (finding["id"], place)
            assert all(piece["finding"] and piece["role"] == "mark" for piece in noted)


@pytest.mark.parametrize("path", mails(), ids=name)
def test_a_mark_says_what_it_is_of(path: Path) -> None:
    """Whatever carries a finding carries its title, and the pieces joined are the header as it stands."""
    report = report_of(path)
    titles = {
        finding["id"]: {one["title"] for one in report["findings"] if one["id"] == finding["id"]}
        for finding in report["findings"]
    }
    header = path.read_bytes().replace(b"\r\n", b"\n")
    for spans in source(report).values():
        for piece in spans:
            assert piece["text"]
            assert piece["finding"] is None or any(title in piece["note"] for title in titles[piece["finding"]])
        whole = "".join(piece["text"] for piece in spans)
        if whole.isascii() and not whole.endswith("…"):
            assert whole.encode() in header


def test_a_value_is_found_across_a_fold() -> None:
    """Line ends and blanks do not hide what is said."""
    mail = MX + b'From: "Amazon.co.jp\r\n  Support" <a@shop.example>\r\nSubject: hi\r\n\r\nhi'
    report = report_of_source(mail)
    finding = next(one for one in report["findings"] if one["id"] == "brand-elsewhere")

    assert any("Amazon.co.jp\n  Support" in text for text in marks(source(report)["field:from"], finding["id"]))


def test_evidence_in_encoded_words_is_marked_word_by_word() -> None:
    """The run of words that says it, and nothing of the next one."""
    mail = MX + (
        b"From: =?utf-8?B?5qW95aSp5biC5aC0?= <a@shop.example>\r\n"  # 楽天市場
        b"Subject: =?utf-8?Q?hello?= and =?utf-8?B?44GT44KT?=\r\n\r\nhi"
    )
    found = marks(source(report_of_source(mail))["field:from"], "brand-elsewhere")

    assert found[0] == "=?utf-8?B?5qW95aSp5biC5aC0?="


def test_two_findings_on_one_place_are_both_told() -> None:
    """One mark, with a line for each, and for what the part of the line is."""
    report = report_of(next(sample for sample in SAMPLES if sample.stem == "kagoya"))
    titles = {one["id"]: one["title"] for one in report["findings"]}
    spans = source(report)["field:received:0"]
    notes = [piece["note"].split("\n") for piece in spans if piece["finding"] and piece["text"] == "sv742.xserver.jp"]

    assert all(titles["own-provider-claimed"] in note and titles["self-spoof"] in note for note in notes)
    assert "Name it gave itself (HELO): its own word" in notes[0]


def test_line_ends_are_line_ends_and_a_lone_carriage_return_is_seen() -> None:
    """CR LF is how a store keeps lines; a CR alone is something that somebody put there."""
    spans = source(report_of_source(MX + b"From: a@shop.example\r\nX-Odd: a\r\n b\rc\r\n\r\nhi"))

    assert "\r" not in "".join(piece["text"] for piece in spans["field:received:0"])


def test_a_header_without_end_is_bounded_and_loses_no_evidence() -> None:
    """Thousands of long fields: some are shown, the evidence among them, and how many are not."""
    filler = b"".join(b"X-Filler-%d: %s\r\n" % (number, b"y" * 9000) for number in range(3000))
    report = report_of_source(MX + filler + b"From: Amazon <a@shop.example>\r\nSubject: hi\r\n\r\nhi")
    shown = source(report)
    lengths = {anchor: sum(len(piece["text"]) for piece in spans) for anchor, spans in shown.items()}

    assert len(shown) <= 2 * MAX_FIELDS
    assert max(lengths.values()) <= MAX_FIELD + 40
    assert sum(lengths.values()) <= MAX_TEXT + 10 * MAX_FIELD
    assert any(finding["id"] == "brand-elsewhere" for finding in report["findings"]) == ("field:from" in shown)


@pytest.mark.parametrize(
    "value",
    [b"=?" * 2000, b"=?a?b" * 900, b"=?utf-8?B?" * 400, b"?=" * 2000, "İ".encode() * 900, b" \t" * 2000, b"=?a?q?b?= " * 400],
    ids=["opens", "half", "words", "closes", "grows", "blanks", "many"],
)  # fmt: skip
def test_a_hostile_field_is_shown_and_ends(value: bytes) -> None:
    """Encoded words that never close, letters that grow, nothing but blanks."""
    report = report_of_source(MX + b"From: Amazon " + value + b" <a@shop.example>\r\nSubject: " + value + b"\r\n\r\nhi")

    assert source(report)["field:from"]
    assert not [defect for defect in report["defects"] if defect.startswith("block-failed")]
