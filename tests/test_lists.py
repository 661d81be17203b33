"""The lists that a reader downloaded: each publisher's form is read, compared here, and no file of any kind does harm."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from workbench import failures, wrong

from sekisho import session, settings
from sekisho.lookup import lists
from sekisho.lookup.own_files import Known
from sekisho.mail.url_expressions import canonical
from sekisho.questions import Question

URLHAUS = """\
################################################################
# abuse.ch URLhaus Database Dump (CSV - recent URLs only)      #
################################################################
#
# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter
"3712","2026-11-20 08:10:06","http://203.0.113.9:8080/i","online","2026-11-20 08:10:06","malware_download","elf,mozi","https://urlhaus.example/url/3712/","made_up"
"3711","2026-11-20 08:07:22","https://files.kagu.example.org/a,b/invoice.exe?id=%31","online","","malware_download","","",""
"3710","2026-11-19 08:07:22","https://old.example.org/load.exe","offline","","malware_download","","",""
"3709","2026-11-19 08:07:22","https://raw.githubusercontent.com/made/up/x.exe","online","","malware_download","","",""
"""
OPENPHISH = "https://login.bank.example.org/verify/\nhttp://XN--R8JZ45G.example/a/../b\n"
JPCERT = "date,URL,description\n2022/05/02 10:00:00,https://card.example.org/login,架空のカード\n"
HOSTS = "127.0.0.1 localhost\n0.0.0.0 bad.example.org worse.example.org # both\n::1 ip6-localhost\nplain.example.net\n"


def mail(*links: str) -> bytes:
    text = "\n".join(links)
    return (
        "Received: from mail.example.net (mail.example.net [203.0.113.25]) by mx1.office.example (Postfix)\n"
        " with ESMTPS id 4C1E02A0F7 for <info@office.example>; Mon, 6 Jun 2022 09:11:05 +0900\n"
        f"From: sato@kagu.example.net\nSubject: Order\n\n{text}\n"
    ).encode()


def file(folder: Path, name: str, text: str | bytes) -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def said(path: str, url: str) -> str:
    """What one file says of a link."""
    (record,) = lists.answer([lists.load(path)], url).records
    assert isinstance(record, dict)
    assert record["listed"] == bool(record["note"])
    return str(record["note"])


def report(*links: str, **given: Any) -> dict[str, Any]:
    return session.report(mail(*links), settings.read(given)[0])


@pytest.mark.parametrize(
    ("name", "text", "known_as", "url", "meaning"),
    [
        ("csv_recent.txt", URLHAUS, "URLhaus", "http://203.0.113.9/i", "malware"),
        ("csv_recent.txt", URLHAUS, "URLhaus", "http://3405803785/i", "malware"),
        ("csv_recent.txt", URLHAUS, "URLhaus", "https://files.kagu.example.org/a,b/invoice.exe?id=1#now", "malware"),
        ("csv_recent.txt", URLHAUS, "URLhaus", "https://FILES.kagu.example.org/other", "beside-malware"),
        ("csv_recent.txt", URLHAUS, "URLhaus", "https://kagu.example.org/other", ""),
        ("csv_recent.txt", URLHAUS, "URLhaus", "https://old.example.org/load.exe", "historical"),
        ("csv_recent.txt", URLHAUS, "URLhaus", "https://old.example.org/", ""),
        ("csv_recent.txt", URLHAUS, "URLhaus", "https://raw.githubusercontent.com/made/up/x.exe", "malware"),
        ("csv_recent.txt", URLHAUS, "URLhaus", "https://raw.githubusercontent.com/somebody/else", ""),
        ("text.txt", "# abuse.ch URLhaus\nhttp://203.0.113.9/i\n", "URLhaus", "http://203.0.113.9/i", "malware"),
        ("feed.txt", OPENPHISH, "OpenPhish", "https://login.bank.example.org/verify/", "phishing"),
        ("feed.txt", OPENPHISH, "OpenPhish", "http://login.bank.example.org//verify/", "phishing"),
        ("feed.txt", OPENPHISH, "OpenPhish", "https://login.bank.example.org/verify/?x", "beside-phishing"),
        ("feed.txt", OPENPHISH, "OpenPhish", "http://例え.example/b", "phishing"),
        ("202205.csv", JPCERT, "JPCERT/CC", "https://card.example.org/login", "historical"),
        ("202205.csv", "\ufeff" + JPCERT.replace("\n", "\r\n"), "JPCERT/CC", "https://card.example.org/login", "historical"),
        ("202205.csv", JPCERT, "JPCERT/CC", "https://card.example.org/", ""),
        ("hosts", HOSTS, "hosts", "https://bad.example.org/anything?x", "listed"),
        ("hosts", HOSTS, "hosts", "https://deep.worse.example.org/", "listed"),
        ("hosts", HOSTS, "hosts", "https://plain.example.net/", "listed"),
        ("hosts", HOSTS, "hosts", "https://example.org/", ""),
        ("hosts", HOSTS, "hosts", "https://notbad.example.org/", ""),
        ("mine.txt", "https://mine.example.org/a\n", "mine.txt", "https://mine.example.org/a", "listed"),
        ("mine.txt", "https://mine.example.org/a\n".encode("utf-16"), "mine.txt", "https://mine.example.org/a", "listed"),
    ],
)  # fmt: skip
def test_a_publishers_form_is_read(
    tmp_path: Path, name: str, text: str | bytes, known_as: str, url: str, meaning: str
) -> None:
    """The address itself in any spelling, the host where that says something, and nothing of a stranger beside it."""
    path = file(tmp_path, name, text)

    assert meaning == said(path, url)
    assert known_as == lists.load(path).name


@pytest.mark.parametrize(
    ("text", "name", "severity"),
    [
        (OPENPHISH, "feed.txt", "high"),
        (OPENPHISH.replace("verify", "x"), "feed.txt", "medium"),
        (JPCERT, "a.csv", "low"),
    ],
)
def test_a_listed_link_is_found_without_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, name: str, severity: str
) -> None:
    """Offline, at once; how much it weighs is the list's meaning."""
    for function in ("getaddrinfo", "create_connection", "socket"):
        monkeypatch.setattr(socket, function, None)
    link = "https://card.example.org/login" if text is JPCERT else "https://login.bank.example.org/verify/"

    made = report("https://www.example.com/", link, lists=[file(tmp_path, name, text)])

    found = [finding for finding in made["findings"] if finding["id"] == "listed-link"]
    assert [(severity, ["link:1"])] == [(finding["severity"], finding["where"]) for finding in found]
    assert [False] == [one["listed"] for one in made["links"][0]["reputation"]]
    assert [] == wrong(made) + failures(made)
    assert 0 == made["lookups"]["asked"]


def test_a_list_that_has_changed_is_read_again(tmp_path: Path) -> None:
    """A newer download counts from the next mail on; one that has not changed is not read twice."""
    path = file(tmp_path, "feed.txt", OPENPHISH)
    first = lists.load(path)

    assert lists.load(path) is first
    file(tmp_path, "feed.txt", "https://new.example.org/\n")
    assert "phishing" == said(path, "https://new.example.org/")
    assert "" == said(path, "https://login.bank.example.org/verify/")


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "zip", "pipe", "large", "words"])
def test_a_file_that_is_no_list_is_said_and_costs_nothing_else(tmp_path: Path, kind: str) -> None:
    """The panel names it, and the other list still speaks."""
    path = tmp_path / "bad.list"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        if not hasattr(os, "mkfifo"):
            return
        os.mkfifo(path)
    elif kind == "large":
        with path.open("wb") as out:
            out.truncate(lists.MAX_BYTES + 1)
    elif kind != "missing":
        path.write_bytes({"empty": b"", "zip": b"PK\x03\x04\0\0\0", "words": b"no addresses here at all\n" * 9}[kind])
    good = file(tmp_path, "feed.txt", OPENPHISH)

    made = report("https://login.bank.example.org/verify/", lists=[str(path), good])

    assert "file-unreadable:bad.list" in made["defects"]
    assert "listed-link" in {finding["id"] for finding in made["findings"]}
    (facts,) = (block for block in made["panel"] if block["block"] == "facts")
    assert any("bad.list" in item.get("text", "") for item in facts["body"])


@tried(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60, deadline=None
)
@given(
    st.sampled_from(["csv_recent.txt", "feed.txt", "a.csv", "hosts"]),
    st.binary(max_size=400) | st.text('",:/.#\n\r0hostpURLdate\ufeff例', max_size=400).map(lambda text: text.encode()),
)
def test_no_content_raises(tmp_path: Path, name: str, content: bytes) -> None:
    """Anything can stand in a file that somebody downloaded."""
    head = {"csv_recent.txt": b"# URLhaus\n", "a.csv": b"date,URL,description\n"}.get(name, b"")
    path = file(tmp_path, name, head + content)

    known = Known({}, settings.Settings(lists=(path,)))
    for url in ("http://a.example/", "", "::"):
        assert known.get(Question("lists", "url", url)) is not None


def test_long_lines_and_many_entries_are_bounded(tmp_path: Path) -> None:
    """A line of megabytes is cut, not kept; an unfinished quote does not swallow what follows it."""
    long = '"1","2026","https://' + "a" * (4 << 20)
    path = file(tmp_path, "csv.txt", f"# URLhaus\n{long}\n{URLHAUS}")

    assert "malware" == said(path, "http://203.0.113.9/i")
    assert 10 > sum(map(len, lists.load(path).addresses.values()))


@given(st.from_regex(r"https?://[a-z0-9.:]{2,12}/[a-zA-Z0-9./_~%\-]{0,12}(\?[a-z=&%/+?]{0,6})?", fullmatch=True))
def test_the_short_way_gives_the_canonical_form(url: str) -> None:
    """An address in the usual spelling is not taken apart; its form is the same."""
    found = canonical(url)

    assert (found.exact, found.host) == lists._form(url)
