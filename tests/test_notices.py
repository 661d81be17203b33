"""The notice to the owner of a mailbox that somebody else used: what it says, in which language, and what it keeps to itself."""

from __future__ import annotations

import io
import json
import string
from typing import Any

import pytest
from workbench import LOCALES, REPLAYS, SAMPLES, analysed, primitives, report_of

from sekisho.paint import export, terminal
from sekisho.panel import notices
from sekisho.report import as_json

ARTICLE = SAMPLES[0].parent / "virus-account.eml"
READER = "info@office.example"
FELLOW = REPLAYS / "fellow-account-used" / "fires-same-provider.eml"
COLLEAGUE = REPLAYS / "fellow-account-used" / "fires-colleague.eml"
OWN = REPLAYS / "own-account-used" / "fires-from-abroad.eml"


def actions(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Every primitive of the actions block."""
    return [item for block in report["panel"] if block["block"] == "actions" for item in primitives(block["body"])]


def texts(report: dict[str, Any]) -> list[str]:
    """The notices as their buttons would copy them."""
    return [item["arguments"]["text"] for item in actions(report) if item.get("action") == "copy"]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_notice_has_all_that_its_recipient_needs(locale: str) -> None:
    """Time, login, address, network, country and the line as it stands, in each letter."""
    letters = [text for text in texts(report_of(ARTICLE, locale)) if "Message-ID" in text]

    assert 2 == len(letters)
    for letter in letters:
        for needed in (
            "2022-05-13 17:20:28 +09:00",
            "h_yoshida@kagu.example.co.jp",
            "84.129.205.43",
            "Deutsche Telekom AG",
            "mail.kagu.example.co.jp",
            "<9d1f2a6c0b7e@kagu.example.co.jp>",
            "from unknown (HELO ?127.0.0.1?) (h_yoshida@kagu.example.co.jp@84.129.205.43)",
        ):
            assert needed in letter
    assert "Germany" in "".join(letters) and "ドイツ" in "".join(letters)


def test_the_owners_language_comes_first_and_the_other_is_there() -> None:
    """Japanese for a .jp domain or a Japanese reader, else English; both are offered."""
    german = ARTICLE.read_bytes().replace(b"kagu.example.co.jp", b"moebel.example.pl")
    for source, locale, first in ((ARTICLE.read_bytes(), "en", "ja"), (german, "en", "en"), (german, "ja", "ja")):
        made = texts(as_json(analysed(source, {"locale": locale}).report))
        spoken = ["ja" if "お" in text else "en" for text in made]

        assert [first, first] == spoken[:2]
        assert {"en", "ja"} == set(spoken)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("mail", [ARTICLE, FELLOW, COLLEAGUE], ids=lambda mail: mail.stem)
def test_nothing_of_the_reader_is_in_a_notice(mail: Any, locale: str) -> None:
    """Neither the address it came to nor any other that is known to be the reader's."""
    made = texts(report_of(mail, locale, own_addresses=["second@office.example"]))

    assert made
    for text in made:
        assert READER not in text
        assert "mori@" not in text
        assert "second@office.example" not in text


def test_the_recipient_is_left_out_of_the_line_and_the_rest_stays() -> None:
    """A login line names whom the message was for; that is nobody's business."""
    source = (REPLAYS / "account-used" / "fires-postfix-login-abroad.eml").read_bytes()
    letter = next(text for text in texts(as_json(analysed(source).report)) if "Message-ID" in text)

    assert "with ESMTPSA id 5D0A61F0E2 for <…>; Mon, 6 Jun 2022 09:11:03 +0900 (JST)" in letter


def test_a_servers_provider_gets_a_letter_of_its_own() -> None:
    """Where the mailbox is kept on a provider's server its abuse desk (RFC 2142) can lock it; a domain's own server has none."""
    [complaint] = [text for text in texts(report_of(FELLOW)) if "abuse@" in text]

    assert "abuse@xserver.jp" in complaint.split("\n")[0]
    assert "貴社のサーバー sv742.xserver.jp" in complaint
    assert [] == [text for text in texts(report_of(ARTICLE)) if "abuse@" in text]


def test_a_registry_names_the_desk_of_the_servers_network() -> None:
    """An answer with an abuse address of the hand-over's network is used where the server is the domain's own."""
    source = ARTICLE.read_bytes().replace(b"203.0.113.25", b"120.136.14.43")
    answer = {
        "question": {"kind": "rdap", "type": "ip", "name": "120.136.14.43"},
        "records": [{"name": "Xserver Inc.", "country": "JP", "abuse": "abuse@provider.example"}],
        "source": "rdap",
        "at": "2026-11-22T00:00:00+00:00",
    }
    made = texts(as_json(analysed(source, {}, [answer]).report))

    assert 1 == len([text for text in made if text.startswith("To: abuse@provider.example\n")])


def test_the_owner_of_a_large_providers_mailbox_is_written_to_and_not_its_postmaster() -> None:
    """A provider's postmaster is not its customer's administrator: the provider has a letter of its own."""
    source = ARTICLE.read_bytes().replace(b"mail.kagu.example.co.jp", b"mx1.biglobe.ne.jp")
    report = as_json(analysed(source.replace(b"kagu.example.co.jp", b"biglobe.ne.jp")).report)
    made = texts(report)

    assert "used" == report["account"]["state"]
    assert not [item for item in actions(report) if "postmaster@" in item.get("text", "")]
    assert 1 == len([text for text in made if text.startswith("宛先:abuse@biglobe.ne.jp\n")])
    assert [text for text in made if "h_yoshida@biglobe.ne.jp をお使いの方へ" in text]


def test_ones_own_mailbox_has_steps_and_no_letter() -> None:
    """Nobody writes to oneself: what to do, in order."""
    report = report_of(OWN)
    [steps] = [item for item in actions(report) if item["kind"] == "list" and item["ordered"]]

    assert [] == texts(report)
    assert "password of mori@jimusho.example.co.jp" in steps["items"][0][0]["text"]


def test_no_notice_where_no_mailbox_was_used() -> None:
    """An honest mail and a borrowed address have no owner to warn."""
    for mail in (SAMPLES[0].parent / "honest.eml", REPLAYS / "address-borrowed" / "fires-own-server-says-so.eml"):
        assert [] == texts(report_of(mail))
        assert [] == [item for item in actions(report_of(mail)) if item["kind"] == "heading"]


def test_hostile_text_in_a_notice_is_one_visible_line() -> None:
    """What is copied holds no control, no mark of direction, nothing that hides, and no line that the sender wrote."""
    hostile = "with ESMTPA id \u202egpj\u200b\x1b[31m\x07 for x"
    source = ARTICLE.read_text("latin-1").replace("with ESMTPA", hostile.encode().decode("latin-1")).encode("latin-1")
    made = texts(as_json(analysed(source).report))

    assert made
    for text in made:
        assert [] == [letter for letter in text if letter != "\n" and not letter.isprintable()]
    for text in made:
        if "Message-ID" in text:
            assert 1 == sum("from unknown" in line for line in text.split("\n"))


def test_a_long_line_is_cut() -> None:
    """The clipboard is no dump."""
    source = ARTICLE.read_bytes().replace(b"with ESMTPA", b"with ESMTPA id " + b"k" * 5000)

    assert max(map(len, texts(as_json(analysed(source).report)))) < 4000


@pytest.mark.parametrize("kind", ["say", "letter", "complaint"])
def test_both_languages_say_the_same_of_a_login(kind: str) -> None:
    """Each notice names the same things in both languages."""
    fields = [
        {field for _, field, _, _ in string.Formatter().parse(notices.TEXT[locale][kind]) if field}
        for locale in LOCALES
    ]

    assert fields[0] == fields[1]


def test_every_painter_shows_the_letter_and_only_the_panel_has_a_button() -> None:
    """What a button copies stands beside it as text; a terminal and a kept page have nothing to press."""
    report = report_of(ARTICLE)
    shown = io.StringIO()
    terminal.paint(report, shown, 200)
    pages = [shown.getvalue(), *(export.export(report, form)[1] for form in ("html", "markdown"))]

    for page in pages:
        assert "Dear Sir or Madam," in page
        assert "お願いしたいこと" in page
        assert "Copy this" not in page
    copied = [item for item in actions(report) if item.get("action") == "copy"]
    marked = ["".join(span["text"] for span in item["spans"]) for item in actions(report) if item["kind"] == "marked"]
    assert marked == [item["arguments"]["text"] for item in copied]
    assert {"copy"} == {item["action"] for item in copied}
    assert json.loads(export.export(report, "json")[1]) == report
