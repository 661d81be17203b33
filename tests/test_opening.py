"""The second stage: the child that opens files, what it may not do, and how a message's reports follow each other."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from queue import SimpleQueue

import pytest
from workbench import HOST, primitives, wrong

from sekisho import session
from sekisho.facts.attachments import to_open
from sekisho.mail.message import Message
from sekisho.opening import linux
from sekisho.opening.process import Opener
from sekisho.questions import OPENED, Answer, Failed, Question
from sekisho.settings import Settings

PATIENCE = 60.0  # seconds until a child that hangs is given up; nothing is measured


def mail(*files: tuple[str, bytes], text: str = "See the file.") -> bytes:
    """A message with these files."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Taro <taro@sender.example>", "me@own.example", "A file"
    made["Date"], made["Message-ID"] = "Tue, 04 Jun 2024 15:00:00 +0900", "<1@sender.example>"
    made.set_content(text)
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def zipped(**members: bytes) -> bytes:
    """A ZIP file with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(name.replace("_", ".")), content)
    return out.getvalue()


@pytest.fixture
def opener() -> Iterator[Opener]:
    made = Opener(deadline=PATIENCE)
    yield made
    made.close()


def opened(opener: Opener, reader: str, content: bytes) -> Answer | Failed:
    """What opening a content gives."""
    inbox: SimpleQueue[Answer | Failed] = SimpleQueue()
    question = Question(OPENED, reader, str(hash(content)))
    opener.open("test", question, lambda: content, lambda asked, state: inbox.put(state))
    return inbox.get(timeout=PATIENCE)


def reason(state: Answer | Failed) -> str:
    assert isinstance(state, Failed)
    return state.reason


def confined(program: str) -> str:
    """What a program says that runs in a process which has given up what the child gives up."""
    start = f"import sys; sys.path.insert(0, {str(HOST)!r})\nfrom sekisho.opening import child\n"
    whole = start + "import os, socket, subprocess, ctypes\nchild.confine()\n" + program
    command = [sys.executable, "-I", "-B", "-c", whole]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE).stdout.strip()


# ------------------------------------------------------------------ reports


def test_a_file_that_can_be_opened_gives_one_report_at_once_and_a_better_one() -> None:
    """The first report says that it waits for the file; the last, final one has what is inside."""
    source = mail(("papers.zip", zipped(letter_txt=b"Hello")))

    first, last = session.reports(source, Settings(), None, None, session.opener)

    assert [(False, "waiting"), (True, "done")] == [(r["final"], r["attachments"][0]["opened"]) for r in (first, last)]
    assert ["letter.txt"] == [member["name"] for member in last["attachments"][0]["members"]]
    assert [[], []] == [wrong(first), wrong(last)]
    assert [] == last["lookups"]["log"]


def test_a_file_that_was_opened_before_is_known_at_once() -> None:
    """The panel asks again what the badge has asked; then one report is enough."""
    source = mail(("papers.zip", zipped(note_txt=b"Hello again")))
    before = list(session.reports(source, Settings(), None, None, session.opener))

    again = list(session.reports(source, Settings(), None, None, session.opener))

    assert (2, 1) == (len(before), len(again))
    assert before[-1]["attachments"] == again[0]["attachments"]


def test_a_mail_without_such_a_file_has_one_report() -> None:
    """Nothing is opened, and no child is started."""
    (only,) = session.reports(mail(("notes.txt", b"Hello")), Settings(), None, None, session.opener)

    assert (True, "none") == (only["final"], only["attachments"][0]["opened"])


def test_an_analysis_that_opens_nothing_is_final() -> None:
    """The pure function alone has no second stage; it says that nothing was opened."""
    only = session.report(mail(("papers.zip", zipped(letter_txt=b"Hello"))), Settings())

    assert (True, "none") == (only["final"], only["attachments"][0]["opened"])


def test_a_message_packed_as_a_file_is_analysed_in_turn() -> None:
    """Its files are among the members, its links among the links, with the part that it is as their place."""
    inner = mail(
        ("papers.zip", zipped(invoice_exe=b"MZ" + bytes(100))), text="Go to https://login.attacker.example/x now"
    )

    *_, last = session.reports(mail(("forwarded.dat", inner)), Settings(), None, None, session.opener)

    assert ["papers.zip", "invoice.exe"] == [member["name"] for member in last["attachments"][0]["members"]]
    assert [("https://login.attacker.example/x", "part:2")] == [(link["url"], link["where"]) for link in last["links"]]
    assert "archive-with-program" in {finding["id"] for finding in last["findings"]}


def test_what_could_not_be_opened_is_said_and_excuses_nothing() -> None:
    """The panel says that nothing is known of what is inside."""
    source = mail(("papers.zip", zipped(letter_txt=b"Hello")))
    (asked,) = to_open(Message(source))

    live = session.Live(
        Message(source), Settings(), None, lambda *heard: None, 0.0, {asked[1]: Failed("timeout", "", "")}
    )
    report = live.look(0.0)

    assert report is not None
    assert ("failed", "timeout", True) == (
        *(report["attachments"][0][key] for key in ("opened", "failed")),
        report["final"],
    )
    (block,) = (block for block in report["panel"] if block["block"] == "attachments")
    assert any("could not be opened here" in item.get("text", "") for item in primitives(block["body"]))


def test_a_stopped_analysis_says_that_it_was() -> None:
    """What was still to be opened counts as not known."""
    live = session.Live(
        Message(mail(("a.zip", zipped(x_txt=b"1")))), Settings(), None, lambda *heard: None, 0.0, None, Opener
    )
    first = live.look(0.0)
    live.cancel()
    last = live.look(1.0)

    assert first is not None and last is not None
    assert [("waiting", None, False), ("failed", "cancelled", True)] == [
        (report["attachments"][0]["opened"], report["attachments"][0]["failed"], report["final"])
        for report in (first, last)
    ]


# ------------------------------------------------------------------ the child


def test_a_reader_that_breaks_costs_its_own_file_alone(opener: Opener) -> None:
    """A fault is said as such, and the same child goes on."""
    assert "malformed" == reason(opened(opener, "no_such_reader", b"x"))
    child = opener._child
    assert isinstance(opened(opener, "archive", zipped(a_txt=b"x")), Answer)
    assert child is opener._child


def test_a_child_that_dies_is_replaced(opener: Opener) -> None:
    """A crash is said as such; the next file gets a new child."""
    assert isinstance(opened(opener, "archive", zipped(a_txt=b"x")), Answer)
    assert opener._child is not None
    opener._child.kill()

    assert "crashed" == reason(opened(opener, "archive", zipped(b_txt=b"x")))
    assert isinstance(opened(opener, "archive", zipped(c_txt=b"x")), Answer)


def test_a_child_that_takes_too_long_is_killed() -> None:
    """No file takes longer than the deadline."""
    opener = Opener(deadline=0.0)
    try:
        assert "timeout" == reason(opened(opener, "archive", zipped(a_txt=b"x")))
    finally:
        opener.close()


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "subprocess.run(['true'])",
        "os.system('true')",
        "open(os.devnull, 'w')",
        "os.open('/nowhere', os.O_CREAT | os.O_WRONLY)",
        "os.remove('/nowhere')",
        "os.mkdir('/nowhere/else')",
    ],
)
def test_the_child_has_no_network_no_programs_and_nothing_to_write(attempt: str) -> None:
    """Python's own audit hook refuses it, on every platform."""
    assert "refused" == confined(f"try:\n    {attempt}\nexcept PermissionError:\n    print('refused')\n")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="seccomp is Linux")
def test_a_library_in_c_has_no_network_either() -> None:
    """The kernel refuses the calls themselves."""
    call = "c = ctypes.CDLL(None, use_errno=True)\nprint(c.socket(2, 1, 0), ctypes.get_errno(), c.execve(b'/bin/true', None, None))"

    assert "-1 1 -1" == confined(call)


def test_the_child_has_bounded_memory() -> None:
    """What wants more than its share gets MemoryError, which becomes too-large."""
    assert "no" == confined("try:\n    bytearray(child.MEMORY)\nexcept MemoryError:\n    print('no')\n")


@pytest.mark.parametrize("processor", linux.PROCESSORS.values(), ids=list(linux.PROCESSORS))
def test_the_filter_refuses_its_calls_and_no_other(processor: linux.Processor) -> None:
    """The program, run by hand: every listed call ends in the refusal, every other and no foreign architecture in leave."""
    code = linux.program(processor)
    lines = list(struct.iter_unpack("=HBBI", code))

    def answer(call: int, audit: int) -> int:
        at, held = 0, 0
        while True:
            operation, yes, no, value = lines[at]
            if operation == 0x20:
                held = {0: call, 4: audit}[value]
            elif operation == 0x06:
                return value
            else:
                true = held == value if operation == 0x15 else held >= value
                at += yes if true else no
            at += 1

    refused = {call for call in range(600) if answer(call, processor.audit) == linux.EPERM}
    assert set(processor.calls) == refused
    assert linux.EPERM == answer(0, processor.audit + 1) == answer(linux.X32, processor.audit)
