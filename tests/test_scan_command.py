"""A scan of a whole mailbox: several processes, interruptions, what it comes to, tables and pages that hold hostile text."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import waves
from hypothesis import given
from hypothesis import strategies as st
from test_cli import ENVIRONMENT, objects, run
from workbench import replays

from sekisho import mailboxes
from sekisho.paint import overview, sheet
from sekisho.scan.crew import Crew
from sekisho.scan.examine import Context, Done, Job, Kin, Row, examine
from sekisho.scan.groups import MAX_OPEN, Groups
from sekisho.scan.spool import Known, Spool, SpoolError
from sekisho.scan.tally import MAX_WORST, Tally
from sekisho.settings import Settings

PLAIN = Context(Settings(), {})
KIN = Kin(0, False, False, False, "", "", "", (), ())
ROW = Row("a", 0, "0" * 64, "2026-11-22T00:00:00+00:00", "danger", 0.9, "Said.", ("self-spoof",), "Subject", "a@x.example", "192.0.2.1", 64500, "Net", "JP", "", (), KIN)  # fmt: skip


def mbox(sources: list[bytes]) -> bytes:
    return b"".join(
        b"From - Tue Apr 16 01:02:03 2024\n"
        + re.sub(rb"(?m)^(>*From )", rb">\1", source.replace(b"\r\n", b"\n"))
        + b"\n"
        for source in sources
    )


def some(count: int) -> list[bytes]:
    """So many short mails, each another."""
    return [
        b"Received: from out.sender.test (out.sender.test [198.51.100.%d]) by mx.own.example; Tue, 16 Apr 2024 01:02:03 +0000\n"
        b"From: a%d@sender.test\nTo: me@own.example\nSubject: number %d\n\nText of number %d.\n"
        % (number % 250, number, number, number)
        for number in range(count)
    ]


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "box.mbox"
    path.write_bytes(mbox(some(120)))
    return path


def rows_of(sources: list[bytes], settings: Settings = Settings()) -> list[Row]:  # noqa: B008
    context = Context(settings, {})
    made = [examine(Job("box", number, source, context), False).row for number, source in enumerate(sources)]
    return [row for row in made if row]


def begun(*arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sekisho", "scan", *map(str, arguments)]
    given = {**ENVIRONMENT, **environment}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=given, start_new_session=True)


# ------------------------------------------------------------------ reading


@given(
    st.lists(
        st.sampled_from(
            [
                b"From - Tue 01:02:03 2024\n",
                b"From x\n",
                b"\n",
                b"\r\n",
                b"From a 10:20\r\n",
                b"hello",
                b"\nFrom ",
                b" 12:34",
                b"A" * 300,
                b">From x\n",
            ]
        ),
        max_size=12,
    ),
    st.sampled_from([1, 3, 17, 400, 1 << 20]),
)
def test_an_mbox_is_the_same_in_pieces_of_any_size(tmp_path_factory: Any, bits: list[bytes], piece: int) -> None:
    """As one expression over the whole file would cut it."""
    data = b"".join(bits)
    path = tmp_path_factory.mktemp("box") / "box"
    path.write_bytes(data)
    separator = re.compile(rb"(?:(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{0,200}?\d\d:\d\d[^\r\n]{0,200}\r?\n")
    found = list(separator.finditer(b"\n\n" + data))
    ends = [match.start() for match in found[1:]] + [len(data) + 2]
    expected = [
        mailboxes._unquoted((b"\n\n" + data)[match.end() : end]) for match, end in zip(found, ends, strict=True)
    ] if found else []  # fmt: skip
    before, mailboxes._PIECE = mailboxes._PIECE, piece
    try:
        assert expected == [stored.source for stored in mailboxes._mbox(str(path))]
    finally:
        mailboxes._PIECE = before


# ------------------------------------------------------------------ processes


def test_several_processes_say_what_one_says(box: Path) -> None:
    """The same lines in the same order, with files that are opened among them."""
    sources = [path.read_bytes() for path in replays() if path.parent.name in ("archive-trap", "qr-link", "self-spoof")]
    box.write_bytes(mbox([*some(40), *sources]))
    one, several = run("scan", "--json", "--jobs", 1, box), run("scan", "--json", "--jobs", 3, box)

    assert (0, 0, one.stderr) == (one.returncode, several.returncode, several.stderr)
    assert len(sources) + 40 == len(objects(one.stdout))
    assert one.stdout == several.stdout


def test_a_process_that_dies_loses_no_message() -> None:
    """Every message comes once, in order, and the loss is said."""
    said: list[str] = []
    crew = Crew(2, False, said.append)
    got: list[Done] = []
    for done in crew.examined(Job("box", number, source, PLAIN) for number, source in enumerate(some(150))):
        got.append(done)
        if len(got) in (20, 60):
            victim = next(hand.process for hand in crew._hands if hand.process.is_alive())
            assert victim.pid
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()

    assert list(range(150)) == [done.number for done in got]
    assert [f"number {number}" for number in range(150)] == [done.row.subject if done.row else None for done in got]
    assert 2 == len(said) and all("has died" in sentence for sentence in said)


class Deadly:
    """A process that unpacks this ends."""

    def __reduce__(self) -> Any:
        return os._exit, (3,)


def test_a_message_that_kills_is_given_up_and_takes_none_along() -> None:
    """After two processes have died of it alone."""
    said: list[str] = []
    sources = some(60)
    answers: dict[Any, Any] = {Deadly(): None}
    deadly = Context(Settings(), answers)
    jobs = [Job("box", number, source, deadly if number == 25 else PLAIN) for number, source in enumerate(sources)]
    got = list(Crew(2, False, said.append).examined(iter(jobs)))

    assert list(range(60)) == [done.number for done in got]
    assert [25] == [done.number for done in got if done.row is None]
    assert said


def test_the_source_of_the_messages_may_fail() -> None:
    """What it raises comes out here, and no process stays behind."""
    crew = Crew(2, False, print)

    def broken() -> Iterator[Job]:
        yield Job("box", 0, some(1)[0], PLAIN)
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(crew.examined(broken()))
    assert [] == crew._hands


def test_an_interrupted_scan_ends_quietly(box: Path) -> None:
    """Ctrl-C reaches every process of the group: status 130, no trace of Python, nobody left."""
    box.write_bytes(mbox(some(800)))
    with begun("--json", "--jobs", 2, box) as scan:
        assert scan.stdout and scan.stderr
        scan.stdout.readline()
        os.killpg(scan.pid, signal.SIGINT)
        scan.stdout.close()
        said = scan.stderr.read()  # ends when the last process that holds it has ended

        assert (130, b"") == (scan.wait(60), said)


def test_a_mailbox_that_is_not_there_leaves_the_files_of_an_earlier_scan(tmp_path: Path) -> None:
    """They are begun anew only when there is something to read."""
    page = tmp_path / "scan.html"
    page.write_text("kept", "utf-8")
    result = run("scan", tmp_path / "none", "--html", page)

    assert (1, "kept") == (result.returncode, page.read_text("utf-8"))
    assert 1 == result.stderr.count(b"\n")


# ------------------------------------------------------------------ going on after an interruption


def test_a_killed_scan_goes_on_where_it_was(tmp_path: Path) -> None:
    """The output is that of one that was never interrupted, and the table and the summary know of all."""
    path, output, state, table = (tmp_path / name for name in ("box", "out.ndjson", "state", "t.csv"))
    path.write_bytes(mbox(some(150)))
    expected = run("scan", "--json", "--jobs", 2, path).stdout
    arguments = ["--json", "--jobs", 2, "--output", output, "--resume", state, "--csv", table, path]
    with begun(*arguments) as scan:
        while not output.exists() or output.stat().st_size < len(expected) // 10:
            assert scan.poll() is None
        os.killpg(scan.pid, signal.SIGKILL)
    done = output.read_bytes().count(b"\n")
    assert 0 < done < 150
    with output.open("ab") as file:
        file.write(b'{"half a line')
    with state.open("ab") as file:
        file.write(b'["half a row')
    again = run("scan", *arguments)

    assert 0 == again.returncode, again.stderr
    assert expected == output.read_bytes()
    assert re.search(rb"\d+ messages have been analysed before", again.stderr)
    assert b"150 messages: " in again.stderr
    assert 151 == table.read_bytes().count(b"\r\n")
    assert 0o600 == state.stat().st_mode & 0o777

    third = run("scan", *arguments)
    assert (0, expected) == (third.returncode, output.read_bytes())
    assert b"150 messages have been analysed before" in third.stderr


def test_lines_that_the_output_has_lost_are_made_again(tmp_path: Path, box: Path) -> None:
    """A row counts only when the output has its line."""
    output, state = tmp_path / "out", tmp_path / "state"
    arguments = ("scan", "--json", "--output", output, "--resume", state, box)
    run(*arguments)
    whole = output.read_bytes()
    output.write_bytes(whole[: len(whole) // 2])

    assert 0 == run(*arguments).returncode
    assert whole == output.read_bytes()


def test_a_mailbox_that_has_changed_is_said(tmp_path: Path, box: Path) -> None:
    """New messages are looked at, none twice; what is gone is said; a star changes nothing."""
    output, state = tmp_path / "out", tmp_path / "state"
    arguments = ("scan", "--json", "--output", output, "--resume", state, box)
    run(*arguments)
    sources = some(125)
    starred = b"X-Mozilla-Status: 0005\nX-Mozilla-Status2: 00000000\n" + sources[7]
    box.write_bytes(mbox([*sources[3:7], starred, *sources[8:]]))
    again = run(*arguments)

    assert b"3 messages that were analysed then are no longer there" in again.stderr
    assert [f"number {number}" for number in range(125)] == [
        one["message"]["subject"] for one in objects(output.read_bytes())
    ]


def test_a_state_of_another_scan_is_refused(tmp_path: Path, box: Path) -> None:
    """Other settings, other files, or no state at all: one line, status 1, and nothing is overwritten."""
    state = tmp_path / "state"
    run("scan", "--resume", state, box)
    kept = state.read_bytes()
    for more in (("--locale", "ja"), (tmp_path,)):
        done = run("scan", "--resume", state, box, *more)
        assert (1, 1) == (done.returncode, len(done.stderr.splitlines()))
        assert b"of another scan" in done.stderr
    assert kept == state.read_bytes()
    state.write_bytes(b"my notes\n")
    assert 1 == run("scan", "--resume", state, box).returncode
    assert b"my notes\n" == state.read_bytes()


def test_rows_come_back_as_they_were() -> None:
    """Through the file, whatever is in them; of a damaged one those before the damage."""
    file = io.BytesIO()
    spool = Spool(file, "x", 0)
    rows = [ROW._replace(subject=subject, number=number) for number, subject in enumerate(["a\nb", "\udcff\0", "日本"])]
    for number, row in enumerate(rows, 1):
        spool.add(row, number * 10)
    assert [rows[0], rows[1]._replace(subject="?\0"), rows[2]] == list(Spool(file, "x", 30).rows())
    kept = Spool(file, "x", 25)
    assert (2, 20) == (len(list(kept.rows())), kept.end)
    with pytest.raises(SpoolError):
        Spool(io.BytesIO(b"{}\n"), "x", 0)


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)))
def test_each_copy_counts_once(before: list[int], now: list[int]) -> None:
    """A message that lies there three times and was done twice is looked at once more."""
    import hashlib

    known = Known()
    for one in before:
        known.add(ROW._replace(sha256=hashlib.sha256(b"%d" % one).hexdigest()))
    known.ready()
    new = [one for one in now if not known.meet(Job("a", 0, b"%d" % one, PLAIN))]

    assert {one: max(0, now.count(one) - before.count(one)) for one in now} == {one: new.count(one) for one in now}
    assert len(now) - len(new) == known.met


# ------------------------------------------------------------------ what it comes to


def test_the_wave_of_a_morning_is_one_campaign() -> None:
    """111 mails to guessed names among 200 newsletters: one campaign with every address and both link domains."""
    settings = Settings(own_addresses=("info@office.example",), own_domains=("office.example",))
    groups = Groups()
    for row in rows_of([*waves.newsletters(200), *waves.guessed(111)], settings):
        groups.add(row)
    (found,) = groups.campaigns()

    assert (111, 111) == (found.messages, found.warned)
    assert 108 <= len(found.recipients) <= 111
    assert 2 == len(found.links)


def test_newsletters_are_no_campaign() -> None:
    """Two hundred that have nothing in common but their frame."""
    groups = Groups()
    for row in rows_of(waves.newsletters(200)):
        groups.add(row)

    assert [] == groups.campaigns()


def test_groups_are_bounded_and_remembered() -> None:
    """A campaign stays known when ten thousand other messages have gone by."""
    groups = Groups()
    kin = KIN._replace(subject="win a prize now", net="192.0.2", bands=(1, 2, 3))
    numbers = {groups.add(ROW._replace(kin=kin, sender=f"{one}@x.example")).campaign for one in range(5)}
    for one in range(3 * MAX_OPEN):
        groups.add(ROW._replace(kin=KIN._replace(subject=f"subject {one}", bands=(10 + one,))))

    (number,) = numbers
    assert groups.is_campaign(number) and [number] == [group.number for group in groups.campaigns()]
    assert len(groups._open) <= MAX_OPEN


def test_the_worst_are_kept_within_bounds() -> None:
    """The highest scores, the first of equal ones first."""
    tally = Tally()
    for number in range(1000):
        tally.add(ROW._replace(number=number, score=(number % 500) / 500))

    assert MAX_WORST == len(tally.worst)
    assert [499, 999, 498, 998] == [row.number for row in tally.worst[:4]]


HOSTILE = [
    "=HYPERLINK(\"http://evil.example\")", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "a\"b,c\nd",
    "<script>alert(1)</script>", "</td></table><img src=x onerror=alert(1)>", "\x1b[31m\u202efdp.exe", "https://evil.example/",
    "{count}", "日本, \"語\"", "\udcff",
]  # fmt: skip


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_table_holds_no_formula(locale: str) -> None:
    """RFC 4180: a reader gets each cell back; none begins as a formula does, and nothing in it commands anything."""
    rows = [ROW._replace(subject=text, sender=text, headline=text, path=text, brand=text) for text in HOSTILE]
    written = sheet.head(locale) + b"".join(sheet.record(row, 1, locale) for row in rows)
    read = list(csv.reader(io.StringIO(written.decode("utf-8"), newline="")))

    assert 1 + len(rows) == len(read) and {len(read[0])} == {len(cells) for cells in read}
    for cells in read[1:]:
        for cell in cells:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell
            assert not set(cell) & set("\x1b\u202e\r\n\t"), cell
    assert 'a"b,c d' in read[1 + 8]


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_page_holds_no_script(locale: str) -> None:
    """Text is only text, links are no links, and nothing is loaded."""
    from html.parser import HTMLParser

    tally, groups = Tally(), Groups()
    for text in HOSTILE:
        kin = KIN._replace(subject="the same", net="192.0.2", bands=(1,), to_self=True)
        row = ROW._replace(subject=text, sender=text, headline=text, path=text, brand=text, network=text, country=text, date=text, links=(text,), kin=kin)  # fmt: skip
        tally.add(groups.add(row))
    page = overview.page(tally, groups, HOSTILE, locale)
    tags: set[str] = set()
    names: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            names.update(name for name, _ in attributes)

    Reader().feed(page)

    assert groups.campaigns()
    assert tags <= {
        *[
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "h1",
            "h2",
            "p",
            "ul",
            "li",
            "section",
            "svg",
            "rect",
            "div",
            "table",
            "tr",
            "th",
            "td",
            "b",
        ]
    }
    assert not {name for name in names if name.startswith("on") or name in ("href", "src", "style")}
    assert "default-src 'none'" in page and "https://evil" not in page and "\u202e" not in page
    assert page.encode("utf-8", "replace").decode()


def test_what_is_written_beside(tmp_path: Path, box: Path) -> None:
    """Table and page of a scan, in the reader's language, their owner's alone; the same with several processes."""
    box.write_bytes(mbox([*some(60), *waves.guessed(40)]))
    made = []
    for jobs in (1, 2):
        table, page = tmp_path / f"{jobs}.csv", tmp_path / f"{jobs}.html"
        done = run("scan", "--locale", "ja", "--jobs", jobs, "--csv", table, "--html", page, box)
        assert 0 == done.returncode, done.stderr
        made.append((table.read_bytes(), page.read_bytes(), done.stdout, done.stderr))
        assert 0o600 == table.stat().st_mode & 0o777 == page.stat().st_mode & 0o777
    table_text, page_text, _, said = made[0]

    assert made[0] == made[1]
    assert table_text.startswith(b"\xef\xbb\xbf") and 101 == table_text.count(b"\r\n")
    assert "同じ種類のメール".encode() in page_text and "同じ種類のメール".encode() in said
    cells = list(csv.DictReader(io.StringIO(table_text.decode("utf-8-sig"), newline="")))
    wave = {one["キャンペーン"] for one in cells[60:]}
    assert 1 == len(wave) and wave.isdisjoint({"", *(one["キャンペーン"] for one in cells[:60])})


@pytest.mark.parametrize(
    "wrong",
    [
        ("--jobs", "0"),
        ("--output", "out"),
        ("--json", "--resume", "state"),
        ("--cluster", "tcp://127.0.0.1:1", "--privacy", "resolver"),
    ],
)
def test_what_makes_no_sense_together_is_a_usage_error(box: Path, wrong: tuple[str, ...]) -> None:
    """Status 2, and nothing is written."""
    done = run("scan", box, *wrong)

    assert (2, b"") == (done.returncode, done.stdout)
    assert not Path("out").exists() and not Path("state").exists()


@pytest.mark.parametrize("option", ["--csv", "--html", "--resume", "--output"])
def test_what_cannot_be_written_is_said_before_anything_is_read(box: Path, tmp_path: Path, option: str) -> None:
    """One line and status 1, and not a line of output."""
    more = ["--json"] if option == "--output" else []
    box.write_bytes(mbox(some(1)))
    done = run("scan", *more, option, tmp_path / "missing" / "file", box)

    assert (1, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert b"missing" in done.stderr and done.stdout == b""


def test_a_report_without_its_panel_is_the_same_otherwise() -> None:
    """What a scan leaves out is what nobody would look at."""
    from sekisho.engine import analyse
    from sekisho.mail.message import Message
    from sekisho.report import as_json

    for path in replays()[::25]:
        message = path.read_bytes()
        shown, bare = (
            as_json(analyse(Message(message), {}, Settings(), 0, shown=shown).report) for shown in (True, False)
        )
        assert shown["panel"] and not bare["panel"]
        left_out = ("panel", "lookups", "defects")
        assert json.dumps({**shown, **dict.fromkeys(left_out)}) == json.dumps({**bare, **dict.fromkeys(left_out)})
