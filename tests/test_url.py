"""A URL taken apart, held against what a browser's own reader makes of it (WHATWG URL, in Node)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
from ipaddress import IPv6Address
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sekisho.facts import shape
from sekisho.mail import url, url_contents
from sekisho.tables import build_confusables, confusables

READER = Path(__file__).with_name("url_of_node.mjs")
USUAL_PORTS = {"http": "80", "https": "443", "ftp": "21", "ws": "80", "wss": "443"}
Parts = tuple[str, str, str, str, str]

# What differs from a browser, and why.
DIFFERENT = [
    ("http://./", "nothing but dots names nobody: browsers pass it to the resolver, which refuses it"),
    ("http://127../", "a number and two dots: browsers see a name there, no resolver does"),
    ("http://a\u05d0.example/", "a label of Latin and Hebrew letters: RFC 5893 refuses it, and so does every registry"),
    ("http://xn--a-/", "an A-label that is no encoding of anything: RFC 5891 §4.2.1 refuses it"),
]  # fmt: skip
# Hosts and pieces that browsers read in a way that surprises.
READ_ALIKE = [
    "https://www.amazon.co.jp@a.example/", "https://x:y@z@a.example/", "https:\\\\a.example\\@b.example", "https:/a.example", "https:a.example",
    "ht\ntps://a.exa\tmple/", "http://%61.example/", "http://ａ．example。com/", "http://日本.example/", "http://3405803785/", "http://0xcb.0.0x71.9/",
    "http://0313.0.0161.011/", "http://010.0.0.1/", "http://203.0.28937/", "http://0XCB007109/", "http://0x/", "http://0x0x7f/", "http://0o7.1/",
    "http://1.2.3.4.5/", "http://08/", "http://1.2.3.4./", "http://4294967296/", "http://00000000000000000000000000000000000000000000000001/",
    "http://%32%30%33.0.113.9/", "http://２０３．０．１１３．９/", "http://[2001:db8::1]:80/", "http://[::ffff:203.0.113.9]/", "http://[fe80::1%25eth0]/",
    "http://[::1]x/", "http://[::1]:/", "http://a.example:/", "http://a.example:0080/", "http://a.example:65536/", "http://a.example:٣/", "http://:80/",
    "http://@a.example/", "http://a.example:b@/", "http://a b.example/", "http://a\u3000b.example/", "http://a%00b.example/", "http://a%2fb.example/",
    "http://xn--a.example/", "http://xn--wgv71a.example/", "http://faß.example/", "http://i❤.example/", "http://a_b.example/", "http://a\u200bb.example/",
    "http://a\u202eb.example/", "\u3000http://a.example/", "http://{name}.example/", "http://[[name]].example/", "ftp://u:p@a.example:21/", "http:", "http://",
]  # fmt: skip
PIECES = st.sampled_from(
    ["//", "/", "\\", "@", ":", ".", "a", "example.com", "WWW", "%2e", "%61", "%00", "%40", "。", "．", "日本", "xn--wgv71a", "é", "ß", "0x", "0x7f",
     "127", "1", "0", "08", "256", "3405803785", "[", "::1", "]", "::ffff:1.2.3.4", "80", "443", "65536", "?", "#", " ", "\t", "\n", "_", "-", "|", "^",
     "<", '"', "{", "}", "~", "!", "$", "\u200b", "\u00ad", "\u202e", "😀", "％４１", "%e3%80%82", "user:pw", "\u3000", "ｅ", "0o7"]
)  # fmt: skip
URLS = st.builds(
    lambda start, pieces: start + "".join(pieces),
    st.sampled_from(["http://", "https://", "ftp://", "http:", "HTTPS:/\\"]),
    st.lists(PIECES, min_size=1, max_size=7),
)


def of_a_browser(texts: list[str]) -> list[Parts | None]:
    """Scheme, user, password, host and port of each; None where it refuses. IPv4 inside IPv6 is IPv4, as everywhere in the house."""
    node = shutil.which("node")
    assert node, "Node is missing"
    done = subprocess.run([node, str(READER)], input=json.dumps(texts), capture_output=True, text=True, check=True)
    out: list[Parts | None] = []
    for read in json.loads(done.stdout):
        if read is None:
            out.append(None)
            continue
        host = read["hostname"].rstrip(".")
        if host.startswith("["):
            address = IPv6Address(host[1:-1])
            host = str(address.ipv4_mapped or address)
        out.append((read["protocol"][:-1], unquote(read["username"]), unquote(read["password"]), host, read["port"]))
    return out


def of_ours(text: str) -> Parts | None:
    read = url.parse(text)
    if read is None or not read.opens:
        return None
    user, _, password = read.userinfo.partition(":")
    port = str(int(read.port)) if read.port else ""
    usual = USUAL_PORTS.get(read.scheme) == port
    return read.scheme, unquote(user), unquote(password), read.ip or read.host, "" if usual else port


def explained(text: str, browser: Parts | None) -> bool:
    """One of the differences of DIFFERENT."""
    read = url.parse(text)
    written = (
        "".join(
            segment.text for segment in read.segments if segment.role in ("subdomain", "registrable", "separator", "ip")
        )
        if read
        else ""
    )
    ends = unquote(written).replace("。", ".").replace("．", ".")
    return (
        (browser is not None and not browser[3])
        or ends.endswith("..")
        or "xn--" in ends[1:]
        or (browser or ("",) * 5)[3].endswith("-")
    )


@pytest.mark.skipif("node" in os.environ.get("SEKISHO_TESTS_WITHOUT", "").split(","), reason="told to do without Node")
class TestAgainstABrowser:
    def test_hosts_written_to_deceive_are_read_alike(self) -> None:
        """Scheme, user information, host and port of a table of traps."""
        for text, browser in zip(READ_ALIKE, of_a_browser(READ_ALIKE), strict=True):
            assert (text, browser) == (text, of_ours(text))

    def test_what_differs_is_known(self) -> None:
        """Each difference that stands in the table is one, so that the table does not grow old."""
        texts = [text for text, _ in DIFFERENT]

        assert [] == [
            text for text, browser in zip(texts, of_a_browser(texts), strict=True) if browser == of_ours(text)
        ]

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts=st.lists(URLS, min_size=100, max_size=200))
    def test_pieces_thrown_together_are_read_alike(self, texts: list[str]) -> None:
        """The same of URLs that nobody has thought of."""
        for text, browser in zip(texts, of_a_browser(texts), strict=True):
            assert browser == of_ours(text) or explained(text, browser), text


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("http://203.0.113.9/", False), ("http://203.0.113.9./", False), ("http://[2001:db8::1]/", False), ("http://[2001:DB8:0::1]/", False),
        ("http://3405803785/", True), ("http://0xcb.0.0x71.9/", True), ("http://203.0.28937/", True), ("http://%32%30%33.0.113.9/", True),
        ("http://２０３.0.113.9/", True), ("http://[::ffff:203.0.113.9]/", True), ("http://203.000.113.009/", False), ("http://www.example.com/", False),
    ],
)  # fmt: skip
def test_an_address_in_disguise_is_told(text: str, odd: bool) -> None:
    """A plain address is one thing; one that is written so that nobody sees it is another."""
    read = url.parse(text)

    assert read is not None
    assert odd is read.odd_ip


@pytest.mark.parametrize(
    ("text", "subdomain", "owner"),
    [
        ("http://www.example.co.jp./", "www", "example.co.jp."),
        ("http://www。example。co。jp/", "www", "example。co。jp"),
        ("http://www%2Eexample%2ecom/", "www", "example%2ecom"),
        ("http://a.b.customer.web.app/", "a.b", "customer.web.app"),
        ("http://ａ．ｂ．ｅxample．ｃom/", "ａ．ｂ", "ｅxample．ｃom"),
        ("http://www.日本.jp/", "www", "日本.jp"),
    ],
)
def test_the_owner_is_cut_out_as_it_is_written(text: str, subdomain: str, owner: str) -> None:
    """Whatever dots and letters a host is written in, subdomain and owner are told apart."""
    read = url.parse(text)

    assert read is not None
    assert [subdomain, owner] == [s.text for s in read.segments if s.role in ("subdomain", "registrable")]


ADDRESS = "mori@office.example"
KNOWN = url_contents.people([ADDRESS])


def escaped(text: str) -> str:
    return "".join(f"%{octet:02x}" for octet in text.encode())


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (ADDRESS, "plain"),
        (ADDRESS.upper(), "plain"),
        (escaped(ADDRESS), "plain"),
        (escaped(escaped(ADDRESS)), "plain"),
        (ADDRESS.encode().hex(), "hex"),
        ("zbev@bssvpr.rknzcyr", "rot13"),
        (base64.b64encode(ADDRESS.encode()).decode(), "base64"),
        (base64.urlsafe_b64encode(f"?{ADDRESS}?".encode()).decode(), "base64"),
        (escaped(base64.b64encode(f"??{ADDRESS}".encode()).decode()), "base64"),
        (hashlib.md5(ADDRESS.encode()).hexdigest(), "md5"),
        (hashlib.sha1(ADDRESS.encode()).hexdigest(), "sha1"),
        (hashlib.sha256(ADDRESS.encode()).hexdigest().upper(), "sha256"),
    ],
)
def test_an_address_is_found_in_every_spelling(written: str, form: str) -> None:
    """The whole of it is marked, where it is written."""
    found = [one for one in url_contents.addresses(f"?a=1&u={written}&b=2", KNOWN) if one.form == form]

    assert [(7, 7 + len(written))] == [(one.start, one.end) for one in found]


@pytest.mark.parametrize("written", [f"x{ADDRESS}", f"{ADDRESS}.org", "mori@office.exampl", "office.example", "a" * 32])
def test_what_is_not_quite_the_address_is_not_it(written: str) -> None:
    assert [] == url_contents.addresses(f"?u={written}&b=2", KNOWN)


@given(text=st.text(alphabet=st.sampled_from("ab%25/?&=:.-_hH4tTpsR0cD0vM61@é"), max_size=200))
def test_what_is_found_lies_inside(text: str) -> None:
    """Nothing is found outside of the text, and nothing raises."""
    spans = [*url_contents.nested(text), *url_contents.tokens(text), *url_contents.addresses(text, KNOWN)]

    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("?u=https://a.example/x&b=1", ["https://a.example/x"]),
        ("?u=https%3A%2F%2Fa.example%2Fx&b=1", ["https%3A%2F%2Fa.example%2Fx"]),
        ("?u=https%253A%252F%252Fa.example", ["https%253A%252F%252Fa.example"]),
        ("/web/2020/http://a.example/b&c", ["http://a.example/b&c"]),
        ("/r/aHR0cHM6Ly9hLmV4YW1wbGUv/x", ["aHR0cHM6Ly9hLmV4YW1wbGUv"]),
        ("?q=http", []),
    ],
)
def test_a_url_inside_a_url_is_cut_out(text: str, spans: list[str]) -> None:
    assert spans == [text[span.start : span.end] for span in url_contents.nested(text)]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("аррӏе", "apple", True), ("PayPaI", "paypal", True), ("arnazon", "AMAZON", True), ("amaz0n", "amazon", True), ("ɡoogle", "google", True),
        ("go\u200bogle", "google", True), ("ａｍａｚｏｎ", "amazon", True), ("míçrösoft", "microsoft", True), ("三丼住友", "三井住友", True),
        ("ソ二一", "ソニー", True), ("カ", "ガ", False), ("amazing", "amazon", False), ("яндекс", "yandex", False),
    ],
)  # fmt: skip
def test_what_looks_alike_has_one_skeleton(one: str, other: str, alike: bool) -> None:
    assert alike is (confusables.skeleton(one) == confusables.skeleton(other))


@pytest.mark.parametrize(
    ("label", "mixed"),
    [("hirоba", True), ("hiroba東京カフェ", False), ("москва", False), ("café", False), ("한국abc", False), ("αbc", True), ("ラーメン二郎", False)],
)  # fmt: skip
def test_scripts_that_nobody_writes_together(label: str, mixed: bool) -> None:
    assert mixed is confusables.mixed(label)


def test_the_table_of_lookalikes_is_made_of_unicodes_lines() -> None:
    """Kept are single letters that look like those of a host name and that NFKC does not fold."""
    lines = [
        "0430 ;\t0061 ;\tMA\t# CYRILLIC SMALL LETTER A",
        "FF41 ;\t0061 ;\tMA\t# FULLWIDTH, folded by NFKC",
        "00F8 ;\t006F 0338 ;\tMA\t# O WITH STROKE",
        "30CE ;\t002F ;\tMA\t# KATAKANA",
        "0410 ;\t0041 ;\tMA\t# CYRILLIC CAPITAL LETTER A",
        "2048 ;\t003F 0021 ;\tMA\t# no letter of a name",
        "# a remark",
    ]

    assert ["a\tАа", "o\tø"] == build_confusables.rows(lines)


@given(host=st.text(max_size=80), path=st.text(max_size=80))
def test_a_shape_never_raises_and_cuts_nothing_off(host: str, path: str) -> None:
    """Whatever stands in a link, its marked pieces joined are the link."""
    read = url.parse(f"https://{host}/{path}")
    assert read is not None
    seen = shape.of(read, shape.People(KNOWN, ()))

    assert read.url == "".join(segment.text for segment in shape.marked(read, seen, shape.imitation(read)))
