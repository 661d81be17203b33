"""A whole live analysis against the lab: what is asked of whom at which level, by the servers' own logs, and when it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from workbench import HOST, SAMPLES, failures, primitives, wrong

from sekisho import session
from sekisho.lookup.workers import Workers
from sekisho.settings import Settings

from . import Lab
from .faults import WHOIS
from .test_lookups import world

KAGOYA = (SAMPLES[0].parent / "kagoya.eml").read_bytes()
UNIQUE = "for-you-7f3a"
MAIL = f"""Received: from sv742.xserver.jp (sv742.xserver.jp [120.136.14.43])
\tby mx.reader.test (Postfix) with ESMTP id 4AbCdE12345\tfor <taro@reader.test>; Tue, 10 May 2022 06:12:44 +0900 (JST)
Received: from inside (unknown [192.168.1.20]) by sv742.xserver.jp (Postfix) with ESMTP; Tue, 10 May 2022 06:12:40 +0900 (JST)
DKIM-Signature: v=1; a=rsa-sha256; d=good.test; s={UNIQUE}; h=from; bh=x; b=y
From: Good <info@good.test>
To: taro@reader.test
Subject: hello
Date: Tue, 10 May 2022 06:12:40 +0900
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

https://w-support.jp/activemail.kagoya.com/?e=dGFyb0ByZWFkZXIudGVzdA==
https://{UNIQUE}.bank.test/login
https://www.reader.test/own
http://192.168.1.1/router
""".replace("\n", "\r\n").encode()
READER: dict[str, Any] = {"own_addresses": ("taro@reader.test",), "own_domains": ("reader.test",)}


@contextmanager
def working(lab: Lab, resolver: str | None = None) -> Iterator[Workers]:
    workers = Workers(lambda: world(lab, resolver))
    try:
        yield workers
    finally:
        workers.close(10)


def reports(lab: Lab, privacy: str, source: bytes = MAIL, **over: Any) -> list[dict[str, Any]]:
    resolver = over.pop("resolver", None)
    with working(lab, resolver) as workers:
        return list(session.reports(source, Settings(privacy=privacy, **{**READER, **over}), workers))


def names(lab: Lab) -> set[str]:
    return {asked.name.lower().rstrip(".") for asked in lab.dns.log}


def subjects(lab: Lab) -> str:
    """Everything that any server was told, as one text."""
    return "\n".join([*names(lab), *(str(tuple(one)) for one in (*lab.rdap.log, *lab.whois.log))])


def test_opening_a_mail_tells_no_server_anything(lab: Lab) -> None:
    """Offline there is not one question."""
    (report,) = reports(lab, "offline")

    assert report["final"]
    assert ([], [], []) == (lab.dns.log, lab.rdap.log, lab.whois.log)


@pytest.mark.parametrize("level", ["resolver", "registry"])
def test_analyse_sender_tells_nothing_that_is_the_readers_own(lab: Lab, level: str) -> None:
    """No full link host, no selector that is not a common one, no own domain, no private address, no path or query of a link."""
    *_, report = reports(lab, level)
    told = subjects(lab)

    assert report["final"] and not failures(report) and not wrong(report)
    assert "w-support.jp" in names(lab)  # it did ask
    for secret in (UNIQUE, "reader.test", "192.168", "activemail", "dGFyb0", "taro", "www."):
        assert secret not in told, secret
    assert (level == "registry") == bool(lab.whois.log)
    assert 0 == report["lookups"]["withheld"]["resolver"]
    assert (level == "resolver") == bool(report["lookups"]["withheld"]["registry"])


def test_what_may_be_unique_leaves_at_the_level_sender_alone(lab: Lab) -> None:
    """What only the sender could know of is counted as withheld below that level."""
    *_, report = reports(lab, "registry")
    (block,) = [block for block in report["panel"] if block["block"] == "network"]
    assert f"{UNIQUE}.bank.test" not in names(lab)
    assert report["lookups"]["withheld"]["sender"] >= 1
    assert f"{UNIQUE}.bank.test" in str(block)  # the list stands there before anything of it is asked

    lab.forget()
    reports(lab, "sender")
    assert f"{UNIQUE}.bank.test" in names(lab)
    assert "reader.test" not in subjects(lab)
    assert "192.168" not in subjects(lab)


def test_every_answer_improves_the_panel_and_the_last_report_is_final(lab: Lab) -> None:
    """The domain of the second article: its dates, its owner, and whose machine it runs on."""
    *before, last = reports(lab, "registry", KAGOYA)
    asked = [report["lookups"]["asked"] - report["lookups"]["waiting"] for report in (*before, last)]

    assert [False] * len(before) == [report["final"] for report in before]
    assert last["final"] and asked == sorted(asked) and asked[-1] > 0
    (link,) = [link for link in last["links"] if link["registrable_domain"] == "w-support.jp"]
    assert ("2021-05-10", "エックスサーバー株式会社") == (
        link["registration"]["created"],
        link["registration"]["registrant"],
    )
    assert "abuse@xserver.example" == link["network"]["abuse"]
    outcomes = {
        entry["outcome"] for entry in last["lookups"]["log"] if not entry["question"]["name"].endswith(".example")
    }
    assert {"answered", "nothing"} >= outcomes


def test_no_question_is_asked_twice(lab: Lab) -> None:
    """Of any server, in one analysis."""
    reports(lab, "registry", KAGOYA)
    asked = [(one.name, one.type) for one in lab.dns.log]
    requests = [tuple(one)[:3] for one in (*lab.rdap.log, *lab.whois.log)]

    assert sorted(set(asked)) == sorted(asked)
    assert len({str(request) for request in requests}) == len(requests)


def test_a_dead_server_delays_nothing_else(lab: Lab) -> None:
    """What the others say is in the final report, which comes by the deadline."""
    lab.whois["whois.jprs.jp"].always(WHOIS["dead"])
    started = time.monotonic()
    *_, last = reports(lab, "registry", KAGOYA, deadline=2.0)
    took = time.monotonic() - started
    outcomes = {
        (entry["question"]["kind"], entry["question"]["name"]): entry["outcome"] for entry in last["lookups"]["log"]
    }

    assert last["final"] and took < 20  # the bench measures; this only tells a wait without an end
    assert "timeout" == outcomes["registration", "w-support.jp"]
    assert {"registration"} == {
        kind for (kind, _), outcome in outcomes.items() if outcome not in ("answered", "nothing")
    }
    assert "abuse@xserver.example" in str(last["hops"])


def test_without_a_network_there_is_one_clear_word(lab: Lab, tmp_path: Path) -> None:
    """In a network of its own, with nothing in it: every question fails at once, and the panel says so in one sentence."""
    mail = tmp_path / "mail.eml"
    mail.write_bytes(KAGOYA)
    command = [
        "unshare",
        "--net",
        sys.executable,
        "-m",
        "sekisho",
        "analyse",
        "--json",
        "--privacy",
        "registry",
        "--locale",
        "en",
        mail,
    ]
    environment = {**os.environ, "PYTHONPATH": str(HOST), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    last = json.loads(subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60).stdout)
    (block,) = [block for block in last["panel"] if block["block"] == "network"]
    said = [primitive["text"] for primitive in block["body"] if primitive["kind"] == "sentence"]

    assert last["final"]
    assert {"unreachable"} == {entry["outcome"] for entry in last["lookups"]["log"]}
    assert 1 == len([text for text in said if "no network" in text])


def test_a_cancelled_analysis_ends_with_what_is_known(lab: Lab) -> None:
    """Nobody is asked any more, and what was open counts as not known."""
    lab.whois["whois.jprs.jp"].always(WHOIS["dead"])
    with working(lab) as workers:
        made = session.Live(
            session.Message(KAGOYA), Settings(privacy="registry"), workers, lambda *_: None, time.monotonic()
        )
        first = made.look(time.monotonic())
        made.cancel()
        last = made.look(time.monotonic())

    assert first is not None and last is not None
    assert not first["final"] and first["lookups"]["waiting"] > 0
    assert last["final"] and 0 == last["lookups"]["waiting"]
    assert made.due() is None


def test_the_second_article_ends_with_whose_the_link_is(lab: Lab) -> None:
    """Its link's server stands at the sender's own company: in the headline, and with the registration in the network block."""
    *_, last = reports(lab, "registry", KAGOYA, locale="en")
    (block,) = [block for block in last["panel"] if block["block"] == "network"]
    said = [primitive["text"] for primitive in primitives(block["body"]) if primitive["kind"] == "sentence"]

    assert last["verdict"]["headline"].endswith("its link belongs to w-support.jp, also at Xserver.")
    assert (
        "That is the company, Xserver Inc., at which the server that handed the message over (120.136.14.43) stands too."
        in said
    )
    assert "Registered on 2021-05-10, 365 days before this message came." in said
    assert [] == [finding["id"] for finding in last["findings"] if finding["id"] in ("young-domain", "parked-domain")]


def test_no_server_has_more_than_eight_connections_at_a_time(lab: Lab) -> None:
    """Twenty addresses and domains of one registry, each answer slow enough for all to wait together."""
    hops = "".join(
        f"Received: from m{n}.test (m{n}.test [84.129.205.{n}])\r\n\tby mx{n}.test (Postfix) with ESMTP id 4AbCdE{n:05};"
        f" Tue, 10 May 2022 06:12:{59 - n} +0900\r\n"
        for n in range(1, 21)
    )
    links = "\r\n".join(f"https://d{n}.test/" for n in range(1, 21))
    lab.rdap.latency(0.1)
    lab.whois.latency(0.1)
    *_, last = reports(lab, "registry", f"{hops}From: a@d1.test\r\n\r\n{links}\r\n".encode())
    most = {name: host.most_connections for name, host in (*lab.rdap.items(), *lab.whois.items())}

    assert last["final"]
    assert 8 == most["rdap.db.ripe.net"] == most["whois.registry.test"] == max(most.values())
