"""A URL's canonical form and its expressions: the examples that Safe Browsing's documentation publishes, and hostile ones.

https://developers.google.com/safe-browsing/reference/URLs.and.Hashing
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.mail.url_expressions import canonical, expressions


def whole(text: str) -> str:
    found = canonical(text)
    return f"{found.scheme}://{found.exact}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://host/%25%32%35", "http://host/%25"),
        ("http://host/%25%32%35%25%32%35", "http://host/%25%25"),
        ("http://host/%2525252525252525", "http://host/%25"),
        ("http://host/asdf%25%32%35asd", "http://host/asdf%25asd"),
        ("http://host/%%%25%32%35asd%%", "http://host/%25%25%25asd%25%25"),
        ("http://www.google.com/", "http://www.google.com/"),
        (
            "http://%31%36%38%2e%31%38%38%2e%39%39%2e%32%36/%2E%73%65%63%75%72%65/%77%77%77%2E%65%62%61%79%2E%63%6F%6D/",
            "http://168.188.99.26/.secure/www.ebay.com/",
        ),
        (
            "http://195.127.0.11/uploads/%20%20%20%20/.verify/.eBaysecure=updateuserdataxplimnbqmn-xplmvalidateinfoswqpcmlx=hgplmcx/",
            "http://195.127.0.11/uploads/%20%20%20%20/.verify/.eBaysecure=updateuserdataxplimnbqmn-xplmvalidateinfoswqpcmlx=hgplmcx/",
        ),
        (
            "http://host%23.com/%257Ea%2521b%2540c%2523d%2524e%25f%255E00%252611%252A22%252833%252944_55%252B",
            "http://host%23.com/~a!b@c%23d$e%25f^00&11*22(33)44_55+",
        ),
        ("http://3279880203/blah", "http://195.127.0.11/blah"),
        ("http://www.google.com/blah/..", "http://www.google.com/"),
        ("www.google.com/", "http://www.google.com/"),
        ("www.google.com", "http://www.google.com/"),
        ("http://www.evil.com/blah#frag", "http://www.evil.com/blah"),
        ("http://www.GOOgle.com/", "http://www.google.com/"),
        ("http://www.google.com.../", "http://www.google.com/"),
        ("http://www.google.com/foo\tbar\rbaz\n2", "http://www.google.com/foobarbaz2"),
        ("http://www.google.com/q?", "http://www.google.com/q?"),
        ("http://www.google.com/q?r?", "http://www.google.com/q?r?"),
        ("http://www.google.com/q?r?s", "http://www.google.com/q?r?s"),
        ("http://evil.com/foo#bar#baz", "http://evil.com/foo"),
        ("http://evil.com/foo;", "http://evil.com/foo;"),
        ("http://evil.com/foo?bar;", "http://evil.com/foo?bar;"),
        ("http://%01%80.com/", "http://%01%80.com/"),
        ("http://notrailingslash.com", "http://notrailingslash.com/"),
        ("http://www.gotaport.com:1234/", "http://www.gotaport.com/"),
        ("  http://www.google.com/  ", "http://www.google.com/"),
        ("http:// leadingspace.com/", "http://%20leadingspace.com/"),
        ("http://%20leadingspace.com/", "http://%20leadingspace.com/"),
        ("%20leadingspace.com/", "http://%20leadingspace.com/"),
        ("https://www.securesite.com/", "https://www.securesite.com/"),
        ("http://host.com/ab%23cd", "http://host.com/ab%23cd"),
        ("http://host.com//twoslashes?more//slashes", "http://host.com/twoslashes?more//slashes"),
        # Of the newer edition: addresses of six times sixteen bits and what of IPv4 is in them.
        ("http://[2001:0db8:0000::1]/", "http://[2001:db8::1]/"),
        ("http://[::ffff:1.2.3.4]:80/a", "http://1.2.3.4/a"),
        ("http://[64:ff9b::1.2.3.4]/", "http://1.2.3.4/"),
    ],
)
def test_a_published_example_has_its_canonical_form(written: str, meant: str) -> None:
    """The documentation's list, as far as Python's text can hold it."""
    assert meant == whole(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://user:word@www.example.com/", "http://www.example.com/"),
        (r"http:\\www.example.com\a", "http://www.example.com/a"),
        ("http://例え.example/", "http://xn--r8jz45g.example/"),
        ("http://w-support.jp/../../a/./b/", "http://w-support.jp/a/b/"),
    ],
)
def test_what_mail_writes_besides(written: str, meant: str) -> None:
    """User information, letters outside ASCII, backslashes, ways that lead above the root."""
    assert meant == whole(written)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "http://a.b.com/1/2.html?param=1",
            {f"{host}/{path}" for host in ("a.b.com", "b.com") for path in ("1/2.html?param=1", "1/2.html", "", "1/")},
        ),
        (
            "http://a.b.c.d.e.f.com/1.html",
            {
                f"{host}/{path}"
                for host in ("a.b.c.d.e.f.com", "c.d.e.f.com", "d.e.f.com", "e.f.com", "f.com")
                for path in ("1.html", "")
            },
        ),
        ("http://1.2.3.4/1/", {"1.2.3.4/1/", "1.2.3.4/"}),
        ("http://example.co.uk/1", {"example.co.uk/1", "example.co.uk/"}),
    ],
)
def test_published_expressions(url: str, expected: set[str]) -> None:
    """The documentation's four examples."""
    assert expected == set(expressions(url))
    assert len(expected) == len(expressions(url))


def test_there_are_never_more_than_thirty() -> None:
    """Five hosts, six paths; the exact address first."""
    found = expressions("https://a.b.c.d.e.f.g.example.com/1/2/3/4/5/6/7.html?q")

    assert 30 == len(found)
    assert "a.b.c.d.e.f.g.example.com/1/2/3/4/5/6/7.html?q" == found[0]


@given(st.text(max_size=300) | st.text("%25/.?#[]:@\\", max_size=300).map(lambda text: "http://" + text))
def test_no_text_raises(text: str) -> None:
    """Whatever a mail writes has a form, in ASCII, and reading that form again changes nothing of the host."""
    found = canonical(text)

    assert found.exact.isascii()
    assert len(expressions(text)) <= 30
