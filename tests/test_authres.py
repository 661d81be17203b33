"""Reported results: every form that servers write is read, and nothing counts that a sender may have written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench import analysed, report_of_source, wrong

from sekisho.facts import Facts
from sekisho.mail.authres import MAX_TEXT, Results, read, read_spf
from sekisho.mail.message import Message
from sekisho.questions import Ask
from sekisho.settings import Settings
from sekisho.settings import read as read_settings

# ------------------------------------------------------------------ reading


def results(found: Results) -> list[tuple[str, str]]:
    return [(one.method, one.result) for one in found.results]


# Field: name of the server, results, doubts. Forms as servers write them; names are made up.
FORMS: dict[str, tuple[str, str, list[tuple[str, str]], tuple[str, ...]]] = {
    "RFC 8601 B.2": ("example.org 1; none", "example.org", [], ()),
    "nobody's, nothing": ("", "", [], ()),
    "with comments everywhere": ("foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462", "foo.example.net", [], ()),
    "Google": ("mx.google.com; dkim=pass header.i=@shop.example header.s=s1 header.b=abc/Def+; arc=pass (i=1 spf=pass spfdomain=x.example dkim=pass); spf=pass (google.com: domain of a@shop.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@shop.example; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=shop.example; dara=pass header.i=@gmail.com", "mx.google.com", [("dkim", "pass"), ("arc", "pass"), ("spf", "pass"), ("dmarc", "pass"), ("dara", "pass")], ()),
    "Microsoft 365": ("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=shop.example; dkim=pass (signature was verified) header.d=shop.example;dmarc=pass action=none header.from=shop.example;compauth=pass reason=100", "", [("spf", "pass"), ("dkim", "pass"), ("dmarc", "pass"), ("compauth", "pass")], ()),
    "Outlook, before 2020": ("spf=none (sender IP is 192.0.2.2) smtp.helo=a.example; outlook.com; dkim=none (message not signed) header.d=none;outlook.com; dmarc=none action=none header.from=a.example;", "", [("spf", "none"), ("dkim", "none"), ("dmarc", "none")], ()),
    "Yahoo! JAPAN": ("mta776.mail.djm.yahoo.co.jp from=shop.example; domainkeys=pass (ok); dkim=permerror (bad sig); header.i=@shop.example", "mta776.mail.djm.yahoo.co.jp", [("domainkeys", "pass"), ("dkim", "permerror")], ()),
    "Yahoo, business": ("mta2.biz.example from=a.example; domainkeys=neutral (no sig); from=b.example; dkim=permerror (bad sig)", "mta2.biz.example", [("domainkeys", "neutral"), ("dkim", "permerror")], ()),
    "nifty": ("mx.nifty.example; spf=pass smtp.mailfrom=a@shop.example; sender-id=pass header.From=a@shop.example", "mx.nifty.example", [("spf", "pass"), ("sender-id", "pass")], ()),
    "docomo": ("mfsmax.docomo.example; spf=pass smtp.mailfrom=shop.example; dkim=pass header.i=@shop.example; dmarc=pass header.from=shop.example", "mfsmax.docomo.example", [("spf", "pass"), ("dkim", "pass"), ("dmarc", "pass")], ()),
    "FortiMail": ("mail.office.example; dkim=pass (2048-bit key; unprotected) header.d=shop.example header.i=@shop.example header.b=\"AbC=\"; dkim-atps=neutral", "mail.office.example", [("dkim", "pass"), ("dkim-atps", "neutral")], ()),
    "amavis": ("mx1.office.example (amavisd-new); dkim=pass (1024-bit key) header.d=shop.example", "mx1.office.example", [("dkim", "pass")], ()),
    "Zoho": ("mx.zohomail.example; dkim=pass;\tspf=pass (zohomail.example: domain of shop.example designates 192.0.2.1 as permitted sender)  smtp.mailfrom=a@shop.example;\tarc=pass (i=1 dmarc=pass fromdomain=shop.example);\tdmarc=pass(p=reject dis=none)  header.from=shop.example", "mx.zohomail.example", [("dkim", "pass"), ("spf", "pass"), ("arc", "pass"), ("dmarc", "pass")], ()),
    "mail.ru": ("f374.i.mail.example; auth=pass smtp.auth=a@corp.mail.example smtp.mailfrom=a@corp.mail.example", "f374.i.mail.example", [("auth", "pass")], ()),
    "qq": ("mx.qq.example; spf=pass smtp.mailfrom=<a@shop.example>; dkim=none; dmarc=pass(permerror) header.from=shop.example", "mx.qq.example", [("spf", "pass"), ("dkim", "none"), ("dmarc", "pass")], ()),
    "SparkPost": ("smtp-5 smtp.user=<hidden>; auth=pass (PLAIN)", "smtp-5", [("auth", "pass")], ()),
    "Fastmail": ("mx2.messagingengine.example; x-csa=none; x-me-sender=none; x-ptr=pass smtp.helo=a.example policy.ptr=a.example", "mx2.messagingengine.example", [("x-csa", "none"), ("x-me-sender", "none"), ("x-ptr", "pass")], ()),
    "versions": ("mx.office.example 1; dkim/1=pass header.d=shop.example", "mx.office.example", [("dkim", "pass")], ()),
    "a quoted name": ('"mx.office.example"; spf=pass smtp.mailfrom=shop.example', "mx.office.example", [("spf", "pass")], ()),
    "a quoted mailbox": ('mx.office.example; spf=pass smtp.mailfrom="a+b=c"@shop.example', "mx.office.example", [("spf", "pass")], ()),
    "blanks around the sign": ("mx.office.example; spf = pass smtp.mailfrom = shop.example", "mx.office.example", [("spf", "pass")], ()),
    "letters outside of ASCII": ("ｍｘ.office.example; spf=pass smtp.mailfrom=店.example", "ｍｘ.office.example", [("spf", "pass")], ()),
    "another version": ("mx.office.example 2; spf=pass smtp.mailfrom=shop.example", "mx.office.example", [("spf", "pass")], ("version",)),
    "something beside the name": ("mx.office.example trust me; spf=pass smtp.mailfrom=shop.example", "mx.office.example", [("spf", "pass")], ("id",)),
    "a name cut by a comment": ("mx1(x).office.example; spf=pass smtp.mailfrom=shop.example", "mx1", [("spf", "pass")], ("id",)),
    "no border": ("mx.office.example; spf=fail smtp.mailfrom=a@b dmarc=pass header.from=shop.example", "mx.office.example", [("spf", "fail"), ("dmarc", "pass")], ("no-semicolon",)),
    "an open comment": ("mx.office.example; spf=pass (oh; dmarc=pass header.from=shop.example", "mx.office.example", [("spf", "pass")], ("quotes",)),
    "an open quotation": ('mx.office.example; spf=fail smtp.mailfrom="a; dmarc=pass', "mx.office.example", [("spf", "fail"), ("dmarc", "pass")], ("quotes",)),
    "a bracket that opens nowhere": ("mx.office.example; spf=fail smtp.mailfrom=a) b; dmarc=pass header.from=b", "mx.office.example", [("spf", "fail"), ("dmarc", "pass")], ("quotes",)),
    "twice the same property": ("mx.office.example; dmarc=pass header.from=evil.example header.from=shop.example", "mx.office.example", [("dmarc", "pass")], ("said-twice",)),
    "an encoded word": ("=?utf-8?B?c3BmPXBhc3M=?=", "=?utf-8?B?c3BmPXBhc3M=?=", [], ("encoded",)),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_read(name: str) -> None:
    """What a server says is found whatever form it gives it, and what is odd is told."""
    text, authserv_id, expected, doubts = FORMS[name]
    found = read(text)
    if name == "with comments everywhere":  # nobody writes it; only that it harms nobody
        assert "foo.example.net" == found.authserv_id
        return
    assert (authserv_id, expected, doubts) == (found.authserv_id, results(found), found.doubts)
    assert found.none == (name == "RFC 8601 B.2")


def test_places_and_properties() -> None:
    """A result knows where it stands, what it is about, and why."""
    text = 'mx.office.example; dkim=fail reason="bad signature" (really (no)) header.d=shop.example action=none'
    found = read(text)
    (result,) = found.results
    assert "mx.office.example" == text[found.start : found.end]
    assert text[result.start : result.end].startswith("dkim=fail") and text.endswith(text[result.start : result.end])
    assert ("bad signature", "really (no)") == (result.reason, result.comment)
    assert {"header.d": "shop.example", "action": "none"} == {one.key: one.value for one in result.properties}


def test_an_arc_set_has_its_number() -> None:
    """RFC 8617 §4.1.1: the instance stands before the name."""
    found = read("i=2; mx.office.example; spf=pass smtp.mailfrom=shop.example", arc=True)
    assert (2, "mx.office.example", [("spf", "pass")]) == (found.instance, found.authserv_id, results(found))
    odd = read("i = 3 ; a.example; none", arc=True)
    assert (3, "a.example", True) == (odd.instance, odd.authserv_id, odd.none)


@pytest.mark.parametrize(
    ("text", "result", "receiver"),
    [
        ("pass (mx.office.example: domain of a@shop.example designates 192.0.2.1) client-ip=192.0.2.1; envelope-from=a@shop.example;", "pass", "mx.office.example"),
        ("Softfail (mailfrom) identity=mailfrom; client-ip=192.0.2.1; helo=a.example; envelope-from=a@shop.example; receiver=<UNKNOWN> ", "softfail", "<UNKNOWN>"),
        ("Fail (protection.outlook.example: domain of shop.example does not) receiver=mx.office.example; client-ip=192.0.2.1; helo=a;", "fail", "mx.office.example"),
        ('pass client-ip=192.0.2.1; envelope-from="a b"@shop.example; receiver=mx.office.example', "pass", "mx.office.example"),
        ("none", "none", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_received_spf(text: str, result: str, receiver: str) -> None:
    """RFC 7208 §9.1, and its usual variations."""
    found = read_spf(text)
    assert (result, receiver) == (found.result, found.receiver)


@given(st.text(alphabet='ab=;()"\\ .@/\t1é', max_size=200), st.booleans())
def test_nothing_raises(text: str, arc: bool) -> None:
    """Whatever stands there: it is read, and what was read stands within it."""
    found = read(text, arc)
    assert all(0 <= one.start <= one.end <= len(text) for one in found.results)
    read_spf(text)


@pytest.mark.parametrize("piece", ["(", "()", "spf=pass;", "smtp.a=b ", "(a) ", '"', '\\"', '"\\', "= ", "a)", "a."])
def test_what_is_made_to_be_long_is_cut(piece: str) -> None:
    """A field of a megabyte costs what a field of 16 KB costs, and is not believed."""
    text = "mx.office.example; spf=pass " + piece * (1_000_000 // len(piece))
    found = read(text)
    assert set(found.doubts) & {"too-long", "quotes"}
    assert found == read(text[: MAX_TEXT + 1])


# ------------------------------------------------------------------ whose word counts

OWN, READER, EVIL, BANK = "mx1.office.example", "info@office.example", "203.0.113.9", "bank.example.co.jp"
PASS = f"spf=pass smtp.mailfrom=info@{BANK}; dkim=pass header.d={BANK}; dmarc=pass header.from={BANK}"
WHEN = "Mon, 6 Jun 2022 09:11:05 +0900"
AT = f"Received: from h7.bulk.example (h7.bulk.example [{EVIL}])\n\tby {OWN} (Postfix) with ESMTPS id 4C1E02A0F7\n\tfor <{READER}>; {WHEN}"
INSIDE = f"Received: from {OWN} ({OWN} [192.168.0.2])\n\tby store.office.example (Postfix) with LMTP id 4C1E02A0F8\n\tfor <{READER}>; {WHEN}"
BELOW = f"Received: from pc (pc [198.51.100.66])\n\tby h7.bulk.example (Postfix) with ESMTPSA id 4C1E02A0F9; {WHEN}"
GOOGLE = f"Received: from h7.bulk.example (h7.bulk.example. [{EVIL}])\n        by mx.google.com with ESMTPS id x1si1.2.2022.06.06.00.11.05\n        for <{READER}>; Mon, 06 Jun 2022 00:11:05 +0000"
GOOGLES = f"Authentication-Results: mx.google.com; spf=neutral (google.com: {EVIL} is neither permitted nor denied) smtp.mailfrom=a@bulk.example; dmarc=fail (p=NONE) header.from={BANK}"
OUTLOOK = f"Received: from h7.bulk.example ({EVIL})\n by AM1PEPF000252E0.mail.protection.outlook.com (2603:10a6:1::1) with Microsoft SMTP Server; Mon, 6 Jun 2022 00:11:05 +0000"
PROTON = f"Received: from h7.bulk.example (h7.bulk.example [{EVIL}]) by mailin027.protonmail.ch (Postfix) with ESMTPS id 4V8HYz35PNz9vNPL for <{READER}>; {WHEN}"
PROTONS = f"Authentication-Results: mailin027.protonmail.ch; dmarc=fail (p=none dis=none) header.from={BANK}\nAuthentication-Results: mailin027.protonmail.ch; spf=none smtp.mailfrom=bulk.example\nAuthentication-Results: mailin027.protonmail.ch; dkim=none"
HONEST = f"Authentication-Results: {OWN}; spf=fail smtp.mailfrom={BANK}; dkim=none; dmarc=fail header.from={BANK}"


def forged(text: str) -> str:
    return f"Authentication-Results: {text}"


def mail(*lines: str) -> bytes:
    header = "\n".join((*lines, f"From: Bank <info@{BANK}>", f"To: {READER}", "Subject: Your account", f"Date: {WHEN}"))
    return f"{header}\nMessage-ID: <1@bulk.example>\n\nHello.\n".encode()


# Name: the header lines. The sender is never the bank, and wrote all that says so.
FORGERIES: dict[str, tuple[str, ...]] = {
    "below, the server's own name": (AT, forged(f"{OWN}; {PASS}")),
    "below, under the honest one": (HONEST, AT, forged(f"{OWN}; {PASS}")),
    "below, two of them": (AT, forged(f"{OWN}; {PASS}"), forged(f"{OWN}; {PASS}")),
    "below, twenty of them": (AT, *[forged(f"{OWN}; {PASS}")] * 20),
    "below, under a forged line": (AT, BELOW, forged(f"{OWN}; {PASS}")),
    "below, between forged lines": (AT, BELOW, forged(f"{OWN}; {PASS}"), BELOW),
    "below, under a forged line of the own server": (AT, forged(f"{OWN}; {PASS}"), AT.replace(EVIL, "198.51.100.1")),
    "below, after the From line": (AT, "X-Mailer: a", forged(f"{OWN}; {PASS}")),
    "below, capitals": (AT, forged(f"{OWN.upper()}; {PASS}")),
    "below, trailing dot": (AT, forged(f"{OWN}.; {PASS}")),
    "below, folded": (AT, forged(f"\n\t{OWN}\n\t;\n\t" + PASS.replace("; ", ";\n\t"))),
    "below, folded inside of the name": (AT, forged(f"mx1.\n office.example; {PASS}")),
    "below, a comment before the name": (AT, forged(f"(trusted) {OWN}; {PASS}")),
    "below, a comment inside of the name": (AT, forged(f"mx1(.).office.example; {PASS}")),
    "below, nested comments": (AT, forged(f"(a(b\\)c)d) {OWN} (x); {PASS}")),
    "below, a quoted name": (AT, forged(f'"{OWN}"; {PASS}')),
    "below, a name quoted in part": (AT, forged(f'mx1."office".example; {PASS}')),
    "below, with a version": (AT, forged(f"{OWN} 1; {PASS}")),
    "below, an unknown version": (AT, forged(f"{OWN} 99; {PASS}")),
    "below, a method's version": (AT, forged(f"{OWN}; dmarc/1=pass header.from={BANK}")),
    "below, no name": (AT, forged(PASS)),
    "below, an empty name": (AT, forged(f"; {PASS}")),
    "below, the parent's name": (AT, forged(f"office.example; {PASS}")),
    "below, the suffix": (AT, forged(f"example; {PASS}")),
    "below, a subdomain": (AT, forged(f"a.{OWN}; {PASS}")),
    "below, a name that ends so": (AT, forged(f"evil{OWN}; {PASS}")),
    "below, a name that begins so": (AT, forged(f"{OWN}.evil.example; {PASS}")),
    "below, the reader's own domain": (AT, forged(f"office.example; {PASS}")),
    "below, localhost": (AT, forged(f"localhost; {PASS}")),
    "below, another spelling of the field's name": (AT, f"AUTHENTICATION-RESULTS : {OWN}; {PASS}"),
    "below, look-alike letters": (AT, forged(f"mx1.оffice.example; {PASS}")),
    "below, in the name of a large provider": (AT, forged(f"mx.google.com; {PASS}")),
    "above, the parent's name": (forged(f"office.example; {PASS}"), AT),
    "above, the suffix": (forged(f"example; {PASS}"), AT),
    "above, the country": (forged(f"jp; {PASS}"), AT),
    "above, net": (forged(f"net; {PASS}"), AT),
    "above, a subdomain": (forged(f"a.{OWN}; {PASS}"), AT),
    "above, a name that ends so": (forged(f"evil{OWN}; {PASS}"), AT),
    "above, a name that begins so": (forged(f"{OWN}.evil.example; {PASS}"), AT),
    "above, trailing dot": (forged(f"{OWN}.; {PASS}"), AT),
    "above, no name": (forged(PASS), AT),
    "above, an empty name": (forged(f"; {PASS}"), AT),
    "above, look-alike letters": (forged(f"mx1.оffice.example; {PASS}"), AT),
    "above, a letter that lower-cases into the name": (forged(f"{OWN}; {PASS}").replace("office.example", "\u212aagu.example"), AT.replace("office.example", "kagu.example")),
    "above, full-width letters": (forged(f"ｍｘ1.office.example; {PASS}"), AT),
    "above, an invisible letter": (forged(f"mx1.\u200boffice.example; {PASS}"), AT),
    "above, a comment inside of the name": (forged(f"mx1.office(.).example; {PASS}"), AT),
    "above, an unknown version": (forged(f"{OWN} 2; {PASS}"), AT),
    "above, words beside the name": (forged(f"{OWN} is right; {PASS}"), AT),
    "above, in the name of a large provider": (forged(f"mx.google.com; {PASS}"), AT),
    "above, an envelope sender that says it": (f'Authentication-Results: {OWN}; spf=none smtp.mailfrom="x; dmarc=pass header.from={BANK}; y"@evil.example', AT),
    "above, an envelope sender that closes a comment": (f'Authentication-Results: {OWN}; spf=none (domain of "x) smtp.mailfrom={BANK}; dmarc=pass header.from={BANK} (y"@evil.example)', AT),
    "above, a HELO that says it": (f"Authentication-Results: {OWN}; spf=none smtp.helo=x;dmarc=pass", AT),
    "above, an envelope sender against the server's word": (f"Authentication-Results: {OWN}; spf=none smtp.mailfrom=x;dmarc=pass header.from={BANK}; dmarc=fail header.from={BANK}", AT),
    "above, without a border": (f"Authentication-Results: {OWN}; spf=none smtp.mailfrom=x dmarc=pass header.from={BANK}", AT),
    "above, an open quotation": (f'Authentication-Results: {OWN}; spf=none smtp.mailfrom="x; dmarc=pass header.from={BANK}', AT),
    "above, the property twice": (f"Authentication-Results: {OWN}; dmarc=pass header.from={BANK} header.from=evil.example", AT),
    "above, an encoded word": (f"Authentication-Results: =?utf-8?Q?{OWN}=3B_dmarc=3Dpass?=", AT),
    "inside, below both lines": (INSIDE, AT, forged(f"store.office.example; {PASS}")),
    "no line at all": (forged(f"{OWN}; {PASS}"),),
    "no line that came from outside": (forged(f"{OWN}; {PASS}"), INSIDE),
    "ARC, in the server's name": (AT, f"ARC-Authentication-Results: i=1; {OWN}; {PASS}"),
    "ARC, above": (f"ARC-Authentication-Results: i=1; {OWN}; {PASS}", AT),
    "Received-SPF": (AT, f"Received-SPF: pass client-ip={EVIL}; envelope-from=info@{BANK}; receiver={OWN};"),
    "Received-SPF, from nobody": (f"Received-SPF: pass client-ip={EVIL}; envelope-from=info@{BANK};", AT),
    "Received-SPF, for another": (f"Received-SPF: pass client-ip={EVIL}; envelope-from=info@{BANK}; receiver=office.example;", AT),
    "Received-SPF, two receivers": (f"Received-SPF: pass receiver={OWN}; envelope-from=info@{BANK}; receiver=evil.example;", AT),
    "Google, below the honest one": (GOOGLE, GOOGLES, forged(f"mx.google.com; {PASS}")),
    "Google, not behind the line": (GOOGLE, "X-Mailer: a", forged(f"mx.google.com; {PASS}")),
    "Google, below a forged line": (GOOGLE, BELOW, forged(f"mx.google.com; {PASS}")),
    "Google, the parent's name": (GOOGLE, forged(f"google.com; {PASS}")),
    "Google, another of its hosts": (GOOGLE, forged(f"mx1.google.com; {PASS}")),
    "Google, no name": (GOOGLE, forged(PASS)),
    "Google, Received-SPF": (GOOGLE, GOOGLES, f"Received-SPF: pass (mx.google.com: domain of info@{BANK} designates {EVIL}) client-ip={EVIL}; envelope-from=info@{BANK};"),
    "Outlook, no name": (OUTLOOK, forged(PASS)),
    "Outlook, outlook.com": (OUTLOOK, forged(f"outlook.com; {PASS}")),
    "Outlook, the host's name": (OUTLOOK, forged(f"AM1PEPF000252E0.mail.protection.outlook.com; {PASS}")),
    "Outlook, what it set aside": (OUTLOOK, f"Authentication-Results-Original: {OWN}; {PASS}"),
    "Proton, gathered with its own": (PROTONS, forged(f"mailin027.protonmail.ch; {PASS}"), PROTON),
    "Proton, gathered Received-SPF": (PROTONS, f"Received-SPF: pass receiver=mailin027.protonmail.ch; envelope-from=info@{BANK}; client-ip={EVIL}", PROTON),
    "Proton, gathered from a service": (PROTONS, forged(f"garm.example; {PASS}"), PROTON),
}  # fmt: skip


@pytest.mark.parametrize("named", [False, True], ids=["", "named"])
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_never_counts(name: str, named: bool) -> None:
    """Nothing that the sender may have written vouches for the bank, whatever the reader named."""
    settings = {"trusted_authserv_ids": [OWN], "own_domains": ["office.example"]} if named else {}
    report = report_of_source(mail(*FORGERIES[name]), **settings)
    passed = [
        one
        for reported in report["authentication"]["reported"]
        for one in reported["results"]
        if one["result"] == "pass" and one["counted"]
    ]

    assert [] == passed
    assert [] == [
        reported
        for reported in report["authentication"]["reported"]
        if reported["trusted"] and all(one["result"] == "pass" for one in reported["results"])
    ]
    assert "authenticated" not in report["account"]["reasons"]
    assert [] == wrong(report)


# The same words where only the reader's side writes: what the table above would never show without them.
COUNTED: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "the own server's": ((forged(f"{OWN}; {PASS}"), AT), {}),
    "in capitals": ((forged(f"{OWN.upper()}; {PASS}"), AT), {}),
    "folded": ((forged(f"{OWN};\n\t" + PASS.replace("; ", ";\n\t")), AT), {}),
    "with comments": ((forged(f"(a) {OWN} (b) 1 (c); {PASS}"), AT), {}),
    "a server inside": ((forged(f"store.office.example; {PASS}"), INSIDE, AT), {}),
    "one that the reader named": ((forged(f"filter.office.example; {PASS}"), AT), {"trusted_authserv_ids": ["filter.office.example"]}),
    "Google's, behind its line": ((GOOGLE, forged(f"mx.google.com; {PASS}")), {}),
    "Google's, behind Received-SPF": ((GOOGLE, f"Received-SPF: pass client-ip={EVIL};", forged(f"mx.google.com; {PASS}")), {}),
    "Microsoft's": ((forged(PASS), OUTLOOK), {}),
    "Proton's": ((PROTONS.replace("=fail", "=pass"), PROTON), {}),
    "Received-SPF": ((f"Received-SPF: pass client-ip={EVIL}; envelope-from=info@{BANK}; receiver={OWN};", AT), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTED)
def test_the_readers_own_servers_word_counts(name: str) -> None:
    """A pass in the sender's name, by who may say so."""
    lines, settings = COUNTED[name]
    report = report_of_source(mail(*lines), **settings)

    assert "authenticated" in report["account"]["reasons"]


def said(*lines: str, **settings: Any) -> list[tuple[str, str, str]]:
    """What counts of a message's reported results: method, result, domain."""
    given = read_settings(settings)[0] if settings else Settings()
    return [(one.method, one.result, one.domain) for one in Facts(Message(mail(*lines)), given, Ask({})).said]


def test_a_failure_counts_below_the_line_where_the_reader_named_the_writer() -> None:
    """Filters write there, and no sender says of himself that he failed; a pass beside it does not count."""
    lines = (AT, forged(f"{OWN}; dkim=pass header.d={BANK}; dmarc=fail header.from={BANK}"))
    assert [] == said(*lines)
    assert [("dmarc", "fail", BANK)] == said(*lines, trusted_authserv_ids=[OWN])


def test_what_is_said_of_a_forwarder_is_not_said_of_the_sender() -> None:
    """The own server's word about its peer; a signature is the author's all the same."""
    relay = "relay.alumni.example"
    lines = (
        forged(f"{OWN}; spf=fail smtp.mailfrom={BANK}; dkim=pass header.d={BANK}; dmarc=fail header.from={BANK}"),
        AT.replace("h7.bulk.example", relay),
        f"Received: from mail.{BANK} (mail.{BANK} [198.51.100.4])\n\tby {relay} (Postfix) with ESMTPS id 4C1E02A0FA; {WHEN}",
    )
    assert [("dkim", "pass", BANK)] == said(*lines, relays=[relay])


def test_a_report_says_why() -> None:
    """Field, standing and doubts stand in the report, and the whole is of its form."""
    report = report_of_source(
        mail(HONEST, AT, forged(f"{OWN}; {PASS}"), f"ARC-Authentication-Results: i=1; x.example; {PASS}")
    )
    reported = report["authentication"]["reported"]

    assert [True, False, False] == [one["trusted"] for one in reported]
    assert ["yours", "below", "sealed"] == [one["standing"] for one in reported]
    assert ["field:authentication-results", "field:authentication-results:1", "field:arc-authentication-results"] == [
        one["field"] for one in reported
    ]
    assert [None, None, 1] == [one["instance"] for one in reported]
    assert [] == wrong(json.loads(json.dumps(report)))


def test_reading_again_costs_nothing() -> None:
    """A message is reckoned again for every answer; its fields are read once."""
    message = Message(mail(HONEST, AT))
    first = Facts(message, Settings(), Ask({})).reports
    kept = dict(message.kept)
    assert first == Facts(message, Settings(), Ask({})).reports
    assert kept == message.kept and kept
    assert analysed(mail(HONEST, AT)).report.authentication.reported[0].authserv_id == OWN
