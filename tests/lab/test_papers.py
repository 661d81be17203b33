"""Mails signed here, verified by keys and records that real name servers hand out: every state of a key, and who learns of what."""

from __future__ import annotations

from typing import Any

import pytest
from signing import Key, ed25519, rsa, sealed, signed
from workbench import failures, wrong

from . import Lab
from .papers import DOMAIN, UNIQUE
from .test_live import names, reports

RSA = rsa()


def mail(domain: str = DOMAIN, sender: str = "hanako", ip: str = "192.31.196.10", envelope: str = "") -> bytes:
    """A mail as its sender's server would sign it."""
    envelope = envelope or f"{sender}@{domain}"
    lines = (
        f"Return-Path: <{envelope}>",
        f"Received: from mx.{domain} (mx.{domain} [{ip}])",
        "\tby mx.reader.test (Postfix) with ESMTP id 4AbCdE12345",
        "\tfor <taro@reader.test>; Tue, 10 May 2022 06:12:44 +0900 (JST)",
        f"From: Hanako <{sender}@{domain}>",
        "To: taro@reader.test",
        "Subject: An order",
        "Date: Tue, 10 May 2022 06:12:40 +0900",
        f"Message-ID: <1@{domain}>",
        "",
        "Thank you for your order.",
        "",
    )
    return "\r\n".join(lines).encode()


def signature(selector: str, key: Key = RSA, domain: str = DOMAIN) -> bytes:
    return signed(mail(domain), key, domain, selector, include_headers=[b"from", b"to", b"subject", b"date"])


def verified(lab: Lab, source: bytes, privacy: str = "resolver", **over: Any) -> dict[str, Any]:
    *_, last = reports(lab, privacy, source, **over)
    assert last["final"] and not failures(last) and not wrong(last)
    found: dict[str, Any] = last["authentication"]["verified"]
    return found


@pytest.mark.parametrize("end", [b"\r\n", b"\n"], ids=["crlf", "lf"])
@pytest.mark.parametrize(
    ("selector", "key", "expected"),
    [
        ("s1024", rsa(1024), ("pass", "", 1024)),
        ("s2048", RSA, ("pass", "", 2048)),
        ("k1", ed25519(), ("pass", "", 256)),
        ("selector1", RSA, ("pass", "", 2048)),  # by a CNAME
        ("s2", RSA, ("pass", "", 2048)),  # beside a text of another service
        ("key2", RSA, ("pass", "", 2048)),  # the old key and the new one at the same name
        ("key2", rsa(1024), ("pass", "", 1024)),
        ("key1", RSA, ("fail", "header-changed", 1024)),  # rotated
        ("k2", RSA, ("permerror", "revoked", None)),
        ("k3", RSA, ("permerror", "no-key", None)),
    ],
)
def test_a_key_in_every_state(
    lab: Lab, selector: str, key: Key, expected: tuple[str, str, int | None], end: bytes
) -> None:
    """However the mail's store ends its lines; DMARC says pass only where the signature is right."""
    found = verified(lab, signature(selector, key).replace(b"\r\n", end))
    (one,) = found["dkim"]
    assert expected == (one["result"], one["reason"], one["bits"])
    assert (expected[0] == "pass") == (found["dmarc"]["result"] == "pass")
    assert "reject" == found["dmarc"]["policy"]


def test_several_signatures(lab: Lab) -> None:
    """Each is judged for itself, by the key of its own domain."""
    source = signed(signed(signature("k1", ed25519()), RSA, "good.test", "s1"), RSA, DOMAIN, "s2048")
    found = verified(lab, source)
    assert [("s2048", "pass"), ("s1", "permerror"), ("k1", "pass")] == [
        (one["selector"], one["result"]) for one in found["dkim"]
    ]
    assert ["dkim"] == list(found["dmarc"]["aligned"])


@pytest.mark.parametrize(
    ("domain", "dkim", "spf"),
    [
        ("slow.test", ("pass", ""), "fail"),
        ("truncated.test", ("pass", ""), "fail"),  # over TCP
        ("servfail.test", ("temperror", "no-answer"), "temperror"),
        ("refused.test", ("temperror", "no-answer"), "temperror"),
        ("lost.test", ("temperror", "no-answer"), "temperror"),
    ],
)
def test_not_known_is_never_failed(lab: Lab, domain: str, dkim: tuple[str, str], spf: str) -> None:
    """A server that does not answer proves nothing; one that answers late, or in more than a datagram, is heard."""
    chain = b"Authentication-Results: lists.test; spf=pass\r\n" + signature("s1", RSA, domain)
    found = verified(lab, sealed(chain, RSA, domain, "lists.test"))
    (one,) = found["dkim"]
    assert (dkim, spf) == ((one["result"], one["reason"]), found["spf"]["result"])
    assert ("pass" if dkim[0] == "pass" else "unknown") == found["arc"]["result"]
    if dkim[0] == "temperror":
        assert ("unknown", None) == (found["dmarc"]["result"], found["dmarc"]["policy"])


def test_a_chain(lab: Lab) -> None:
    source = signature("s2048").replace(b"Subject: An order", b"Subject: [list] An order")
    for domain, selector in (("slow.test", "s1"), (DOMAIN, "s2048")):
        arc = b"" if domain == "slow.test" else b"; arc=pass"
        source = sealed(
            b"Authentication-Results: " + domain.encode() + b"; dkim=pass" + arc + b"\r\n" + source,
            RSA,
            domain,
            domain,
            selector,
        )
    found = verified(lab, source)
    assert ("pass", 2, (DOMAIN, "slow.test")) == tuple(
        found["arc"][name] for name in ("result", "instances", "sealers")
    )
    assert ("fail", "header-changed") == (found["dkim"][0]["result"], found["dkim"][0]["reason"])


@pytest.mark.parametrize("level", ["resolver", "registry"])
def test_what_may_be_one_readers_own_is_not_asked(lab: Lab, level: str) -> None:
    """Names that stand in a published record are followed; a macro's, and a selector of nobody else's, are not, and open stays open."""
    found = verified(lab, signed(signature("s2048"), RSA, DOMAIN, UNIQUE), level)
    asked = names(lab)

    assert {DOMAIN, f"_dmarc.{DOMAIN}", f"s2048._domainkey.{DOMAIN}", f"_spf.host.{DOMAIN}", f"mail.{DOMAIN}"} <= asked
    assert not {name for name in asked if UNIQUE in name or "hanako" in name or "_s." in name}
    assert ["unknown", "pass"] == [one["result"] for one in found["dkim"]]
    assert ("unknown", "not-asked") == (found["spf"]["result"], found["spf"]["reason"])
    assert "pass" == found["dmarc"]["result"]


def test_at_the_level_sender_it_is(lab: Lab) -> None:
    found = verified(lab, signed(signature("s2048"), RSA, DOMAIN, UNIQUE), "sender")

    assert {f"{UNIQUE}._domainkey.{DOMAIN}", f"hanako._s.{DOMAIN}"} <= names(lab)
    assert ["pass", "pass"] == [one["result"] for one in found["dkim"]]
    assert "pass" == found["spf"]["result"]


@pytest.mark.parametrize(("level", "expected"), [("resolver", "unknown"), ("sender", "pass")])
def test_an_envelope_senders_subdomain_may_be_one_readers_own(lab: Lab, level: str, expected: str) -> None:
    found = verified(lab, mail(envelope=f"u8271@bounce.{DOMAIN}"), level)
    assert expected == found["spf"]["result"]
    assert (expected == "pass") == (f"bounce.{DOMAIN}" in names(lab))
    assert expected == found["dmarc"]["result"]


def test_offline_nobody_is_asked_and_nothing_is_verified(lab: Lab) -> None:
    found = verified(lab, signature("s2048"), "offline")
    assert [] == lab.dns.log
    assert ({}, [], {}, {}) == (found["spf"], found["dkim"], found["dmarc"], found["arc"])
