"""What is said of a link by where it leads, and how much it weighs."""

import pytest
from workbench import REPLAYS, report_of

from sekisho.facts import shown
from sekisho.tables import shared_hosts, shorteners

WEIGHTS = {
    "short-link/fires-anybodys": "info",
    "short-link/fires-under-a-known-name": "low",
    "free-hosting/fires-a-page": "low",
    "free-hosting/fires-a-form-under-a-known-name": "medium",
    "free-hosting/fires-a-known-name-in-the-subject": "medium",
    "open-redirect/fires-google": "medium",
    "form-in-mail/fires-password": "high",
    "form-in-mail/fires-card-in-a-table": "high",
    "form-in-mail/fires-the-same-address-as-a-link": "high",
    "form-in-mail/fires-details-to-somebody-else": "low",
    "text-and-target/fires-another-address": "medium",
    "text-and-target/fires-the-second-text-of-a-target": "high",
    "text-and-target/fires-a-known-name": "high",
    "text-and-target/fires-a-ministry": "high",
    "text-and-target/fires-in-the-senders-name": "high",
    "text-and-target/fires-full-width-letters": "high",
    "text-and-target/fires-a-known-name-through-a-newsletter-service": "low",
}


@pytest.mark.parametrize(("mail", "severity"), WEIGHTS.items())
def test_a_link_weighs_by_what_it_pretends(mail: str, severity: str) -> None:
    """A known name, or a government's, weighs more than any other; a newsletter's click counter less."""
    report = report_of(REPLAYS / f"{mail}.eml")

    assert [severity] == [one["severity"] for one in report["findings"] if one["id"] == mail.partition("/")[0]]


@pytest.mark.parametrize(
    ("words", "domain"),
    [
        ("https://www.shop.example/a?b", "shop.example"),
        ("WWW.Shop.Example", "shop.example"),
        ("shop.example", "shop.example"),
        ("shop.example/a", "shop.example"),
        ("<shop.example>", "shop.example"),
        ("ご確認はhttps://www.shop.example/まで", "shop.example"),
        ("ｓｈｏｐ．ｅｘａｍｐｌｅ", "shop.example"),
        ("shop。example", "shop.example"),
        ("https://a.example/ https://b.example/", ""),
        ("Ask shop.example", ""),
        ("taro@shop.example", ""),
        ("setup.py", ""),
        ("www.setup.py", "setup.py"),
        ("1.2.3", ""),
        ("192.0.2.1", ""),
        ("Read on...", ""),
        ("", ""),
    ],
)
def test_words_name_a_place(words: str, domain: str) -> None:
    """The domain in the words of a link is read as a person does; a file's name is none."""
    assert domain == shown.place(words)


def test_the_tables_are_as_large_as_the_field() -> None:
    """Shorteners, a company's own apart; services where anybody has a page; none of them in another's place."""
    assert len(shorteners._ANYBODYS) >= 120
    assert not shorteners._ANYBODYS & set(shorteners._COMPANIES)
    assert not shared_hosts._HOSTS & set(shared_hosts._PAGES)


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("kagu.web.app", "web.app"),
        ("a.b.pages.dev", "pages.dev"),
        ("kagu.s3.amazonaws.com", "s3.amazonaws.com"),
        ("kagu.s3-website-ap-northeast-1.amazonaws.com", "s3.amazonaws.com"),
        ("kagu.z31.web.core.windows.net", "web.core.windows.net"),
        ("sites.google.com", "sites.google.com"),
        ("kagu.cocolog-nifty.com", "cocolog-nifty.com"),
        ("www.fc2.com", ""),
        ("web.app", ""),
        ("www.google.com", ""),
        ("notweb.app", ""),
        ("web.app.attacker.example", ""),
    ],
)
def test_a_strangers_page_is_known_by_its_host(host: str, service: str) -> None:
    """Whole labels decide; the service's own site is nobody else's."""
    assert service == shared_hosts.anybodys(host, "/")
