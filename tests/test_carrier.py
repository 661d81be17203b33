"""Who sends for others: recognised by what is proven, never by what the sender writes."""

from __future__ import annotations

import pytest
from workbench import REPLAYS, replayed

from sekisho.facts import Facts
from sekisho.mail import domain
from sekisho.mail.message import Message
from sekisho.questions import Ask
from sekisho.settings import Settings
from sekisho.tables import senders

HEADER = """{results}Received: from {host} ({host} [198.51.100.31])
\tby mx.reader.example (Postfix) with ESMTPS id 4VwXyZ12345z9bC
\tfor <reader@reader.example>; Fri, 14 Jun 2024 10:00:44 +0000 (UTC)
From: {author}
To: reader@reader.example
{extra}Subject: Hello

Text
"""


def facts(author: str, host: str = "mail.sender.example", signed: str = "", extra: str = "") -> Facts:
    """The facts of a mail that `host` handed over and, as the reader's own server says, `signed` has signed."""
    results = f"Authentication-Results: mx.reader.example; dkim=pass header.d={signed}\n" if signed else ""
    source = HEADER.format(results=results, host=host, author=author, extra=extra).encode()
    return Facts(Message(source), Settings(own_addresses=("reader@reader.example",)), Ask({}))


@pytest.mark.parametrize(
    ("signed", "host", "name", "anybody"),
    [
        ("sendgrid.net", "mail.sender.example", "SendGrid", True),
        ("", "a1-2.smtp-out.amazonses.com", "Amazon SES", True),
        ("bazaarvoice-cgc.com", "mail.sender.example", "Bazaarvoice", False),
        ("relay.zendesk.com", "mail.sender.example", "Zendesk", True),
        ("", "mail.mag2.com", "まぐまぐ", True),
        ("mpse.jp", "a1.smtp-out.amazonses.com", "Mail Publisher", False),
    ],
)
def test_a_service_is_recognised_by_its_host_or_its_signature(signed: str, host: str, name: str, anybody: bool) -> None:
    """One under contract goes before one that anybody can use."""
    carrier = facts("A <a@sender.example>", host, signed).carrier

    assert carrier is not None
    assert (carrier.name, carrier.open) == (name, anybody)


@pytest.mark.parametrize(
    "extra",
    [
        "X-SG-EID: 1\n",
        "List-Unsubscribe: <https://u1.ct.sendgrid.net/unsubscribe>\n",
        "DKIM-Signature: v=1; d=sendgrid.net; s=s1; h=from; bh=A; b=A\n",
        "X-Mailer: Zendesk Mailer\n",
        "Message-ID: <1@geopod-ismtpd-1.sendgrid.net>\n",
        "Authentication-Results: mx.other.example; dkim=pass header.d=sendgrid.net\n",
    ],
)
def test_what_the_sender_writes_recognises_nobody(extra: str) -> None:
    """No header of the sender's makes a service of it."""
    assert facts("A <a@sender.example>", extra=extra).carrier is None


@pytest.mark.parametrize("host", ["sendgrid.net.sender.example", "notsendgrid.net", "amazonses.com.example"])
def test_a_host_that_only_looks_like_a_services_is_none(host: str) -> None:
    """Names are equal or not; a part of one is nothing."""
    assert senders.service(host, domain.registrable(host)) is None


@pytest.mark.parametrize(
    ("author", "signed", "behind"),
    [
        ('"shop@seller.example [via Relay]" <ab12@mozmail.com>', "mozmail.com", "shop@seller.example"),
        (
            "Shop <shop_at_seller_example_ab12@privaterelay.appleid.com>",
            "privaterelay.appleid.com",
            "shop@seller.example",
        ),
        ("Shop <shop_at_seller_co_jp_a1_b2@privaterelay.appleid.com>", "privaterelay.appleid.com", "shop@seller.co.jp"),
        ('"shop at seller.example" <ab12@simplelogin.co>', "simplelogin.co", "shop@seller.example"),
        ("\"Shop 'shop at seller.example'\" <r+shop=seller.example@anonaddy.me>", "anonaddy.me", "shop@seller.example"),
        ("shop_at_seller.example_me@duck.com", "duck.com", "shop@seller.example"),
        ("Shop <ab12@mozmail.com>", "mozmail.com", ""),
    ],
)
def test_an_alias_service_says_who_is_behind(author: str, signed: str, behind: str) -> None:
    """Each service keeps the real sender in a place of its own."""
    carrier = facts(author, signed=signed).carrier

    assert carrier is not None
    assert (carrier.kind, carrier.behind) == ("alias", behind)


def test_an_alias_service_that_is_not_proven_hides_nobody() -> None:
    """Its domain in From alone is the sender's word."""
    assert facts('"shop@seller.example [via Relay]" <ab12@mozmail.com>').carrier is None


@pytest.mark.parametrize(
    ("author", "host", "extra", "said"),
    [
        ("A via Talk <talk@lists.sourceforge.net>", "lists.sourceforge.net", "", "proven"),
        ("'A' via Talk <talk@googlegroups.com>", "mail-lj1-x237.google.com", "", "proven"),
        ("A via Talk <talk@club.example>", "mail.club.example", "List-Id: Talk <talk.club.example>\n", "proven"),
        ("A via Talk <talk@club.example>", "mail.club.example", "List-Post: <mailto:talk@club.example>\n", "proven"),
        ("A via Talk <talk@club.example>", "mail.club.example", "", ""),
        ("A via Talk <talk@club.example>", "mail.other.example", "List-Id: Talk <talk.club.example>\n", ""),
        ("A via Talk <talk@googlegroups.com>", "mail.other.example", "List-Id: <talk.googlegroups.com>\n", ""),
        ("A <a@sender.example>", "mail.sender.example", "List-Id: Talk <talk.club.example>\n", ""),
    ],
)
def test_a_list_in_from_wants_its_own_host(author: str, host: str, extra: str, said: str) -> None:
    """A list's header explains; only the list's machine or signature proves."""
    assert facts(author, host, extra=extra).from_list == said


def test_a_lists_host_under_another_name_is_a_claim() -> None:
    """Who handed it over says that it took the message for the list: its word, no proof."""
    extra = "List-Id: Talk <talk.club.example>\n"
    below = "Received: from home (home [192.0.2.7]) by mm2.hosted.example (Postfix) with ESMTP id 4VwXyZ12345z9bD for <talk@club.example>"
    source = HEADER.format(
        results="", host="mm2.hosted.example", author="A via Talk <talk@club.example>", extra=extra
    ).replace("From: A", f"{below}; Fri, 14 Jun 2024 10:00:40 +0000\nFrom: A")
    read = Facts(Message(source.encode()), Settings(own_addresses=("reader@reader.example",)), Ask({}))

    assert read.from_list == "claimed"


def test_a_brand_through_a_service_for_everybody_weighs_less() -> None:
    """Companies do send that way, and so does anybody."""
    fires = REPLAYS / "brand-elsewhere" / "fires-unknown-sendgrid-customer.eml"

    assert {finding.severity for finding in replayed(fires).report.findings if finding.id == "brand-elsewhere"} == {
        "medium"
    }
