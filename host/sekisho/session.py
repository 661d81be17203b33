"""One analysis at a time, from bytes to a frame: the owner of what is outside the pure floors.

The privacy gate, the answers and the look-ups belong here. This version has no look-up: it asks nobody, at any level.
"""

from __future__ import annotations

import time
from typing import Any

from sekisho.engine import analyse
from sekisho.facts.edges import Learner
from sekisho.mail import fields, received
from sekisho.mail.message import MAX_HOPS, Message
from sekisho.questions import LEARNT_EDGES, Answer, Question
from sekisho.report import as_json
from sekisho.settings import Settings


def report(
    source: bytes,
    settings: Settings,
    expected_size: int | None = None,
    whole: bool = True,
    answers: dict[Question, Answer] | None = None,
) -> dict[str, Any]:
    """The report of a message as a JSON object. `whole` False: only the first bytes have arrived so far."""
    message = Message(source, expected_size, whole)
    made: dict[str, Any] = as_json(analyse(message, answers or {}, settings, int(time.time())).report)
    return made


def teach(learner: Learner, source: bytes) -> None:
    """Let a message's Received lines count; nothing else of it is read."""
    header = fields.parse(source, fields.status_lines(source))
    learner.add([received.parse(field.text) for field in header.all("received")[:MAX_HOPS]])


def learnt(learner: Learner) -> dict[Question, Answer]:
    """What a mailbox taught, as the answer that the walk asks for."""
    return {LEARNT_EDGES: Answer((learner.edges(),), "mailbox", "")}


class AnswersError(ValueError):
    """A file of answers that can't be understood; the message says why."""


def read_answers(given: Any) -> dict[Question, Answer]:
    """Known answers from their JSON form (PROTOCOL.md): a list of {question: {kind, type, name}, records, source, at}."""
    if not isinstance(given, list):
        raise AnswersError("answers must be a list")
    out = {}
    for item in given:
        try:
            asked = item["question"]
            question = Question(str(asked["kind"]), str(asked["type"]), str(asked["name"]))
            records = item["records"]
            if not isinstance(records, list):
                raise AnswersError("the records of an answer must be a list")
            out[question] = Answer(tuple(records), str(item.get("source", "file")), str(item.get("at", "")))
        except (KeyError, TypeError, AttributeError) as error:
            raise AnswersError("each answer needs question {kind, type, name} and records") from error
    return out
