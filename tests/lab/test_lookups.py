"""The look-ups against the lab's servers: what honest ones say is understood, and no hostile one does more than fail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from sekisho.lookup import NoAnswerError
from sekisho.lookup.resolver import Resolver
from sekisho.lookup.transport import Transport
from sekisho.lookup.workers import now
from sekisho.lookup.world import KINDS, World, look_up
from sekisho.mail.ip import is_global
from sekisho.questions import Answer, Question
from sekisho.settings import Settings

from . import Lab
from .faults import RDAP, WHOIS


def world(lab: Lab, resolver: str | None = None) -> World:
    spec = resolver or "{}:{}".format(*lab.dns.plain)
    found = Resolver(spec, str(lab.trusted.certificate))
    transport = Transport(found.addresses, lab.addresses, str(lab.trusted.certificate))
    return World(Settings(blocklists=("zen.spamhaus.org",)), found, transport, now, {})


def asked(lab: Lab, *questions: Question, resolver: str | None = None, patience: float = 8.0) -> list[Any]:
    """What each question brings: an Answer, or the reason why there is none."""

    async def all_of_them() -> list[Any]:
        ways = world(lab, resolver)

        async def one(question: Question) -> Any:
            try:
                return await asyncio.wait_for(look_up(question, ways), min(patience, KINDS[question.kind][1]))
            except NoAnswerError as failure:
                return failure.reason
            except (TimeoutError, asyncio.TimeoutError):
                return "timeout"

        return await asyncio.gather(*map(one, questions))

    return asyncio.run(all_of_them())


def record(answer: Any) -> dict[str, Any]:
    assert isinstance(answer, Answer), answer
    (one,) = answer.records
    assert isinstance(one, dict)
    return one


def rdap(ip: str) -> Question:
    return Question("rdap", "ip", ip)


def registration(name: str) -> Question:
    return Question("registration", "domain", name)


# ---- what honest servers say ----


def test_the_articles_addresses_have_an_owner_and_somebody_to_write_to(lab: Lab) -> None:
    """By each registry's own RDAP, through its referrals."""
    answers = asked(lab, *map(rdap, ("120.136.14.43", "202.226.37.191", "27.147.195.220", "84.129.205.43")))
    one, two, three, four = map(record, answers)

    assert ["jpnic", "jpnic", "apnic", "ripencc"] == [found["registry"] for found in (one, two, three, four)]
    assert ["JP", "JP", "BD", "DE"] == [found["country"] for found in (one, two, three, four)]
    assert ["120.136.8.0/21", "202.226.36.0/22"] == [found["prefix"] for found in (one, two)]
    assert "abuse@xserver.example" == one["abuse"] == two["abuse"]  # JPNIC says it in its WHOIS alone
    assert "Deutsche Telekom AG" == four["name"]
    assert "abuse@dtag.example" == four["abuse"]  # not the other address of the same contact
    assert "jpnic.rdap.apnic.net" == answers[0].source


@pytest.mark.parametrize(
    ("ip", "abuse"),
    [
        ("192.31.196.1", "abuse@"),  # ARIN
        ("192.52.193.1", "abuse@"),  # AFRINIC: in a remark alone
        ("192.52.193.129", "redes@"),  # LACNIC
        ("192.175.48.65", "irt@"),  # KRNIC
        ("192.175.48.129", None),  # TWNIC publishes none
        ("2620:4f:8000::1", "abuse@"),
    ],
)
def test_every_registry_names_a_holder_and_whom_to_write_to(lab: Lab, ip: str, abuse: str | None) -> None:
    """ARIN, AFRINIC, LACNIC, KRNIC, TWNIC and IPv6: each has its own shape."""
    assert is_global(ip)
    found = record(asked(lab, rdap(ip))[0])

    assert found["name"] and found["prefix"]
    assert found["abuse"] is None if abuse is None else found["abuse"].startswith(abuse)


def test_the_domain_of_the_second_article(lab: Lab) -> None:
    """w-support.jp by JPRS: contact, dates, owner, name servers."""
    found = record(asked(lab, registration("w-support.jp"))[0])

    assert ("2021-05-10", "2022-05-31") == (found["created"], found["expires"])
    assert "エックスサーバー株式会社" == found["registrar"] == found["registrant"]
    assert ["ns1.xserver.jp", "ns5.xserver.jp"] == [found["nameservers"][0], found["nameservers"][4]]
    assert {"whois.jprs.jp"} == {one.host for one in lab.whois.log}


def test_an_address_passes_through_ipwhois(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its classes read every answer about an address: without them there is none."""
    import ipwhois.rdap
    import ipwhois.whois

    assert isinstance(asked(lab, rdap("84.129.205.43"))[0], Answer)
    monkeypatch.setattr(ipwhois.rdap.RDAP, "lookup", None)
    lab.whois["whois.ripe.net"].always(WHOIS["closed"])
    assert "malformed" == asked(lab, rdap("84.129.205.43"))[0]


def test_whois_answers_where_rdap_does_not(lab: Lab) -> None:
    """The registry's port 43 is asked when its RDAP server fails."""
    lab.rdap["rdap.db.ripe.net"].always(RDAP["unavailable"])
    answer = asked(lab, rdap("84.129.205.43"))[0]

    assert "whois.ripe.net" == answer.source
    assert "DE" == record(answer)["country"]


# ---- what hostile servers do ----


@pytest.mark.parametrize("fault", sorted(RDAP))
def test_no_rdap_answer_does_more_than_fail(lab: Lab, fault: str) -> None:
    """An answer or a reason, in time; every text is one line without control characters; nobody is led home."""
    lab.rdap["rdap.db.ripe.net"].always(RDAP[fault])
    lab.whois["whois.ripe.net"].always(WHOIS["closed"])
    lab.rdap["rdap.verisign.com"].always(RDAP[fault])
    outcomes = asked(lab, rdap("84.129.205.43"), registration("example.com"), patience=1.0)

    for outcome in outcomes:
        assert isinstance(outcome, (Answer, str))
        if isinstance(outcome, Answer):
            assert [] == [text for text in texts(outcome.records) if len(text) > 300 or not text.isprintable()]
    assert [] == lab.rdap["trap.test"].log


@pytest.mark.parametrize("fault", sorted(WHOIS))
def test_no_whois_answer_does_more_than_fail(lab: Lab, fault: str) -> None:
    """The same of WHOIS."""
    lab.whois["whois.jprs.jp"].always(WHOIS[fault])
    (outcome,) = asked(lab, registration("w-support.jp"), patience=1.0)

    assert isinstance(outcome, (Answer, str))
    if isinstance(outcome, Answer):
        assert [] == [text for text in texts(outcome.records) if len(text) > 300 or not text.isprintable()]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)
