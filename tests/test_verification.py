"""Signatures, policies and chains verified with what is known: every way to be wrong, and what is not known is never failed."""

from __future__ import annotations

import base64
import itertools
import random
from collections.abc import Callable
from typing import Any

import dkim.canonicalization
import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing import MAIL, ed25519, public_key, rsa, sealed, signed

from sekisho.facts.verification import dmarc, libraries, sender_policy, signatures
from sekisho.facts.verification.dmarc import LIST, WALK
from sekisho.mail.message import Message
from sekisho.questions import Answer, Ask, Failed, Question, State, Waiting, level

AT = "2026-11-22T00:00:00+00:00"


def txt(name: str, *records: str) -> dict[Question, State]:
    return {Question("dns", "TXT", name): Answer(records, "test", AT)}


def only(mail: bytes, known: dict[Question, State], arrived: int | None = None) -> signatures.Dkim:
    (result,) = signatures.verify(Message(mail), arrived, Ask(known))
    return result


def place(selector: str = "s1", domain: str = "shop.example") -> str:
    return f"{selector}._domainkey.{domain}"


# ------------------------------------------------------------------ DKIM


@pytest.mark.parametrize("key", [rsa(1024), rsa(2048), ed25519()], ids=["rsa1024", "rsa2048", "ed25519"])
@pytest.mark.parametrize("canonicalize", list(itertools.product((b"relaxed", b"simple"), repeat=2)))
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_right_signature(key: Any, canonicalize: tuple[bytes, bytes], end: bytes) -> None:
    """However the store ends its lines."""
    mail = signed(MAIL, key, canonicalize=canonicalize).replace(b"\r\n", end)
    result = only(mail, txt(place(), key.record))
    assert ("pass", "") == (result.result, result.reason)
    assert result.bits in (256, 1024, 2048)
    assert "from" in result.oversigned


def _changed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda mail: mail.replace(old, new)


@pytest.mark.parametrize(
    ("change", "records", "expected"),
    [
        (_changed(b"your order", b"your money"), (rsa().record,), ("fail", "body-changed")),
        (_changed(b"Subject: An order", b"Subject: An ordeal"), (rsa().record,), ("fail", "header-changed")),
        (_changed(b"From: Hanako", b"From: Eve <eve@evil.example>\r\nFrom: Hanako"), (rsa().record,), ("fail", "header-changed")),
        (_changed(b"", b""), (rsa(1024).record,), ("fail", "header-changed")),  # another key: rotated
        (_changed(b"", b""), (), ("permerror", "no-key")),
        (_changed(b"", b""), ("v=DKIM1; k=rsa; p=",), ("permerror", "revoked")),
        (_changed(b"", b""), ("v=DKIM1; k=rsa; p=!!!!",), ("permerror", "key-unreadable")),
        (_changed(b"", b""), ("something else",), ("permerror", "key-unreadable")),
        (_changed(b"", b""), ("v=DKIM1; k=rsa; p=" + "A" * 5000,), ("permerror", "key-unreadable")),
        (_changed(b"", b""), ("a text of another service", rsa().record), ("pass", "")),
        (_changed(b"; h=", b"; hh="), (rsa().record,), ("permerror", "from-not-signed")),
        (_changed(b"v=1;", b"v=2;"), (rsa().record,), ("permerror", "syntax")),
        (_changed(b"a=rsa-sha256", b"a=rot13"), (rsa().record,), ("permerror", "syntax")),
        (_changed(b"i=@shop.example", b"i=@bank.example"), (rsa().record,), ("permerror", "syntax")),
        (_changed(b"s=s1;", b"s=;"), (rsa().record,), ("permerror", "syntax")),
    ],
)  # fmt: skip
def test_a_wrong_signature(
    change: Callable[[bytes], bytes], records: tuple[str, ...], expected: tuple[str, str]
) -> None:
    mail = change(signed(MAIL, rsa()))
    result = only(mail, txt(place(), *records))
    assert expected == (result.result, result.reason)


def test_weak_signatures_are_told() -> None:
    """Right, but not to be relied on (RFC 8301)."""
    weak = only(signed(MAIL, rsa(512)), txt(place(), rsa(512).record))
    assert ("policy", "weak-key") == (weak.result, weak.reason)
    old = only(signed(MAIL, rsa(), algorithm=b"rsa-sha1"), txt(place(), rsa().record))
    assert ("policy", "sha1") == (old.result, old.reason)
    testing = only(signed(MAIL, rsa()), txt(place(), rsa(t="y").record))
    assert ("pass", True) == (testing.result, testing.testing)


def test_what_l_leaves_open() -> None:
    """Text that somebody added behind the signed octets verifies, and the report says how many were signed."""
    mail = signed(MAIL, rsa(), length=True) + b"Pay to another account.\r\n"
    result = only(mail, txt(place(), rsa().record))
    assert ("pass", 27) == (result.result, result.length)


def test_expiry_is_told_by_when_it_arrived() -> None:
    """Not by when somebody looks: a mail that is kept does not become false."""
    unsigned = (
        b"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s1; t=1717480800; x=1717567200; h=from; bh=x; b=y\r\n"
    )
    found = Message(unsigned + MAIL)
    known = txt(place(), rsa().record)
    (result,) = signatures.verify(found, None, Ask(known))
    found.kept = {key: value._replace(result="pass", reason="") for key, value in found.kept.items()}
    for arrived, expected in (
        (1717480900, "pass"),
        (1717567200 + 3600, "pass"),
        (1717567200 + 86400, "policy"),
        (None, "pass"),
    ):
        (result,) = signatures.verify(found, arrived, Ask(known))
        assert expected == result.result


def test_several_signatures() -> None:
    """Each has a result of its own, in the order in which they stand."""
    mail = signed(signed(MAIL, ed25519(), selector="e1"), rsa(), domain="list.example", selector="r1")
    mail = signed(mail, rsa(1024), selector="gone")
    known = txt(place("e1"), ed25519().record) | txt(place("r1", "list.example"), rsa().record) | txt(place("gone"))
    results = signatures.verify(Message(mail), None, Ask(known))
    assert [("gone", "permerror"), ("r1", "pass"), ("e1", "pass")] == [(one.selector, one.result) for one in results]


@pytest.mark.parametrize(
    "state", [None, Waiting(AT), Failed("timeout", "test", AT), Failed("server-failed", "test", AT)]
)
def test_not_known_is_never_failed(state: State | None) -> None:
    known = {} if state is None else {Question("dns", "TXT", place()): state}
    result = only(signed(MAIL, rsa()), known)
    assert result.result == ("temperror" if isinstance(state, Failed) else "unknown")
    chain = sealed(b"Authentication-Results: list.example; spf=pass\r\n" + MAIL, rsa(), "list.example", "list.example")
    states = {} if state is None else {Question("dns", "TXT", place("s1", "list.example")): state}
    read = signatures.verify_chain(Message(chain), Ask(states))
    assert read is not None and read.result == "unknown"
    policy = {} if state is None else {Question("dns", "TXT", "shop.example"): state}
    spf = sender_policy.evaluate("192.0.2.1", "a@shop.example", "", "mailfrom", Ask(policy))
    assert spf.result in ("unknown", "temperror")
    asked = dmarc.evaluate(
        "shop.example", None, (), Ask({} if state is None else {Question("dns", "TXT", "_dmarc.shop.example"): state})
    )
    assert ("unknown", None) == (asked.result, asked.policy)


@given(st.binary(max_size=300), st.integers(0, 40))
def test_blanks_at_line_ends(data: bytes, blanks: int) -> None:
    """The linear way gives what dkimpy's pattern gives."""
    import re

    content = data.replace(b"\x00", b" \t" * blanks + b"\r\n")
    assert re.sub(b"[\t ]+\r\n", b"\r\n", content) == libraries.without_trailing_blanks(content)
    assert re.sub(b"[\t ]+", b" ", content) == libraries.with_single_blanks(content)


def test_dkimpy_takes_our_way() -> None:
    libraries.dkimpy()
    assert dkim.canonicalization.strip_trailing_whitespace is libraries.without_trailing_blanks
    assert dkim.canonicalization.compress_whitespace is libraries.with_single_blanks


@pytest.mark.parametrize(
    "field",
    [
        b"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s1; h=from; bh=x; b=" + b"\r\n " * 5000 + b"!",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s1; h=from; bh=x; b=" + b" " * 200 + b"!",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s1; h=from" + b":x" * 9000 + b"; bh=x; b=AAAA",
    ],
)
def test_what_would_hang_a_library_is_not_handed_to_it(field: bytes) -> None:
    result = only(field + b"\r\n" + MAIL, txt(place(), rsa().record))
    assert ("unknown", "too-large") == (result.result, result.reason)


def test_what_would_take_long_is_not_begun() -> None:
    """Lines by the hundred thousand, and many signatures of a large message: those that are not looked at are not known."""
    lines = only(signed(MAIL, rsa()) + b"\n" * signatures.MAX_LINES, txt(place(), rsa().record))
    assert ("unknown", "too-large") == (lines.result, lines.reason)
    mail = signed(MAIL + b"x" * (signatures.MAX_WORK // 3 - 10_000), rsa(1024))
    field = mail[: mail.index(b"From:")]
    results = signatures.verify(Message(field * 3 + mail), None, Ask(txt(place(), rsa(1024).record)))
    assert ["", "", "", "too-large"] == [one.reason for one in results]


def test_a_key_that_takes_hours_is_not_reckoned_with() -> None:
    """A modulus or an exponent of any size is the owner of the name server's to choose."""

    for modulus, exponent in ((1 << 16000, 65537), ((1 << 2048) + 1, 1 << 2000), (0, 3), (1, 3)):
        key = base64.b64encode(public_key(modulus, exponent))
        assert not signatures.sound(b"v=DKIM1; k=rsa; p=" + key)
    assert signatures.sound(rsa().record.encode())


def test_a_result_is_reckoned_once() -> None:
    """Answers that have nothing to do with a signature do not make it be verified again."""
    message = Message(signed(MAIL, rsa()))
    known = txt(place(), rsa().record)
    first = signatures.verify(message, None, Ask(known))
    kept = dict(message.kept)
    second = signatures.verify(message, None, Ask(known | txt("other.example", "x")))
    assert first == second and kept == message.kept and len(kept) == 1


# ------------------------------------------------------------------ ARC


def chained(*domains: str) -> bytes:
    mail = MAIL
    for number, domain in enumerate(domains):
        before = "; arc=pass" if number else ""
        mail = sealed(f"Authentication-Results: {domain}; spf=pass{before}\r\n".encode() + mail, rsa(), domain, domain)
    return mail


def test_a_chain() -> None:
    known = txt(place("s1", "list.example"), rsa().record) | txt(place("s1", "relay.example"), rsa().record)
    chain = signatures.verify_chain(Message(chained("list.example", "relay.example")), Ask(known))
    assert signatures.Arc("pass", "", 2, ("relay.example", "list.example")) == chain
    broken = chained("list.example", "relay.example").replace(b"your order", b"your money")
    chain = signatures.verify_chain(Message(broken), Ask(known))
    assert chain is not None and ("fail", "message-changed") == (chain.result, chain.reason)
    assert signatures.verify_chain(Message(MAIL), Ask({})) is None


@pytest.mark.parametrize("record", [(), ("v=DKIM1; p=",)], ids=["gone", "revoked"])
def test_a_chain_whose_key_is_gone_is_not_said_to_be_changed(record: tuple[str, ...]) -> None:
    known = txt(place("s1", "list.example"), *record) | txt(place("s1", "relay.example"), rsa().record)
    chain = signatures.verify_chain(Message(chained("list.example", "relay.example")), Ask(known))
    assert chain is not None and ("fail", "no-key") == (chain.result, chain.reason)


def test_a_chain_asks_for_all_its_keys_at_once() -> None:
    ask = Ask({})
    signatures.verify_chain(Message(chained("list.example", "relay.example")), ask)
    assert {place("s1", "list.example"), place("s1", "relay.example")} == {question.name for question in ask.asked}


# ------------------------------------------------------------------ SPF

ZONE: dict[tuple[str, str], tuple[str, ...]] = {
    ("shop.example", "TXT"): (
        "v=spf1 include:_spf.host.example a:mail.shop.example exists:%{l}.%{i}._s.shop.example -all",
    ),
    ("_spf.host.example", "TXT"): ("v=spf1 ip4:192.0.2.0/24 mx:host.example ?all",),
    ("host.example", "MX"): ("10 mx.host.example",),
    ("mx.host.example", "A"): ("198.51.100.7",),
    ("mail.shop.example", "A"): ("198.51.100.9",),
    ("mail.shop.example", "AAAA"): ("2001:db8::9",),
    ("hanako.203.0.113.5._s.shop.example", "A"): ("127.0.0.2",),
    ("two.example", "TXT"): ("v=spf1 -all", "v=spf1 +all"),
    ("none.example", "TXT"): ("google-site-verification=x",),
}


def settled(ip: str, sender: str, seed: int = 0) -> tuple[sender_policy.Spf, list[Question]]:
    """The result when every question has been answered, one by one; and the questions."""
    chance = random.Random(seed)
    known: dict[Question, State] = {}
    while True:
        ask = Ask(known)
        result = sender_policy.evaluate(ip, sender, "helo.example", "mailfrom", ask)
        missing = [question for question in ask.asked if question not in known]
        if not missing:
            return result, list(known)
        question = chance.choice(missing)
        known[question] = Answer(ZONE.get((question.name, question.type), ()), "test", AT)


@pytest.mark.parametrize(
    ("ip", "sender", "expected"),
    [
        ("192.0.2.9", "hanako@shop.example", "pass"),
        ("198.51.100.7", "hanako@shop.example", "pass"),
        ("198.51.100.9", "hanako@shop.example", "pass"),
        ("203.0.113.5", "hanako@shop.example", "pass"),
        ("203.0.113.5", "taro@shop.example", "fail"),
        ("203.0.113.5", "a@two.example", "permerror"),
        ("203.0.113.5", "a@none.example", "none"),
        ("203.0.113.5", "a@nothing.example", "none"),
        ("2001:db8::1", "hanako@shop.example", "fail"),
    ],
)
def test_spf(ip: str, sender: str, expected: str) -> None:
    assert {expected} == {settled(ip, sender, seed)[0].result for seed in range(4)}


def test_who_may_learn_of_an_spf_look_up() -> None:
    """Names that stand in the record are everybody's; what a macro makes of the sender's mailbox may be one reader's."""
    _, asked = settled("203.0.113.5", "hanako@shop.example")
    levels = {question.name: level(question) for question in asked}
    assert "resolver" == levels["shop.example"] == levels["_spf.host.example"] == levels["mail.shop.example"]
    assert "sender" == levels["hanako.203.0.113.5._s.shop.example"]
    _, asked = settled("203.0.113.5", "x@u8271.bounce.shop.example")
    assert ["sender"] == [level(question) for question in asked]


def test_nobodys_explanation_is_fetched() -> None:
    ZONE["exp.example", "TXT"] = ("v=spf1 exp=%{l}.why.exp.example -all",)
    result, asked = settled("203.0.113.5", "hanako@exp.example")
    assert "fail" == result.result
    assert ["exp.example"] == [question.name for question in asked]


# ------------------------------------------------------------------ DMARC


def passing(domain: str) -> tuple[signatures.Dkim, ...]:
    return (signatures.Dkim("pass", "", domain, "s", "rsa-sha256", 2048, (), (), None, None, None, False, ""),)


def spf_of(domain: str, result: str = "pass") -> sender_policy.Spf:
    return sender_policy.Spf(result, "", domain, "mailfrom", "192.0.2.1", "")


DMARC = (
    txt("_dmarc.shop.example", "v=DMARC1; p=reject; sp=quarantine; adkim=s")
    | txt("_dmarc.mail.shop.example")
    | txt("_dmarc.own.shop.example", "v=DMARC1; p=none")
    | txt("_dmarc.open.example")
    | txt("_dmarc.twice.example", "v=DMARC1; p=reject", "v=DMARC1; p=none")
    | txt("_dmarc.odd.example", "v=DMARC1; p=shoot")
    | txt("_dmarc.example")
    | txt("_dmarc.host.shop.example")
)


@pytest.mark.parametrize("way", [LIST, WALK])
@pytest.mark.parametrize(
    ("author", "spf", "dkim", "expected"),
    [
        ("shop.example", spf_of("shop.example"), (), ("pass", "reject")),
        ("shop.example", spf_of("host.shop.example"), (), ("pass", "reject")),
        ("shop.example", spf_of("host.shop.example", "softfail"), passing("shop.example"), ("pass", "reject")),
        ("shop.example", None, passing("host.shop.example"), ("fail", "reject")),  # adkim=s
        ("shop.example", spf_of("other.example"), passing("other.example"), ("fail", "reject")),
        ("shop.example", spf_of("shop.example", "fail"), (), ("fail", "reject")),
        ("shop.example", spf_of("shop.example", "unknown"), (), ("unknown", "reject")),
        ("mail.shop.example", spf_of("shop.example"), (), ("pass", "quarantine")),
        ("own.shop.example", None, (), ("fail", "none")),
        ("open.example", spf_of("open.example"), (), ("none", "")),
        ("twice.example", None, (), ("none", "")),
        ("odd.example", None, (), ("fail", "none")),
    ],
)  # fmt: skip
def test_dmarc(way: str, author: str, spf: Any, dkim: Any, expected: tuple[str, str]) -> None:
    result = dmarc.evaluate(author, spf, dkim, Ask(DMARC | txt("_dmarc.other.example")), way)
    assert expected == (result.result, result.policy)


def test_no_part_of_a_name_is_that_name() -> None:
    """badshop.example and shop.example.evil.example are not shop.example's."""
    for other in ("badshop.example", "shop.example.evil.example", "example", "xn--shop-x.example"):
        known = DMARC | txt(f"_dmarc.{other}") | txt("_dmarc.evil.example")
        assert () == dmarc.evaluate("shop.example", spf_of(other), passing(other), Ask(known)).aligned


def test_a_subdomain_that_nobody_was_asked_about() -> None:
    """Its organisation's policy is the best that is known; without either, nothing is."""
    known = txt("_dmarc.shop.example", "v=DMARC1; p=reject")
    assert "reject" == dmarc.discover("u1.shop.example", Ask(known)).policy
    assert dmarc.discover("u1.shop.example", Ask(txt("_dmarc.shop.example"))).policy is None
    assert (
        "" == dmarc.discover("u1.shop.example", Ask(txt("_dmarc.shop.example") | txt("_dmarc.u1.shop.example"))).policy
    )
