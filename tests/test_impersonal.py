"""A link as it is requested: what names the reader is cut out, and nothing else."""

from __future__ import annotations

import base64
import codecs
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.mail import impersonal, url
from sekisho.report import Segment

ADDRESS = "taro.yamada@reader.test"
SPELLINGS = [
    ADDRESS,
    ADDRESS.upper(),
    ADDRESS.replace("@", "%40"),
    ADDRESS.replace("@", "%2540"),
    "".join(f"%{byte:02x}" for byte in ADDRESS.encode()),
    base64.b64encode(ADDRESS.encode()).decode(),
    base64.b64encode(ADDRESS.encode()).decode().rstrip("="),
    base64.urlsafe_b64encode(f"id=7;{ADDRESS}?".encode()).decode(),
    base64.b64encode(ADDRESS.upper().encode()).decode().replace("=", "%3D"),
    "x" + base64.b64encode(ADDRESS.encode()).decode(),
    "7." + base64.b64encode(ADDRESS.encode()).decode(),
    ADDRESS.encode().hex(),
    ADDRESS.encode().hex().upper(),
    codecs.encode(ADDRESS, "rot13"),
    ADDRESS[::-1],
    ADDRESS.partition("@")[0],
    hashlib.md5(ADDRESS.encode()).hexdigest(),
    hashlib.sha1(ADDRESS.encode()).hexdigest().upper(),
    hashlib.sha256(ADDRESS.encode()).hexdigest(),
]


def request(link: str, *addresses: str) -> impersonal.Impersonal:
    parsed = url.parse(link)
    assert parsed is not None
    return impersonal.of(parsed, parsed.segments, addresses or (ADDRESS,))


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ("https://a.example/p?e={}&k=1", "https://a.example/p?e=&k=1"),
        ("https://a.example/p?{}", "https://a.example/p?"),
        ("https://a.example/u/{}/p", "https://a.example/u//p"),
        ("https://a.example/p#{}", "https://a.example/p"),
        (
            "https://a.example/r?to=https%3A%2F%2Fb.example%2F%3Fe%3D{}",
            "https://a.example/r?to=https%3A%2F%2Fb.example%2F%3Fe%3D",
        ),
    ],
)
def test_the_readers_address_is_cut_in_every_spelling(spelling: str, link: str, asked: str) -> None:
    """In path, query, fragment and in a link inside the link."""
    inside = spelling.replace("%", "%25").replace("=", "%3D") if "to=" in link else spelling

    assert asked == request(link.format(inside)).url


@pytest.mark.parametrize(
    "token",
    [
        "550e8400-e29b-41d4-a716-446655440000",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        "9f86d081884c7d659a2feaa0c55ad015",
        "4f7a1c9b2e6d",
        "8214471903",
        "a1b2c3d4e5f6",
        "someone@else.example",
        "QWxhZGRpbjpvcGVuIHNlc2FtZQkLmNoP",
    ],
)
def test_what_may_be_one_readers_own_is_cut(token: str) -> None:
    """Numbers, hashes and identifiers that nobody would have chosen, and anybody's address."""
    assert "https://a.example/p?t=" == request(f"https://a.example/p?t={token}").url
    assert "https://a.example/p/" == request(f"https://a.example/p/{token}").url


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/",
        "https://a.example/2024/05/20240510-some-long-title-of-an-article.html?utm_source=news&utm_campaign=spring_2024&page=2",
        "https://w-support.jp/activemail.kagoya.com/?e={EMAIL64}",
        "https://t.example/AbC12xY",
        "https://a.example/maps/@35,139?q=Tokyo+Station",
        "https://a.example/r?to=https%3A%2F%2Fb.example%2Fwelcome",
        "http://192.31.196.5/x",
    ],
)
def test_what_is_everybodys_stays(link: str) -> None:
    """Words, dates, short numbers, links without anything personal, and what a sender's program left unfilled."""
    assert (link, 0, "") == tuple(request(link))


@pytest.mark.parametrize(
    ("link", "asked", "why"),
    [
        ("HTTPS://USER:PW@A.example:443/x", "https://a.example/x", ""),
        ("http://a.example:443/", "http://a.example:443/", ""),
        ("http://a.example:8080/", "", "port"),
        ("http://a.example:00/", "", "port"),
        ("ftp://a.example/", "", "scheme"),
        ("https://9f86d081884c7d65.a.example.org/", "", "host"),
        ("https://dGFyby55YW1hZGFAcmVhZGVyLnRlc3Q.example.org/", "", "host"),
        ("https://a.example\\b?c d\u3042", "https://a.example/b?c%20d%E3%81%82", ""),
        ("https://\u65e5\u672c.example/", "https://xn--wgv71a.example/", ""),
        ("http://[2620:4f:8000:0::1]/", "http://[2620:4f:8000::1]/", ""),
    ],
)
def test_a_request_is_one_of_the_web(link: str, asked: str, why: str) -> None:
    """Ports 80 and 443, no user information, the characters that HTTP has; a host name that is the reader's own cannot be asked for."""
    assert (asked, why) == (request(link).url, request(link).why)


def test_what_a_dissection_found_is_cut() -> None:
    """A segment's role says more than its letters."""
    pieces = [
        ("https://", "scheme"),
        ("a.example", "registrable"),
        ("/p?x=", "query"),
        ("hanako", "recipient"),
        ("&y=", "query"),
        ("abc", "token"),
    ]
    link = "".join(text for text, _ in pieces)
    parsed = url.parse(link)
    assert parsed is not None
    segments = [Segment(*piece) for piece in pieces]

    assert ("https://a.example/p?x=&y=", 2, "") == tuple(impersonal.of(parsed, segments, ()))
    segments[1] = Segment("a.example", "token")
    assert "host" == impersonal.of(parsed, segments, ()).why


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_link_gives_a_request_or_none(path: str, query: str) -> None:
    """Never raises; what is requested is printable ASCII, has no fragment, and is its own request again."""
    made = request(f"https://a.example/{path}?{query}").url

    assert (
        made.startswith("https://a.example/") and made.isascii() and made.isprintable() and not set(made) & set(' #"<>')
    )
    assert made == request(made).url


def test_a_broken_recipient_is_no_mark() -> None:
    """What is no address may be any word; it is not cut out of links wherever it stands."""
    kept = "https://news.example/undisclosed/recipients?list=news"

    assert (kept, 0) == request(kept, "undisclosed", "news", "@", "list@", ADDRESS)[:2]
