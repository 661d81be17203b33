"""The command line as its user meets it: a process, its status, its two outputs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from workbench import HOST, REPLAYS, SAMPLES, report_of, wrong

import sekisho
from sekisho import checks
from sekisho.paint.export import FORMATS

KAGOYA = SAMPLES[0].parent / "kagoya.eml"
HONEST = SAMPLES[0].parent / "honest.eml"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(HOST), "LC_ALL": "C.UTF-8", "LANG": "", "PYTHONUTF8": "1"}


def run(*arguments: object, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "sekisho", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, env={**ENVIRONMENT, **environment}, timeout=60)


def objects(output: bytes) -> list[Any]:
    """One JSON object a line, and nothing else."""
    return [json.loads(line) for line in output.decode("utf-8").splitlines()]


def done(*arguments: object, **given: Any) -> list[Any]:
    """The objects of a command that must succeed without a word on standard error."""
    result = run(*arguments, **given)
    assert (0, b"") == (result.returncode, result.stderr)
    return objects(result.stdout)


def scanned(*paths: object) -> list[tuple[str, int, bytes | None]]:
    """Path, index and hash of each message that `scan` found."""
    result = run("scan", "--json", *paths)
    assert 0 == result.returncode, result.stderr
    return [(one["path"], one["index"], one["message"]["sha256"]) for one in objects(result.stdout)]


def digest(source: bytes) -> str:
    return hashlib.sha256(source).hexdigest()


# ------------------------------------------------------------------ status


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--version",), 0),
        (("--help",), 0),
        (("analyse", "--json", KAGOYA), 0),
        (("analyse", KAGOYA, HONEST), 0),
        ((), 2),
        (("analyze", KAGOYA), 2),
        (("analyse",), 2),
        (("analyse", "--privacy", "everybody", KAGOYA), 2),
        (("analyse", "--locale", "tlh", KAGOYA), 2),
        (("analyse", "--colour", KAGOYA), 2),
        (("export", KAGOYA), 2),
        (("export", KAGOYA, "--format", "pdf"), 2),
        (("analyse", "no-such-file.eml"), 1),
        (("analyse", "--json", KAGOYA, "no-such-file.eml"), 1),
        (("analyse", HOST), 1),
        (("scan", "no-such-folder"), 1),
        (("export", "no-such-file.eml", "--format", "html"), 1),
        (("analyse", KAGOYA, "--settings", "no-such-file.json"), 1),
        (("analyse", KAGOYA, "--settings", KAGOYA), 1),
        (("analyse", KAGOYA, "--answers", "no-such-file.json"), 1),
        (("analyse", KAGOYA, "--answers", KAGOYA), 1),
    ],
)
def test_the_status_says_how_it_went(arguments: tuple[object, ...], status: int) -> None:
    """0: analysed, whatever was found; 2: usage; 1: could not read or write, with one line on standard error."""
    result = run(*arguments)

    assert status == result.returncode
    if status == 1:
        assert 1 == len(result.stderr.decode().splitlines())
        assert result.stderr.startswith(b"sekisho: ")
    if status == 0:
        assert b"" == result.stderr


@pytest.mark.parametrize(
    "text", ["[]", "3", "{", '{"own_addresses":"me"}', '{"privacy":"all"}', '{"locale":[]}', "\xff"]
)
def test_settings_that_are_none_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    """A settings file with a wrong type, value or form stops the command."""
    file = tmp_path / "settings.json"
    file.write_bytes(text.encode("latin-1"))
    result = run("analyse", KAGOYA, "--settings", file)

    assert (1, 1) == (result.returncode, len(result.stderr.splitlines()))
    assert str(file).encode() in result.stderr


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "3",
        "[3]",
        "[{}]",
        '[{"question":{}}]',
        '[{"question":{"kind":"rdap","type":"ip","name":"x"},"records":3}]',
    ],
)
def test_answers_that_are_none_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    """A file of answers of another form stops the command."""
    file = tmp_path / "answers.json"
    file.write_text(text)
    result = run("analyse", KAGOYA, "--answers", file)

    assert (1, 1) == (result.returncode, len(result.stderr.splitlines()))
    assert str(file).encode() in result.stderr


def test_the_version_is_the_packages() -> None:
    """`--version` names the program and its version."""
    assert f"sekisho {sekisho.__version__}\n" == run("--version").stdout.decode()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_told_in_one_line() -> None:
    """Output that cannot be written is a failure with one line, without a traceback."""
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "sekisho", "analyse", "--json", str(KAGOYA)]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT)

    assert (1, 1) == (result.returncode, len(result.stderr.splitlines()))


def test_a_reader_that_has_enough_is_no_disaster(tmp_path: Path) -> None:
    """When whoever reads the output goes away, the command ends without a traceback."""
    box = tmp_path / "box"
    box.write_bytes(b"".join(b"From - Tue May 10 06:12:44 2022\n" + KAGOYA.read_bytes() + b"\n" for _ in range(300)))
    command = [sys.executable, "-m", "sekisho", "scan", "--json", str(box)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as scan:
        assert scan.stdout and scan.stderr
        scan.stdout.readline()
        scan.stdout.close()
        said = scan.stderr.read()

        assert 1 == scan.wait(60)
        assert b"Traceback" not in said and b"Exception" not in said


# ------------------------------------------------------------------ analyse


def test_json_is_one_report_a_line_in_the_order_given() -> None:
    """Each report passes the schema and stands on a line of its own."""
    found = done("analyse", "--json", KAGOYA, HONEST, KAGOYA)

    assert ["danger", "clear", "danger"] == [report["verdict"]["level"] for report in found]
    assert [] == [fault for report in found for fault in wrong(report)]


def test_standard_input_is_a_file_like_others() -> None:
    """`-` reads the message from standard input, byte for byte."""
    source = HONEST.read_bytes().replace(b"\n", b"\r\n") + b"\0\xff"
    (report,) = done("analyse", "--json", "-", given=source)

    assert (digest(source), len(source)) == (report["message"]["sha256"], report["message"]["size"])


def test_a_process_says_what_the_function_says() -> None:
    """The command's report is that of the engine; only the age of the tables may differ with the day."""
    (report,) = done("analyse", "--json", "--locale", "ja", KAGOYA)
    expected = report_of(KAGOYA, "ja")
    for one in (report, expected):
        del one["panel"]

    assert expected == report


@pytest.mark.parametrize(
    ("arguments", "environment", "japanese"),
    [
        (("--locale", "ja"), {}, True),
        (("--locale", "en"), {"LC_ALL": "ja_JP.UTF-8"}, False),
        ((), {"LC_ALL": "ja_JP.UTF-8"}, True),
        ((), {"LC_ALL": "", "LANG": "ja_JP.UTF-8"}, True),
        ((), {"LC_ALL": "de_DE.UTF-8"}, False),
    ],
)
def test_sentences_are_in_the_readers_language(
    arguments: tuple[str, ...], environment: dict[str, str], japanese: bool
) -> None:
    """The option decides, else the environment, else English."""
    (report,) = done("analyse", "--json", KAGOYA, *arguments, **environment)

    assert japanese == ("名乗っています" in report["verdict"]["headline"])


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_without_json_the_panel_is_painted(locale: str) -> None:
    """The terminal shows the headline and every finding, without an escape sequence where there is no terminal."""
    result = run("analyse", "--locale", locale, KAGOYA, COLUMNS="400")
    shown = "".join(result.stdout.decode("utf-8").replace("│", "").split())
    report = report_of(KAGOYA, locale)

    assert 0 == result.returncode
    for text in (report["verdict"]["headline"], *(finding["title"] for finding in report["findings"])):
        assert "".join(text.split()) in shown
    assert "\x1b" not in shown


def test_settings_reach_the_analysis(tmp_path: Path) -> None:
    """What the reader's settings say decides a finding; an option stands above them; unknown names are passed over."""
    mail = REPLAYS / "self-spoof" / "fires-japanese-unknown-reader.eml"
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"own_addresses": ["Soumu@Machi.Example"], "locale": "ja", "colour": "red"}))
    severity = {"self-spoof": ["medium", "high"]}
    (before,), (after,) = (
        done("analyse", "--json", mail),
        done("analyse", "--json", mail, "--settings", file, "--locale", "en"),
    )
    found = [next(one for one in report["findings"] if one["id"] == "self-spoof") for report in (before, after)]

    assert severity["self-spoof"] == [finding["severity"] for finding in found]
    assert "is your own address" in found[1]["title"]


def test_an_answer_of_a_registry_names_the_network(tmp_path: Path) -> None:
    """A known RDAP answer changes the network's name and abuse contact, with its source and time, and counts as asked."""
    record = {"name": "Example Hosting", "abuse": "abuse@hosting.example", "prefix": "120.136.14.0/24", "country": "JP"}
    file = tmp_path / "answers.json"
    file.write_text(
        json.dumps(
            [
                {
                    "question": {"kind": "rdap", "type": "ip", "name": "120.136.14.43"},
                    "records": [record],
                    "source": "rdap.example",
                    "at": "2026-11-01T00:00:00+00:00",
                }
            ]
        )
    )
    (before,), (after,) = done("analyse", "--json", KAGOYA), done("analyse", "--json", KAGOYA, "--answers", file)
    network = after["hops"][0]["network"]

    assert record == {key: network[key] for key in record}
    assert ("rdap.example", "2026-11-01T00:00:00+00:00") == (network["source"], network["as_of"])
    assert before["hops"][0]["network"]["place"] == network["place"]
    assert (0, 1) == (before["lookups"]["asked"], after["lookups"]["asked"])
    assert "Example Hosting" in json.dumps(after["panel"])


# ------------------------------------------------------------------ scan

ONE = b"From: a@example.com\nSubject: one\n\nFirst.\n"
TWO = b"From: b@example.net\nSubject: two\n\nSecond.\n\nFrom here on it goes up, at 10:30.\n"
DATE = b"Tue May 10 06:12:44 2022"


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (b"From - " + DATE + b"\n" + ONE + b"\nFrom - " + DATE + b"\n" + ONE + b"\n", [ONE, ONE]),
        (
            b"From a@example.com " + DATE + b"\n" + ONE + b"\nFrom MAILER-DAEMON " + DATE + b"\n" + ONE + b"\n",
            [ONE, ONE],
        ),
        (b"From - " + DATE + b"\r\n" + ONE.replace(b"\n", b"\r\n") + b"\r\n", [ONE.replace(b"\n", b"\r\n")]),
        (
            b"From - " + DATE + b"\n" + ONE.replace(b"First", b">From me\n>>From you\n> From none"),
            [ONE.replace(b"First", b"From me\n>From you\n> From none")],
        ),
        (
            b"From - "
            + DATE
            + b"\nX-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys:      \n"
            + ONE
            + b"\n",
            [ONE],
        ),
        (b"From - " + DATE + b"\n" + ONE.rstrip(b"\n"), [ONE.rstrip(b"\n")]),
        (
            b"From - "
            + DATE
            + b"\n"
            + TWO.replace(b"\nFrom here", b"\n>From here")
            + b"\nFrom - "
            + DATE
            + b"\n"
            + ONE
            + b"\n",
            [TWO, ONE],
        ),
        (b"", []),
    ],
    ids=["two", "senders", "crlf", "quoted", "mozilla", "unfinished", "a sentence", "empty"],
)
def test_an_mbox_is_read_message_by_message(tmp_path: Path, box: bytes, expected: list[bytes]) -> None:
    """Separators part messages, quoting is undone, and status lines do not count."""
    file = tmp_path / "Inbox"
    file.write_bytes(box)
    (tmp_path / "Inbox.msf").write_bytes(b'// <!-- <mdb:mork:z v="1.4"/> -->')

    assert [(str(file), number, digest(source)) for number, source in enumerate(expected)] == scanned(tmp_path)


def test_a_maildir_is_read_whole(tmp_path: Path) -> None:
    """Messages in cur and new are read, those in tmp are not; folders below are followed."""
    for folder, source in (("cur", ONE), ("new", TWO), ("tmp", b"half"), (".Sent/cur", TWO), (".Sent/new", ONE)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "1652130764.M1P2.host").write_bytes(source)
    found = scanned(tmp_path)

    assert sorted([digest(ONE), digest(TWO)] * 2) == sorted(sha256 for _, _, sha256 in found)
    assert not any("tmp/1652" in path for path, _, _ in found)


def test_thunderbirds_own_maildir_is_read(tmp_path: Path) -> None:
    """Thunderbird's has cur and tmp and no new."""
    for folder in ("cur", "tmp"):
        (tmp_path / "Inbox" / folder).mkdir(parents=True)
    (tmp_path / "Inbox" / "cur" / "1700000000.eml").write_bytes(ONE)

    assert [digest(ONE)] == [sha256 for _, _, sha256 in scanned(tmp_path)]


def test_a_folder_of_mails_is_read_in_order(tmp_path: Path) -> None:
    """Every .eml is read in the order of the names, in folders below too, whatever these are called."""
    (tmp_path / "new").mkdir()
    for path, source in (("b.eml", TWO), ("a.EML", ONE), ("new/c.eml", ONE), ("notes.txt", b"From: nobody\n")):
        (tmp_path / path).write_bytes(source)
    found = scanned(tmp_path)

    assert ["a.EML", "b.eml", "new/c.eml"] == [Path(path).relative_to(tmp_path).as_posix() for path, _, _ in found]
    assert [0, 0, 0] == [number for _, number, _ in found]


def test_a_profile_of_thunderbird_is_read(tmp_path: Path) -> None:
    """Local folders, IMAP folders and folders below folders are read; the rest of a profile is no mail."""
    box = b"From - " + DATE + b"\n" + ONE + b"\n"
    for path in ("Mail/Local Folders/Inbox", "Mail/Local Folders/Trips.sbd/2022", "ImapMail/imap.example.com/INBOX"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(box)
        (tmp_path / f"{path}.msf").write_bytes(b"")
    (tmp_path / "prefs.js").write_text('user_pref("a", 1);')
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage" / "cache.eml").write_bytes(TWO)
    (tmp_path / "stray.eml").write_bytes(TWO)

    assert [digest(ONE)] * 3 == [sha256 for _, _, sha256 in scanned(tmp_path)]


def test_a_single_file_is_scanned_like_a_folder(tmp_path: Path) -> None:
    """A path may be one message or one mbox; several paths are read in the order given."""
    (tmp_path / "one.eml").write_bytes(ONE)
    (tmp_path / "box").write_bytes(b"From - " + DATE + b"\n" + TWO.replace(b"\nFrom here", b"\n>From here") + b"\n")

    assert [digest(TWO), digest(ONE)] == [sha256 for _, _, sha256 in scanned(tmp_path / "box", tmp_path / "one.eml")]


def test_a_separator_of_a_million_letters_is_only_a_line(tmp_path: Path) -> None:
    """A line that begins like a separator and never ends like one belongs to its message."""
    source = ONE + b"\nFrom " + b"a" * 500_000 + b"\nFrom " + b"00:0" * 300_000 + b"\n"
    file = tmp_path / "box"
    file.write_bytes(b"From - " + DATE + b"\n" + source)

    assert [digest(source)] == [sha256 for _, _, sha256 in scanned(file)]


def test_scan_tells_its_progress_apart_from_its_findings() -> None:
    """Without --json only mails with a warning are listed; the count goes to standard error."""
    result = run("scan", KAGOYA, HONEST)

    assert (0, 1) == (result.returncode, len(result.stdout.splitlines()))
    assert result.stdout.startswith(b"danger")
    assert b"2 messages" in result.stderr


def test_scan_takes_the_options_of_analyse(tmp_path: Path) -> None:
    """Language and settings change a scan's reports as they change an analysis."""
    found = objects(run("scan", "--json", "--locale", "ja", "--privacy", "offline", KAGOYA).stdout)
    (expected,) = done("analyse", "--json", "--locale", "ja", "--privacy", "offline", KAGOYA)

    assert [{**expected, "path": str(KAGOYA), "index": 0}] == found


def test_scan_learns_from_the_mailbox_it_reads(tmp_path: Path) -> None:
    """The servers that hand on inside are known from the mailbox alone; an analysis of one of its mails can't know them."""

    def mail(number: int) -> bytes:
        return (
            b"Received: from mx1.second.example (mx1.second.example [192.0.2.1]) by imap1.own.example (Postfix) with ESMTP id 1;\n"
            b" Tue, 16 Apr 2024 01:02:04 +0000\nReceived: from out.sender%d.test (out.sender%d.test [198.51.100.%d]) by mx1.second.example"
            b" (Postfix) with ESMTP id 1 for <me@own.example>; Tue, 16 Apr 2024 01:02:03 +0000\nFrom: a@sender%d.test\n\n%d\n"
        ) % (number, number, number, number, number)  # fmt: skip

    for number in range(20):
        (tmp_path / f"{number:02}.eml").write_bytes(mail(number))
    origins = [report["origin"] for report in objects(run("scan", "--json", tmp_path).stdout)]
    (alone,) = done("analyse", "--json", tmp_path / "00.eml")

    assert [f"198.51.100.{number}" for number in range(20)] == [origin["ip"] for origin in origins]
    assert {"learnt-edge"} == {origin["rule"] for origin in origins}
    assert ("192.0.2.1", "own-organisation") == (alone["origin"]["ip"], alone["origin"]["rule"])


# ------------------------------------------------------------------ export, findings, doctor


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_report_is_exported(form: str, locale: str) -> None:
    """Each format holds the headline, defanged, and is all that standard output gets."""
    result = run("export", KAGOYA, "--format", form, "--locale", locale)
    text = result.stdout.decode("utf-8")

    assert (0, b"") == (result.returncode, result.stderr)
    assert report_of(KAGOYA, locale)["verdict"]["headline"][:10] in text
    assert form != "json" or [] == wrong(json.loads(text))
    assert form == "json" or "https://w-support" not in text


def test_findings_are_listed_with_their_words() -> None:
    """Every finding of the package, in both languages."""
    found = done("findings", "--json")

    assert [module.check.id for module in checks.modules()] == [one["id"] for one in found]
    assert all({"en", "ja"} == set(one["texts"]) for one in found)
    assert {"title", "why", "advice"} == set(found[0]["texts"]["ja"])
    assert "本文によると、すでに削除されています" in run("findings", "--locale", "ja").stdout.decode("utf-8")


def test_the_doctor_takes_its_language() -> None:
    """`sekisho doctor --locale ja` speaks Japanese, whatever it finds."""
    result = run("doctor", "--locale", "ja")

    assert result.returncode in (0, 1)
    assert "表" in result.stdout.decode("utf-8")
