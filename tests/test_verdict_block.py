"""The verdict block: the headline part by part, what to do now by kind, first aid, and what was verified."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from workbench import LOCALES, REPLAYS, mails, name, primitives, replayed, report_of, report_of_source

MX = (
    "Received: from {peer} by mx.office.example (Postfix) with ESMTPS id 5C1E02A0F7\r\n"
    "\tfor <yui@office.example>; Tue, 10 May 2022 06:12:44 +0900 (JST)\r\n"
)
PEER = "mail.shop.example (mail.shop.example [120.136.14.43])"
READER = {"own_addresses": ["yui@office.example"], "incoming_servers": ["mx.office.example"]}


def mail(
    text: str,
    sender: str = "Aoi Shop <aoi@shop.example>",
    subject: str = "hello",
    fields: str = "",
    peer: str = PEER,
) -> bytes:
    head = (
        f"{MX.format(peer=peer)}{fields}From: {sender}\r\nTo: yui@office.example\r\nSubject: {subject}\r\n"
        "Date: Tue, 10 May 2022 06:12:40 +0900\r\nMessage-ID: <1@shop.example>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + text).encode()


def headline(source: bytes, locale: str = "en", **given: Any) -> str:
    said: str = report_of_source(source, **{**READER, "locale": locale, **given})["verdict"]["headline"]
    return said


def verdict(report: dict[str, Any]) -> list[dict[str, Any]]:
    body: list[dict[str, Any]] = report["panel"][0]["body"]
    return body


def below(report: dict[str, Any], title: str) -> list[str]:
    """The sentences of the list that stands below a heading of the verdict block."""
    body = verdict(report)
    at = next((n for n, item in enumerate(body) if item["kind"] == "heading" and item["text"] == title), None)
    return [] if at is None else [item[0]["text"] for item in body[at + 1]["items"]]


def do(report: dict[str, Any], locale: str = "en") -> list[str]:
    return below(report, {"en": "What to do now", "ja": "今すること"}[locale])


def aid(report: dict[str, Any]) -> dict[str, Any]:
    (fold,) = [item for item in verdict(report) if item["kind"] == "fold" and item["summary"].startswith("If it has")]
    return fold


# ------------------------------------------------------------------ the headline


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (mail("hi"), "Its sender line reads “Aoi Shop” (aoi@shop.example). It was handed over by Xserver Inc., Japan (mail.shop.example)."),
        (mail("hi", sender="aoi@shop.example"), "Its sender line reads aoi@shop.example. It was"),
        (mail("hi", sender="Yui <yui@office.example>"), "It says it is from yourself, “Yui” (yui@office.example). It was"),
        (mail("hi https://www.shop.example/a"), " Its links lead to shop.example, the domain of its own address. "),
        (mail("https://a.example.net/ https://b.example.org/"), " Its links belong to example.net, example.org. "),
        (
            mail(" ".join(f"https://www.domain{number}.example/" for number in range(9))),
            " Its links belong to 9 owners, among them domain0.example, domain1.example. ",
        ),
        (mail("https://192.0.2.7/a"), " Its link leads to a bare address, 192.0.2.7."),
        (mail("hi", peer="unknown [120.136.14.43]"), "handed over by Xserver Inc., Japan (120.136.14.43)."),
        (mail("hi", peer="mail.shop.example (mail.shop.example [192.0.2.9])"), "handed over by mail.shop.example."),
        (
            mail("hi", fields="List-Id: Tea <tea.shop.example>\r\nList-Post: <mailto:tea@shop.example>\r\n"),
            "It was handed over by a mailing list at Xserver Inc., Japan (mail.shop.example).",
        ),
        (mail("hi", fields="List-Id: Tea <tea.shop.example>\r\n"), "It was handed over by Xserver Inc., Japan (mail.shop.example)."),
        (b"From: Aoi <aoi@shop.example>\r\n\r\nhi", "Its header does not show where it came from."),
        (b"Subject: hi\r\n\r\nhi", "It does not say who it is from."),
    ],
)  # fmt: skip
def test_the_headline_says_who_through_whom_and_where_to(source: bytes, said: str) -> None:
    """Each part where it is known, and nothing in the place of what is not."""
    assert said in headline(source)


def test_a_name_that_its_writer_did_not_confirm_is_not_told() -> None:
    """Who owns an address gives it any name: a reverse name that does not lead back is nobody's."""
    forged = "mail.kagoya.net (mail.kagoya.net [120.136.14.43] (may be forged))"

    assert "kagoya" not in headline(mail("hi", peer=forged)).lower()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "name_field",
    [
        "=?utf-8?B?4oCuZWZhc+KArCDigItBCg0KQgpD4oCs?=",  # overrides, a zero-width space, line ends
        '"' + "A" * 1_000_000 + '"',
        '"<b onclick=x>\x1b[31mred" \x00\x07',
        "=?utf-8?Q?" + "=E2=80=AE" * 5000 + "?=",
    ],
    ids=["bidi", "long", "escapes", "overrides"],
)
def test_a_hostile_name_makes_no_headline_of_its_own(locale: str, name_field: str) -> None:
    """One line of bounded length, with nothing in it that a screen does not show."""
    said = headline(mail("hi", sender=f"{name_field} <a@{'x' * 300}.example>"), locale)

    assert len(said) < 600
    assert "\n" not in said
    assert not [character for character in said if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")]


@pytest.mark.parametrize("path", mails(), ids=name)
def test_no_headline_is_long_or_says_the_word(path: Path) -> None:
    """A sentence to take in at one look, which never says that a mail is safe."""
    for locale in LOCALES:
        report = report_of(path, locale)
        said = report["verdict"]["headline"]
        assert said and len(said) < 500
        assert "safe" not in said.lower().split() and "安全" not in said


# ------------------------------------------------------------------ what to do now


@pytest.mark.parametrize(
    ("mail_name", "steps"),
    [
        ("brand-elsewhere/fires", ["Open {brand} from your own bookmark"]),
        ("program-attached/fires", ["Don't open “"]),
        ("lure-gift-cards/fires-codes-in-secret", ["Buy no cards, and send no codes.", "by telephone, on a number that you already have."]),
        ("own-account-used/fires", ["Change the password of "]),
        ("account-used/fires", ["Call the owner of "]),
        ("form-in-mail/fires", ["Type nothing into the mail."]),
    ],
)  # fmt: skip
def test_what_to_do_goes_by_the_kind_of_mail(mail_name: str, steps: list[str]) -> None:
    """The first thing first, with the names that the reader knows."""
    folder, _, begin = mail_name.partition("/")
    found = [
        report_of(path)
        for path in sorted((REPLAYS / folder).glob(f"{begin}*.eml"))
        if report_of(path)["verdict"]["level"] != "clear"
    ]
    assert found
    for report in found:
        brand = next((one["values"]["brand"] for one in report["findings"] if "brand" in one["values"]), "")
        said = " ".join(do(report))
        assert [] == [step for step in steps if step.format(brand=brand) not in said], said


@pytest.mark.parametrize(
    ("sender", "text", "step"),
    [
        ("Yui <yui@office.example>", "I hacked your device and recorded you. Pay 900 USD in bitcoin.", "Don't pay and don't answer."),
        ("Amazon <aoi@shop.example>", "Our bank details have changed, please pay to our new bank account.", "Don't pay, and change no bank details."),
        ("Amazon <aoi@shop.example>", "Your invoice of 499 USD is due. To cancel call +1 (808) 555-0123.", "Don't call +1 (808) 555-0123."),
    ],
)  # fmt: skip
def test_a_lure_decides_what_not_to_do(sender: str, text: str, step: str) -> None:
    """Mails that are warned of for the same reasons, each with another purpose."""
    report = report_of_source(mail(text, sender=sender, subject=text[:60]), **READER)

    assert report["verdict"]["level"] == "danger"
    assert step in do(report), (do(report), report["findings"])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", mails(), ids=name)
def test_a_warning_has_one_to_three_steps_and_a_closed_fold_of_first_aid(path: Path, locale: str) -> None:
    """A mail without a warning has neither."""
    report = report_of(path, locale)
    steps = do(report, locale)
    titles = {"en": "If it has already happened", "ja": "すでにしてしまった場合"}
    folds = [item for item in verdict(report) if item["kind"] == "fold" and item["summary"].startswith(titles[locale])]

    if report["verdict"]["level"] == "clear":
        assert ([], []) == (steps, folds)
        return
    assert 1 <= len(steps) == len(set(steps)) <= 3
    (fold,) = folds
    assert fold["open"] is False
    assert (
        sum(item["kind"] == "heading" for item in fold["body"])
        == sum(item["kind"] == "list" for item in fold["body"])
        >= 2
    )


def test_first_aid_names_the_genuine_site() -> None:
    """The password is changed where the table of names knows the company at home."""
    source = mail("Log in here: https://login.example.net/", sender="Amazon <aoi@shop.example>")
    steps = [item["text"] for item in primitives(aid(report_of_source(source, **READER))["body"]) if "text" in item]

    assert any("Change your password at Amazon now. Type amazon.co.jp" in text for text in steps)
    assert any("#9110" in text for text in steps)


# ------------------------------------------------------------------ what was verified

SIGNED = "Authentication-Results: mx.office.example; dkim=pass header.d={domain}\r\n"


def favour(source: bytes, **given: Any) -> list[str]:
    report = report_of_source(source, **{**READER, **given})
    return below(report, "What was verified") or below(report, "What was verified, and what that does not prove")


def signed(sender: str, domain: str, text: str = "hi", fields: str = "") -> bytes:
    source = mail(text, sender=sender, fields=fields)
    return SIGNED.format(domain=domain).encode() + source


def test_a_brands_own_domain_is_named_as_such() -> None:
    """Who vouches, by whose word, and whose the domain is."""
    assert favour(signed("Amazon <a@amazon.co.jp>", "amazon.co.jp")) == [
        "amazon.co.jp signed it (reported by your own server). amazon.co.jp is one of Amazon's own domains."
    ]


def test_a_free_mailbox_says_nothing_of_who_writes() -> None:
    """Verified it is, and that is all."""
    (said,) = favour(signed("Aoi <a@gmail.com>", "gmail.com"))

    assert said.endswith("Anybody can have an address or a page at gmail.com: that says nothing of who wrote it.")


def test_a_strangers_domain_is_verified_with_its_limit() -> None:
    """A deceiver signs for his own domain as well as anybody."""
    (said,) = favour(signed("Amazon <a@shop.example>", "shop.example", "https://login.example.net/"))

    assert said.endswith("That says whose domain it is, not what they are after.")


def test_nothing_is_said_where_nothing_was_verified() -> None:
    """The sender's own word is no proof."""
    below_gate = mail("hi", fields=SIGNED.format(domain="shop.example"), peer="unknown [120.136.14.43]")

    assert favour(below_gate) == []


def test_a_sender_that_the_reader_knows_is_told_with_its_proof() -> None:
    """An address can be borrowed: without a proof the same list says so."""
    trusted = {"trusted_senders": ["aoi@shop.example"]}
    with_proof = favour(signed("Aoi <aoi@shop.example>", "shop.example"), **trusted)
    without = favour(mail("hi", sender="Aoi <aoi@shop.example>", peer="unknown [120.136.14.43]"), **trusted)

    assert "You said that you know aoi@shop.example, and its domain is verified." in with_proof
    assert without == ["You said that you know aoi@shop.example. This time nothing proves that it comes from there."]


def test_a_list_vouches_for_itself_alone() -> None:
    """Its server's confirmed name says that it went over the list."""
    (said,) = favour(mail("hi", fields="List-Id: Tea <tea.shop.example>\r\nList-Post: <mailto:tea@shop.example>\r\n"))

    assert said.startswith("The mailing list's own server handed it over (shop.example).")


def test_the_early_frame_has_a_verdict_block_too() -> None:
    """What has arrived so far is enough for it."""
    report = replayed(REPLAYS.parent.parent / "host" / "sekisho" / "samples" / "kagoya.eml").report

    assert report.panel[0]["block"] == "verdict"


SEALED = (
    ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "encrypted (S/MIME)", "暗号化されています(S/MIME)"),
    ("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "author's signature (S/MIME)", "電子署名(S/MIME)の中"),
    ("multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b", "encrypted (OpenPGP)", "暗号化されています(OpenPGP)"),
)  # fmt: skip


@pytest.mark.parametrize(("content_type", "en", "ja"), SEALED)
def test_what_is_closed_is_said_beside_the_verdict(content_type: str, en: str, ja: str) -> None:
    """Nothing was found, but then nothing of what is inside was looked at."""
    source = mail("--b--\r\n").replace(b"text/plain; charset=utf-8", content_type.encode())
    for locale, words, unread in (("en", en, "not "), ("ja", ja, "調べていません")):
        said = [
            item for item in verdict(report_of_source(source, **READER, locale=locale)) if item.get("tone") == "warn"
        ]
        assert [words in item["text"] and unread in item["text"] for item in said] == [True], said
    assert not [item for item in verdict(report_of_source(mail("Hello"), **READER)) if item.get("tone") == "warn"]
