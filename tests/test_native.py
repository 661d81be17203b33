"""The native messaging host as Thunderbird meets it: a process, fed with frames, that writes nothing but frames."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbench import HOST, SAMPLES, failures, primitives, wrong

from sekisho import native
from sekisho import settings as settings_module

START = f"import sys; sys.path.insert(0, {str(HOST)!r})\n"
MAIN = "from sekisho.native import main\nsys.exit(main())\n"
LENGTH = struct.Struct("=I")
LIMIT = 1 << 20
MAIL = (SAMPLES[0].parent / "kagoya.eml").read_bytes()
HONEST = (SAMPLES[0].parent / "honest.eml").read_bytes()
PATIENCE = 60  # seconds until a host that hangs is given up; nothing is measured


def frame(value: Any) -> bytes:
    """One object as a frame; bytes stand as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return LENGTH.pack(len(body)) + body


def request(identity: Any, method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identity, "method": method, "params": params}


def notification(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": params}


def hello(identity: Any = 1, **over: Any) -> dict[str, Any]:
    return request(identity, "hello", **{"protocol": 1, "extension": "0.1.0", "locale": "en", **over})


def message(identity: Any, source: bytes, chunk: int = 393_216, **over: Any) -> list[dict[str, Any]]:
    """The frames of one message: the request and its chunks."""
    pieces = [source[at : at + chunk] for at in range(0, len(source), chunk)] or [b""]
    params = {"size": len(source), "expected_size": len(source), "privacy": "offline", "settings": {"locale": "en"}}
    return [
        request(identity, "analyse", **{**params, **over}),
        *(
            notification(
                "chunk",
                id=identity,
                index=index,
                data=base64.b64encode(piece).decode(),
                last=index == len(pieces) - 1,
            )
            for index, piece in enumerate(pieces)
        ),
    ]


def frames(output: bytes) -> Iterator[Any]:
    """The objects of what the host wrote, which is nothing but whole frames below 1 MiB."""
    at = 0
    while at < len(output):
        (size,) = LENGTH.unpack_from(output, at)
        assert size < LIMIT
        body = output[at + LENGTH.size : at + LENGTH.size + size]
        assert size == len(body)
        yield json.loads(body.decode("utf-8"))
        at += LENGTH.size + size


def told(objects: Iterable[Any], before: str = "") -> list[Any]:
    """What a host says to these objects (or raw frames) until its input ends; it leaves with status 0."""
    given_in = b"".join(one if isinstance(one, bytes) else frame(one) for one in objects)
    command = [sys.executable, "-I", "-c", START + before + MAIN]
    done = subprocess.run(command, input=given_in, capture_output=True, timeout=PATIENCE)

    assert (0, "") == (done.returncode, "" if before else done.stderr.decode())
    return list(frames(done.stdout))


def answers(said: list[Any], identity: Any) -> list[Any]:
    """The frames that answer one request."""
    return [one for one in said if "method" not in one and one["id"] == identity]


def the_answer(said: list[Any], identity: Any) -> Any:
    (one,) = answers(said, identity)
    return one


def error(said: list[Any], identity: Any) -> dict[str, Any]:
    """The error that answers one request."""
    found: dict[str, Any] = the_answer(said, identity)["error"]
    return found


def reports(said: list[Any], identity: Any) -> list[Any]:
    return [
        one["params"]["report"] for one in said if one.get("method") == "report" and one["params"]["id"] == identity
    ]


# ------------------------------------------------------------------ hello, settings, export, shutdown


def test_hello_names_both_versions_and_the_tables() -> None:
    """The first answer says who speaks, of which day the tables are, and that nothing is wrong."""
    result = the_answer(told([hello()]), 1)["result"]

    assert {"protocol", "host", "extension", "python", "tables", "problems", "old"} == set(result)
    assert (1, "0.1.0", []) == (result["protocol"], result["extension"], result["problems"])
    assert all(result["tables"][name] for name in ("atlas", "suffixes"))


@pytest.mark.parametrize("protocol", [0, 2, 99])
def test_versions_that_do_not_fit_come_with_a_way_out(protocol: int) -> None:
    """An unknown protocol is an error that carries both versions, advice in the reader's language and a command."""
    said = told([hello(1, protocol=protocol), hello(2, protocol=protocol, locale="ja")])
    english, japanese = (error(said, identity) for identity in (1, 2))

    assert -32001 == english["code"] == japanese["code"]
    assert {"protocol", "host", "extension_protocol", "extension", "advice", "command"} == set(english["data"])
    assert (1, protocol) == (english["data"]["protocol"], english["data"]["extension_protocol"])
    assert "python3 install.py" == english["data"]["command"]
    assert english["data"]["advice"] != japanese["data"]["advice"]


def test_settings_come_back_as_they_are_understood() -> None:
    """Known settings are returned whole, unknown names are listed."""
    said = told(
        [request(1, "settings", settings={"locale": "ja-JP", "own_addresses": ["A@Office.Example"], "colour": 1})]
    )
    result = the_answer(said, 1)["result"]

    assert ("ja", ["a@office.example"]) == (result["settings"]["locale"], result["settings"]["own_addresses"])
    assert ["colour"] == result["ignored"]


def test_settings_are_checked_one_by_one(tmp_path: Path) -> None:
    """A wrong setting is named; files that cannot be read are listed; what there is to choose from comes with its terms."""
    here = tmp_path / "urls.txt"
    here.write_text("", "ascii")
    wrong = {"resolver": "nowhere", "deadline": 0, "blocklists": "all", "privacy": "none", "remember_days": -1}
    paths = [str(here), str(tmp_path), str(tmp_path / "none"), "\0"]
    said = told(
        [
            *(request(name, "settings", settings={name: value}) for name, value in wrong.items()),
            request(1, "settings", settings={"lists": paths, "atlas": "/none.mmdb"}),
            request(2, "settings"),
        ]
    )

    assert [f"settings.{name}" for name in wrong] == [error(said, name)["data"]["field"] for name in wrong]
    assert [*paths[1:], "/none.mmdb"] == the_answer(said, 1)["result"]["unreadable"]
    offered = {
        "resolver",
        "blocklists",
        "deadline",
        "safe_browsing_key",
        "lists",
        "atlas",
        "own_domains",
        "remember_days",
    }
    assert offered == set(the_answer(said, 2)["result"]["choices"]["settings"])
    lists = the_answer(said, 2)["result"]["choices"]["blocklists"]
    assert {"zone", "subject", "terms"} == set(lists[0])
    assert all(one["subject"] in ("ip", "domain") and one["terms"].startswith("https://") for one in lists)


@pytest.mark.parametrize(
    ("spec", "good"),
    [
        ("192.0.2.53", True),
        ("192.0.2.53:5353", True),
        ("2001:db8::53", True),
        ("[2001:db8::53]:5353", True),
        ("tls://192.0.2.53", True),
        ("tls://[2001:db8::53]:853#dns.example", True),
        ("https://dns.example/dns-query", True),
        ("https://dns.example:8443", True),
        ("dns.example", False),
        ("tls://dns.example", False),
        ("192.0.2.53:0", False),
        ("192.0.2.53:99999", False),
        ("192.0.2.53:x", False),
        ("192.0.2.53#dns.example", False),
        ("[2001:db8::53]x", False),
        ("http://dns.example/dns-query", False),
        ("https:///dns-query", False),
        ("https://me@dns.example/", False),
        ("https://dns.example:x/", False),
        ("https://[dns.example/", False),
        ("https://dns.example/ ", False),
    ],
)
def test_a_resolver_is_named_in_one_of_three_forms(spec: str, good: bool) -> None:
    """What could never be asked is refused before anything is."""
    if good:
        assert spec == settings_module.read({"resolver": spec})[0].resolver
    else:
        with pytest.raises(settings_module.SettingsError):
            settings_module.read({"resolver": spec})


@pytest.mark.parametrize(
    ("form", "media_type"), [("html", "text/html"), ("markdown", "text/markdown"), ("json", "application/json")]
)
def test_a_report_is_exported_as_text(form: str, media_type: str) -> None:
    """The panel of a report that the extension holds comes back as a document."""
    (report,) = reports(told(message(1, MAIL)), 1)
    result = the_answer(told([request(2, "export", format=form, report=report, locale="en")]), 2)["result"]

    assert (form, media_type) == (result["format"], result["media_type"])
    assert "w-support" in result["text"]


def test_after_shutdown_the_host_leaves_whatever_still_comes() -> None:
    """`shutdown` is answered and ends the process, even with its input open and requests behind it."""
    with subprocess.Popen(
        [sys.executable, "-I", "-c", START + MAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as host:
        assert host.stdin and host.stdout
        host.stdin.write(frame(request(1, "shutdown")))
        host.stdin.flush()
        said = list(frames(host.stdout.read()))

        assert 0 == host.wait(PATIENCE)
        assert [{"jsonrpc": "2.0", "id": 1, "result": None}] == said


def test_shutdown_answers_those_who_still_wait() -> None:
    """A message that has not arrived whole when `shutdown` comes gets its answer first."""
    said = told([message(1, MAIL)[0], request(2, "shutdown")])

    assert -32800 == error(said, 1)["code"]
    assert None is the_answer(said, 2)["result"]


# ------------------------------------------------------------------ analyse


def test_a_message_of_one_chunk_gets_one_report() -> None:
    """One final report, then the result with the hash of the bytes."""
    said = told(message(7, MAIL))
    (report,) = reports(said, 7)

    assert ["report", None] == [one.get("method") for one in said]
    assert [] == wrong(report)
    assert (True, True, "danger") == (report["final"], report["message"]["complete"], report["verdict"]["level"])
    assert {"sha256": hashlib.sha256(MAIL).hexdigest(), "frames": 1} == said[-1]["result"]


def test_a_longer_message_gets_an_early_report() -> None:
    """The first report comes with the first chunk, not final and without a hash; then progress, then the whole."""
    source = MAIL + b"\n" * 5000
    said = told(message(7, source, chunk=2048))
    early, last = reports(said, 7)
    progress = [one["params"] for one in said if one.get("method") == "progress"]

    assert (False, None) == (early["final"], early["message"]["sha256"])
    assert [] == wrong(early) and [] == wrong(last)
    assert (True, hashlib.sha256(source).hexdigest()) == (last["final"], last["message"]["sha256"])
    assert "report" == said[0]["method"]
    assert [2048 * count for count in range(2, len(progress) + 2)] == [one["done"] for one in progress]
    assert {("receiving", len(source), 7)} == {(one["stage"], one["total"], one["id"]) for one in progress}
    assert 2 == said[-1]["result"]["frames"]


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\0",
        HONEST,
        HONEST.replace(b"\n", b"\r\n"),
        HONEST.replace(b"\n", b"\r"),
        bytes(range(256)) * 40,
        b"Subject: \xff\xfe\0\r\n\r\n" + bytes(range(255, -1, -1)) * 3,
    ],
    ids=["empty", "nul", "lf", "crlf", "cr", "binary", "8-bit"],
)
@pytest.mark.parametrize("chunk", [1000, 393_216])
def test_bytes_arrive_as_they_were_sent(source: bytes, chunk: int) -> None:
    """The hash is that of the very bytes, whatever they are and however they are cut."""
    said = told(message("a", source, chunk))

    assert hashlib.sha256(source).hexdigest() == the_answer(said, "a")["result"]["sha256"]
    assert len(source) == reports(said, "a")[-1]["message"]["size"]


def test_thunderbirds_status_lines_do_not_change_the_hash() -> None:
    """A starred message keeps its hash."""
    said = told(message(1, b"X-Mozilla-Status: 0001\r\nX-Mozilla-Status2: 00000000\r\n" + MAIL))

    assert hashlib.sha256(MAIL).hexdigest() == the_answer(said, 1)["result"]["sha256"]


def test_thirty_megabytes_arrive() -> None:
    """A mail of 30 MB is analysed, in frames below 1 MiB."""
    line = base64.b64encode(bytes(range(57))) + b"\r\n"
    source = MAIL.replace(
        b"--=_5f1c9b7a--", b"--=_5f1c9b7a\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"
    )
    source += line * (30_000_000 // len(line))
    said = told(message(1, source))

    assert hashlib.sha256(source).hexdigest() == the_answer(said, 1)["result"]["sha256"]
    assert "application/zip" in [part["content_type"] for part in reports(said, 1)[-1]["attachments"]]


FORWARDED = (
    b"Received: from mail.own.example (mail.own.example [192.0.2.9])\n\tby mx.host.example (Postfix) with ESMTPS id 4VJYzF0001z1\n"
    b"\tfor <me@own.example>; Tue, 16 Apr 2024 01:02:09 +0000\n"
    b"Received: from out.sender.example (out.sender.example [203.0.113.66])\n\tby mail.own.example (Postfix) with ESMTP id 4VJYzF0000z1\n"
    b"\tfor <me@own.example>; Tue, 16 Apr 2024 01:02:03 +0000\n"
    b"From: A <a@sender.example>\nTo: me@own.example\n\nHello\n"
)


@pytest.mark.parametrize(
    ("given_by_reader", "origin", "rule"),
    [
        ({}, "192.0.2.9", "own-organisation"),
        ({"own_addresses": ["Me@Own.Example"]}, "203.0.113.66", "own-organisation"),
        ({"own_addresses": ["me@other.example"]}, "192.0.2.9", "own-organisation"),
        ({"relays": ["Mail.Own.Example"]}, "203.0.113.66", "own-relay"),
        ({"relays": ["192.0.2.9"]}, "203.0.113.66", "own-relay"),
        ({"relays": []}, "192.0.2.9", "own-organisation"),
    ],
)
def test_what_the_reader_told_reaches_the_walk(given_by_reader: dict[str, Any], origin: str, rule: str) -> None:
    """Identities and named relays move the origin of the message they come with, and of no other."""
    said = told([*message(1, FORWARDED, settings={"locale": "en", **given_by_reader}), *message(2, FORWARDED)])
    (first,), (second,) = reports(said, 1), reports(said, 2)

    assert (origin, rule) == (first["origin"]["ip"], first["origin"]["rule"])
    assert "192.0.2.9" == second["origin"]["ip"]


@pytest.mark.parametrize(
    ("sent", "size", "expected"),
    [(MAIL[:900], len(MAIL), None), (MAIL[:900], 900, len(MAIL)), (MAIL[:0], len(MAIL), len(MAIL))],
    ids=["fewer than announced", "fewer than stored", "none"],
)
def test_what_did_not_arrive_whole_is_said_to_be_so(sent: bytes, size: int, expected: int | None) -> None:
    """A message that ends early is analysed as far as it came, and is not complete."""
    said = told(message(1, sent, size=size, expected_size=expected))
    (report,) = reports(said, 1)

    assert (True, False) == (report["final"], report["message"]["complete"])
    assert "result" in the_answer(said, 1)


def test_the_last_chunk_may_be_empty() -> None:
    """An empty last chunk ends a message."""
    first, chunk = message(1, MAIL)
    chunk["params"]["last"] = False
    said = told([first, chunk, notification("chunk", id=1, index=1, data="", last=True)])

    assert hashlib.sha256(MAIL).hexdigest() == the_answer(said, 1)["result"]["sha256"]


def test_messages_may_be_interleaved() -> None:
    """Two messages whose chunks mix are told apart by their ids, a number and a text."""
    one, other = message(1, MAIL + b"1" * 3000, 1000), message("1", HONEST + b"2" * 3000, 1000)
    said = told(
        [frame_ for pair in zip(one, other, strict=False) for frame_ in pair] + one[len(other) :] + other[len(one) :]
    )

    assert hashlib.sha256(MAIL + b"1" * 3000).hexdigest() == the_answer(said, 1)["result"]["sha256"]
    assert hashlib.sha256(HONEST + b"2" * 3000).hexdigest() == the_answer(said, "1")["result"]["sha256"]
    assert ("danger", "clear") == tuple(reports(said, key)[-1]["verdict"]["level"] for key in (1, "1"))


NOBODY = {
    "locale": "en",
    "resolver": "127.0.0.1:1",
}  # a resolver where no one listens: the host must not need the network


def test_opening_a_mail_asks_nobody() -> None:
    """At the level `offline` there is one report, and what was not asked is counted."""
    (report,) = reports(told(message(1, MAIL, privacy="offline", settings=NOBODY)), 1)

    assert (0, 0) == (report["lookups"]["asked"], report["lookups"]["waiting"])
    assert sum(report["lookups"]["withheld"].values()) > 0
    assert report["final"]


@pytest.mark.parametrize("level", ["resolver", "registry", "sender"])
def test_a_request_that_may_ask_ends_with_a_final_report(level: str) -> None:
    """Reports follow each other until one is final; then the request is answered, once."""
    said = told(message(1, MAIL, privacy=level, settings=NOBODY))
    *before, last = reports(said, 1)

    assert [False] * len(before) == [report["final"] for report in before]
    assert (True, 0) == (last["final"], last["lookups"]["waiting"])
    assert {"sha256": last["message"]["sha256"], "frames": len(before) + 1} == the_answer(said, 1)["result"]
    assert not [found for report in (*before, last) for found in wrong(report)]


class Silence:
    """Look-ups that never end."""

    def ask(self, *_: object) -> None:
        """Nobody answers."""

    def forget(self, _: object) -> None:
        """Nor is anybody told to stop."""


def test_a_cancel_may_ask_for_a_last_report(tmp_path: Path) -> None:
    """Stopped look-ups count as not known: one more report, final, and the message can be asked of further."""
    sink = os.open(tmp_path / "frames", os.O_WRONLY | os.O_CREAT)
    host = native.Host(sink)
    host._workers_for = lambda chosen: Silence()  # type: ignore[method-assign,assignment,return-value]
    for one in message(1, MAIL, privacy="resolver", settings=NOBODY):
        host.handle(one)
    stop = notification("cancel", id=1, report=True)
    assert native._cancelled(stop) is None
    host.handle(stop)
    host.handle(stop)
    host.handle(request(2, "ask_more", of=1, privacy="registry"))
    host.handle(notification("cancel", id=2))
    os.close(sink)
    said = list(frames((tmp_path / "frames").read_bytes()))
    asking, stopped = reports(said, 1)
    assert (False, True) == (asking["final"], stopped["final"])
    assert asking["lookups"]["waiting"] > 0
    assert {"cancelled"} == {entry["outcome"] for entry in stopped["lookups"]["log"]}
    assert 2 == the_answer(said, 1)["result"]["frames"]
    assert -32800 == error(said, 2)["code"]


def test_more_is_asked_of_a_message_that_is_still_kept() -> None:
    """`ask_more` goes on with what an earlier request sent; a message that nobody kept has to be sent again."""
    said = told(
        [
            *message(1, MAIL, privacy="resolver", settings=NOBODY),
            request(2, "ask_more", of=1, privacy="sender"),
            request(3, "ask_more", of=99, privacy="sender"),
        ]
    )

    assert -32005 == error(said, 3)["code"]
    assert the_answer(said, 1)["result"]["sha256"] == the_answer(said, 2)["result"]["sha256"]


def offered(report: dict[str, Any]) -> list[str]:
    """The requests that a panel's actions offer to make."""
    return [
        link
        for block in report["panel"]
        for item in primitives(block["body"])
        if item["kind"] == "action" and item["action"] == "ask_more"
        for link in item["arguments"].get("visit", ())
    ]


def test_a_link_is_followed_for_exactly_the_request_that_was_offered() -> None:
    """`visit` with `analyse` and `ask_more`, at the level offline: the offered link is asked for and nothing else; here nobody can be reached."""
    (alone,) = reports(told(message(1, MAIL, settings=NOBODY)), 1)
    (link,) = set(offered(alone))
    others = ["https://www.example.com/", link + "1"]
    said = told(
        [
            *message(1, MAIL, settings=NOBODY, visit=[link, *others]),
            request(2, "ask_more", of=1, visit=[link]),
            *message(3, MAIL, settings=NOBODY, visit=others),
        ]
    )

    for identity, asked in ((1, [link]), (3, [])):
        last = reports(said, identity)[-1]
        assert last["final"] and not wrong(last) and not failures(last)
        log = [entry["question"] for entry in last["lookups"]["log"] if entry["outcome"] != "withheld"]
        assert asked == [question["name"] for question in log if question["kind"] == "visit"], log
        assert len(asked) == len(log)
    assert "result" in the_answer(said, 1)


def without(report: dict[str, Any]) -> dict[str, Any]:
    """A report without its panel."""
    return {**report, "panel": None}


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_panel_is_made_for_whoever_wants_one(locale: str) -> None:
    """`panel` false: null, all else the same; `ask_more` makes it of what is kept, as `analyse` would have, and takes `panel` too."""
    own = {"settings": {"locale": locale, "time_zone": [[0, 540]], "own_domains": ["own.example"]}}
    said = told(
        [
            *message(1, MAIL, **own),
            *message(2, MAIL, panel=False, **own),
            request(3, "ask_more", of=2),
            request(4, "ask_more", of=2, privacy="offline", panel=False),
            *message(5, MAIL, chunk=1000, panel=False, **own),
            *message(6, MAIL, panel=True, **own),
        ]
    )
    (full,) = reports(said, 1)

    assert full["panel"] and not wrong(full)
    assert [[full], [full]] == [reports(said, 3), reports(said, 6)]
    assert [[without(full)], [without(full)]] == [reports(said, 2), reports(said, 4)]
    early, last = reports(said, 5)
    assert (None, False, without(full)) == (early["panel"], early["final"], last)
    assert not wrong(early) and not wrong(last)


def test_a_level_that_is_not_named_stays_as_it_was(tmp_path: Path) -> None:
    """`ask_more` for the panel alone: what is known of whom was asked is gone on from, and nothing is asked anew."""
    sink = os.open(tmp_path / "frames", os.O_WRONLY | os.O_CREAT)
    host = native.Host(sink)
    host._workers_for = lambda chosen: Silence()  # type: ignore[method-assign,assignment,return-value]
    for one in message(1, MAIL, privacy="resolver", settings=NOBODY, panel=False):
        host.handle(one)
    host.handle(request(2, "ask_more", of=1))  # under way
    host.handle(notification("cancel", id=1, report=True))
    host.handle(request(3, "ask_more", of=1))
    os.close(sink)
    said = list(frames((tmp_path / "frames").read_bytes()))
    (asking, stopped), (shown,), (last,) = reports(said, 1), reports(said, 2), reports(said, 3)

    assert [without(shown), without(last)] == [{**asking, "lookups": shown["lookups"]}, stopped]
    assert shown["lookups"]["waiting"] == asking["lookups"]["waiting"] > 0
    assert shown["panel"] and last["panel"] and last["final"] and not wrong(last)


def test_a_link_is_followed_from_a_panel_alone() -> None:
    """Who has one followed gets the panel, whatever is said: what it does not offer is not requested."""
    (alone,) = reports(told(message(1, MAIL, settings=NOBODY)), 1)
    (link,) = set(offered(alone))
    said = told(message(1, MAIL, settings=NOBODY, visit=[link], panel=False))

    assert all(report["panel"] for report in reports(said, 1))
    assert [link] == [
        entry["question"]["name"]
        for entry in reports(said, 1)[-1]["lookups"]["log"]
        if entry["question"]["kind"] == "visit"
    ]


@pytest.mark.parametrize("panel", ["false", 0, [], {"on": True}])
def test_a_panel_that_is_neither_wanted_nor_not_is_refused(panel: Any) -> None:
    """Said of the field; the next request goes on."""
    said = told([*message(1, MAIL, panel=panel), *message(2, MAIL), request(3, "ask_more", of=2, panel=panel)])

    assert [(-32602, {"field": "panel"})] * 2 == [(error(said, n)["code"], error(said, n)["data"]) for n in (1, 3)]
    assert reports(said, 2)[-1]["panel"]


@pytest.mark.parametrize("visit", ["https://a.example/", [1], ["https://a.example/"] * 6, {"a": 1}])
def test_a_visit_that_is_no_short_list_of_links_is_refused(visit: Any) -> None:
    """What is not of the method's form is said to be so, and nothing is followed."""
    assert "visit" == error(told(message(1, MAIL, visit=visit)), 1)["data"]["field"]


def test_a_file_that_is_opened_gives_a_second_report_before_the_answer(tmp_path: Path) -> None:
    """At the level offline, too: one report at once, a better one when the file is open, then the result."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("invoice.exe", b"MZ" + bytes(100))
    head = (
        b"From: a@sender.example\nContent-Type: application/zip; name=papers.zip\nContent-Transfer-Encoding: base64\n\n"
    )
    inbox: SimpleQueue[Any] = SimpleQueue()
    output = os.open(tmp_path / "frames", os.O_CREAT | os.O_WRONLY, 0o600)
    host = native.Host(output, inbox.put)

    for one in message(1, head + base64.encodebytes(packed.getvalue())):
        host.handle(one)
    while host.due() is not None:
        host.heard(inbox.get(timeout=PATIENCE))
        host.tick()
    os.close(output)

    said = list(frames((tmp_path / "frames").read_bytes()))
    first, last = reports(said, 1)
    assert [("waiting", False), ("done", True)] == [(r["attachments"][0]["opened"], r["final"]) for r in (first, last)]
    assert "archive-with-program" in {finding["id"] for finding in last["findings"]}
    assert 2 == the_answer(said, 1)["result"]["frames"]
    assert "result" in said[-1]


# ------------------------------------------------------------------ cancel


def test_a_cancel_that_comes_too_early_is_forgotten() -> None:
    """A cancel before its request is no error and does not touch the request."""
    said = told([notification("cancel", id=1), *message(1, MAIL)])

    assert "result" in the_answer(said, 1)
    assert [] == answers(said, None)


def test_a_cancel_that_was_read_before_its_request_was_reached_is_kept() -> None:
    """The reader runs ahead of the work: a request that was cancelled while it waited in the queue is never analysed."""
    source, output = os.pipe()
    host = native.Host(output)
    host.cancelled.add(7)  # what the reader does when the cancel comes in, the request still unhandled

    for one in (*message(7, MAIL), notification("cancel", id=7)):
        host.handle(one)
    os.close(output)
    with os.fdopen(source, "rb") as stream:
        said = list(frames(stream.read()))

    assert -32800 == error(said, 7)["code"]
    assert [] == reports(said, 7)
    assert set() == host.cancelled


def test_a_cancel_ends_a_message_on_its_way() -> None:
    """After the cancel the request fails once, and chunks that still come are dropped."""
    first, *chunks = message(1, MAIL, 500)
    said = told([first, *chunks[:2], notification("cancel", id=1), *chunks[2:], hello(2)])

    assert -32800 == error(said, 1)["code"]
    assert "result" in the_answer(said, 2)
    assert not any(report["final"] for report in reports(said, 1))


def test_a_cancel_while_it_is_analysed_leaves_one_answer() -> None:
    """Whoever is first, the analysis or the cancel: the request is answered once."""
    source = MAIL + b"<p>https://a.example/ " * 40_000
    said = told([*message(1, source), notification("cancel", id=1), hello(2)])
    answer = the_answer(said, 1)

    assert "result" in answer or -32800 == answer["error"]["code"]
    assert "result" in the_answer(said, 2)


def test_a_cancel_that_comes_too_late_is_no_error() -> None:
    """A cancel after the answer changes nothing, nor does one of a request that never was."""
    late = [notification("cancel", id=1), notification("cancel", id=99)]
    with subprocess.Popen(
        [sys.executable, "-I", "-c", START + MAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as host:
        assert host.stdin and host.stdout
        for sent in (message(1, MAIL), [*late, *message(1, MAIL)], [*late, hello(1)]):
            host.stdin.write(b"".join(map(frame, sent)))
            host.stdin.flush()
            assert "result" in _until_answered(host.stdout)
        host.stdin.close()

        assert b"" == host.stdout.read()


def _until_answered(output: IO[bytes]) -> Any:
    """The next answer of a host; its notifications are passed over."""
    while True:
        (size,) = LENGTH.unpack(output.read(LENGTH.size))
        said = json.loads(output.read(size))
        if "method" not in said:
            return said


# ------------------------------------------------------------------ wrong requests


@pytest.mark.parametrize(
    ("wrongly", "code"),
    [
        (request(1, "analyze"), -32601),
        (request(1, "ask_more"), -32005),
        (request(1, "complaint"), -32005),
        (request(1, "campaign", of=7), -32005),
        (request(1, "note", of=7, told="nobody"), -32602),
        (request(1, "note", of=7, told="sender", on=3), -32602),
        (request(1, ""), -32601),
        ({"jsonrpc": "2.0", "id": 1, "method": "hello", "params": [1]}, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "hello", "params": "x"}, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "hello"}, -32602),
        ({"jsonrpc": "1.0", "id": 1, "method": "hello", "params": {}}, -32600),
        ({"id": 1, "method": "hello", "params": {}}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": 7}, -32600),
        ({"jsonrpc": "2.0", "id": 1}, -32600),
        (hello(protocol="1"), -32602),
        (hello(protocol=True), -32602),
        (hello(protocol=-1), -32602),
        (request(1, "analyse"), -32602),
        (request(1, "analyse", size="10"), -32602),
        (request(1, "analyse", size=-1), -32602),
        (request(1, "analyse", size=1.5), -32602),
        (request(1, "analyse", size=True), -32602),
        (request(1, "analyse", size=10, expected_size="10"), -32602),
        (request(1, "analyse", size=10, privacy="everybody"), -32602),
        (request(1, "analyse", size=10, privacy=3), -32602),
        (request(1, "analyse", size=10, settings=["locale"]), -32602),
        (request(1, "analyse", size=10, settings="ja"), -32602),
        (request(1, "analyse", size=10, settings={"own_addresses": "me"}), -32602),
        (request(1, "analyse", size=1 << 40), -32003),
        (request(1, "settings", settings=[]), -32602),
        (request(1, "settings", settings={"locale": 1}), -32602),
        (request(1, "settings", settings={"relays": [1]}), -32602),
        (request(1, "settings", settings={"resolver": "dns.example"}), -32602),
        (request(1, "export", format="pdf", report={}), -32602),
        (request(1, "export", format=["html"], report={}), -32602),
        (request(1, "export", format={}, report={}), -32602),
        (request(1, "export", format="html"), -32602),
        (request(1, "export", format="html", report={}), -32602),
        (request(1, "export", format="html", report={"panel": [1], "message": {}}), -32602),
        (request(1, "chunk", id=5, index=0, data="", last=True), -32600),
        (request(1, "cancel", id=5), -32600),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(wrongly: dict[str, Any], code: int) -> None:
    """Each fault has its code, the host lives on, and nothing is called a fault of the host."""
    said = told([wrongly, hello(2)])

    assert code == error(said, 1)["code"]
    assert error(said, 1)["message"]
    assert "result" in the_answer(said, 2)


@pytest.mark.parametrize(
    ("wrongly", "code"),
    [
        (notification("hello", protocol=1), -32600),
        (notification("nonsense"), -32601),
        ({"jsonrpc": "2.0", "id": None, "method": "hello", "params": {"protocol": 1}}, -32600),
        ({"jsonrpc": "2.0", "id": [1], "method": "hello", "params": {"protocol": 1}}, -32600),
        ({"jsonrpc": "2.0", "id": True, "method": "hello", "params": {"protocol": 1}}, -32600),
        ({"jsonrpc": "2.0", "method": "chunk", "params": 5}, -32602),
        (notification("cancel", id=[1]), -32602),
        (notification("cancel", id={}), -32602),
        (notification("cancel"), -32602),
    ],
)
def test_a_wrong_notification_is_told_so(wrongly: dict[str, Any], code: int) -> None:
    """What names no request gets an error without an id."""
    said = told([wrongly, hello(2)])

    assert code == error(said, None)["code"]
    assert "result" in the_answer(said, 2)


@pytest.mark.parametrize(
    ("chunks", "code", "data"),
    [
        ([{"index": 1}], -32002, {"index": 0}),
        ([{"index": 0}, {"index": 2}], -32002, {"index": 1}),
        ([{"index": 0}, {"index": 0}], -32002, {"index": 1}),
        ([{"index": "0"}], -32002, {"index": 0}),
        ([{"index": False}], -32002, {"index": 0}),
        ([{"index": None}], -32002, {"index": 0}),
        ([{"index": 0, "data": "****"}], -32002, {"index": 0}),
        ([{"index": 0, "data": "QUI"}], -32002, {"index": 0}),
        ([{"index": 0, "data": "QQ==QQ=="}], -32002, {"index": 0}),
        ([{"index": 0, "data": "QUJD\n"}], -32002, {"index": 0}),
        ([{"index": 0, "data": "Q=Q="}], -32002, {"index": 0}),
        ([{"index": 0, "data": None}], -32002, {"index": 0}),
        ([{"index": 0, "data": ["QUJD"]}], -32002, {"index": 0}),
        ([{"index": 0, "data": base64.b64encode(b"x" * 41).decode()}], -32002, {"index": 0}),
        ([{"index": 0, "data": base64.b64encode(b"x" * (LIMIT + 1)).decode()}], -32003, {"limit": LIMIT}),
    ],
)
def test_a_message_out_of_order_fails_alone(chunks: list[dict[str, Any]], code: int, data: dict[str, Any]) -> None:
    """A gap, bad base64 or too many bytes end that request with an error that says where; others go on."""
    sent = [notification("chunk", **{"id": 1, "data": "QUJD", "last": False, **chunk}) for chunk in chunks]
    other = message(2, MAIL, 1000)
    said = told([other[0], request(1, "analyse", size=40), *sent, *other[1:], notification("chunk", id=1, index=9)])

    assert (code, data) == (error(said, 1)["code"], error(said, 1)["data"])
    assert "result" in the_answer(said, 2)
    assert [] == answers(said, None)


def test_an_id_in_use_is_refused() -> None:
    """A second request with the id of a running one is an error, and the first still gets its result."""
    first, chunk = message(1, MAIL)
    said = told([first, first, chunk])

    assert [-32600, None] == [one.get("error", {}).get("code") for one in answers(said, 1)]


# ------------------------------------------------------------------ broken frames


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (frame(b""), -32700),
        (frame(b"{"), -32700),
        (frame(b"\xff\xfe\xfd"), -32700),
        (frame(b"[" * 100_000), -32700),
        (frame(b'{"a":' * 50_000), -32700),
        (frame(b"9" * 5000), -32700),
        (frame(b"null"), -32600),
        (frame(b"true"), -32600),
        (frame(b"3"), -32600),
        (frame(b"[]"), -32600),
        (frame(b'[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]'), -32600),
        (frame(b'"hello"'), -32600),
        (frame(b"{}"), -32600),
        (frame(b" " * ((8 << 20) + 1)), -32600),
    ],
    ids=lambda value: value[4:20].decode("ascii", "replace") if isinstance(value, bytes) else str(value),
)
def test_a_broken_frame_is_told_and_skipped(broken: bytes, code: int) -> None:
    """It gets one error without an id, and the next frame is read as if nothing had been."""
    said = told([hello(1), broken, hello(2)])

    assert [code] == [one["error"]["code"] for one in answers(said, None)]
    assert "result" in the_answer(said, 1) and "result" in the_answer(said, 2)


@pytest.mark.parametrize("rest", [b"\x10", b"\x10\0\0", frame(hello(2))[:-1], LENGTH.pack(0xFFFFFFFF) + b"x" * 1000])
def test_an_input_that_ends_in_a_frame_is_told_so(rest: bytes) -> None:
    """What came before is answered, the torn frame gets an error, and the host leaves in peace."""
    said = told([hello(1), rest])

    assert "result" in the_answer(said, 1)
    assert 1 == len(answers(said, None))


def test_an_input_that_ends_in_a_message_is_told_so() -> None:
    """A message whose chunks never all came gets its error."""
    first, *chunks = message(1, MAIL, 500)
    said = told([first, *chunks[:2], message("b", MAIL)[0]])

    assert (-32002, {"index": 2}) == (error(said, 1)["code"], error(said, 1)["data"])
    assert (-32002, {"index": 0}) == (error(said, "b")["code"], error(said, "b")["data"])


def test_a_host_that_has_opened_a_file_leaves_like_any_other() -> None:
    """What opens files runs in a thread, which must not be waited for when the input has ended."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("invoice.exe", b"MZ" + bytes(100))
    head = b"From: a@a.example\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
    with subprocess.Popen(
        [sys.executable, "-I", "-c", START + MAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as host:
        assert host.stdin and host.stdout
        host.stdin.write(b"".join(map(frame, message(1, head + base64.encodebytes(packed.getvalue())))))
        host.stdin.flush()
        while "result" not in json.loads(host.stdout.read(LENGTH.unpack(host.stdout.read(LENGTH.size))[0])):
            pass
        host.stdin.close()

        assert 0 == host.wait(PATIENCE)


def test_an_empty_input_is_no_fault() -> None:
    """A host that is asked nothing says nothing."""
    assert [] == told([])


def test_a_reader_that_goes_away_is_no_fault() -> None:
    """When Thunderbird has gone, the host leaves quietly with status 0."""
    with subprocess.Popen(
        [sys.executable, "-I", "-c", START + MAIN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as host:
        assert host.stdin and host.stdout and host.stderr
        host.stdout.close()
        host.stdin.write(frame(hello()) + b"".join(map(frame, message(2, MAIL))))
        host.stdin.flush()

        assert 0 == host.wait(PATIENCE)
        assert b"" == host.stderr.read()


# ------------------------------------------------------------------ standard output


def test_what_a_library_prints_does_not_reach_the_frames() -> None:
    """print, a raw write and a child's output inside an analysis go to standard error."""
    noisy = (
        "import os, sekisho.session as session\n"
        "quiet = session.analyse\n"
        "def analyse(*arguments, **others):\n"
        "    print('stray')\n"
        "    os.write(1, b'stray')\n"
        "    os.system('echo stray')\n"
        "    return quiet(*arguments, **others)\n"
        "session.analyse = analyse\n"
    )
    said = told(message(1, MAIL, 1000), before=noisy)

    assert "result" in the_answer(said, 1)


def test_a_fault_of_the_host_says_nothing_of_the_mail() -> None:
    """An exception inside an analysis becomes an error with its kind alone, and the host lives on."""
    failing = (
        "import sekisho.session as session\n"
        "def analyse(message, *others, **more):\n"
        "    raise RuntimeError(message.source.decode('ascii', 'replace'))\n"
        "session.analyse = analyse\n"
    )
    said = told([*message(1, MAIL), *message(2, MAIL, 1000), hello(3)], before=failing)

    assert [-32603, -32603] == [error(said, identity)["code"] for identity in (1, 2)]
    assert {"kind": "RuntimeError"} == error(said, 1)["data"] == error(said, 2)["data"]
    assert "result" in the_answer(said, 3)
    assert "mori" not in json.dumps(said) and "kagoya" not in json.dumps(said).lower()


HEAD = b"From: a@example.com\nTo: b@example.net\nMIME-Version: 1.0\n"
HOP = b"Received: from h%d.example.org (h%d.example.org [203.0.113.9])\n\tby mx.example.com with ESMTPS id %d; Tue, 4 Jun 2024 15:00:03 +0900\n"
LARGE: dict[str, bytes] = {
    "5000 links": HEAD + b"Content-Type: text/html\n\n" + b"".join(b'<a href="https://h%d.example.com/{EMAIL%d}?q=%s">\xe3\x81\x82</a>\n' % (n, n, b"x" * 150) for n in range(5000)),
    "3000 hops": b"".join(HOP % (n, n, n) for n in range(3000)) + HEAD + b"\nx\n",
    "200 long hops": b"".join(HOP % (n, n, n) + b"\t(" + b"\xe3\x81\x82" * 1700 + b")\n" for n in range(200)) + HEAD + b"\nx\n",
    "1 MB words": HEAD + b"Subject: " + b"w" * 1_000_000 + b"\n\n" + b"v" * 1_000_000,
    "1 MB name": b'From: "' + b"\xe5\xb1\xb1" * 300_000 + b'" <a@example.com>\n\nx\n',
    "900 attachments": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"".join(b"--b\nContent-Type: application/zip\nContent-Disposition: attachment; filename=" + b"\xe3\x81\x82" * 500 + b"%d.zip\n\nx\n" % n for n in range(900)) + b"--b--\n",
    "100,000 recipients": b"From: a@example.com\nTo: " + b"n <b@example.net>,\n " * 50_000 + b"\n\nx\n",
    "4000 fields": b"".join(b"X-%d: %s\n" % (n, b"y" * 200) for n in range(4000)) + HEAD + b"\nx\n",
}  # fmt: skip


@pytest.mark.parametrize("source", LARGE.values(), ids=LARGE)
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_frame_stays_below_the_limit(source: bytes, locale: str) -> None:
    """Whatever the mail holds, its report fits a frame, and is of its form."""
    said = told(message(1, source, settings={"locale": locale}))
    report = reports(said, 1)[-1]

    assert hashlib.sha256(source).hexdigest() == the_answer(said, 1)["result"]["sha256"]
    assert [] == wrong(report)
    assert [] == failures(report)


# ------------------------------------------------------------------ nothing is lost


@cache
def _faults() -> list[Any]:
    return [
        lambda chunks: chunks[:-1],  # never ends
        lambda chunks: chunks[1:],  # a gap
        lambda chunks: chunks + chunks[-1:],  # one too many
        lambda chunks: [{**chunks[0], "params": {**chunks[0]["params"], "data": "!"}}, *chunks[1:]],
        lambda chunks: [*chunks[:1], notification("cancel", id=chunks[0]["params"]["id"]), *chunks[1:]],
        lambda chunks: [notification("cancel", id=chunks[0]["params"]["id"]), *chunks],
        lambda chunks: [*chunks, notification("cancel", id=chunks[0]["params"]["id"])],
        lambda chunks: chunks,
    ]


def _conversation(kind: int, identity: Any, cut: int) -> list[Any]:
    """The frames of one request, in their order."""
    simple: list[list[Any]] = [
        [hello(identity)],
        [hello(identity, protocol=9)],
        [hello(identity, protocol=None)],
        [request(identity, "settings", settings={"locale": "ja"})],
        [request(identity, "settings", settings=3)],
        [request(identity, "export", format="html", report={})],
        [request(identity, "unheard-of")],
        [request(identity, "analyse", size=-1)],
    ]
    if kind < len(simple):
        return simple[kind]
    first, *chunks = message(identity, MAIL, cut)
    return [first, *_faults()[(kind - len(simple)) % len(_faults())](chunks)]


BROKEN = (b"", b"{", b"null", b"[]", b"7", b"{}", b"\xff", b"[" * 30_000)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kinds=st.lists(st.tuples(st.integers(0, 15), st.integers(300, 2000)), min_size=1, max_size=8),
    broken=st.lists(st.sampled_from(BROKEN), max_size=5),
    texts=st.booleans(),
    data=st.data(),
)
def test_no_request_is_lost(
    kinds: list[tuple[int, int]], broken: list[bytes], texts: bool, data: st.DataObject
) -> None:
    """However valid and broken frames are mixed, every request gets exactly one answer and every broken frame one error."""
    identities = [f"r{number}" if texts else number for number in range(len(kinds))]
    queues = [_conversation(kind, identity, cut) for identity, (kind, cut) in zip(identities, kinds, strict=True)]
    queues += [[frame(body)] for body in broken]
    sent: list[Any] = []
    while queues:
        at = data.draw(st.integers(0, len(queues) - 1))
        sent.append(queues[at].pop(0))
        if not queues[at]:
            del queues[at]
    said = told(sent)
    counted = Counter(one["id"] for one in said if "method" not in one)

    assert dict.fromkeys(identities, 1) | ({None: len(broken)} if broken else {}) == dict(counted)
