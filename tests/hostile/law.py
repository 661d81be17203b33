"""The law: for every byte string there is a report, of its form, with no fault of the host in it, of bounded size, and nothing in it acts."""

from __future__ import annotations

import io
import json
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from inert import PAINTERS
from workbench import NOW, failures, opened, opener, wrong

from sekisho import frames, letters, mailboxes, session, settings
from sekisho.engine import analyse
from sekisho.facts.edges import Learner, chain
from sekisho.locales import spoken
from sekisho.mail.message import Message
from sekisho.paint.export import ExportError
from sekisho.panel.words import Words
from sekisho.questions import Failed, Question, State
from sekisho.report import as_json
from sekisho.scan import examine

SMALL, EACH = 400_000, 60  # bytes of a report: whatever the mail, and for each of its bytes
_DIED = (
    "crashed",
    "timeout",
)  # reasons of the process that opens files: "malformed" is an honest answer, these are none


class Look(NamedTuple):
    """One message looked at: what it broke, and the processor time of its report, the opening of files included."""

    faults: list[str]
    seconds: float
    report: dict[str, Any]


def broken(source: bytes, locale: str = "en", validate: bool = True, **arrived: Any) -> list[str]:
    """What the report of these bytes breaks of the law; an exception says it itself."""
    return look(source, {"locale": locale}, validate=validate, **arrived).faults


def look(
    source: bytes,
    given: dict[str, Any],
    answers: dict[Question, State] | None = None,
    validate: bool = True,
    **arrived: Any,
) -> Look:
    """A report with these settings and answers, held against the law; `arrived` goes to Message (expected_size, whole)."""
    chosen = settings.read(given)[0]
    begin, before = time.process_time(), _child_seconds()
    message = Message(source, **arrived)
    files = opened(message)
    report = as_json(analyse(message, {**files, **(answers or {})}, chosen, NOW).report)
    text = frames.text(report)
    frame = text.encode("utf-8")  # no lone surrogate: the frame could not hold it
    if len(frame) > frames.MAX_OUT - 1000:
        more = Words(spoken(chosen.locale))("cut.more", count="{count}")
        frame = frames.pack_report(lambda made: {"method": "report", "params": {"id": 1, "report": made}}, report, more)
    spent = time.process_time() - begin + max(0.0, _child_seconds() - before)
    faults = failures(report)
    faults += [
        f"a file: {state.reason}" for state in files.values() if isinstance(state, Failed) and state.reason in _DIED
    ]
    if len(frame) > frames.MAX_OUT:
        faults.append(f"a frame of {len(frame)} bytes")
    if len(text) > SMALL + EACH * len(source):
        faults.append(f"{len(text)} characters of report for {len(source)} bytes of mail")
    if any(link["url"] != "".join(segment["text"] for segment in link["segments"]) for link in report["links"]):
        faults.append("a link's segments are not its URL")
    if re.search(r"\b(?:NaN|-?Infinity)\b(?=[,}\]])", text):
        json.dumps(report, allow_nan=False)  # says which
    return Look(faults + (wrong(json.loads(text)) if validate else []), spent, report)


def further(source: bytes, seen: Look, which: int) -> list[str]:
    """What else is done with a message, one thing of many: painted, lettered, scanned, learnt from, read out of a mailbox."""
    if which < len(PAINTERS):
        try:
            said = PAINTERS[which](json.loads(frames.text(seen.report)))  # as it arrives
        except ExportError as error:
            return [f"{PAINTERS[which].__name__}: {error}"]
        return [f"{PAINTERS[which].__name__}: {said[:300]}"] if said else []
    return CONSUMERS[which - len(PAINTERS)](source)


def _lettered(source: bytes) -> list[str]:
    """A letter to each whom the report names, without the reader's own."""
    chosen = settings.read({"own_addresses": ["mori@office.example"]})[0]
    message = Message(source)
    report = as_json(analyse(message, {}, chosen, NOW).report)
    found = set(re.findall(r'"recipient": "([^"]+)"', json.dumps(report["panel"])))
    drafts = [
        letters.draft(message, {}, chosen, one, "en", True, NOW) for one in [*sorted(found)[:2], "abuse@a.example"]
    ]
    if drafts.pop() is not None:
        return ["a letter to somebody whom no report named"]
    return [] if all(drafts) else ["no letter to somebody whom the report names"]


def _masked(source: bytes) -> list[str]:
    """The message as it goes with a letter: the reader's own is not in it."""
    message = Message(source)
    veil = letters._veil(message, {}, settings.read({"own_addresses": ["mori@office.example"]})[0], NOW)
    data = letters._attached(message, veil).data
    return ["the reader's address in what is masked"] if b"mori@office.example" in data.lower() else []


def _scanned(source: bytes) -> list[str]:
    """A row of a scan and its line."""
    done = examine.examine(examine.Job("box", 0, source, examine.Context(settings.Settings(), {})), True)
    return [] if done.row is not None and json.loads(done.line or b"") else ["no row"]


def _learnt(source: bytes) -> list[str]:
    """The lines teach, and the early report of the first bytes has its answer from what they taught."""
    learner = Learner()
    for _ in range(12):
        learner.add(chain(session.trace(source)))
    made = analyse(Message(source, len(source) + 1, whole=False), session.learnt(learner), settings.Settings(), NOW)
    return failures(as_json(made.report))


def _stored(source: bytes) -> list[str]:
    """In a mailbox: as many messages as separators, nothing of it read twice."""
    box = b"From - Mon Jan  5 10:00:00 2026\n" + source + b"\n\nFrom - Mon Jan  5 10:00:00 2026\nSubject: last\n\nx\n"
    with tempfile.NamedTemporaryFile(suffix=".mbox") as file:
        file.write(box)
        file.flush()
        read = [one.source for one in mailboxes.read(file.name)]
    return [] if read and sum(map(len, read)) <= len(box) else [f"{len(read)} messages of a mailbox"]


def _terminal(source: bytes) -> list[str]:
    """In Japanese, on the narrowest of terminals."""
    from sekisho.paint.terminal import paint

    paint(as_json(analyse(Message(source), {}, settings.read({"locale": "ja"})[0], NOW).report), io.StringIO(), 20)
    return []


CONSUMERS: tuple[Callable[[bytes], list[str]], ...] = (_lettered, _masked, _scanned, _learnt, _stored, _terminal)
WAYS = len(PAINTERS) + len(CONSUMERS)


def _child_seconds() -> float:
    """Processor time so far of the process that opens files; 0 where nobody tells."""
    child = opener()._child
    try:
        # The first number: nanoseconds on a processor (Linux, Documentation/scheduler/sched-stats).
        return int(Path(f"/proc/{child.pid}/schedstat").read_text().split()[0]) / 1e9 if child else 0.0
    except (OSError, ValueError, IndexError):
        return 0.0
