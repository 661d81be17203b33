"""Articles of newsgroups and items of feeds: said to be no mail, and not warned of for what they can't have."""

from __future__ import annotations

import pytest
from workbench import report_of_source

from sekisho.locales.en import panel as en
from sekisho.locales.ja import panel as ja

FEED = b"""X-Mozilla-Status: 0000
X-Mozilla-Status2: 00000000
Received: by localhost; Mon, 01 Apr 2024 10:05:00 +0900
Date: Mon, 01 Apr 2024 10:00:00 +0900
Message-Id: <https://blog.host.example/2024/04/entry@localhost.localdomain>
From: Hanako Blog
MIME-Version: 1.0
Subject: A new entry
Content-Transfer-Encoding: 8bit
Content-Base: https://blog.host.example/2024/04/entry
Content-Type: text/html; charset=UTF-8

<html><head><title>A new entry</title><base href="https://blog.host.example/2024/04/entry"></head>
<body id="msgFeedSummaryBody" selected="false"><p>See <a href="https://blog.host.example/more">more</a></p></body></html>
"""
NEWS = b"""Path: news.reader.example!news.host.example!not-for-mail
From: Hanako <hanako@host.example>
Newsgroups: comp.example.misc
Subject: A question
Date: Mon, 1 Apr 2024 10:00:00 +0900
Organization: Host
Lines: 1
Message-ID: <news1@host.example>
NNTP-Posting-Host: 192.0.2.7
Injection-Info: news.host.example; posting-host="192.0.2.7"
Mime-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Xref: news.reader.example comp.example.misc:1

How is this done? https://www.host.example/page
"""
DELIVERED = b"Received: from mx.host.example (mx.host.example [192.0.2.25]) by mx.reader.example with ESMTP id 1; Mon, 1 Apr 2024 10:00:00 +0900\n"


def route(source: bytes, locale: str = "en") -> str:
    panel = report_of_source(source, locale=locale)["panel"]
    return str(next(block for block in panel if block["block"] == "route"))


@pytest.mark.parametrize("source", [FEED, NEWS], ids=["feed", "news"])
def test_no_warning(source: bytes) -> None:
    """No field is missed that only a mail has."""
    report = report_of_source(source)
    assert report["verdict"]["level"] == "clear"
    assert [one for one in report["findings"] if one["level"] in ("caution", "danger")] == []


@pytest.mark.parametrize(("locale", "words"), [("en", en.TEXT), ("ja", ja.TEXT)])
def test_said_to_be_no_mail(locale: str, words: dict[str, str]) -> None:
    assert words["route.feed"] in route(FEED, locale)
    assert words["route.news"] in route(NEWS, locale)
    assert words["route.none"] not in route(NEWS, locale)


@pytest.mark.parametrize(("locale", "words"), [("en", en.TEXT), ("ja", ja.TEXT)])
def test_a_feed_has_no_road(locale: str, words: dict[str, str]) -> None:
    """The line that Thunderbird wrote is explained, and not drawn as a server; where there is none, nothing is said of it."""
    said, without = route(FEED, locale), route(FEED.replace(b"Received: by localhost;", b"X-Stored:"), locale)

    assert words["route.feed-line"] in said
    assert words["route.feed-line"] not in without
    assert not any(drawn in said for drawn in ("timeline", "hop:0", words["why.no-outside-hop"]))


@pytest.mark.parametrize(("locale", "words"), [("en", en.TEXT), ("ja", ja.TEXT)])
@pytest.mark.parametrize(("source", "kind"), [(FEED, "feed"), (NEWS, "news")], ids=["feed", "news"])
def test_the_headline_says_what_it_is(source: bytes, kind: str, locale: str, words: dict[str, str]) -> None:
    verdict = str(report_of_source(source, locale=locale)["panel"][0])

    assert words[f"headline.{kind}"] in verdict
    assert words["headline.sent-unknown"] not in verdict


@pytest.mark.parametrize("source", [FEED, NEWS], ids=["feed", "news"])
def test_a_mail_can_not_pass_for_one(source: bytes) -> None:
    """Its sender may write all those fields: the server that took it in has written its own line above them."""
    said = route(DELIVERED + source)
    assert en.TEXT["route.feed"] not in said
    assert en.TEXT["route.news"] not in said
    assert "hop:0" in said
