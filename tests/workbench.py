"""What several tests share: the replays, the samples, one way to analyse them, and the report's schema."""

from __future__ import annotations

import atexit
import json
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import jsonschema

import sekisho
from sekisho import session, settings
from sekisho.engine import Analysis, analyse
from sekisho.facts import Facts
from sekisho.facts.attachments import to_open
from sekisho.locales import languages
from sekisho.mail.message import Message
from sekisho.opening.process import Opener
from sekisho.questions import Answer, Ask, Failed, Question, State
from sekisho.register import Size, look
from sekisho.report import as_json

TESTS = Path(__file__).parent
ROOT = TESTS.parent
HOST = ROOT / "host"
PACKAGE = Path(sekisho.__file__).parent
REPLAYS = TESTS / "replays"
FRAMES = TESTS / "frames"
SAMPLES = sorted((PACKAGE / "samples").glob("*.eml"))
LOCALES = languages()
NOW = 1_795_305_600  # 2026-11-22T00:00:00Z, so that a kept frame does not age


def replays() -> list[Path]:
    """Every mail under tests/replays, in the order of the findings and their names."""
    return sorted(REPLAYS.glob("*/*.eml"))


def mails() -> list[Path]:
    """Every replay and every sample."""
    return [*SAMPLES, *replays()]


def name(path: Path) -> str:
    """A mail's name in the list of tests."""
    return f"{path.parent.name}/{path.stem}"


def analysed(source: bytes, given: dict[str, Any] | None = None, answers: Any = None, **arrived: Any) -> Analysis:
    """One analysis at NOW of a message's bytes; `arrived` goes to Message (expected_size, whole)."""
    known = session.read_answers(answers) if answers else {}
    message = Message(source, **arrived)
    return analyse(message, {**opened(message), **known}, settings.read(given or {})[0], NOW)


def opened(message: Message) -> dict[Question, State]:
    """What the second stage says of the message's files: opened by the real process, each content once."""
    heard: SimpleQueue[tuple[Question, Answer | Failed]] = SimpleQueue()
    wanted = to_open(message)
    for number, question in wanted:
        content = partial(message.content, message.files[number].part)
        opener().open("tests", question, content, lambda asked, state: heard.put((asked, state)))
    return dict(heard.get(timeout=60) for _ in wanted)


@cache
def opener() -> Opener:
    """The one process that opens files for the tests; it goes with them."""
    made = Opener(deadline=60, idle=86_400)  # it stays: some tests forbid that a process is started
    atexit.register(made.close)
    return made


def replayed(path: Path, locale: str = "en", **over: Any) -> Analysis:
    """The analysis of a mail on disk with the settings and the answers that lie beside it."""
    beside = path.with_suffix(".settings.json")
    given = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    beside = path.with_suffix(".answers.json")
    answers = json.loads(beside.read_text("utf-8")) if beside.exists() else None
    return analysed(path.read_bytes(), {**given, "locale": locale, **over}, answers)


def facts_of(path: Path) -> Facts:
    """What follows from a mail on disk, with the settings and the answers that lie beside it."""
    given, answers = (
        json.loads(beside.read_text("utf-8")) if beside.exists() else None
        for beside in (path.with_suffix(".settings.json"), path.with_suffix(".answers.json"))
    )
    message = Message(path.read_bytes())
    known = session.read_answers(answers) if answers else {}
    return Facts(message, settings.read(given or {})[0], Ask({**opened(message), **known}))


def report_of(path: Path, locale: str = "en", **over: Any) -> dict[str, Any]:
    """The report of a mail on disk as the JSON object that leaves the host."""
    made: dict[str, Any] = json.loads(json.dumps(as_json(replayed(path, locale, **over).report)))
    return made


def report_of_source(source: bytes, **given: Any) -> dict[str, Any]:
    """The report of a message's bytes as the JSON object that leaves the host."""
    made: dict[str, Any] = json.loads(json.dumps(as_json(analysed(source, given).report)))
    return made


def failures(report: dict[str, Any]) -> list[str]:
    """The defects that mean a fault of the host, not of the mail."""
    return [defect for defect in report["defects"] if defect.startswith(("check-failed", "block-failed"))]


@cache
def schema() -> jsonschema.Draft202012Validator:
    """A validator of sekisho.report/1."""
    read = json.loads((PACKAGE / "report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(read)
    return jsonschema.Draft202012Validator(read)


def wrong(report: dict[str, Any]) -> list[str]:
    """What the schema has against a report, one line each."""
    return [f"{error.json_path}: {error.message[:300]}" for error in schema().iter_errors(report)]


def primitives(body: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every primitive of a block's body, those inside lists, folds and timelines included."""
    for item in body:
        yield item
        if item["kind"] == "fold":
            yield from primitives(item["body"])
        elif item["kind"] == "list":
            for entry in item["items"]:
                yield from primitives(entry)
        elif item["kind"] == "timeline":
            for stop in item["stops"]:
                yield from primitives(stop["body"])


def held(path: Path | str) -> Size:
    """How much a register holds that is there."""
    size = look(str(path))
    assert size is not None
    return size
