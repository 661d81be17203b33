"""What the panel says of a message's papers: every result has its sentence, and none of them says more than is known."""

from __future__ import annotations

import re
from typing import Any

import pytest
from signing import Key, rsa, signed
from workbench import LOCALES, PACKAGE, analysed, primitives

from sekisho.panel.words import Words
from sekisho.report import as_json

RSA = rsa()
AT = "2026-11-22T00:00:00+00:00"
READER = {"privacy": "resolver", "own_addresses": ["taro@office.example"], "own_domains": ["office.example"]}


def mail(extra: str = "", sender: str = "hanako@shop.example") -> bytes:
    lines = [
        f"Return-Path: <{sender}>",
        "Received: from mx.shop.example (mx.shop.example [192.0.2.10])",
        "\tby mx.office.example (Postfix) with ESMTP id 4AbCdE12345",
        "\tfor <taro@office.example>; Tue, 4 Jun 2024 15:00:03 +0900 (JST)",
        *filter(None, [extra]),
        f"From: Hanako <{sender}>",
        "To: taro@office.example",
        "Subject: An order",
        "Date: Tue, 04 Jun 2024 15:00:00 +0900",
        "Message-ID: <1@shop.example>",
        "",
        "Thank you for your order.",
        "",
    ]
    return "\r\n".join(lines).encode()


def texts(*records: tuple[str, list[str]]) -> list[dict[str, Any]]:
    return [
        {"question": {"kind": "dns", "type": "TXT", "name": name}, "records": found, "source": "test", "at": AT}
        for name, found in records
    ]


def answers(key: str = RSA.record, spf: str = "v=spf1 ip4:192.0.2.10 -all", policy: str = "reject") -> Any:
    return texts(
        ("s1._domainkey.shop.example", [key] if key else []),
        ("shop.example", [spf] if spf else []),
        ("_dmarc.shop.example", [f"v=DMARC1; p={policy}"] if policy else []),
    )


def block(source: bytes, known: Any = None, **given: Any) -> list[dict[str, Any]]:
    report = as_json(analysed(source, {**READER, "locale": "en", **given}, known).report)
    (found,) = [block for block in report["panel"] if block["block"] == "authentication"]
    return list(primitives(found["body"]))


def said(source: bytes, known: Any = None, **given: Any) -> str:
    return "\n".join(one["text"] for one in block(source, known, **given) if one["kind"] == "sentence")


def signature(key: Key = RSA, **options: Any) -> bytes:
    return signed(mail(), key, include_headers=[b"from", b"to", b"subject", b"date"], **options)


def test_a_right_signature_says_who_sent_it_and_no_more() -> None:
    text = said(signature(), answers())
    assert (
        "The domain shop.example signed this message and the signature is right (checked here, 2026-11-22). "
        "That says the domain sent it, not that it is honest."
    ) in text
    assert "The message is from shop.example by that domain's own rules (DMARC): its signature is right, and" in text
    assert "(192.0.2.10) is one of those that may send for shop.example (SPF)" in text


def test_somebody_elses_signature_is_told_from_the_senders() -> None:
    source = signed(mail(), RSA, "mailer.example", include_headers=[b"from"])
    known = answers(spf="") + texts(("s1._domainkey.mailer.example", [RSA.record]))
    text = said(source, known)
    assert "The domain mailer.example signed this message and the signature is right" in text
    assert "It is not the domain that the sender names" in text
    assert "What is right here belongs to other domains" in text
    assert "shop.example asks to refuse such mail (policy reject)." in text


@pytest.mark.parametrize(
    ("source", "known", "expected"),
    [
        (signature().replace(b"your order", b"your money"), answers(), "the text was changed after it was signed"),
        (signature().replace(b"An order", b"An ordeal"), answers(), "a signed line of the header was changed"),
        (signature(), answers(key=""), "publishes no key for it today"),
        (signature(), answers(key="v=DKIM1; p="), "has withdrawn the key"),
        (signature(rsa(512)), answers(key=rsa(512).record), "a key so short (512 bits)"),
        (signature(algorithm=b"rsa-sha1"), answers(), "no longer to be relied on (SHA-1)"),
        (signature(length=True) + b"Pay here.\r\n", answers(), "Only the first 27 bytes of the text are signed. 11 more"),
        (signature(), answers(key=rsa(t="y").record), "only trying out signatures"),
        (signature(), answers(policy="none"), "The message is from shop.example"),
        (mail(), answers(spf="v=spf1 -all"), "Nothing vouches for shop.example"),
        (mail(), answers(spf="v=spf1 -all", policy="none"), "asks to deliver such mail all the same (policy none)"),
        (mail(), answers(spf="v=spf1 -all", policy="quarantine"), "into the junk folder"),
        (mail(), answers(spf="v=spf1 -all"), "(192.0.2.10) may not send for shop.example"),
        (mail(), answers(spf="v=spf1 ~all"), "does not rule it out"),
        (mail(), answers(spf="v=spf1 ?all"), "leaves open whether"),
        (mail(), answers(spf="v=spf1 ip4:x"), "has a mistake"),
        (mail(), answers(policy=""), "does not say how to tell its own mail"),
        (mail(sender="taro@office.example"), [], "nobody is asked about your own domains"),
        (signature(), texts(("shop.example", [])), "could tell the sender that you look"),
        (mail(), answers(), "carries no signature"),
    ],
)  # fmt: skip
def test_what_is_found_is_said(source: bytes, known: Any, expected: str) -> None:
    if "could tell" in expected:  # a selector that nobody else has
        source = signed(mail(), RSA, selector="u-7f3a")
    assert expected in said(source, known)


def test_offline_it_says_that_nobody_was_asked_and_offers_to() -> None:
    found = block(signature(), privacy="offline")
    text = "\n".join(one.get("text", "") for one in found)
    assert "in the name of shop.example. Anybody can write such a line" in text
    assert "Nobody was asked" in text
    (action,) = [one for one in found if one["kind"] == "action"]
    assert ("ask_more", {"privacy": "registry"}) == (action["action"], action["arguments"])
    assert [] == [one for one in found if one["kind"] == "fold"]


@pytest.mark.parametrize(
    ("reported", "known", "expected"),
    [
        ("dkim=pass header.d=shop.example", answers(key=""), "its word stands"),
        ("dkim=pass header.d=shop.example", answers(key=rsa(1024).record), "here it no longer is"),
        ("dkim=fail header.d=shop.example", answers(), "here it is. The key may not have been there"),
        ("spf=fail smtp.mailfrom=hanako@shop.example", answers(), "found fail for shop.example"),
        ("dmarc=pass header.from=shop.example", answers(key="", spf="v=spf1 -all"), "for the rules of shop.example"),
    ],
)
def test_where_a_report_that_counts_differs(reported: str, known: Any, expected: str) -> None:
    """It is explained; the same report in a stranger's name says nothing worth explaining."""
    field = f"Authentication-Results: mx.office.example; {reported}\r\n".encode()
    given = {"trusted_authserv_ids": ["mx.office.example"]}
    assert expected in said(field + signature(), known, **given)
    forged = said(field.replace(b"mx.office", b"mx.evil") + signature(), known, **given)
    assert expected not in forged
    assert "This does not count" in forged


def test_the_table_has_what_an_administrator_asks_for() -> None:
    found = block(signature(length=True) + b"Pay here.\r\n", answers(key=rsa(t="y").record))
    rows = {row[0]: row[1] for one in found if one["kind"] == "table" for row in one["rows"]}
    assert {"DKIM", "SPF", "DMARC", "Key's name (selector)", "Only trying out (t=y)"} <= set(rows)
    assert ("2048", "rsa-sha256", "27") == (
        rows["Key size in bits"],
        rows["Method"],
        rows["Signed bytes of the text (l=)"],
    )


def test_every_code_has_its_words() -> None:
    """Whatever code a result carries, there is a sentence for it in each language."""
    folder = PACKAGE / "facts" / "verification"
    signatures, sender_policy = ((folder / f"{name}.py").read_text("utf-8") for name in ("signatures", "sender_policy"))
    codes = {
        code
        for code in re.findall(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"', signatures + sender_policy)
        if Words("en").has(f"papers.reason.{code}")
    }
    assert {"no-key", "body-changed", "seal-broken", "no-domain", "sha1"} <= codes
    for locale in LOCALES:
        words = Words(locale)
        keys = [key for key in words._text if key.startswith("papers.")]
        assert all(key in words._text for key in keys)
        assert not any("safe" in words._text[key].lower() for key in keys)


def test_a_mail_too_large_says_so() -> None:
    from sekisho.facts.verification.signatures import MAX_MESSAGE

    large = signature() + (b"x" * 998 + b"\r\n") * (MAX_MESSAGE // 1000 + 1)
    text = said(large, answers())
    assert "was not checked here: the message is too large for that" in text
    assert "not right" not in text
