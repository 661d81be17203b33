"""The words a mail presses with, however they are written, and where they stand."""

from __future__ import annotations

from typing import Any

import pytest
from workbench import primitives, report_of_source

from sekisho.facts import lures
from sekisho.facts.lures import Lure
from sekisho.mail.folding import fold
from sekisho.mail.message import Message
from sekisho.tables import lures_en, lures_ja, lures_zh, offers_en, offers_eu, offers_ja

TABLES = {"en": lures_en.PATTERNS, "ja": lures_ja.PATTERNS}
OFFERS = {"en": offers_en.PATTERNS, "ja": offers_ja.PATTERNS}
KINDS = sorted(lures_en.PATTERNS)
ROWS = [
    row
    for table in (*TABLES.values(), *OFFERS.values(), offers_eu.PATTERNS, lures_zh.PATTERNS)
    for kind in table.values()
    for row in kind
]


def mail(text: str, subject: str = "x", kind: str = "plain") -> bytes:
    """A message with one part."""
    head = f"From: a@a.example\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: text/{kind}; charset=UTF-8\n\n"
    return (head + text).encode()


def read(text: str, subject: str = "x", kind: str = "plain") -> tuple[Lure, ...]:
    """The lures of a message with that text."""
    return lures.read(Message(mail(text, subject, kind))).every


@pytest.mark.parametrize("language", TABLES)
def test_a_table_has_the_kinds_of_every_language_and_enough_patterns(language: str) -> None:
    """Each language knows each kind, and each kind is one that a check tells."""
    rows = [row for kind in TABLES[language].values() for row in kind]

    assert sorted(TABLES[language]) == KINDS
    assert len(rows) >= 100
    assert sorted(OFFERS[language]) == sorted(offers_en.PATTERNS)


def test_every_pattern_is_written_as_the_folded_text_is() -> None:
    """Nothing else could ever be found; and none stands there twice."""
    assert len(ROWS) == len(set(ROWS))
    for row in ROWS:
        for choice in (choice for piece in row.split(" .. ") for choice in piece.split("|")):
            assert choice.strip() == choice != ""
            assert len(choice) <= lures.MAX_PIECE
            assert fold(choice.rstrip("*")).text == choice.rstrip("*"), row


@pytest.mark.parametrize(
    "text",
    [
        "お支払いが確認できておりません",
        "お 支 払 い が 確 認 で き て お り ま せ ん",
        "お支\n払いが確\u3000認できて\u200bおりません",
        "お⁡支払い⁤が確︉認できておりません",
        "ｶｰﾄﾞの有効期限が切れました",
        "カ-ドの有効期限が切れました",
        "Your payment has failed",
        "YOUR PAYMENT HAS FAILED",
        "Your p\u00ada\u200by\u2060ment has f\u034failed",
        "Your pаymеnt has fаiled",
        "Ｙｏｕｒ　ｐａｙｍｅｎｔ　ｈａｓ　ｆａｉｌｅｄ",
        "𝐘𝐨𝐮𝐫 𝐩𝐚𝐲𝐦𝐞𝐧𝐭 𝐡𝐚𝐬 𝐟𝐚𝐢𝐥𝐞𝐝",
        "Yóúr páymént hás fáiléd",
        "ʏᴏᴜʀ ᴘᴀʏᴍᴇɴᴛ ʜᴀs ғᴀɪʟᴇᴅ".replace("ғ", "f"),
        "p a y m e n t  f a i l e d",
        "Y̶o̶u̶r̶ p̶a̶y̶m̶e̶n̶t̶ has failed",
    ],
)
def test_words_are_known_however_they_are_written(text: str) -> None:
    """Widths, spaces, invisible characters and letters that look alike hide no word."""
    assert "payment-failed" in {lure.kind for lure in read(text)}


@pytest.mark.parametrize("text", ["You won't regret it", "the winning team", "an accountant", "これは通常の連絡です"])
def test_a_word_is_a_whole_word(text: str) -> None:
    """A Latin word inside another is not that word."""
    assert read(text) == ()


def test_a_sentence_is_shown_as_it_stands() -> None:
    """The place of a lure is the place of its sentence in the text as it came."""
    text = "Good day.\n\nWe  noticed\u00a0unu\u00adsual activity on your account!  Have a nice day. 5 more things.\n"
    found = next(lure for lure in read(text) if lure.kind == "account-suspended")

    assert text[found.start : found.end] == "We  noticed\u00a0unu\u00adsual activity on your account!"
    assert found.sentence == "We noticed unu\u00adsual activity on your account!"
    assert found.where == "part:0"


def test_subject_and_name_are_read_too() -> None:
    """A lure may stand in the subject, encoded or not, or in the sender's name."""
    source = (
        b"From: Your parcel is on hold <a@a.example>\nSubject: =?utf-8?b?"
        b"44Oh44O844Or44Oc44OD44Kv44K544GM44GE44Gj44Gx44GE44Gn44GZ?=\n\nHello\n"
    )

    assert {("parcel-held", "field:from"), ("mailbox-full", "field:subject")} == {
        (lure.kind, lure.where) for lure in lures.read(Message(source)).every
    }


def test_an_attached_page_is_read() -> None:
    """HTML that comes as a file is text that a reader will see."""
    source = (
        b"From: a@a.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        b"See the file.\n--b\nContent-Type: text/html; name=a.html\nContent-Disposition: attachment; filename=a.html\n\n"
        b"<p>Enter <b>your</b> password here</p>\n--b--\n"
    )

    assert {("credentials", "part:2")} == {(lure.kind, lure.where) for lure in lures.read(Message(source)).every}


@pytest.mark.parametrize(
    "text",
    [
        "We will never ask you to confirm your password.",
        "当行からメールで暗証番号の入力をお願いすることはありません。",
        "「アカウントを停止しました」と書かれたフィッシングメールが出回っています。",
    ],
)
def test_a_warning_is_no_lure(text: str) -> None:
    """A sentence that says what nobody asks, or warns of who does, presses for nothing."""
    assert read(text) == ()


def found(text: str, finding: str) -> dict[str, Any]:
    report = report_of_source(mail(text))
    return next(entry for entry in report["findings"] if entry["id"] == finding)


def test_words_alone_weigh_nothing() -> None:
    """The verdict does not move for words that honest senders use as well."""
    report = report_of_source(mail("Your account has been suspended. Verify your password within 24 hours."))

    assert {"info"} == {entry["severity"] for entry in report["findings"] if entry["id"].startswith("lure-")}


def test_a_ransom_weighs() -> None:
    """Threats of two sorts with an address for coins are what no honest mail has."""
    threat = "I have hacked your device and I recorded a video of you. Send 900 USD in bitcoin to my wallet "

    assert found(threat, "lure-extortion")["severity"] == "info"
    assert found(threat + "0x" + "ab" * 20, "lure-extortion")["severity"] == "medium"


@pytest.mark.parametrize(
    "unit",
    [
        "your account ",
        "your account has ",
        "within the next ",
        "支払い",
        "A ",
        "\u200ba",
        "１",
        "a\u0336",
        "bc1q",
        "． ",
    ],
)
def test_one_text_gives_few_sentences(unit: str) -> None:
    """However long a text is, a kind is said at most MAX_SENTENCES times of a place."""
    every = read(unit * 20_000 + "suspended within 24 hours")

    for kind in KINDS:
        assert len([lure for lure in every if lure.kind == kind]) <= lures.MAX_SENTENCES


def test_the_panel_marks_the_sentences() -> None:
    """Each sentence stands in the facts block with the finding that rests on it."""
    report = report_of_source(mail("Hello. Your account has been suspended. Bye."))
    spans = [
        span
        for block in report["panel"]
        if block["block"] == "facts"
        for item in primitives(block["body"])
        if item["kind"] == "marked" and item.get("anchor") == "part:0"
        for span in item["spans"]
    ]

    assert [("Your account has been suspended.", "mark", "lure-account-suspended")] == [
        (span["text"], span["role"], span["finding"]) for span in spans
    ]
