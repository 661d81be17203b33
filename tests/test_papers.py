"""Whose word there is for the sender's domain, where reported and verified differ, and how much a refusal weighs."""

from __future__ import annotations

import pytest
from signing import MAIL, rsa, signed
from workbench import REPLAYS, replayed

from sekisho.facts import Facts
from sekisho.facts.papers import Papers
from sekisho.mail import own_seals
from sekisho.mail.message import Message
from sekisho.questions import Answer, Ask, Question, State
from sekisho.settings import Settings

OWN = "mx1.office.example"
BY = f"Received: from h7.shop.example (h7.shop.example [203.0.113.9])\r\n\tby {OWN} (Postfix) with ESMTPS id 4C1E02A0F7; Tue, 4 Jun 2024 15:00:03 +0900\r\n"
LISTS = BY.replace("h7.shop.example", "lists.example.org")
LIST_ID = b"List-Id: <users.lists.example.org>\r\n"
PLACE = "s1._domainkey.shop.example"


def txt(**records: tuple[str, ...]) -> dict[Question, State]:
    names = {"key": PLACE, "spf": "shop.example", "dmarc": "_dmarc.shop.example"}
    return {Question("dns", "TXT", names[name]): Answer(found, "test", "") for name, found in records.items()}


def papers(mail: bytes, reported: str = "", known: dict[Question, State] | None = None, by: str = BY) -> Papers:
    """What a message by shop.example comes to, with this Authentication-Results of the own server and these records."""
    above = f"Authentication-Results: {OWN}; {reported}\r\n" if reported else ""
    settings = Settings(privacy="sender" if known is not None else "offline")
    top = f"Return-Path: <a@shop.example>\r\n{above}{by}"
    return Facts(Message(top.encode() + mail), settings, Ask(known or {})).papers


KEY = rsa().record
SIGNED = signed(MAIL, rsa())
CHANGED = SIGNED.replace(b"your order", b"our order")
NAMELESS = BY.replace("(h7.shop.example [", "(unknown [")


REJECT = ("v=DMARC1; p=reject",)
ELSEWHERE = ("v=spf1 ip4:192.0.2.1 -all",)


@pytest.mark.parametrize(
    ("mail", "reported", "known", "by", "vouches", "refused", "failed"),
    [
        (SIGNED, "", txt(key=(KEY,)), NAMELESS, ["dkim"], False, False),
        (SIGNED, "", txt(key=(KEY,), dmarc=REJECT), NAMELESS, ["dkim", "dmarc"], False, False),
        (MAIL, "dkim=pass header.d=shop.example", None, NAMELESS, ["dkim"], False, False),
        (MAIL, "dkim=pass header.d=mail.shop.example", None, NAMELESS, ["dkim"], False, False),
        (MAIL, "dkim=pass header.d=shop.example.evil.example", None, NAMELESS, [], False, False),
        (MAIL, "spf=none smtp.mailfrom=bulk.example; dkim=none; dmarc=none header.from=shop.example", None, NAMELESS, [], False, False),
        (MAIL, "", None, BY, ["host"], False, False),
        (MAIL, "", None, NAMELESS, [], False, False),
        (MAIL, "dmarc=fail (p=reject) header.from=shop.example", None, NAMELESS, [], True, True),
        (MAIL, "", txt(spf=ELSEWHERE, dmarc=REJECT), NAMELESS, [], True, True),
        (MAIL, "", txt(spf=ELSEWHERE, dmarc=("v=DMARC1; p=none",)), NAMELESS, [], True, False),
        (MAIL, "", txt(spf=ELSEWHERE), NAMELESS, [], False, False),
        (CHANGED, "", txt(key=(KEY,), spf=ELSEWHERE, dmarc=REJECT), NAMELESS, [], True, False),  # a scanner may have changed it
        (MAIL, "dmarc=pass header.from=shop.example", txt(spf=(), dmarc=REJECT), NAMELESS, ["dmarc"], False, False),
    ],
)  # fmt: skip
def test_whose_word_there_is(
    mail: bytes,
    reported: str,
    known: dict[Question, State] | None,
    by: str,
    vouches: list[str],
    refused: bool,
    failed: bool,
) -> None:
    """Verified here, reported by the own server or named by it; refused, and whether that speaks against the sender."""
    found = papers(mail, reported, known, by)
    assert vouches == [one.by for one in found.vouches]
    assert found.passed == bool(set(vouches) - {"host"})
    assert (refused, failed) == (found.refusal is not None, found.failed)


@pytest.mark.parametrize(
    ("mail", "reported", "known", "by", "expected"),
    [
        (SIGNED, "dkim=pass header.d=shop.example", txt(key=(KEY,)), BY, []),
        (SIGNED, "dkim=pass header.d=shop.example", txt(key=()), BY, [("dkim", "pass", "permerror", "key-gone")]),
        (SIGNED, "dkim=pass header.d=shop.example", {}, BY, [("dkim", "pass", "unknown", "not-asked")]),
        (CHANGED, "dkim=pass header.d=shop.example", txt(key=(KEY,)), BY, [("dkim", "pass", "fail", "body-changed")]),
        (SIGNED, "dkim=pass header.d=shop.example", txt(key=(rsa(1024).record,)), BY, [("dkim", "pass", "fail", "header-changed")]),
        (LIST_ID + CHANGED, "dkim=pass header.d=shop.example", txt(key=(KEY,)), LISTS, [("dkim", "pass", "fail", "list")]),
        (LIST_ID + CHANGED, "dkim=pass header.d=shop.example", txt(key=(KEY,)), BY, [("dkim", "pass", "fail", "body-changed")]),
        (SIGNED, "dkim=fail header.d=shop.example", txt(key=(KEY,)), BY, [("dkim", "fail", "pass", "right-here")]),
        (SIGNED, "dkim=pass header.d=other.example", txt(key=(KEY,)), BY, []),
        (MAIL, "dmarc=pass header.from=shop.example", txt(spf=(), dmarc=("v=DMARC1; p=none",)), BY, [("dmarc", "pass", "fail", "records-changed")]),
    ],
)  # fmt: skip
def test_where_they_differ_there_is_a_reason(
    mail: bytes, reported: str, known: dict[Question, State], by: str, expected: list[tuple[str, str, str, str]]
) -> None:
    """Keys go, lists change what they pass on, and what was not asked is not known."""
    found = papers(mail, reported, known, by)
    assert expected == [(one.method, one.reported, one.here, one.reason) for one in found.differences]


def test_what_a_list_does_is_seen() -> None:
    """Its name where a proof has it, the tag in the subject, the footer, and that only the text was changed."""
    text = CHANGED.replace(b"Subject: ", b"Subject: [users] ") + b"_" * 40 + b"\r\nusers@lists.example.org\r\n"
    assert ("list-id", "subject-tag", "footer", "body-only") == papers(
        LIST_ID + text, "", txt(key=(KEY,)), LISTS
    ).transit
    assert "list-id" not in papers(LIST_ID + text, "", txt(key=(KEY,)), BY).transit
    assert () == papers(text, "", txt(key=(KEY,)), LISTS).transit


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("own-server-says-so", "medium"),
        ("verified-here", "medium"),
        ("key-never-there", "medium"),
        ("key-gone-since", "low"),
        ("list-fields-of-the-sender", "medium"),
        ("policy-not-written-down", "low"),
        ("through-a-list", "low"),
        ("forwarded-by-nobody-known", "low"),
        ("domain-only-watches", "info"),
    ],
)
def test_a_refusal_weighs_as_the_domain_asks(name: str, severity: str) -> None:
    """By the policy, and less where a list or a forwarder may have broken it; a list's fields alone excuse nothing."""
    found = replayed(REPLAYS / "authentication-failed" / f"fires-{name}.eml").report.findings
    assert [severity] == [one.severity for one in found if one.id == "authentication-failed"]


@pytest.mark.parametrize(
    ("written", "policy"),
    [
        ("dmarc=fail (p=REJECT sp=NONE dis=NONE)", "reject"),
        ("dmarc=fail (p=quarantine,sp=none)", "quarantine"),
        ('dmarc=fail reason="SPF not aligned" (policy=none)', "none"),
        ("dmarc=fail action=oreject", "reject"),
        ("dmarc=fail policy.published-domain-policy=quarantine", "quarantine"),
        ("dmarc=fail action=none", ""),
        ("dmarc=fail (p=delete)", ""),
    ],
)
def test_the_policy_is_read_where_the_server_wrote_it(written: str, policy: str) -> None:
    """Google, rspamd, Microsoft and Fastmail each have a place for it."""
    refusal = papers(MAIL, f"{written} header.from=shop.example", by=NAMELESS).refusal
    assert refusal is not None and policy == refusal.policy


SIGNATURE = 'Content-Type: multipart/signed; protocol="application/{0}-signature"; boundary=b\n\n--b\nContent-Type: text/plain\n\nHi\n--b\nContent-Type: application/{0}-signature\n\nx\n--b--\n'


@pytest.mark.parametrize(
    ("rest", "kinds"),
    [
        (SIGNATURE.format("pkcs7"), ["smime-signed"]),
        (SIGNATURE.format("x-pkcs7"), ["smime-signed"]),
        (SIGNATURE.format("pgp"), ["openpgp-signed"]),
        ("Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nx\n", ["smime-enclosed"]),
        ("Content-Type: application/x-pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx\n", ["smime-encrypted"]),
        ("Content-Type: multipart/encrypted; protocol=application/pgp-encrypted; boundary=b\n\n--b--\n", ["openpgp-encrypted"]),
        ("\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHi\n", ["openpgp-signed"]),
        ("BIMI-Location: v=BIMI1; l=https://shop.example/logo.svg\nBIMI-Indicator: x\n\nHi\n", ["bimi"]),
        ("Content-Type: multipart/signed; boundary=b\n\n--b--\n", []),
        ("\nHi\n", []),
    ],
)  # fmt: skip
def test_seals_of_the_authors_own_program_are_told(rest: str, kinds: list[str]) -> None:
    """That they are there, and nothing more: none is verified."""
    assert kinds == [seal.kind for seal in own_seals.find(Message(f"From: a@shop.example\n{rest}".encode()))]
