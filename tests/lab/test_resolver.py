"""DNS through the reader's resolver, against real name servers: what they say, and what happens when they do not."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from sekisho.lookup import NoAnswerError
from sekisho.lookup.resolver import MAX_RECORDS, Resolver
from sekisho.questions import Question

from . import Lab
from .certificates import Authority
from .test_lookups import asked, record


def query(lab: Lab, name: str, kind: str, spec: str | None = None, ca: Any = None) -> Any:
    """What a name brings: its records, or the reason why there are none."""
    chosen = spec or "{}:{}".format(*lab.dns.plain)

    async def one() -> Any:
        try:
            return await Resolver(chosen, str(ca or lab.trusted.certificate)).query(name, kind)
        except NoAnswerError as failure:
            return failure.reason

    return asyncio.run(one())


def test_names_that_are_not_there_have_no_records(lab: Lab) -> None:
    """No such name, and no such type at a name: both are answers."""
    assert () == query(lab, "nowhere.test", "A").texts
    assert () == query(lab, "mail.w-support.jp", "TXT").texts


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("servfail.test", "server-failed"), ("refused.test", "refused"), ("lost.test", "timeout")],
)
def test_a_failure_is_no_answer(lab: Lab, name: str, outcome: str) -> None:
    """What failed is not known; it is never taken for "there is nothing"."""
    assert outcome == query(lab, name, "A")


@pytest.mark.parametrize("name", ["slow.test", "truncated.test"])
def test_what_comes_late_or_in_pieces_is_an_answer(lab: Lab, name: str) -> None:
    """After a repetition, or over TCP."""
    assert query(lab, name, "A").texts


def test_a_thousand_records_are_bounded(lab: Lab) -> None:
    """Some of them are enough."""
    for kind in ("A", "TXT", "MX"):
        assert MAX_RECORDS == len(query(lab, "many.test", kind).texts)


def test_a_hostile_text_stays_text(lab: Lab) -> None:
    """Markup, control characters, bytes that are no UTF-8: a string, and nothing raised."""
    for name in (
        "markup.hostile.test",
        "control.hostile.test",
        "bidi.hostile.test",
        "notutf8.hostile.test",
        "empty.hostile.test",
    ):
        found = query(lab, name, "TXT")
        assert found.texts
        assert all(isinstance(text, str) and len(text) <= 4096 for text in found.texts)


@pytest.mark.parametrize("way", ["tls", "https"])
def test_a_resolver_over_tls_or_https(lab: Lab, way: str, tmp_path: Path) -> None:
    """By the certificate's name; with another authority's certificate nothing is asked."""
    spec = lab.dns.https if way == "https" else "tls://{}:{}".format(*lab.dns.tls)

    assert ("202.226.37.191",) == query(lab, "w-support.jp", "A", spec).texts
    assert "w-support.jp" in {one.name for one in lab.dns.log}
    lab.forget()
    assert isinstance(query(lab, "w-support.jp", "A", spec, Authority(tmp_path, "another").certificate), str)
    assert [] == lab.dns.log


def test_a_validators_word_is_named(lab: Lab) -> None:
    """From loopback, where nobody can tamper with it; what does not validate is no answer."""
    spec = "{}:{}".format(*lab.dns.validating)

    assert query(lab, "signed.test", "A", spec).source.endswith("DNSSEC")
    assert not query(lab, "good.test", "MX", spec).source.endswith("DNSSEC")
    assert "server-failed" == query(lab, "bogus.test", "A", spec)


def test_a_reverse_name_leads_back_or_not(lab: Lab) -> None:
    """The way back is part of the answer."""
    (answer,) = asked(lab, Question("dns", "PTR", "120.136.14.43"))

    assert ({"name": "sv742.xserver.jp", "confirmed": True},) == answer.records


def test_the_routing_table_names_the_network(lab: Lab) -> None:
    """IPv4 whole, IPv6 by its first 48 bits alone."""
    found = record(asked(lab, Question("asn", "ip", "120.136.14.43"))[0])
    assert (131965, "120.136.8.0/21", "JP", "apnic") == tuple(
        found[key] for key in ("asn", "prefix", "country", "registry")
    )

    lab.forget()
    asked(lab, Question("asn", "ip", "2620:4f:8000::abcd"))
    (name,) = {one.name for one in lab.dns.log if "origin6" in one.name}
    assert 12 == len(name.removesuffix(".origin6.asn.cymru.com").split("."))


@pytest.mark.parametrize(
    ("subject", "outcome"),
    [("120.136.14.43", []), ("192.0.2.23", ["spam-source", "end-user-line"])],
)
def test_a_blocklist_lists_or_not(lab: Lab, subject: str, outcome: list[str]) -> None:
    """By its codes."""
    (answer,) = asked(lab, Question("blocklist", "zen.spamhaus.org", subject))

    assert sorted(outcome) == sorted(one["meaning"] for one in answer.records)


def test_a_blocklist_that_does_not_answer_this_resolver_lists_nobody(lab: Lab) -> None:
    """127.255.255.x, and an address from elsewhere."""
    zones = ("zen.spamhaus.org", "192.0.2.24"), ("dead.blocklist.test", "192.0.2.23")

    assert ["blocked", "malformed"] == asked(lab, *(Question("blocklist", zone, ip) for zone, ip in zones))
