"""Links followed to their end against real servers: where they lead, what pages say, and that no server can make more of a visit than that."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import time
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from test_native import frames, reports, the_answer
from test_native import message as frames_of
from test_native import request as asking
from workbench import failures, primitives, wrong

from sekisho import native, session
from sekisho.lookup import visits
from sekisho.lookup.world import look_up
from sekisho.mail.message import Message
from sekisho.questions import Question
from sekisho.settings import Settings

from . import Lab
from .faults import RDAP
from .replies import Reply
from .test_live import READER, names, working
from .test_lookups import world
from .web import OTHER, PLAIN, STRANGER

HOP, LOGIN = "hop.web.test", "login.web.test"
ATW = """<!doctype html><html><head><meta charset="euc-jp"><title>ATWインターネットサービスWebMail</title></head><body><h1>Active! mail</h1>
<form method=post action=save.php><input name=user><input type=password name=pass></form></body></html>""".encode(
    "euc-jp"
)
GENUINE = "<title>KAGOYA レンタルサーバー</title><body>カゴヤのサイトへようこそ".encode()
MAIL = """Received: from sv742.xserver.jp (sv742.xserver.jp [120.136.14.43])
\tby mx.reader.test (Postfix) with ESMTP id 4AbCdE12345\tfor <taro@reader.test>; Tue, 10 May 2022 06:12:44 +0900 (JST)
From: eKagoya ISP <taro@reader.test>
To: taro@reader.test
Subject: mailbox full
Date: Tue, 10 May 2022 06:12:40 +0900
Content-Type: text/plain; charset=utf-8

https://w-support.jp/activemail.kagoya.com/?e=dGFyb0ByZWFkZXIudGVzdA==&k=1#taro
https://www.reader.test/own
http://192.168.1.1/router
https://login.web.test:8443/
""".replace("\n", "\r\n").encode()
REQUEST = "https://w-support.jp/activemail.kagoya.com/?e=&k=1"


def to(location: str, status: int = 302) -> Reply:
    return Reply(b"", status, (("Location", location), ("Set-Cookie", "who=taro; Path=/")))


def page(body: bytes, *headers: tuple[str, str]) -> Reply:
    return Reply(body, headers=headers)


def visited(lab: Lab, link: str = f"https://{HOP}/", own: tuple[str, ...] = ()) -> dict[str, Any]:
    """The record of one visit."""

    async def visit() -> Any:
        ways = world(lab)._replace(settings=Settings(own_domains=own))
        return await look_up(Question("visit", "link", link), ways)

    (record,) = asyncio.run(visit()).records
    assert json.loads(json.dumps(record)) == record
    assert isinstance(record, dict)
    return record


def urls(record: dict[str, Any]) -> list[str]:
    return [step["url"] for step in record["chain"]]


def followed(lab: Lab, visit: list[str], level: str = "offline", source: bytes = MAIL, **over: Any) -> dict[str, Any]:
    """The last report of an analysis with these links followed."""
    with working(lab) as workers:
        *_, last = session.reports(source, Settings(privacy=level, **{**READER, **over}), workers, visit=visit)
    assert last["final"] and not failures(last) and not wrong(last)
    return last


# ---- the articles' cases ----


def test_the_second_articles_link_ends_at_the_genuine_site(lab: Lab) -> None:
    """A cloak: who does not look like a victim is sent on to the real Kagoya. That is said, and is no sign of innocence."""
    lab.web["w-support.jp"].reply("/activemail.kagoya.com/?e=&k=1", to("https://www.kagoya.jp/"))
    lab.web["www.kagoya.jp"].reply("/", page(GENUINE, ("Content-Type", "text/html; charset=UTF-8")))
    last = followed(lab, [REQUEST], locale="en")
    visit = last["links"][0]["visit"]
    said = [one.get("text", "") for block in last["panel"] for one in primitives(block["body"])]

    assert ("page", "kagoya.jp", "KAGOYA", True) == (
        visit["outcome"],
        visit["ends_at"],
        visit["owner"],
        visit["genuine"],
    )
    assert [(302, "202.226.37.191"), (200, "192.175.48.10")] == [(one["status"], one["ip"]) for one in visit["chain"]]
    assert ["hxxps://w-support[.]jp/activemail.kagoya.com/?e=&k=1", "hxxps://www[.]kagoya[.]jp/"] == [
        one["url"] for one in visit["chain"]
    ]
    assert [one for one in said if "this is a cloak, and no sign of innocence" in one]
    assert "cloaked-redirect" in {finding["id"] for finding in last["findings"]}


def test_the_login_of_another_company_is_told_from_the_one_claimed(lab: Lab) -> None:
    """The page calls itself ATW, shows Active! mail and wants a password, while the mail speaks for Kagoya."""
    lab.web["w-support.jp"].always(to(f"https://{LOGIN}/active/login.php"))
    lab.web[LOGIN].reply("/active/login.php", page(ATW))
    last = followed(lab, [REQUEST], locale="en")
    visit = last["links"][0]["visit"]
    said = [one.get("text", "") for block in last["panel"] for one in primitives(block["body"])]

    assert ("web.test", None, False, "KAGOYA") == (
        visit["ends_at"],
        visit["owner"],
        visit["genuine"],
        visit["claimed"],
    )
    assert ("ATWインターネットサービスWebMail", ["Active! mail", "ATWインターネットサービス"], ["password"]) == (
        visit["title"],
        visit["brands"],
        visit["asks"],
    )
    assert "It asks for a password. Whatever is typed there goes to web.test." in said
    assert "The page shows the name Active! mail, ATWインターネットサービス; the message speaks for KAGOYA." in said
    assert "page-asks-password" in {finding["id"] for finding in last["findings"]}


def test_the_host_follows_a_link_when_it_is_told_to_in_a_frame(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`visit` of `ask_more` as Thunderbird sends it: requests at the web server, reports until a final one has what came of it, an answer."""
    lab.web["w-support.jp"].always(to(f"https://{LOGIN}/active/login.php"))
    lab.web[LOGIN].reply("/active/login.php", page(ATW))
    inbox: SimpleQueue[Any] = SimpleQueue()
    output = os.open(tmp_path / "frames", os.O_CREAT | os.O_WRONLY, 0o600)
    host = native.Host(output, inbox.put)
    whose = {name: list(value) for name, value in READER.items()}
    with working(lab) as workers:
        monkeypatch.setattr(host, "_workers_for", lambda chosen: workers)
        for one in (
            *frames_of(1, MAIL, privacy="resolver", settings={"locale": "ja", **whose}),
            asking(2, "ask_more", of=1, visit=[REQUEST]),
        ):
            host.handle(one)
            while host.due() is not None:
                host.heard(inbox.get(timeout=60))
                host.tick()
    os.close(output)
    said = list(frames((tmp_path / "frames").read_bytes()))
    before, *_, last = (reports(said, 1)[-1], *reports(said, 2))
    said_so = [one.get("text", "") for block in last["panel"] for one in primitives(block["body"])]

    assert [None, "web.test"] == [
        report["links"][0]["visit"] and report["links"][0]["visit"]["ends_at"] for report in (before, last)
    ]
    assert ["/activemail.kagoya.com/?e=&k=1", "/active/login.php"] == [one.asked for one in lab.web.log]
    assert [one for one in said_so if "web.test に渡ります" in one]
    assert last["final"] and not wrong(last) and not failures(last)
    assert "result" in the_answer(said, 2)


# ---- who learns what ----


@pytest.mark.parametrize("level", ["offline", "resolver", "registry", "sender"])
def test_no_level_makes_a_visit(lab: Lab, level: str) -> None:
    """Without the reader's word for exactly that link no server of a page hears anything, and no name of one is more than looked up."""
    last = followed(lab, [], level)

    assert [] == lab.web.log
    assert None is last["links"][0]["visit"]


@pytest.mark.parametrize(
    "never",
    [
        "https://www.reader.test/own",
        "http://192.168.1.1/router",
        "https://login.web.test:8443/",
        "https://login.web.test/not-in-the-mail",
        "https://w-support.jp/activemail.kagoya.com/?e=dGFyb0ByZWFkZXIudGVzdA==&k=1#taro",
    ],
)
def test_what_the_panel_did_not_offer_is_not_visited(lab: Lab, never: str) -> None:
    """Own domains, addresses inside, other ports, other links, and the link as it came with the reader's address in it."""
    followed(lab, [never], "sender")

    assert [] == lab.web.log


def test_a_visit_asks_for_its_link_and_nothing_else(lab: Lab) -> None:
    """The name servers hear of the hosts on the way alone, offline as the rest of the analysis stays."""
    lab.web["w-support.jp"].always(to(f"https://{LOGIN}/"))
    last = followed(lab, [REQUEST])

    assert {"w-support.jp", LOGIN} == names(lab)
    assert 1 == last["lookups"]["asked"]
    assert [] == lab.rdap.log == lab.whois.log


def test_no_server_hears_of_another_or_of_the_reader(lab: Lab) -> None:
    """No cookie comes back, no referrer is told, nothing names Sekisho or the reader: by the servers' own logs."""
    lab.web["w-support.jp"].always(to(f"https://{HOP}/a", 301))
    lab.web[HOP].reply("/a", page(b"<title>a</title>", ("Refresh", "0; url=/b"), ("Set-Cookie", "who=2")))
    lab.web[HOP].reply("/b", to(f"http://taro:secret@{LOGIN}/c#taro", 307))
    last = followed(lab, [REQUEST])
    fields = {"host", "user-agent", "accept", "accept-language", "accept-encoding", "connection"}

    assert ["/activemail.kagoya.com/?e=&k=1", "/a", "/b", "/c"] == [request.asked for request in lab.web.log]
    for request in lab.web.log:
        assert fields == set(request.headers)
        told = str(tuple(request)[2:]).lower()
        for secret in (
            "taro",
            "dgfyb0",
            "reader.test",
            "sekisho",
            "secret",
            "w-support" if request.host != "w-support.jp" else "who=",
        ):
            assert secret not in told, secret
    assert [None, "redirect", "refresh", "redirect"] == [
        None if one["how"] == "link" else one["how"] for one in last["links"][0]["visit"]["chain"]
    ]


def test_a_visit_leaves_nothing_on_the_disk(lab: Lab, tmp_path: Any) -> None:
    """Neither what came of it nor that it failed is kept among the answers."""
    from sekisho.lookup.cache import Cache
    from sekisho.questions import Answer, Failed

    cache, question = Cache(tmp_path), Question("visit", "link", REQUEST)
    for state in (Answer(({},), "", ""), Failed("timeout", "", "")):
        cache.put(question, state)
        assert None is cache.get(question)
    cache.close()
    assert b"w-support" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


# ---- ways to lead on ----


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_redirect_is_followed_by_a_get(lab: Lab, status: int) -> None:
    """Whatever its status; a relative target is one of the same server."""
    lab.web[HOP].reply("/", to("../next?a=1", status))
    lab.web[HOP].reply("/next?a=1", page(b"<title>there</title>"))
    record = visited(lab)

    assert ("page", "there") == (record["outcome"], record["title"])


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ('<meta http-equiv="Refresh" content="0;URL=\'https://login.web.test/\'">', "meta"),
        ("<body><script>window.location.href = 'https://login.web.test/';</script>", "script"),
        ('<script>location="https:\\/\\/login.web.test\\x2f"</script>', "script"),
        ('<script>top.location.replace("https://login.web.test/")</script>', "script"),
        ("<body onload=\"document.location.assign('https://login.web.test/')\">", "script"),
    ],
)
def test_a_page_that_leads_on_by_itself_is_followed(lab: Lab, body: str, how: str) -> None:
    """By meta refresh, or by a script, which is read and never run."""
    lab.web[HOP].reply("/", page(body.encode()))
    record = visited(lab)

    assert ["https://hop.web.test/", "https://login.web.test/"] == urls(record)
    assert how == record["chain"][1]["how"]


@pytest.mark.parametrize(
    "body",
    [
        '<meta http-equiv=refresh content="300;url=https://login.web.test/">',
        "<script>location = 'https://login.web.test/?' + secret()</script>",
        "<script>mylocation = 'https://login.web.test/'</script>",
        f"<p>{'An article. ' * 60}<script>function go() {{ location.href = 'https://login.web.test/'; }}</script>",
        "<input type=password><script>if (done) location.href = 'https://login.web.test/';</script>",
    ],
)
def test_a_page_that_a_reader_would_see_is_the_end(lab: Lab, body: str) -> None:
    """A script that waits for a click, puts its target together or serves a form leads nowhere by itself."""
    lab.web[HOP].reply("/", page(body.encode()))

    assert [f"https://{HOP}/"] == urls(visited(lab))


def test_the_loss_of_encryption_is_followed_and_told(lab: Lab) -> None:
    """From HTTPS to HTTP."""
    lab.web["w-support.jp"].always(to(f"http://{LOGIN}/"))
    last = followed(lab, [REQUEST], locale="en")
    said = [one.get("text", "") for block in last["panel"] for one in primitives(block["body"])]

    assert [True, False] == [one["secure"] for one in last["links"][0]["visit"]["chain"]]
    assert "From here on without encryption, although the step before had it." in said
    assert [LOGIN] == [request.headers["host"] for request in lab.web[PLAIN].log]


# ---- what must not happen ----


@pytest.mark.parametrize(
    ("location", "outcome"),
    [
        ("http://127.0.0.1/", "inside"),
        ("http://localhost/", "no-server"),
        ("http://2130706433/", "inside"),
        ("http://0x7f.1/", "inside"),
        ("http://[::1]/", "inside"),
        ("http://[::ffff:127.0.0.1]/", "inside"),
        ("http://[::ffff:7f00:1]/", "inside"),
        ("http://[::7f00:1]/", "inside"),
        ("http://[64:ff9b::7f00:1]/", "inside"),
        ("http://[64:ff9b:1::7f00:1]/", "inside"),
        ("http://[2002:7f00:1::]/", "inside"),
        ("http://[2001:0:7f00:1::]/", "inside"),
        ("http://[2001:db8::1]/", "inside"),
        ("http://[fe80::1]/", "inside"),
        ("http://[fd00:ec2::254]/", "inside"),
        ("http://[ff02::1]/", "inside"),
        ("http://169.254.169.254/latest/meta-data/", "inside"),
        ("http://168.63.129.16/machine", "inside"),
        ("http://100.100.100.200/", "inside"),
        ("http://10.0.0.1/", "inside"),
        ("http://192.0.2.1/", "inside"),
        ("http://224.0.0.1/", "inside"),
        ("http://0.0.0.0/", "inside"),
        ("https://private.test/", "inside"),
        ("https://mapped.private.test/", "inside"),
        ("https://login.web.test:22/", "port"),
        ("https://login.web.test:0/", "port"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://login.web.test/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("https://nobody-is-here.web.test/", "no-server"),
        ("https://www.own.test/", "own"),
    ],
)
def test_nobody_is_sent_where_no_visit_may_go(lab: Lab, location: str, outcome: str) -> None:
    """The step is in the chain, and is not made."""
    lab.web[HOP].reply("/", to(location))
    record = visited(lab, own=("own.test",))

    assert outcome == record["outcome"]
    assert [302, None] == [one["status"] for one in record["chain"]]
    assert 1 == len(lab.web.log)
    assert [] == lab.rdap["trap.test"].log


def test_a_name_that_moves_inside_between_two_requests_is_not_followed(lab: Lab) -> None:
    """Rebinding: the address that is checked is the one that is connected to, at each request anew."""
    name = f"r{time.time_ns()}.rebind.test"
    lab.web[PLAIN].reply("/", to("/again"))
    record = visited(lab, f"http://{name}/")

    assert ("inside", [302, None]) == (record["outcome"], [one["status"] for one in record["chain"]])
    assert ["/"] == [request.asked for request in lab.web.log]


def test_ten_requests_are_made_and_no_eleventh(lab: Lab) -> None:
    """A chain of eleven ends after ten, one of ten arrives."""
    for number in range(1, 12):
        lab.web[HOP].reply(f"/{number}", to(f"/{number + 1}"))
    record = visited(lab, f"https://{HOP}/1")
    assert ("hops", 10, 10) == (record["outcome"], len(record["chain"]), len(lab.web.log))

    lab.forget()
    for number in range(1, 10):
        lab.web[HOP].reply(f"/{number}", to(f"/{number + 1}"))
    lab.web[HOP].reply("/10", page(b"<title>end</title>"))
    assert "end" == visited(lab, f"https://{HOP}/1")["title"]


def test_a_ring_is_left_at_once(lab: Lab) -> None:
    """What has been asked once is not asked again, whichever way it leads back."""
    lab.web[HOP].reply("/", to(f"https://{LOGIN}/"))
    lab.web[LOGIN].reply("/", page(f"<meta http-equiv=refresh content='0;https://{HOP}/#again'>".encode()))

    assert ("loop", 2) == (visited(lab)["outcome"], len(lab.web.log))


@pytest.mark.parametrize(("host", "why"), [(STRANGER, "unknown"), (OTHER, "name")])
def test_a_wrong_certificate_is_a_fact(lab: Lab, host: str, why: str) -> None:
    """It is named, and nothing is asked of whoever shows it."""
    lab.web["w-support.jp"].always(to(f"https://{host}/"))
    last = followed(lab, [REQUEST], locale="en")
    visit = last["links"][0]["visit"]

    assert ("certificate", [None, why]) == (visit["outcome"], [one["certificate"] for one in visit["chain"]])
    assert [] == lab.web[host].log


@pytest.mark.parametrize(
    ("reply", "outcome", "title"),
    [
        (Reply(b"<title>big</title>" + b"<p>x" * (1 << 20)), "page", "big"),
        (Reply(b"<title>" + b"t" * (1 << 20)), "page", "t" * 200),
        (Reply(b"<title>endless</title>" + b"y" * 10_000, pace="endless"), "page", "endless"),
        (Reply(RDAP["bomb"].body, headers=(("Content-Encoding", "gzip"),)), "page", ""),
        (page(gzip.compress(b"<title>packed</title>"), ("Content-Encoding", "gzip")), "page", "packed"),
        (page(b"\x8b\x02\x80", ("Content-Encoding", "br")), "page", ""),
        (page(bytes(range(256)) * 100, ("Content-Type", "application/octet-stream")), "file", ""),
        (page(bytes(range(256)) * 100), "page", ""),
        (page(b"<b>" * 100_000 + b"<title>deep</title>"), "page", "deep"),
        (Reply(b"<title>cut</title>" * 10, pace="cut"), "malformed", ""),
        (Reply(pace="closed"), "malformed", ""),
        (RDAP["headers"], "malformed", ""),
        (RDAP["nothttp"], "malformed", ""),
        (Reply(b"", 500), "page", ""),
        (Reply(b"", 302), "page", ""),
        (to(" "), "page", ""),
        (to("http://[::1"), "malformed", ""),
        (to("https://" + "a" * 100_000), "malformed", ""),
    ],
)
def test_a_hostile_page_does_no_more_than_end_the_visit(lab: Lab, reply: Reply, outcome: str, title: str) -> None:
    """Bounded, and whatever could be read of it is there."""
    lab.web[HOP].reply("/", reply)
    record = visited(lab)

    assert (outcome, title) == (record["outcome"], record["title"])


@pytest.mark.parametrize("pace", ["drip", "never"])
def test_a_slow_page_ends_by_the_clock(lab: Lab, monkeypatch: pytest.MonkeyPatch, pace: Any) -> None:
    """What has come of it by then is read; of one that never begins there is nothing."""
    monkeypatch.setattr(visits, "STEP", 3.0)
    lab.web[HOP].reply("/", Reply(b"<title>slow</title>" + b" " * 1000, pace=pace))
    record = visited(lab)

    assert (
        ("page", "slow") == (record["outcome"], record["title"]) if pace == "drip" else "timeout" == record["outcome"]
    )


def test_the_chain_so_far_is_told_when_the_next_server_is_silent(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not all is lost with the last step."""
    monkeypatch.setattr(visits, "STEP", 1.0)
    lab.web[HOP].reply("/", to(f"https://{LOGIN}/"))
    lab.web[LOGIN].reply("/", Reply(pace="never"))
    record = visited(lab)

    assert ("timeout", [302, None]) == (record["outcome"], [one["status"] for one in record["chain"]])


def test_a_visit_that_was_made_is_made_again_only_on_a_new_word(lab: Lab) -> None:
    """What is known of it stays with the message; asked for anew, it is requested anew."""
    lab.web["w-support.jp"].always(page(b"<title>one</title>"))
    settings = Settings(**READER)
    with working(lab) as workers:

        def again(known: Any, visit: list[str]) -> session.Live:
            live = session.Live(
                Message(MAIL),
                settings,
                workers,
                lambda *heard: live.heard(*heard),
                time.monotonic(),
                known,
                visit=visit,
            )
            while live.due() is not None:
                live.look(time.monotonic())
                time.sleep(0.01)
            return live

        first = again({}, [REQUEST])
        assert 1 == len(lab.web.log)
        second = again(first.states, [])
        assert 1 == len(lab.web.log)
        third = again(second.states, [REQUEST])
    assert 2 == len(lab.web.log)
    assert {"visit"} == {question.kind for question in third.states}
