"""What the bytes say, parser by parser, in tables of cases."""

from __future__ import annotations

import hashlib
import sys
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.mail import (
    address,
    charset,
    date,
    digest,
    domain,
    fields,
    html,
    ip,
    mime,
    received,
    text_links,
    url,
    words,
)
from sekisho.mail.message import Message
from sekisho.tables import brands, gateway_notices

# ------------------------------------------------------------------ charset


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        ("関所".encode("iso2022_jp"), "iso-2022-jp", "関所"),
        ("関所".encode("iso2022_jp"), "ISO-2022-JP", "関所"),
        ("関所".encode("iso2022_jp"), "", "関所"),
        (b"\x1b$B-!\x1b(B", "iso-2022-jp", "①"),  # NEC row 13: cp50220, not ISO-2022-JP
        (b"\x1b$B|q\x1b(B", "iso-2022-jp", "ⅰ"),  # IBM extension
        (b"\x1b(I6^\x1b(B", "iso-2022-jp", "ｶﾞ"),
        (b"\x1b$B4X=j", "iso-2022-jp", "関所"),  # the escape back to ASCII is missing
        (b"\x1b$B4X\n=j\x1b(B", "iso-2022-jp", "関\n所"),
        ("①髙～".encode("cp932"), "shift_jis", "①髙～"),
        ("①髙～".encode("cp932"), "x-sjis", "①髙～"),
        ("①髙～".encode("cp932"), "Windows-31J", "①髙～"),
        ("関所".encode("cp932"), "", "関所"),
        ("関所の番人".encode("euc_jp"), "euc-jp", "関所の番人"),
        ("関所の番人".encode("euc_jp"), "x-euc-jp", "関所の番人"),
        ("関所の番人です".encode("euc_jp"), "", "関所の番人です"),
        ("関所".encode(), "utf-8", "関所"),
        ("関所".encode(), "utf8", "関所"),
        ("関所".encode(), '"UTF-8"', "関所"),
        ("関所".encode(), "us-ascii", "関所"),  # a lying label
        ("関所".encode(), "no-such-charset", "関所"),
        ("関所".encode("cp932"), "utf-8", "関所"),
        (b"caf\xe9", "iso-8859-1", "café"),
        (b"\x93quoted\x94", "iso-8859-1", "“quoted”"),  # Windows-1252 by another name
        (b"\xc4\xe3\xba\xc3", "gb2312", "你好"),
        (b"\xb0\xa1", "ks_c_5601-1987", "가"),
        (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"),
        (b"+ADw-script+AD4-", "UTF7", "+ADw-script+AD4-"),
        (b"+ADw-script+AD4-", "u7", "+ADw-script+AD4-"),
        (b"a", "base64", "a"),
        (b"a", "", "a"),
        (b"", "utf-16", ""),
    ],
)
def test_bytes_become_the_text_their_sender_meant(data: bytes, label: str, expected: str) -> None:
    """A label is read as mail programs read it, and a missing or lying one is guessed."""
    assert expected == charset.decode(data, label)


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"plain", "plain"),
        (b"=?UTF-8?B?6Zai5omA?=", "関所"),
        (b"=?utf-8?q?caf=C3=A9_au_lait?=", "café au lait"),
        (b"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        (b"=?utf-8?q?a?=\r\n =?iso-8859-1?q?=E9?=", "aé"),
        (b"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        (b"=?utf-8?B?6ZY=?= =?utf-8?B?ouaJgA==?=", "関所"),  # cut in the middle of a character
        (b"=?ISO-2022-JP?B?GyRCNFg9ahsoQg==?=", "関所"),
        (b"=?Shift_JIS?B?itaPig==?=", "関所"),
        (b"=?utf-8*ja?Q?=E9=96=A2?=", "関"),
        (b"=?utf-8?b?6Zai5omA", "=?utf-8?b?6Zai5omA"),
        (b"=?utf-8?q??=", ""),
        (b"=?utf-8?q?what??=", "what?"),
        (b"=?x-none?q?abc?=", "abc"),
        (b"[a] =?utf-8?q?b?=[c]", "[a] b[c]"),
        ("件名".encode(), "件名"),
        ("件名".encode("iso2022_jp"), "件名"),
    ],
)
def test_encoded_words_become_text(body: bytes, expected: str) -> None:
    """RFC 2047, and what senders make of it."""
    assert expected == words.decode_words(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"text/plain", ("text/plain", {})),
        (b"Text/HTML; Charset=UTF-8", ("text/html", {"charset": "UTF-8"})),
        (b'a/b; name="x; y=\\"z\\".txt"', ("a/b", {"name": 'x; y="z".txt'})),
        (b"a/b; filename*=UTF-8''%E9%96%A2.txt", ("a/b", {"filename": "関.txt"})),
        (b"a/b; filename*0*=UTF-8''%E9%96; filename*1*=%A2; filename*2=.txt", ("a/b", {"filename": "関.txt"})),
        (b"a/b; filename*1=b; filename*0=a", ("a/b", {"filename": "ab"})),
        (b"a/b; name==?utf-8?B?6Zai?=", ("a/b", {"name": "関"})),
        (b"a/b; name=one; name=two", ("a/b", {"name": "one"})),
        (b'a/b; name="open', ("a/b", {"name": "open"})),
        (b";;;", ("", {})),
    ],
)
def test_parameters_are_read(body: bytes, expected: tuple[str, dict[str, str]]) -> None:
    """RFC 2045 and RFC 2231, and what senders make of them."""
    assert expected == words.parameters(body)


# ------------------------------------------------------------------ address


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"a@example.com", [("", "a@example.com", "example.com")]),
        (b"<a@Example.COM.>", [("", "a@Example.COM.", "example.com")]),
        (b"A B <a@example.com>", [("A B", "a@example.com", "example.com")]),
        (b'"B, A" <a@example.com>, c@example.net', [("B, A", "a@example.com", "example.com"), ("", "c@example.net", "example.net")]),
        (b'"a\\"b" <a@example.com>', [('a"b', "a@example.com", "example.com")]),
        (b"a@example.com (A (inner) B)", [("A (inner) B", "a@example.com", "example.com")]),
        (b"=?UTF-8?B?6Zai5omA?= <a@example.com>", [("関所", "a@example.com", "example.com")]),
        (b'"=?UTF-8?B?6Zai5omA?=" <a@example.com>', [("関所", "a@example.com", "example.com")]),
        ("関所 <a@example.com>".encode("iso2022_jp"), [("関所", "a@example.com", "example.com")]),
        (b"undisclosed-recipients:;", []),
        (b"Team: a@example.com, b@example.com;", [("", "a@example.com", "example.com"), ("", "b@example.com", "example.com")]),
        (b'"support@brand.example" <x@example.com>', [("support@brand.example", "x@example.com", "example.com")]),
        (b"<@relay.example:a@example.com>", [("", "a@example.com", "example.com")]),
        (b"Somebody", [("Somebody", "", "")]),
        (b"<>", [("", "", "")]),
        (b"", []),
        (b", ,", []),
        (b'"a b"@example.com', [("", "ab@example.com", "example.com")]),
    ],
)  # fmt: skip
def test_addresses_are_read(body: bytes, expected: list[tuple[str, str, str]]) -> None:
    """RFC 5322, the obsolete and the broken forms that mail programs take."""
    assert expected == [tuple(one) for one in address.parse(body)]


# ------------------------------------------------------------------ date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 10 May 2022 06:12:44 +0900 (JST)", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 -0330", "2022-05-10T06:12:44-03:30"),
        ("Tue, 10 May 2022 06:12 GMT", "2022-05-10T06:12:00+00:00"),
        ("Tue, 10 May 22 06:12:44 EST", "2022-05-10T06:12:44-05:00"),
        ("Tue, 10 May 99 06:12:44 UT", "1999-05-10T06:12:44+00:00"),
        ("10 May 2022 06:12:44 JST", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 PDT", "2022-05-10T06:12:44-07:00"),
        ("10 May 2022 06:12:44 Z", "2022-05-10T06:12:44+00:00"),
        ("10 May 2022 06:12:44", "2022-05-10T06:12:44+00:00"),
        ("10 May 2022 06:12:44 XYZ", "2022-05-10T06:12:44+00:00"),
        ("10 May 2022 06:12:44 GMT+0900", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 GMT+09:00", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 UTC+9", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 UTC-3", "2022-05-10T06:12:44-03:00"),
        ("10 May 2022 06:12:44 JST-9", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 +09:00", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 +900", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 +9", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 -08", "2022-05-10T06:12:44-08:00"),
        ("10 May 2022 06:12:44 (JST)", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 +0530 IST", "2022-05-10T06:12:44+05:30"),
        ("10 May 2022 06:12:44 +0000 UTC", "2022-05-10T06:12:44+00:00"),
        ("10 May 2022 06:12:44 MET DST", "2022-05-10T06:12:44+01:00"),
        ("10 May 2022 06:12:44 +9999", "2022-05-10T06:12:44+00:00"),
        ("2022/05/10 06:12:44 +0900", "2022-05-10T06:12:44+09:00"),
        ("10-May-2022 06:12:44 +0900", "2022-05-10T06:12:44+09:00"),
        ("10 May 2022 06:12:44 PM +0000", "2022-05-10T18:12:44+00:00"),
        ("10 May 2022 12:12:44 AM +0000", "2022-05-10T00:12:44+00:00"),
        ("Tue May 10 06:12:44 2022", "2022-05-10T06:12:44+00:00"),
        ("Tue May 10 06:12:44 JST 2022", "2022-05-10T06:12:44+09:00"),
        ("2022-05-10 06:12:44 +0900", "2022-05-10T06:12:44+09:00"),
        ("2022-05-10T06:12:44.123Z", "2022-05-10T06:12:44+00:00"),
        ("31 Dec 1999 23:59:60 +0000", "2000-01-01T00:00:00+00:00"),
        ("29 Feb 2024 00:00:00 +0000", "2024-02-29T00:00:00+00:00"),
        ("31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59+00:00"),
        ("30 Feb 2024 00:00:00 +0000", None),
        ("29 Feb 2023 00:00:00 +0000", None),
        ("31 Apr 2024 00:00:00 +0000", None),
        ("32 May 2022 06:12:44 +0900", None),
        ("10 Foo 2022 06:12:44 +0900", None),
        ("10 May 2022 25:12:44 +0900", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read(text: str, expected: str | None) -> None:
    """Legal, obsolete and common illegal forms; an impossible one is none."""
    read = date.parse(text)

    assert expected == (read.iso if read else None)


@given(epoch=st.integers(-2_208_988_800, 253_402_214_400), offset=st.integers(-14 * 60, 14 * 60))
def test_a_date_written_is_the_date_read(epoch: int, offset: int) -> None:
    """ISO 8601 out and in again is the same moment, in the same zone."""
    written = date.iso(epoch, offset)
    read = date.parse(written)

    assert read is None or (epoch, offset, True) == tuple(read)
    assert read is not None or not "1900" < written[:4] < "9999"


# ------------------------------------------------------------------ received


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "from sv742.xserver.jp (sv742.xserver.jp [120.136.14.43]) by mx1.office.example (Postfix) with ESMTPS id 5C1E for <mori@office.example>; Tue, 10 May 2022 06:12:44 +0900 (JST)",
            {"helo": "sv742.xserver.jp", "rdns": "sv742.xserver.jp", "ip": "120.136.14.43", "by": "mx1.office.example", "protocol": "ESMTPS", "id": "5C1E", "recipient": "mori@office.example", "relay": True},
        ),
        (
            "from unknown (HELO ?127.0.0.1?) (h_yoshida@kagu.example@84.129.205.43) by mail.kagu.example with ESMTPA; 13 May 2022 17:20:28 +0900",
            {"helo": "127.0.0.1", "rdns": "", "ip": "84.129.205.43", "auth": True, "auth_user": "h_yoshida@kagu.example", "by": "mail.kagu.example"},
        ),
        (
            "from [127.0.0.1] by scholasticabd.com with ESMTPA; Thu, 21 Apr 2022 05:40:58 +0600",
            {"helo": "127.0.0.1", "ip": "", "by": "scholasticabd.com", "auth": True},
        ),
        ("(qmail 21733 invoked by uid 89); 13 May 2022 17:20:29 +0900", {"helo": "", "ip": "", "by": "", "relay": False}),
        (
            "from [203.0.113.7] (helo=evil.example) by mx.example.org with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.97) (envelope-from <a@example.com>) id 1rX2Yz-0003Ab-Qk for b@example.org; Tue, 16 Apr 2024 08:03:22 +0900",
            {"helo": "evil.example", "ip": "203.0.113.7", "by": "mx.example.org", "id": "1rX2Yz-0003Ab-Qk", "envelope_from": "a@example.com", "tls_cipher": "TLS_AES_256_GCM_SHA384"},
        ),
        (
            "from mail-a.example.com (mail-a.example.com. [198.51.100.41]) by mx.google.com with ESMTPS id a1-2si3.4.2024 for <b@example.org> (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); Tue, 16 Apr 2024 01:02:03 -0700 (PDT)",
            {"helo": "mail-a.example.com", "rdns": "mail-a.example.com", "ip": "198.51.100.41", "by": "mx.google.com", "tls_version": "TLS1_3"},
        ),
        (
            "from AB1PR01.prod.outlook.com (2001:db8:25::19) by CD2PR02.prod.outlook.com (2001:db8:25::20) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.1.2; Tue, 16 Apr 2024 01:02:03 +0000",
            {"helo": "AB1PR01.prod.outlook.com", "ip": "2001:db8:25::19", "by": "CD2PR02.prod.outlook.com", "by_ip": "2001:db8:25::20", "id": "15.20.1.2"},
        ),
        (
            "from relay.example.com (relay.example.com [IPv6:2001:db8::1]) by mx.example.org (8.17.1/8.17.1) with ESMTP id 44G123; Tue, 16 Apr 2024 01:02:03 GMT",
            {"ip": "2001:db8::1", "rdns": "relay.example.com", "by": "mx.example.org"},
        ),
        (
            "from laptop (dsl.example.net [198.51.100.140]) (Authenticated sender: hana@example.org) by smtp.example.org (Postfix) with ESMTPSA id 9A; Tue, 16 Apr 2024 01:02:03 +0000",
            {"helo": "laptop", "ip": "198.51.100.140", "auth": True, "auth_user": "hana@example.org"},
        ),
        (
            "from localhost (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTP id 1; Tue, 16 Apr 2024 01:02:03 +0000",
            {"ip": "127.0.0.1", "relay": False},
        ),
        ("by host7.example.org (Postfix, from userid 0) id C44; Tue, 2 Jan 2024 04:00:03 +0900", {"by": "host7.example.org", "ip": "", "relay": False}),
        ("from 203.0.113.99.static.example.net by mx.example.org; 1 Jan 2024 00:00:00 +0000", {"ip": "", "by": "mx.example.org"}),
        ("from a.example (unknown [203.0.113.5]) by mx.example.org with SMTP; 1 Jan 2024 00:00:00 +0000", {"rdns": "", "ip": "203.0.113.5"}),
        ("", {"helo": "", "ip": "", "by": "", "date": None}),
    ],
)  # fmt: skip
def test_received_lines_are_read(line: str, expected: dict[str, Any]) -> None:
    """The lines of the articles and of the common servers, each by the hand that wrote it."""
    read = received.parse(line)

    assert expected == {name: getattr(read, name) for name in expected}
    for role, span in received.spans(read).items():
        assert 0 <= span.start < span.end <= len(read.raw), role


def test_marked_places_are_where_the_words_stand() -> None:
    """A span of a line is the very word that was read."""
    read = received.parse(
        "from h.example (r.example [203.0.113.5]) by mx.example.org with SMTP; 1 Jan 2024 00:00:00 +0000"
    )

    assert {"helo": "h.example", "rdns": "r.example", "address": "203.0.113.5", "by": "mx.example.org"} == {
        role: read.raw[span.start : span.end] for role, span in received.spans(read).items()
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from [203.0.113.5] (port=25 helo=h.example) by mx.example.org with esmtpa (Exim 4.96) id 1", {"address": "203.0.113.5", "helo": "h.example"}),
        ("from h.a.example (h [IPv6:2001:db8::5]) by mx.example.org; x", {"address": "2001:db8::5", "helo": "h.a.example", "rdns": "h"}),
        ("from unknown (HELO ?127.0.0.1?) (a@example.jp@203.0.113.5)", {"address": "203.0.113.5", "helo": "127.0.0.1"}),
        ("from h.example ([203.0.113.5:4000] helo=203.0.113.9) by mx.example.org", {"address": "203.0.113.5", "helo": "203.0.113.9", "rdns": "h.example"}),
        ("by mx.example.org with SMTP id by", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_marks_find_the_words_in_every_form(line: str, expected: dict[str, str]) -> None:
    """Whoever shows a line can show where each word of it stands."""
    read = received.parse(line)
    found = {role: read.raw[span.start : span.end] for role, span in received.spans(read).items()}

    assert ({"by": "mx.example.org"} if read.by else {}) | expected == found


@given(
    pieces=st.lists(
        st.sampled_from(["from", "by", "With", "id", "FOR", ";", "a.example", "(b [203.0.113.9])", "(c (d; e) f)", "(HELO g)", "(2001:db8::1)", "<h@i.example>", "1 Jan 2024 00:00:00 +0000"]),
        max_size=25,
    )
)  # fmt: skip
def test_the_quick_way_reads_what_the_careful_one_does(pieces: list[str]) -> None:
    """A line without quotes and deep comments may be taken to pieces at once: the pieces are the same."""
    raw = " ".join(" ".join(pieces).split())

    assert received._tokens_with_care(raw) == received._tokens(raw)


@given(
    address=st.ip_addresses(v=6) | st.integers(0, 0xFFFF).map(IPv6Address) | st.integers(0, 2**32).map(lambda n: IPv6Address(n << 48)),
    form=st.sampled_from(["{0}", "{0.exploded}", "[IPv6:{0}]", "[{0}]", "{0}%eth0"]),
    upper=st.booleans(),
)  # fmt: skip
def test_an_ipv6_address_has_one_spelling(address: IPv6Address, form: str, upper: bool) -> None:
    """However it is written, it is compared in the form of RFC 5952, and is inside where the standard library says so."""
    written = form.format(address)
    read = ip.canonical(written.upper() if upper else written)

    assert str(address.ipv4_mapped or address) == read
    if address.ipv4_mapped is None:
        private = (
            address.is_loopback or address.is_link_local or address.is_site_local or address in IPv6Network("fc00::/7")
        )
        assert private is ip.is_private(read)


@given(
    text=st.from_regex(r"[0-9a-f:.]{1,24}", fullmatch=True)
    | st.lists(st.sampled_from(["1", "0", "ab", ":", "::", "f00"]), max_size=17).map("".join)
)
def test_what_is_no_address_is_none(text: str) -> None:
    """The quick way lets nothing through that the standard library would refuse."""
    try:
        read = ip_address(text)
    except ValueError:
        # IPv4 octets with zeros in front are read here, as mail programs do.
        assert "." in text or ip.canonical(text) == ""
    else:
        assert str(getattr(read, "ipv4_mapped", None) or read) == ip.canonical(text)


# ------------------------------------------------------------------ fields, mime, message


@pytest.mark.parametrize(
    ("source", "expected", "body"),
    [
        (b"A: 1\nB: 2\n\nx", [("a", b"1"), ("b", b"2")], b"x"),
        (b"A: 1\r\n B\r\n\r\nx", [("a", b"1 B")], b"x"),
        (b"A : 1\n\nx", [("a", b"1")], b"x"),
        (b"no field\nA: 1\n\nx", [("a", b"1")], b"x"),
        (b"A: 1\n \nB: 2\n\nx", [("a", b"1"), ("b", b"2")], b"x"),
        (b"A: 1\rB: 2\r\rx", [("a", b"1"), ("b", b"2")], b"x"),
        (b"A: 1\nx", [("a", b"1")], b"x"),
        (b"A: 1", [("a", b"1")], b""),
        (b"\nx", [], b"x"),
        (b"", [], b""),
    ],
)
def test_fields_are_read(source: bytes, expected: list[tuple[str, bytes]], body: bytes) -> None:
    """Every field with its name, unfolded, and the place where the body starts."""
    header = fields.parse(source)

    assert expected == [(field.name, b" ".join(field.body.split())) for field in header.fields]
    assert body == source[header.body :]
    for field in header.fields:
        assert field.raw_name.encode() == source[field.start : field.start + len(field.raw_name)]


def test_parts_are_read_in_their_order() -> None:
    """Multiparts in multiparts, a nested message, base64 and quoted-printable."""
    source = (
        b"Content-Type: multipart/mixed; boundary=o\n\npreamble\n--o\nContent-Type: multipart/alternative; boundary=oo\n\n"
        b"--oo\nContent-Transfer-Encoding: base64\n\n6Zai5omA\n--oo\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
        b"caf=C3=\n=A9\n--oo--\n--o\nContent-Type: message/rfc822\n\nSubject: in\n\ninner\n--o\n"
        b"Content-Type: application/zip; name=a.zip\nContent-Disposition: attachment; filename=b.zip\n\nPK\n--o--\nepilogue"
    )
    message = Message(source)
    expected = [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "message/rfc822",
        "text/plain",
        "application/zip",
    ]

    assert expected == [part.content_type for part in message.parts]
    assert [0, 1, 2, 2, 1, 2, 1] == [part.depth for part in message.parts]
    assert ["関所", "café", "inner"] == [part.text.strip() for part in message.texts]
    assert ("b.zip", b"PK") == (message.parts[6].filename, mime.content(source, message.parts[6]))
    assert [] == message.defects


@pytest.mark.parametrize(
    "status",
    [
        b"",
        b"X-Mozilla-Status: 0001\n",
        b"From - Tue May 10 06:12:44 2022\nX-Mozilla-Status2: 00000000\r\nX-UIDL: 7\nx-account-key: a\n",
    ],
)
def test_the_hash_leaves_out_what_thunderbird_adds(status: bytes) -> None:
    """Reading, starring or moving a message does not change its hash."""
    source = b"Subject: x\nX-Mozilla-Draft-Info: kept\n\nX-UIDL: 1\n"

    assert hashlib.sha256(source).hexdigest() == Message(status + source).sha256


@pytest.mark.parametrize(
    ("source", "shown", "links"),
    [
        ("<p>a<br>b</p>", "ab", []),
        ("<style>x</style><script>y</script><p>z</p>", "z", []),
        ("<head><title>t</title><style>x</style></head><body>b</body>", "b", []),
        ("<a href='http://a.example/'>a  b</a>", "ab", [("http://a.example/", "a b")]),
        ("<A HREF=http://a.example/>x<a href=' http://b.example/ '>y", "xy", [("http://a.example/", "x"), ("http://b.example/", "y")]),
        ("<form action='http://f.example/'><button formaction=http://g.example/>go</button></form>", "go", [("http://f.example/", ""), ("http://g.example/", "go")]),
        ("<!-- <a href=http://c.example/> --><map><area href=http://d.example/></map>", "", [("http://d.example/", "")]),
        ("<a href='http://a.example/?x=1&amp;y=2'>&lt;</a>", "<", [("http://a.example/?x=1&y=2", "<")]),
        ("<a href=''>x</a><a>y</a>", "xy", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_html_is_read_as_a_browser_does(source: str, shown: str, links: list[tuple[str, str]]) -> None:
    """What a reader sees and where a click leads."""
    read = html.parse(source)

    assert shown == "".join(read.text.split())
    assert links == [(link.url, link.text) for link in read.links]


# ------------------------------------------------------------------ url, domain, ip


def roles(text: str) -> list[tuple[str, str]]:
    read = url.parse(text)
    assert read is not None
    return [(segment.role, segment.text) for segment in read.segments]


@pytest.mark.parametrize(
    ("text", "host", "owner", "address_"),
    [
        ("https://www.example.co.jp/a?b#c", "www.example.co.jp", "example.co.jp", ""),
        ("HTTPS://WWW.Example.COM.", "www.example.com", "example.com", ""),
        ("https://a.example.com:8443/", "a.example.com", "example.com", ""),
        ("https://www.amazon.co.jp@a.example.com/", "a.example.com", "example.com", ""),
        ("https://x:y@z@a.example.com/", "a.example.com", "example.com", ""),
        ("https:\\\\a.example.com\\b", "a.example.com", "example.com", ""),
        ("https:/a.example.com", "a.example.com", "example.com", ""),
        ("https:a.example.com", "a.example.com", "example.com", ""),
        ("ht\ntps://a.exa\tmple.com/", "a.example.com", "example.com", ""),
        ("http://%61.example.com/", "a.example.com", "example.com", ""),
        ("http://ａ．example。com/", "a.example.com", "example.com", ""),
        ("http://日本.example.jp/", "xn--wgv71a.example.jp", "example.jp", ""),
        ("http://customer.github.io/", "customer.github.io", "customer.github.io", ""),
        ("http://203.0.113.9/", "203.0.113.9", "", "203.0.113.9"),
        ("http://3405803785/", "3405803785", "", "203.0.113.9"),
        ("http://0xcb.0.0x71.9/", "0xcb.0.0x71.9", "", "203.0.113.9"),
        ("http://0313.0.0161.011/", "0313.0.0161.011", "", "203.0.113.9"),
        ("http://203.0.28937/", "203.0.28937", "", "203.0.113.9"),
        ("http://0XCB007109/", "0xcb007109", "", "203.0.113.9"),
        ("http://[2001:db8::1]:80/", "[2001:db8::1]", "", "2001:db8::1"),
        ("http://[::ffff:203.0.113.9]/", "[::ffff:203.0.113.9]", "", "203.0.113.9"),
        ("http://1_0.0.0.1/", "1_0.0.0.1", "", ""),
        ("http://256.0.0.1/", "256.0.0.1", "", ""),
        ("http://localhost/", "localhost", "", ""),
        ("http://" + "a." * 130 + "example.com/", "a." * 130 + "example.com", "", ""),
    ],
)
def test_a_url_names_its_owner(text: str, host: str, owner: str, address_: str) -> None:
    """Whoever a link really belongs to, as a browser would find it."""
    read = url.parse(text)

    assert read is not None
    assert (host, owner, address_) == (read.host, read.domain, read.ip)


def test_a_url_is_taken_apart() -> None:
    """Every piece has its part."""
    assert [
        ("scheme", "https://"), ("userinfo", "u:p@"), ("subdomain", "www"), ("separator", "."), ("registrable", "example.co.jp"),
        ("port", ":8080"), ("path", "/a/"), ("placeholder", "{EMAIL64}"), ("query", "?b=1"), ("fragment", "#c"),
    ] == roles("https://u:p@www.example.co.jp:8080/a/{EMAIL64}?b=1#c")  # fmt: skip
    assert [("scheme", "mailto:"), ("path", "a@example.com")] == roles("mailto:a@example.com")
    assert None is url.parse("no scheme")


@given(text=st.text(max_size=80) | st.from_regex(r"https?:[/\\@:\[\]a-z0-9.%{}?#]{0,80}", fullmatch=True))
def test_the_pieces_joined_are_the_url(text: str) -> None:
    """Nothing of a URL is lost or added when it is taken apart."""
    read = url.parse(text)

    assert read is None or read.url == "".join(segment.text for segment in read.segments)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example.com/b.c?d=e.f", "hxxps://a[.]example[.]com/b.c?d=e.f"),
        ("http://203.0.113.9/", "hxxp://203[.]0[.]113[.]9/"),
        ("ftp://a.example/", "ftp[:]://a[.]example/"),
        ("https://a.example/?u=https://b.example/", "hxxps://a[.]example/?u=hxxps://b.example/"),
        ("https://a.example/ftp://b.example", "hxxps://a[.]example/ftp[:]://b.example"),
    ],
)
def test_a_defanged_url_is_no_link(text: str, expected: str) -> None:
    """No program makes a link of it, and a person can still read it."""
    read = url.parse(text)

    assert read is not None
    assert expected == url.defang(read)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x(1))", ["https://a.example/x(1)"]),
        ("<https://a.example/>", ["https://a.example/"]),
        ("詳細はhttps://a.example/xをご覧ください", ["https://a.example/x"]),
        ("http://日本.example/まで", ["http://日本.example/"]),
        ("www.example.com, www.example.net!", ["http://www.example.com", "http://www.example.net"]),
        ("a@www.example.com http://", []),
        ("HTTP://A.EXAMPLE/ https://b.example/", ["HTTP://A.EXAMPLE/", "https://b.example/"]),
        ("no link", []),
    ],
)
def test_urls_are_found_in_running_text(text: str, expected: list[str]) -> None:
    """Japanese may follow without a space, and a sentence's own marks do not belong to the link."""
    assert expected == text_links.find(text)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("mail.example.com", "www.EXAMPLE.com.", True),
        ("example.com", "example.net", False),
        ("notexample.com", "example.com", False),
        ("a.example.co.jp", "b.example.co.jp", True),
        ("a.co.jp", "b.co.jp", False),
        ("a.github.io", "b.github.io", False),
        ("203.0.113.9", "203.0.113.9", False),
        ("localhost", "localhost", False),
        ("", "", False),
    ],
)
def test_organisations_are_told_apart(one: str, other: str, expected: bool) -> None:
    """Equality of registrable domains, never a part of a name."""
    assert expected is domain.same_organisation(one, other)


@pytest.mark.parametrize(
    ("text", "expected", "routed", "inside"),
    [
        ("192.0.2.1", "192.0.2.1", False, False),
        ("8.8.8.8", "8.8.8.8", True, False),
        ("[8.8.8.8]", "8.8.8.8", True, False),
        ("008.8.8.8", "8.8.8.8", True, False),
        ("10.1.2.3", "10.1.2.3", False, True),
        ("172.31.0.1", "172.31.0.1", False, True),
        ("172.32.0.1", "172.32.0.1", True, False),
        ("100.64.0.1", "100.64.0.1", False, True),
        ("224.0.0.1", "224.0.0.1", False, False),
        ("[IPv6:2001:db8::1]", "2001:db8::1", False, False),
        ("2001:4860:4860::8888", "2001:4860:4860::8888", True, False),
        ("::ffff:8.8.8.8", "8.8.8.8", True, False),
        ("fe80::1%eth0", "fe80::1", False, True),
        ("fd00::1", "fd00::1", False, True),
        ("::1", "::1", False, True),
        ("256.1.1.1", "", False, None),
        ("1.2.3", "", False, None),
        ("1.2.3.4.5", "", False, None),
        (":::", "", False, None),
        ("h.example", "", False, None),
        ("", "", False, None),
    ],
)
def test_addresses_of_machines_are_read(text: str, expected: str, routed: bool, inside: bool | None) -> None:
    """One spelling for each, and whether the world or only a house knows it."""
    read = ip.canonical(text)

    assert (expected, routed) == (read, ip.is_global(read))
    assert inside is None or inside is ip.is_private(read)


# ------------------------------------------------------------------ tables


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("Amazon.co.jp", "Amazon"),
        ("ＡＭＡＺＯＮ", "Amazon"),
        ("アマゾン カスタマーサービス", "Amazon"),
        ("amazon@example.com", None),
        ("Amazonas Reisen", None),
        ("三井住友カード株式会社", "三井住友カード"),
        ("Mizuho Bank", "みずほ銀行"),
        ("Mizuho Suzuki", None),
        ("Online Payments", None),
        ("LINE Pay", "LINE"),
        ("", None),
    ],
)
def test_a_name_is_a_brands_or_not(shown: str, expected: str | None) -> None:
    """Width and case do not matter, a part of another word does not count."""
    brand = brands.named_in(shown)

    assert expected == (brand.name if brand else None)


@pytest.mark.parametrize(
    ("text", "file", "virus"),
    [
        ("The file [a.xls] has been detected containing virus [XM/A!tr], and has been removed.", "a.xls", "XM/A!tr"),
        (
            "添付ファイル「見積書.zip」はウイルス「Trojan.Example/Gen」が検出されたため削除しました。",
            "見積書.zip",
            "Trojan.Example/Gen",
        ),
        ("添付ファイル はがき.zip を ウィルス W32/X.B!tr のため除去", "はがき.zip", "W32/X.B!tr"),
        ('The attachment "a b.doc" was removed because it was infected with W97M/Sample.B', "a b.doc", "W97M/Sample.B"),
        ("File photos.zip was deleted: too large", "photos.zip", ""),
    ],
)
def test_a_gateways_notice_is_read(text: str, file: str, virus: str) -> None:
    """Which file was taken out, and what was in it."""
    assert [(file, virus)] == [(notice.file, notice.virus) for notice in gateway_notices.find(text)]


@pytest.mark.parametrize("size", [0, 1, digest.LARGE - 1, digest.LARGE, 2 * digest.LARGE])
def test_digest(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter's own SHA-256 and OpenSSL's are one."""
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    expected = hashlib.sha256(data).hexdigest()
    assert expected == digest.sha256(data)
    monkeypatch.delitem(sys.modules, "hashlib")
    assert expected == digest.sha256(data)
