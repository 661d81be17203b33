"""Safe Browsing against a server in the shape of Google's: what leaves this machine, what is believed, and for how long."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sekisho import session, settings
from sekisho.lookup import NoAnswerError
from sekisho.lookup.cache import Cache
from sekisho.lookup.resolver import Resolver
from sekisho.lookup.transport import Transport
from sekisho.lookup.workers import Workers, now
from sekisho.lookup.world import World, look_up
from sekisho.mail.url_expressions import expressions
from sekisho.questions import Answer, Question

from . import Lab
from .faults import DEEP, DIGITS, RDAP
from .replies import Reply

HOST = "safebrowsing.googleapis.com"
KEY = "the reader's key"
LINK = "https://login.kagu-support.example.org/ticket/5531/?id=7"
LISTED = "login.kagu-support.example.org/ticket/"
GIVEN = {"privacy": "registry", "safe_browsing_key": KEY}
MAIL = f"""Received: from mail.example.net (mail.example.net [203.0.113.25]) by mx1.office.example (Postfix)
 with ESMTPS id 4C1E02A0F7 for <info@office.example>; Mon, 6 Jun 2022 09:11:05 +0900
From: sato@kagu.example.net
Subject: Order

{LINK}
""".encode()


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def listed(full: bytes, threat: Any = "SOCIAL_ENGINEERING", **besides: Any) -> dict[str, Any]:
    return {
        "fullHash": base64.b64encode(full).decode(),
        "fullHashDetails": [{"threatType": threat, **besides}],
    }


def says(lab: Lab, *hashes: Any, lasts: Any = "300s", status: int = 200) -> None:
    body = json.dumps({"fullHashes": list(hashes), "cacheDuration": lasts}).encode()
    lab.rdap[HOST].always(Reply(body, status, (("Content-Type", "application/json"),)))


def world(lab: Lab, **given: Any) -> World:
    resolver = Resolver("{}:{}".format(*lab.dns.plain), str(lab.trusted.certificate))
    transport = Transport(resolver.addresses, lab.addresses, str(lab.trusted.certificate))
    return World(settings.read({**GIVEN, **given})[0], resolver, transport, now, {})


def asked(lab: Lab, *prefixes: str, **given: Any) -> list[Any]:
    """What each prefix brings: an Answer, or the reason why there is none."""

    async def everything() -> list[Any]:
        ways = world(lab, **given)

        async def one(prefix: str) -> Any:
            try:
                return await asyncio.wait_for(look_up(Question("safebrowsing", "prefix", prefix), ways), 5.0)
            except NoAnswerError as failure:
                return failure.reason
            except (TimeoutError, asyncio.TimeoutError):
                return "timeout"

        return await asyncio.gather(*map(one, prefixes))

    return asyncio.run(everything())


def sent(lab: Lab) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(request.asked).query) for request in lab.rdap[HOST].log]


@pytest.fixture
def workers(lab: Lab, tmp_path: Path) -> Iterator[Workers]:
    made = Workers(lambda: world(lab), lambda: Cache(tmp_path))
    yield made
    made.close()


def test_a_mail_is_looked_up_by_prefixes_alone(lab: Lab, workers: Workers) -> None:
    """Of the link nothing leaves but four bytes of each expression's hash; the answer makes the finding, and is not asked for again."""
    says(lab, listed(digest(LISTED)))
    chosen = settings.read(GIVEN)[0]

    reports = [list(session.reports(MAIL, chosen, workers))[-1] for _ in range(2)]

    for report in reports:
        assert ("listed-link", "high") in {(finding["id"], finding["severity"]) for finding in report["findings"]}
        assert {"list": "safebrowsing", "listed": True, "meaning": "phishing"} in report["links"][0]["reputation"]
        assert KEY not in json.dumps(report)
    (query,) = sent(lab)
    assert {"hashPrefixes", "key"} == set(query)
    assert [KEY] == query["key"]
    assert {digest(text)[:4] for text in expressions(LINK)} == {base64.b64decode(one) for one in query["hashPrefixes"]}


def test_a_link_that_is_not_listed_is_known_not_to_be(lab: Lab, workers: Workers) -> None:
    """An empty answer is an answer."""
    says(lab)

    report = list(session.reports(MAIL, settings.read(GIVEN)[0], workers))[-1]

    assert [{"list": "safebrowsing", "listed": False, "meaning": ""}] == report["links"][0]["reputation"]
    assert [] == [finding for finding in report["findings"] if finding["id"] == "listed-link"]


def test_nobody_is_asked_without_a_key_below_the_level_or_about_the_readers_own(lab: Lab, workers: Workers) -> None:
    """No key, no level, an own domain: no request."""
    for given in ({"safe_browsing_key": None}, {"privacy": "resolver"}, {"own_domains": ["example.org"]}):
        list(session.reports(MAIL, settings.read({**GIVEN, **given})[0], workers))

    assert [] == lab.rdap[HOST].log


def test_questions_that_come_together_are_few_requests(lab: Lab) -> None:
    """Seventy prefixes are three requests of at most thirty."""
    says(lab)
    prefixes = [digest(str(number)).hex()[:8] for number in range(70)]

    answers = asked(lab, *prefixes)

    assert 70 == sum(isinstance(answer, Answer) and answer.records == () for answer in answers)
    assert [10, 30, 30] == sorted(len(query["hashPrefixes"]) for query in sent(lab))


def test_an_answer_holds_for_as_long_as_google_says(lab: Lab, tmp_path: Path) -> None:
    """cacheDuration is the answer's own; one of zero is not kept."""
    full = digest("kept.example/")
    question = Question("safebrowsing", "prefix", full.hex()[:8])
    cache = Cache(tmp_path)
    try:
        for lasts, kept in (("3600s", True), ("0s", False), ("0.000s", False), ("x", True)):
            says(lab, listed(full), lasts=lasts)
            (answer,) = asked(lab, question.name)
            cache.forget()
            cache.put(question, answer)
            assert kept == (cache.get(question) is not None), lasts
    finally:
        cache.close()


def test_what_is_not_known_is_ignored(lab: Lab) -> None:
    """New threats and attributes come without notice, and must be ignored with the whole detail; two attributes are no reason to warn."""
    full = digest("bad.example/")
    for wrong in (
        listed(full, "SOMETHING_NEW"),
        listed(full, "THREAT_TYPE_UNSPECIFIED"),
        listed(full, "MALWARE", attributes=["CANARY"]),
        listed(full, "MALWARE", attributes=["SOMETHING_NEW"]),
        listed(full[:31]),
        listed(digest("other.example/")),
        listed(full, None),
        {"fullHash": 7, "fullHashDetails": [{}]},
        {"fullHash": base64.b64encode(full).decode(), "fullHashDetails": {"threatType": "MALWARE"}},
        {"fullHash": base64.b64encode(full).decode()},
        "text",
        None,
    ):
        says(lab, wrong)
        assert [()] == [answer.records for answer in asked(lab, full.hex()[:8])], wrong

    says(lab, listed(full, "SOMETHING_NEW"), listed(full, "MALWARE"))
    assert [({"hash": full.hex(), "threat": "MALWARE"},)] == [answer.records for answer in asked(lab, full.hex()[:8])]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "refused"), (403, "refused"), (404, "refused"), (429, "rate-limited"), (503, "server-failed")],
)
def test_a_refusal_is_no_answer(lab: Lab, status: int, reason: str) -> None:
    """A wrong key, too many questions, a fault at Google's."""
    says(lab, status=status)

    assert [reason, reason] == asked(lab, "00000000", "11111111")


@pytest.mark.parametrize("body", [b"", b"[]", b"no", b"\xff", DEEP, DIGITS, b'{"fullHashes":' * 9 + b"1" + b"}" * 9])
def test_what_is_no_answer_is_none(lab: Lab, body: bytes) -> None:
    """Not JSON, not an object, nested without end."""
    lab.rdap[HOST].always(Reply(body))

    assert asked(lab, "00000000") in (["malformed"], ["too-large"])


@pytest.mark.parametrize("fault", sorted(RDAP))
def test_no_fault_does_more_than_fail(lab: Lab, fault: str) -> None:
    """What a hostile server does to any client; a redirect is followed nowhere, because the key would go with it."""
    lab.rdap[HOST].always(RDAP[fault])

    (outcome,) = asked(lab, "00000000")

    assert isinstance(outcome, str)
    assert [] == lab.rdap["trap.test"].log
