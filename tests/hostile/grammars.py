"""Pieces of a mail made by their grammars, half of them a little wrong: what mutations of bytes alone hardly ever come to."""

from __future__ import annotations

from base64 import b64encode
from random import Random

CHARSETS = (
    *(b"utf-8", b"UTF8", b"iso-2022-jp", b"cp932", b"shift_jis", b"euc-jp", b"utf-7", b"utf-16", b"utf-16le", b"utf-32", b"us-ascii"),
    *(b"windows-1252", b"gb18030", b"big5", b"iso-2022-kr", b"hz-gb-2312", b"x-mac-japanese", b"koi8-r", b"idna", b"punycode", b"hex"),
    *(b"rot13", b"unicode_escape", b"undefined", b"", b"a" * 200, b"\xff", b"utf-8\0", b"../x", b"mbcs"),
)  # fmt: skip
TYPES = (
    b"Content-Type: multipart/mixed",
    b"Content-Type: text/html",
    b"Content-Type: text/plain",
    b"Content-Type: text/calendar",
)
_LABELS = (b"a", b"www", b"mail", b"amazon", b"login", b"xn--wgv71a", b"xn--a", b"xn--", b"\xe3\x81\x82", b"a-b", b"_dmarc", b"-", b"", b"0x7f", b"127", b"1" * 64)  # fmt: skip
_SUFFIXES = (b"example", b"co.jp", b"example.com", b"example.jp", b"github.io", b"1", b"invalid", b"museum", b"\xe6\x97\xa5\xe6\x9c\xac", b"com.", b"", b"0")  # fmt: skip
_ADDRESSES = (b"203.0.113.9", b"198.51.100.77", b"10.0.0.1", b"127.0.0.1", b"2001:db8::1", b"::ffff:203.0.113.9", b"fe80::1%eth0", b"203.0.113.009", b"256.1.1.1", b"0x7f.1", b"017700000001", b"", b"2130706433", b"[203.0.113.9]", b"IPv6:2001:db8::2", b"1.2.3.4:25")  # fmt: skip
_NOISE = (b"", b"", b"", b"(", b")", b'"', b"\\", b"\0", b"\xff", b";", b",", b"=", b"%", b" ", b"\n ", b"\r", b"\t", b"\xe3\x80\x80", "\u202e".encode(), "\u200b".encode())  # fmt: skip


def _some(random: Random, choices: tuple[bytes, ...], most: int, joint: bytes = b"") -> bytes:
    return joint.join(random.choice(choices) for _ in range(random.randrange(1, most + 1)))


def host(random: Random) -> bytes:
    if random.random() < 0.2:
        return random.choice(_ADDRESSES)
    return _some(random, _LABELS, 4, b".") + b"." + random.choice(_SUFFIXES) + random.choice(_NOISE)


def address(random: Random) -> bytes:
    """RFC 5322 mailboxes and groups, more or less."""
    name = random.choice(
        (b"", b'"A, B" ', b"A (c (d)) ", b"=?utf-8?b?5bGx?= ", b"group: ", b'"\\"" ', b"a@b.example ", b"<<")
    )
    local = random.choice((b"a", b"info", b'"a b"', b"a.b.", b"a+b", b"\xe5\xb1\xb1", b"a" * 80, b"", b"a(c)"))
    spec = local + random.choice((b"@", b"@", b"@@", b" @ ", b"%", b"!")) + host(random)
    return name + random.choice((b"<%s>", b"%s", b"<%s", b"<@a.example,@b:%s>", b"%s,;", b"<%s>>, <>")) % spec


def date(random: Random) -> bytes:
    """RFC 5322 dates of any year, the obsolete ones and what other programs write."""
    day, month = (
        random.choice((b"1", b"04", b"31", b"32", b"0", b"-1")),
        random.choice((b"Jan", b"Jun", b"Foo", b"06", b"\xe5\x85\xad")),
    )
    year = random.choice((b"2024", b"24", b"124", b"1969", b"9999", b"0", b"99999"))
    clock = random.choice((b"15:00:03", b"24:00:00", b"23:59:60", b"1:2", b"15.00", b"99:99:99", b"", b"3:00:00 PM"))
    zone = random.choice((b"+0900", b"-0000", b"+9999", b"JST", b"EST", b"Z", b"(JST)", b"GMT+9", b"+09:00", b"", b"A"))
    return (
        random.choice((b"", b"Tue, ", b"Tue ", b"X, "))
        + b" ".join((day, month, year, clock, zone))
        + random.choice(_NOISE)
    )


def received(random: Random) -> bytes:
    """A trace line of any writer's kind, its clauses in any order."""
    with_ip = (
        b"(%s [%s])",
        b"([%s] helo=%s)",
        b"(HELO %s) (%s)",
        b"[%s] (%s)",
        b"(%s) (%s)",
        b"(Authenticated sender: %s) [%s]",
    )
    clauses = [
        b"from " + host(random) + b" " + random.choice(with_ip) % (host(random), random.choice(_ADDRESSES)),
        b"by " + host(random) + random.choice((b"", b" (Postfix)", b" (8.14.4/8.14.4)", b" (Exim 4.9)", b" (qmail)")),
        b"with " + random.choice((b"ESMTP", b"ESMTPSA", b"HTTP", b"LMTP", b"Microsoft SMTP Server (TLS) id 15.1", b"")),
        b"id " + random.choice((b"4VtXYZ1234z9", b"1sE0ab-0003gK-2n", b"w3si123.4", b"A" * 300, b"4547bWq2Bbz1")),
        b"for " + address(random),
        b"via " + random.choice((b"Frontend Transport", b"UUCP", b"((")),
    ]
    if random.random() < 0.3:
        random.shuffle(clauses)
    kept = [clause + random.choice(_NOISE) for clause in clauses if random.random() < 0.8]
    return b"Received: " + random.choice((b" ", b"\n\t")).join(kept) + b"; " + date(random) + b"\n"


def encoded_word(random: Random) -> bytes:
    """RFC 2047."""
    text = random.choice(
        (b"5bGx5aSa", b"=E5=B1=B1", b"GyRCO0IbKEI=", b"a?b", b"a b", b"=", b"====", b"+MEI-", b"\xff", b"A" * 500)
    )
    form = random.choice(
        (b"=?%s?%s?%s?=", b"=?%s*ja?%s?%s?=", b"=?%s?%s?%s", b"=?%s?%s?%s?", b"?%s?%s?%s?=", b"=?%s?%s?%s?=x")
    )
    return form % (random.choice(CHARSETS), random.choice((b"B", b"q", b"Q", b"b", b"x", b"")), text)


def parameter(random: Random) -> bytes:
    """RFC 2231, and what was written before it."""
    name = random.choice((b"name", b"filename", b"boundary", b"charset"))
    mark = random.choice((b"", b"*", b"*0", b"*0*", b"*1*", b"*99999999999", b"*-1", b"*01", b"*0*0", b"**"))
    value = random.choice((b"utf-8''%E5%B1%B1.exe", b"utf-8'ja'%zz", b"x''", b"''", b'"a.zip', b"a.pdf", b"%", b"=?utf-8?b?5bGxLnBkZg==?=", b"a" * 400, b'"\\"'))  # fmt: skip
    return name + mark + b"=" + value + random.choice(_NOISE)


def content_field(random: Random, kind: bytes) -> bytes:
    return b"Content-Type: " + kind + random.choice((b"", b"; " + parameter(random))) + b"\n"


def results(random: Random) -> bytes:
    """RFC 8601 and its relatives: reported results, signatures, seals."""
    method = random.choice((b"spf", b"dkim", b"dmarc", b"arc", b"auth", b"iprev", b"x"))
    result = random.choice((b"pass", b"fail", b"none", b"softfail (x (y", b"pass;", b'"pass"', b"", b"permerror"))
    what = random.choice((b"smtp.mailfrom=", b"header.d=", b"header.from=", b"policy.ip=", b"smtp.auth=")) + address(
        random
    )
    said = b"; ".join(method + b"=" + result + b" " + what for _ in range(random.choice((1, 2, 50))))
    if random.random() < 0.4:
        tags = (b"v=1", b"a=rsa-sha256", b"d=" + host(random), b"s=s1", b"b=" + b64encode(random.randbytes(9)), b"bh=!", b"l=-1", b"i=" + address(random), b"t=99999999999999999999", b"h=from:from:" + random.choice(_NOISE), b"c=relaxed/x", b"=", b"x=1")  # fmt: skip
        name = random.choice((b"DKIM-Signature: ", b"ARC-Message-Signature: i=1; ", b"ARC-Seal: i=51; cv=none; ", b"ARC-Authentication-Results: i=1; "))  # fmt: skip
        return name + _some(random, tags, 12, b"; ") + b"\n"
    name = random.choice(
        (b"Authentication-Results: ", b"Received-SPF: ", b"X-Originating-IP: ", b"ARC-Authentication-Results: i=1; ")
    )
    return name + host(random) + random.choice((b" 1", b"", b" (c)")) + b"; " + said + b"\n"


def field(random: Random) -> bytes:
    """One of the fields that something is done with."""
    name = random.choice((b"To", b"Cc", b"Subject", b"X-Received", b"Resent-From", b"List-Id", b"Message-ID", b"Reply-To", b"Sender", b"Date", b"X-Mozilla-Status", b"Content-Type", b"Delivered-To", b"X-" + b"a" * 70))  # fmt: skip
    value = random.choice((address(random), date(random), encoded_word(random), b"<a@b.example>", b"0001", b"x" * 70))
    return random.choice((received(random), name + b": " + value + b"\n", results(random)))


def url(random: Random) -> bytes:
    """The WHATWG's grammar and what browsers make of its neighbourhood."""
    scheme = random.choice((b"http://", b"https://", b"HTTPS:\\\\", b"http:", b"//", b"javascript:", b"data:text/html,", b"mailto:", b"ht\ntp://", b"view-source:http://", b"tel:", b"blob:https://", b"\xef\xbd\x88ttp://"))  # fmt: skip
    user = random.choice((b"", b"", b"", b"a@", b"a:b@", b"www.amazon.co.jp@", b"%40@", b"@@"))
    port = random.choice((b"", b"", b"", b":8080", b":", b":0", b":99999", b":8a"))
    path = _some(random, (b"/", b"/login", b"/../", b"%2e%2e", b"\\", b"/{EMAIL}", b"/%7Bname%7D", b"/a.jp/", b"/https%3A%2F%2Fwww.paypal.com%2F", b"%", b"%zz", b"\xe3\x81\x82", b"/" + b"A" * 90), 5)  # fmt: skip
    query = random.choice((b"", b"?q=http://b.example/", b"?url=aHR0cHM6Ly9iLmV4YW1wbGUv", b"?u=https-3A__b.example_&d=x", b"?" + b"a=1&" * 50, b"?e=" + b64encode(b"me@office.example"), b"#@b.example/", b"?redirect=//b.example", b"?a=%25%32%35"))  # fmt: skip
    return scheme + user + host(random) + port + path + query


def html(random: Random) -> bytes:
    """Elements that change what is seen, where links lead and how deep it goes."""
    one = random.choice((
        b"<div>", b"<table><tr><td>", b"<b><i><p>", b"<!--", b"<!-->", b"<![CDATA[", b"</p></div>", b"<p style='display:none'>", b"<span style=\"font-size:0;color:#fff\">", b"<a href='" + url(random) + b"'>", b"<a href=" + url(random) + b">" + url(random) + b"</a>", b"<base href='" + url(random) + b"'>", b"<form action='" + url(random) + b"'><input type=password name=p>", b"<img src='" + url(random) + b"'>", b"<area href=" + url(random) + b">", b"<style>a{background:url(" + url(random) + b")}.x{display:none}", b"<style>@media x{", b"<script>location='" + url(random) + b"'</script>", b"<svg><a xlink:href='x'>", b"<math><mtext><table><mglyph><style><!--</style>", b"<template>", b"<iframe srcdoc='<a href=http://a.example>'>", b"<meta http-equiv=refresh content='0;url=" + url(random) + b"'>", b"<plaintext>", b"<xmp>", b"<textarea>", b"<select><option>", b"<font color=white>", b"<a " + b"x=y " * 30 + b"href=x>", b"&#x110000;&#0;&notit;&", b"<noscript>", b"<frameset><frame src=x>", b"<button formaction=" + url(random) + b">", b"<o:p>", b"<?xml ?>", b"<a href=\"",
    ))  # fmt: skip
    return one * random.choice((1, 1, 2, 30, 1000))
