"""A mail of very many links: those that imitate somebody are told apart, wherever they stand; the rest is counted."""

from __future__ import annotations

import pytest

from sekisho import session
from sekisho.facts import links
from sekisho.mail import text_links
from sekisho.panel.links import MAX_OWNERS
from sekisho.settings import Settings

HEAD = b"From: A <a@a.example>\r\nTo: b@b.example\r\nSubject: x\r\nContent-Type: "


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
@pytest.mark.parametrize(
    "bad",
    [
        "https://www.amazon.co.jp.login.example/",
        "https://a.example/amazon.co.jp/login",
        "https://www.paypal.com@a.example/",
        "https://paypa1.example/",
    ],
)
def test_an_imitation_behind_many_links_is_told_apart(kind: str, bad: str) -> None:
    many = [*(f"http://h{number}.example/" for number in range(1_500)), bad]
    text = "".join(f"<a href='{url}'>x</a>\r\n" if kind == "text/html" else f"{url}\r\n" for url in many)
    report = session.report(HEAD + f"{kind}\r\n\r\n{text}".encode(), Settings())
    assert report["links"][-1]["url"] == bad
    assert len(report["links"]) == links.MAX_LINKS + 1
    number = len(report["links"]) - 1
    assert any(f"link:{number}" in finding["where"] for finding in report["findings"])
    said = str(next(block for block in report["panel"] if block["block"] == "links"))
    assert str(len(many) - MAX_OWNERS) in said.replace(",", "")


def test_a_long_text_is_cut_where_no_link_is() -> None:
    urls = [f"http://h{number}.example/{'p' * (number % 97)}" for number in range(3_000)]
    for between in (" ", "\n", "\u3002", "> <"):
        assert urls == text_links.find(between.join(urls)), between
