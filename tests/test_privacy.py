"""Opening a mail asks nobody, and nothing of a mail gets out by the side."""

import io
import json
import logging
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from workbench import REPLAYS, SAMPLES, analysed, mails, name, replayed, report_of

from sekisho import gate, settings
from sekisho.paint import export, terminal
from sekisho.questions import LEVELS, Ask, Question, level

KAGOYA = SAMPLES[0].parent / "kagoya.eml"
_WATCHED = ("socket.", "subprocess.Popen", "os.system", "os.exec", "os.fork", "urllib.", "http.", "ftplib.", "smtplib.")
_seen: list[str] | None = None


def _hook(event: str, _arguments: object) -> None:
    if _seen is not None and event.startswith(_WATCHED):
        _seen.append(event)
        raise AssertionError(f"the world was asked: {event}")


sys.addaudithook(_hook)  # for the life of the process: it looks on only while a guard stands


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Any socket, look-up or process that is started raises, and is written down."""
    global _seen
    replayed(
        REPLAYS / "archive-trap" / "fires-same-bytes.eml"
    )  # the process that opens files is there already, and opens no socket
    _seen = []

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the world was asked")

    for function in ("getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "create_connection"):
        monkeypatch.setattr(socket, function, refuse)
    yield _seen
    _seen = None


def test_the_guard_sees_a_socket(guard: list[str]) -> None:
    """The test of silence would notice a noise."""
    with pytest.raises(AssertionError):
        socket.socket()
    with pytest.raises(AssertionError):
        socket.gethostbyname("mail.example")

    assert ["socket.__new__"] == guard


@pytest.mark.parametrize("mail", mails(), ids=name)
@pytest.mark.parametrize("allowed", LEVELS)
def test_a_look_at_a_mail_asks_nobody(mail: Path, allowed: str, guard: list[str]) -> None:
    """At every level an analysis, and every way to paint it, opens no socket and looks nothing up."""
    report = report_of(mail, "ja", privacy=allowed)
    terminal.paint(report, io.StringIO(), 80)
    for form in export.FORMATS:
        export.export(report, form)

    assert [] == guard


def test_questions_are_counted_by_who_would_learn_of_them() -> None:
    """What was not asked is counted under the level that would allow it, and is never taken for an absence."""
    analysis = replayed(KAGOYA)
    withheld = analysis.report.lookups.withheld

    assert (0, 0) == (analysis.report.lookups.asked, analysis.report.lookups.waiting)
    assert {one: sum(level(question) == one for question in analysis.wanted) for one in withheld} == withheld
    assert Question("rdap", "ip", "120.136.14.43") in analysis.wanted


@pytest.mark.parametrize(
    ("question", "lowest"),
    [
        (Question("register", "edges", ""), "offline"),
        (Question("lists", "url", "https://for-you.example.com/"), "offline"),
        (Question("dns", "PTR", "120.136.14.43"), "resolver"),
        (Question("dns", "PTR", "2001:db8::1"), "sender"),
        (Question("dns", "MX", "example.com"), "resolver"),
        (Question("dns", "A", "for-you.example.com"), "sender"),
        (Question("dns", "TXT", "_dmarc.example.com"), "resolver"),
        (Question("dns", "TXT", "_dmarc.for-you.example.com"), "sender"),
        (Question("dns", "TXT", "selector1._domainkey.example.com"), "resolver"),
        (Question("dns", "TXT", "for-you._domainkey.example.com"), "sender"),
        (Question("dns", "TXT", "selector1._domainkey.for-you.example.com"), "sender"),
        (Question("asn", "ip", "2001:db8::1"), "resolver"),
        (Question("blocklist", "zen.spamhaus.org", "120.136.14.43"), "resolver"),
        (Question("blocklist", "dbl.spamhaus.org", "example.com"), "resolver"),
        (Question("blocklist", "dbl.spamhaus.org", "for-you.example.com"), "sender"),
        (Question("rdap", "ip", "120.136.14.43"), "registry"),
        (Question("safebrowsing", "prefix", "0a1b2c3d"), "registry"),
        (Question("registration", "domain", "example.com"), "registry"),
        (Question("registration", "domain", "for-you.example.com"), "sender"),
        (Question("tomorrow", "", "example.com"), "sender"),
    ],
)
def test_a_question_belongs_to_a_level(question: Question, lowest: str) -> None:
    """Who could learn of a question decides from which level on it may be asked."""
    assert lowest == level(question)


READER = settings.read(
    {"privacy": "sender", "own_domains": ["office.example"], "incoming_servers": ["imap.mails.example"]}
)[0]


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        (Question("dns", "MX", "office.example"), gate.NEVER),
        (Question("dns", "A", "www.office.example"), gate.NEVER),
        (Question("registration", "domain", "mails.example"), gate.NEVER),
        (Question("dns", "MX", "not-office.example"), gate.OPEN),
        (Question("dns", "PTR", "192.168.1.1"), gate.NEVER),
        (Question("rdap", "ip", "fe80::1"), gate.NEVER),
        (Question("blocklist", "not-chosen.example", "120.136.14.43"), gate.NEVER),
    ],
)
def test_what_is_the_readers_own_is_asked_at_no_level(question: Question, verdict: str) -> None:
    """The reader's own domains, addresses that are not global, and lists the reader did not choose."""
    assert verdict == gate.judge(question, READER)


def test_the_level_that_the_reader_chose_holds() -> None:
    """Each level allows what stands before it and nothing after it."""
    questions = {"resolver": Question("dns", "MX", "example.com"), "registry": Question("rdap", "ip", "120.136.14.43")}
    for chosen in LEVELS:
        for needed, question in questions.items():
            expected = gate.OPEN if LEVELS.index(needed) <= LEVELS.index(chosen) else gate.WITHHELD
            assert expected == gate.judge(question, READER._replace(privacy=chosen))


def test_an_unknown_answer_is_not_an_empty_one() -> None:
    """`None` is what nobody knows; every question asked is remembered once, in order."""
    ask = Ask({})
    first, second = Question("dns", "A", "a.example"), Question("dns", "A", "b.example")

    assert None is ask(first)
    assert None is ask(second)
    assert None is ask(first)
    assert [first, second] == list(ask.asked)


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "192.168.1.1", "100.64.0.1", "203.0.113.9", "fe80::1", "::1"]
)
def test_an_address_that_is_nobodys_is_never_asked_about(address: str) -> None:
    """No question carries an address that is not global."""
    source = f"Received: from a.example (a.example [{address}])\n\tby mx.example; 1 Jan 2024 00:00:00 +0000\n\nhttp://{address}/\n"

    assert [] == [question for question in analysed(source.encode()).wanted if question.name != "a.example"]


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """An analysis writes no log line and prints nothing."""
    with caplog.at_level(logging.DEBUG):
        for mail in mails():
            report_of(mail)

    assert [] == caplog.records
    assert ("", "") == tuple(capfd.readouterr())


def test_an_export_holds_no_live_link_and_loads_nothing() -> None:
    """A kept HTML page has no script, no image and no link that a click could follow."""
    for mail in mails():
        text = export.export(report_of(mail), "html")[1].lower()
        assert not [
            tag
            for tag in ("<script", "<img", "<a ", "<link", "<iframe", "src=", "href=", "http://", "https://")
            if tag in text
        ]
        assert json.loads(export.export(report_of(mail), "json")[1])["schema"] == "sekisho.report/1"


VISIT = Question("visit", "link", "https://w-support.jp/activemail.kagoya.com/")


@pytest.mark.parametrize("chosen", LEVELS)
def test_a_link_is_followed_on_the_readers_word_alone(chosen: str) -> None:
    """No level opens a visit, no report wants one, and the reader's word needs no level."""
    reader = READER._replace(privacy=chosen)
    analysis = replayed(KAGOYA, privacy=chosen)

    assert (gate.WITHHELD, gate.OPEN) == (gate.judge(VISIT, reader), gate.judge(VISIT, reader, by_reader=True))
    assert [] == [question for question in analysis.wanted if question.kind == "visit"]
    assert {"visit"} == {question.kind for question in analysis.offered}


@pytest.mark.parametrize(
    "link",
    [
        "https://office.example/",
        "https://www.office.example:443/x",
        "http://192.168.1.1/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1]/",
        "http://169.254.169.254/",
        "http://router/",
        "ftp://w-support.jp/",
        "file:///etc/passwd",
        "https://taro:secret@w-support.jp/",
        "",
    ],
)
def test_some_links_are_followed_on_nobodys_word(link: str) -> None:
    """The reader's own domains, addresses that are not the world's, and what is no page."""
    assert gate.NEVER == gate.judge(Question("visit", "link", link), READER, by_reader=True)


def test_settings_cannot_ask_for_a_visit() -> None:
    """A file of settings holds no word of the reader's about one link."""
    assert ("visit",) == settings.read({"visit": [VISIT.name]})[1]
