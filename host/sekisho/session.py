"""From bytes to reports: the owner of what is outside the pure floors.

A message gives one report at once. `Live` runs the same pure function again when its files have been opened and, at every
level but `offline`, when answers come, until nothing is open any more or the deadline has passed.
"""

from __future__ import annotations

import time
from functools import cache, partial

from sekisho import gate
from sekisho.engine import Analysis, analyse
from sekisho.facts.edges import Learner
from sekisho.mail import fields, received
from sekisho.mail.message import MAX_HOPS, Message
from sekisho.named import TYPE_CHECKING
from sekisho.questions import LEARNT_EDGES, Answer, Failed, Question, State, Waiting
from sekisho.report import as_json
from sekisho.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from sekisho.lookup.workers import Heard, Workers
    from sekisho.memory import Memory
    from sekisho.opening.process import Opener
    from sekisho.register import Register

VISITING = 24.0  # the same where the reader has had a link followed
DEADLINE = 8.0  # seconds from the first question to the final report, unless the settings say otherwise
PACE = 0.2  # seconds between two reports: at most five a second (DESIGN decision 3)
STEP = 0.04  # seconds between two looks at what answers lead on to


def report(
    source: bytes,
    settings: Settings,
    expected_size: int | None = None,
    whole: bool = True,
    answers: dict[Question, Answer] | None = None,
    memory: Memory | None = None,
    shown: bool = True,
) -> dict[str, Any]:
    """The report of a message as a JSON object. `whole` False: only the first bytes have arrived so far. `shown` as for `analyse`."""
    message = Message(source, expected_size, whole)
    known: dict[Question, State] = {**(memory.recall(message) if memory else {}), **(answers or {})}
    made: dict[str, Any] = as_json(
        analyse(message, _with_own_files(known, message, settings), settings, int(time.time()), shown=shown).report
    )
    return made


def _with_own_files(known: Mapping[Question, State], message: Message, settings: Settings) -> Mapping[Question, State]:
    """What is known, with the word of the reader's own files; one that cannot be used is said."""
    if not settings.lists and not settings.atlas:
        return known
    from sekisho.lookup.own_files import Known

    made = Known(known, settings)
    message.defects += [f"file-unreadable:{name}" for name in made.unreadable]
    return made


class Live:
    """One message's reports while its questions are looked up and its files opened. Belongs to one thread; `heard` is told there.

    Without `workers` nobody is asked, without `opener` nothing is opened. The files are opened when the first report is out
    (`said`): it waits for nothing. What has been opened before is known at once.

    Time is that of time.monotonic, given by the caller, so that a test can turn the clock.
    """

    def __init__(
        self,
        message: Message,
        settings: Settings,
        workers: Workers | None,
        heard: Heard,
        now: float,
        known: Mapping[Question, State] | None = None,
        opener: Callable[[], Opener] | None = None,
        visit: Iterable[str] = (),
        *,
        patient: bool = False,
        shown: bool = True,
    ) -> None:
        """`visit`: links that the reader wants followed, as the panel showed that they would be requested; others are not followed.
        `patient`: nobody waits for a first report, so that the files are opened before it. `shown` as for `analyse`."""
        self.message = message
        self.settings = settings
        self._workers = workers
        self._heard = heard
        self._visit = frozenset(visit)
        self._states: dict[Question, State] = {
            question: state
            for question, state in (known or {}).items()
            if question.kind != "visit" or question.name not in self._visit  # the reader wants it again
        }
        self.analysis: Analysis | None = None  # the last one
        self._opener: Opener | None = None
        self._to_open = self._openable(opener) if opener else []
        self._known = _with_own_files(self._states, message, settings)
        self._changed = True  # since the last look
        self._unsaid = False  # something was seen that no report has said yet
        self._over = False
        self._last_look = now - STEP
        self._last_report = now - PACE
        patience = settings.deadline or DEADLINE
        self.deadline = now + (max(patience, VISITING) if self._visit else patience)
        self._shown = shown
        self._patient = patient and bool(self._to_open)
        if self._patient:
            self.said()

    @property
    def states(self) -> dict[Question, State]:
        """What is known so far, for another look at the same message."""
        return {question: state for question, state in self._states.items() if not isinstance(state, Waiting)}

    @property
    def known(self) -> Mapping[Question, State]:
        """What is known now, the reader's own files included."""
        return self._known

    def heard(self, question: Question, state: Answer | Failed) -> None:
        """An answer, or that there is none. What comes after the end is too late."""
        if not self._over and isinstance(self._states.get(question), Waiting):
            self._states[question] = state
            self._changed = True

    def due(self) -> float | None:
        """When `look` wants to be called next; None when the last report is out."""
        if self._over and not self._changed:
            return None
        if self._patient and self._open():
            return self.deadline
        times = [self.deadline]
        if self._changed:
            times.append(self._last_look + (STEP if self._open() else 0.0))
        if self._unsaid:
            times.append(self._last_report + PACE)
        return min(times)

    def look(self, now: float) -> dict[str, Any] | None:
        """Ask what the answers lead on to, and give the report as of now: None when the last one is too fresh, the final one when
        nothing is open any more or the deadline has passed."""
        analysis = self.consider(now)
        return as_json(analysis.report) if analysis else None

    def consider(self, now: float) -> Analysis | None:
        """`look`, before it is JSON."""
        if now >= self.deadline:
            self._end("timeout")
        self._patient = False
        self._last_look, self._changed = now, False
        while True:
            analysis = analyse(self.message, self._known, self.settings, int(time.time()), shown=self._shown)
            new = (
                []
                if self._over or self._workers is None
                else [*filter(self._may_ask, analysis.wanted), *filter(self._to_visit, analysis.offered)]
            )
            if not new or self._workers is None:
                break
            self._states.update(dict.fromkeys(new, Waiting(_iso(time.time()))))
            self._workers.ask(id(self), new, self._heard)
        if self._open() and now < self._last_report + PACE:
            self._unsaid = True
            return None
        self._over = self._over or not self._open()
        self.analysis = analysis
        self._last_report, self._unsaid = now, False
        return analysis

    def with_panel(self) -> Analysis | None:
        """The last analysis with its panel, which is made now where nobody wanted it before; None where there is no analysis."""
        if self.analysis is not None and self.analysis.report.panel is None:
            self.analysis = analyse(self.message, self._known, self.settings, int(time.time()))
        return self.analysis

    def said(self) -> None:
        """A report has been sent: now there is time to open files."""
        waiting, self._to_open = self._to_open, []
        if waiting and self._opener and not self._over:
            for number, question in waiting:
                part = self.message.files[number].part
                self._opener.open(id(self), question, partial(self.message.content, part), self._heard)

    def cancel(self) -> None:
        """Ask nobody any more; what was open counts as not known."""
        self._end("cancelled")
        self._changed = True

    def _open(self) -> bool:
        return any(isinstance(state, Waiting) for state in self._states.values())

    def _may_ask(self, question: Question) -> bool:
        return question not in self._states and gate.judge(question, self.settings) == gate.OPEN

    def _openable(self, opener: Callable[[], Opener]) -> list[tuple[int, Question]]:
        """The files that are still to be opened, each once; they count as under way from the first report on."""
        from sekisho.facts.attachments import to_open

        out = {}
        for number, question in to_open(self.message):
            self._opener = opener()
            known = self._states.get(question) or self._opener.known(question)
            self._states[question] = known or Waiting(_iso(time.time()))
            if known is None:
                out[question] = number
        return [(number, question) for question, number in out.items()]

    def _to_visit(self, question: Question) -> bool:
        return (
            question.name in self._visit
            and question not in self._states
            and gate.judge(question, self.settings, by_reader=True) == gate.OPEN
        )

    def _end(self, reason: str) -> None:
        if self._over:
            return
        self._over = True
        if self._workers is not None:
            self._workers.forget(id(self))
        if self._opener is not None and not self._to_open:
            self._opener.forget(id(self))
        at = _iso(time.time())
        for question, state in self._states.items():
            if isinstance(state, Waiting):
                self._states[question] = Failed(reason, "", at)


def reports(
    source: bytes,
    settings: Settings,
    workers: Workers | None,
    answers: Mapping[Question, State] | None = None,
    opener: Callable[[], Opener] | None = None,
    visit: Iterable[str] = (),
) -> Iterator[dict[str, Any]]:
    """Every report of one message, the last one final, as they become due."""
    for analysis in analyses(source, settings, workers, answers, opener, visit):
        yield as_json(analysis.report)


def analyses(
    source: bytes,
    settings: Settings,
    workers: Workers | None,
    answers: Mapping[Question, State] | None = None,
    opener: Callable[[], Opener] | None = None,
    visit: Iterable[str] = (),
    *,
    patient: bool = False,
    shown: bool = True,
) -> Iterator[Analysis]:
    """What `reports` are made of; `patient` and `shown` as for `Live`."""
    from _queue import Empty, SimpleQueue

    inbox: SimpleQueue[tuple[Question, Answer | Failed]] = SimpleQueue()
    live = Live(
        Message(source),
        settings,
        workers,
        lambda *heard: inbox.put(heard),
        time.monotonic(),
        answers,
        opener,
        visit,
        patient=patient,
        shown=shown,
    )
    while (due := live.due()) is not None:
        try:
            live.heard(*inbox.get(timeout=max(0.0, due - time.monotonic())))
        except Empty:
            analysis = live.consider(time.monotonic())
            if analysis is not None:
                yield analysis
                live.said()


@cache
def opener() -> Opener:
    """What opens files in this process, made when the first message is looked at."""
    from sekisho.opening.process import Opener

    return Opener()


def visitable(source: bytes, settings: Settings) -> dict[str, str]:
    """The links that the panel of a message offers to follow, by their place (link:0): each as it would be requested."""
    offered = analyse(Message(source), {}, settings, int(time.time())).offered
    return {place: question.name for question, places in offered.items() for place in places}


def workers_for(settings: Settings, cache_folder: Path | None) -> Workers:
    """The look-ups as the settings want them: which resolver, and where answers are kept (None: nowhere)."""
    from sekisho.lookup.workers import Workers

    def world() -> Any:
        from sekisho.lookup.resolver import Resolver
        from sekisho.lookup.transport import Transport
        from sekisho.lookup.workers import now
        from sekisho.lookup.world import World

        resolver = Resolver(settings.resolver)
        return World(settings, resolver, Transport(resolver.addresses), now, {})

    def cache() -> Any:
        from sekisho.lookup.cache import Cache

        return Cache(cache_folder) if cache_folder else None

    return Workers(world, cache)


def _iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))


def forget(register: Register, cache_folder: Path) -> tuple[int, int]:
    """Delete everything that is remembered: what mail taught, and the answers kept of look-ups, which say whose mail was read.

    The numbers of messages and of answers. Raises RegisterError.
    """
    from sekisho.lookup.cache import NAME, Cache

    messages, answers = register.forget(), 0
    if (cache_folder / NAME).exists():
        cache = Cache(cache_folder)
        answers = cache.forget()
        cache.close()
    return messages, answers


def trace(source: bytes) -> list[received.Received]:
    """A message's Received lines, newest first; nothing else of it is read."""
    header = fields.parse(source, fields.status_lines(source))
    return [received.parse(field.text) for field in header.all("received")[:MAX_HOPS]]


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
