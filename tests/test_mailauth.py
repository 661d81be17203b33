"""SPF, DKIM, DMARC and ARC against mailauth, an independent implementation: 200 mails signed here from a seed, the same zone for both.

Every difference is one of those listed, with its reason.
"""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from signing import ed25519, rsa, sealed, signed
from workbench import NOW

from sekisho.engine import analyse
from sekisho.facts.verification import libraries
from sekisho.mail.message import Message
from sekisho.questions import Answer, Failed, Question, State
from sekisho.settings import Settings

PEER = Path(__file__).parent / "peers" / "mailauth.mjs"
COUNT = 200
SIGNED = 1717480800  # Tue, 4 Jun 2024 15:00:00 +0900; it came three days later
AT = "2026-11-22T00:00:00+00:00"
HEADERS = [b"from", b"to", b"subject", b"date"]
KEYS = {"r2": rsa(), "r1": rsa(1024), "e1": ed25519(), "weak": rsa(512)}
PLACES = (
    "shop.example",
    "news.shop.example",
    "strict.example",
    "m.strict.example",
    "open.example",
    "pct.example",
    "other.example",
)
ZONE: dict[str, list[str]] = {
    "shop.example TXT": ["v=spf1 ip4:192.0.2.0/24 include:_spf.host.example -all"],
    "news.shop.example TXT": ["v=spf1 a mx ~all"],
    "news.shop.example A": ["192.0.2.20"],
    "news.shop.example MX": ["10 mx.host.example"],
    "strict.example TXT": ["v=spf1 redirect=_spf.host.example"],
    "m.strict.example TXT": ["v=spf1 exists:%{ir}.%{v}._s.host.example ?all"],
    "open.example TXT": ["v=spf1 ip4:192.0.2.10 ip4:nonsense -all"],
    "pct.example TXT": ["v=spf1 -all", "v=spf1 +all"],
    "other.example TXT": ["v=spf1 a:1.none.example a:2.none.example a:3.none.example +all"],
    "_spf.host.example TXT": ["v=spf1 ip4:192.0.2.10 ip6:2001:db8::/32 -all"],
    "mx.host.example A": ["198.51.100.7"],
    "10.2.0.192.in-addr._s.host.example A": ["127.0.0.2"],
    "_dmarc.shop.example TXT": ["v=DMARC1; p=reject; sp=quarantine"],
    "_dmarc.strict.example TXT": ["v=DMARC1; p=quarantine; adkim=s; aspf=s; sp=none"],
    "_dmarc.pct.example TXT": ["v=DMARC1; p=reject; pct=20; adkim=r"],
    "_dmarc.other.example TXT": ["v=DMARC1; p=none"],
    "_dmarc.open.example TXT": ["another text", "v=DMARC1;p=reject", "v=DMARC1;p=none"],
}
ZONE |= {f"{name}._domainkey.{place} TXT": [key.record] for place in PLACES for name, key in KEYS.items()}
ZONE |= {f"gone._domainkey.{place} TXT": ["v=DKIM1; p="] for place in PLACES}
ADDRESSES = ("192.0.2.10", "192.0.2.20", "198.51.100.7", "203.0.113.9", "2001:db8::1")

# Where the two differ, by what they differ in and what they say (ours, theirs), and why.
_SHA1 = "SHA-1 is not to be relied on (RFC 8301 §3.1); mailauth still takes it"
_ORDER = "neither is right; mailauth hashes the text before it asks for the key, which is not there"
KNOWN: dict[tuple[str, str, str], str] = {
    ("dkim", "policy sha1", "pass"): _SHA1,
    ("dmarc", "fail", "pass"): _SHA1,
    ("dkim", "permerror no-key", "fail body-changed"): _ORDER,
    ("dkim", "permerror revoked", "fail body-changed"): _ORDER,
    (
        "dkim",
        "fail header-changed",
        "policy weak-key",
    ): "neither is right; mailauth does not look at what a short key has signed",
    (
        "arc",
        "none",
        "fail",
    ): "a seal says itself that the chain was broken (cv=fail); ValiMail's suite has no result there",
    (
        "spf",
        "permerror",
        "pass",
    ): "a mistake anywhere in a record ends it (RFC 7208 §4.6); mailauth does not read behind what matches",
}


class Mail(NamedTuple):
    source: bytes
    ip: str
    helo: str
    sender: str


def made(seed: int) -> Mail:
    """One mail: who it is from, who handed it over, up to three signatures, up to three seals, and what went wrong on the way."""
    chance = random.Random(seed)
    libraries.dkimpy()
    libraries.CLOCK.now = SIGNED
    author = chance.choice(PLACES)
    envelope = chance.choice([author, author, author, chance.choice(PLACES), "none.example"])
    ip, helo = chance.choice(ADDRESSES), chance.choice(["mx.shop.example", "mail.none.example"])
    mail = (
        f"From: Hanako <hanako@{author}>\r\nTo: taro@office.example\r\nSubject: An  order\r\n"
        f"Date: Tue, 04 Jun 2024 15:00:00 +0900\r\nMessage-ID: <{seed}@{author}>\r\n\r\n"
        "Thank you for \t your order.\r\n\r\nYours  \r\n" + "\r\n" * chance.randrange(3)
    ).encode()
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        mail = _signed(mail, chance, chance.choice([author, author, chance.choice(PLACES)]))
    mail = _changed(mail, chance.choice(["", "", "", "", "body", "subject", "footer", "blanks"]))
    for number in range(1, chance.choice([0, 0, 0, 1, 2, 3]) + 1):
        mail = _sealed(mail, chance, number)
    if b"ARC-Seal" in mail:
        mail = _changed(mail, chance.choice(["", "", "", "body", "results", "set"]))
    return Mail(mail, ip, helo, f"bounce@{envelope}")


def _signed(mail: bytes, chance: random.Random, place: str) -> bytes:
    kind = chance.choice(
        ["r2", "r2", "r1", "r1", "e1", "e1", "weak", "sha1", "length", "expired", "lasting", "none", "gone", "other"]
    )
    name = kind if kind in KEYS else "r1"
    ways = chance.choice(
        [(b"relaxed", b"relaxed"), (b"relaxed", b"simple"), (b"simple", b"relaxed"), (b"simple", b"simple")]
    )
    options: dict[str, Any] = {"canonicalize": ways, "include_headers": HEADERS, "length": kind == "length"}
    if kind == "sha1":
        options["algorithm"] = b"rsa-sha1"
    selector = {"none": "none", "gone": "gone", "other": "r2"}.get(kind, name)
    if kind in ("expired", "lasting"):
        return _with_expiry(mail, place, SIGNED + 3600 if kind == "expired" else 4102444800)
    return signed(mail, KEYS[name], place, selector, **options)


def _with_expiry(mail: bytes, place: str, at: int) -> bytes:
    """dkimpy signs no x=; its own way of making a signature does, with the field that it is given."""
    import dkim

    class Expiring(dkim.DKIM):  # type: ignore[misc]
        def gen_header(self, fields: list[tuple[bytes, bytes]], *rest: Any, **more: Any) -> Any:
            fields.insert(-1, (b"x", str(at).encode()))
            return super().gen_header(fields, *rest, **more)

    made: bytes = Expiring(mail).sign(b"r1", place.encode(), KEYS["r1"].private, include_headers=HEADERS)
    return made + mail


def _changed(mail: bytes, how: str) -> bytes:
    if how == "body":
        return mail.replace(b"your order", b"your money")
    if how == "subject":
        return mail.replace(b"Subject: An  order", b"Subject: An order")
    if how == "footer":
        return mail + b"-- \r\nlist footer\r\n"
    if how == "blanks":
        return mail.replace(b"Yours  ", b"Yours ").rstrip(b"\r\n") + b"\r\n\r\n"
    if how == "results":
        return mail.replace(b"; spf=pass", b"; spf=fail", 1)
    if how == "set":
        at = mail.rindex(b"ARC-Message-Signature")
        return mail[:at] + b"X-" + mail[at:]
    return mail


def _sealed(mail: bytes, chance: random.Random, number: int) -> bytes:
    place = chance.choice(PLACES)
    before = f"; arc={chance.choice(['pass', 'pass', 'pass', 'fail'])}" if number > 1 else ""
    header = f"Authentication-Results: {place}; spf=pass{before}\r\n".encode()
    out = sealed(header + mail, KEYS["r1"], place, place, "r1")
    return out.replace(header, b"", 1)


def handed_over(mail: Mail) -> bytes:
    """The mail as it lies in the reader's mailbox."""
    trace = (
        f"Return-Path: <{mail.sender}>\r\nReceived: from {mail.helo} ({mail.helo} [{'IPv6:' if ':' in mail.ip else ''}{mail.ip}])\r\n"
        "\tby mx.office.example (Postfix) with ESMTP id 4AbCdE12345\r\n\tfor <taro@office.example>; Fri, 7 Jun 2024 15:00:03 +0900 (JST)\r\n"
    )
    return trace.encode() + mail.source


def ours(mail: Mail) -> dict[str, Any]:
    """What the report says when every question that it asks has been answered."""
    settings = Settings(privacy="sender", own_domains=("office.example",), own_addresses=("taro@office.example",))
    message, known = Message(handed_over(mail)), dict[Question, State]()
    while True:
        done = analyse(message, known, settings, NOW)
        missing = [question for question in done.wanted if question not in known]
        if not missing:
            found: dict[str, Any] = done.report.authentication.verified
            return found
        for question in missing:
            known[question] = _answered(question)


def _answered(question: Question) -> State:
    if question.kind not in ("dns", "spf") or question.type == "PTR":
        return Failed("no-server", "", AT)
    return Answer(tuple(ZONE.get(f"{question.name} {question.type}", ())), "zone", AT)


def theirs(mails: list[Mail]) -> list[dict[str, Any]]:
    node = shutil.which("node")
    assert node, "Node is missing"
    asked = {
        "zone": ZONE,
        "mails": [
            {
                "source": base64.b64encode(handed_over(one)).decode(),
                "ip": one.ip,
                "helo": one.helo,
                "sender": one.sender,
            }
            for one in mails
        ],
    }
    done = subprocess.run(
        [node, str(PEER)], input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=300
    )
    read: list[dict[str, Any]] = json.loads(done.stdout)
    return read


def differences(mine: dict[str, Any], peer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What the two differ in, what we say, what they say."""
    out = [("spf", mine["spf"]["result"], peer["spf"])]
    out.append(("dmarc", mine["dmarc"]["result"], peer["dmarc"][0]))
    if "none" not in (mine["dmarc"]["result"], peer["dmarc"][0]):
        out.append(("policy", mine["dmarc"]["policy"], peer["dmarc"][1]))
    out.append(("arc", mine["arc"].get("result", "none"), peer["arc"]))
    told = [(domain, selector, _result(result, comment)) for domain, selector, result, comment in peer["dkim"]]
    for one in mine["dkim"]:
        of = next((said for said in told if said[:2] == (one["domain"], one["selector"])), None)
        if of:
            told.remove(of)
        out.append(("dkim", f"{one['result']} {one['reason']}".strip(), of[2] if of else "nothing"))
    out += [("dkim", "nothing", said[2]) for said in told]
    return [(what, one, other) for what, one, other in out if one != other]


def _result(result: str, comment: str) -> str:
    """mailauth's words in ours."""
    return {
        ("fail", "bad signature"): "fail header-changed",
        ("neutral", "body hash did not verify"): "fail body-changed",
        ("neutral", "no key"): "permerror no-key",
        ("neutral", "invalid public key"): "permerror revoked",
        ("neutral", "expired"): "policy expired",
        ("policy", ""): "policy weak-key",
    }.get((result, comment), f"{result} {comment}".strip())


@pytest.mark.skipif("node" in os.environ.get("SEKISHO_TESTS_WITHOUT", "").split(","), reason="told to do without Node")
def test_mailauth_agrees() -> None:
    mails = [made(seed) for seed in range(COUNT)]
    mine, peer = [ours(mail) for mail in mails], theirs(mails)
    found = [one for mail, other in zip(mine, peer, strict=True) for one in differences(mail, other)]

    assert {} == {one: count for one, count in Counter(found).items() if one not in KNOWN}
    assert set(KNOWN) == set(found)  # what no longer differs is taken off the list


def test_the_mails_are_of_every_kind() -> None:
    """Or agreement would say little."""
    mine = [ours(made(seed)) for seed in range(COUNT)]
    results = {what: {one[what].get("result") for one in mine if one[what]} for what in ("spf", "dmarc", "arc")}
    assert {"pass", "fail", "softfail", "neutral", "none", "permerror"} == results["spf"]
    assert {"pass", "fail", "none"} == results["dmarc"]
    assert {"pass", "fail", "none"} == results["arc"]
    signatures = {(one["result"], one["reason"]) for mail in mine for one in mail["dkim"]}
    wanted = {"", "body-changed", "header-changed", "weak-key", "sha1", "expired", "no-key", "revoked"}
    assert wanted == {reason for _, reason in signatures}
    assert {None, "none", "quarantine", "reject"} <= {one["dmarc"]["policy"] or None for one in mine}
