"""`sekisho scan`: mailboxes are learnt from, every message is looked at, and what was found goes where it is wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from hashlib import sha256

import sekisho
from sekisho import private, profile
from sekisho.cli import CliError
from sekisho.named import TYPE_CHECKING
from sekisho.paint import overview
from sekisho.paint.bar import Bar
from sekisho.paint.inert import visible
from sekisho.questions import Answer, Question
from sekisho.report import LEVELS
from sekisho.scan import Mailbox
from sekisho.scan.examine import Context, Done, Job, Row, examine
from sekisho.scan.groups import Groups
from sekisho.scan.remembering import Writer
from sekisho.scan.spool import Known, Spool, SpoolError, opened
from sekisho.scan.tally import Tally
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import IO, Any

    from sekisho.register import Register

ALONE = 200  # messages that one process has looked at before others have started
EVERY = 20  # messages from one look at the bar to the next


class Scan:
    """One run over mailboxes. Raises CliError for what could not be read or written."""

    def __init__(
        self,
        arguments: Any,
        settings: Settings,
        given: dict[Question, Answer],
        workers: Any,
        register: Register | None,
        keep: int,
    ) -> None:
        self._arguments = arguments
        self._settings = settings
        self._given = given
        self._workers = workers
        self._register = register
        self._writer = Writer(register) if register else None
        self._keep = keep
        self._tally = Tally()
        self._groups = Groups()
        self._known: Known | None = None
        self._failed: list[str] = []
        self._new = 0

    def run(self) -> None:
        wanted = self._arguments
        for path in wanted.paths:  # before a file of an earlier scan is begun anew
            try:
                os.stat(path)
            except OSError as error:
                raise CliError(f"{path}: {error.strerror or error}") from error
        with ExitStack() as stack:
            page = stack.enter_context(_written(wanted.html)) if wanted.html else None
            table = stack.enter_context(_written(wanted.csv)) if wanted.csv else None
            spool, output = self._places(stack)
            self._bar = stack.enter_context(Bar(over_output=not wanted.json or output is not sys.stdout.buffer))
            mailboxes, messages = self._learn()
            if wanted.json:
                self._look(mailboxes, messages, output, spool)
            else:
                self._look(mailboxes, messages, None, spool)
            if page:
                page.write(overview.page(self._tally, self._groups, wanted.paths, self._settings.locale).encode())
            if table and spool:
                self._table(table, spool)
        self._summary()

    # ---- where things go ----

    def _places(self, stack: ExitStack) -> tuple[Spool | None, IO[bytes]]:
        """Rows' file and output, both as long as what is done."""
        wanted = self._arguments
        output: IO[bytes] = sys.stdout.buffer
        spool = None
        if wanted.output:
            output = stack.enter_context(_written(wanted.output, anew=not wanted.resume))
        if wanted.resume or wanted.csv:
            length = os.fstat(output.fileno()).st_size if wanted.output else sys.maxsize
            try:
                spool = Spool(self._rows_file(stack), self._identity(), length)
                if spool.begun:
                    self._known = Known()
                    for row in spool.rows():
                        self._count(row)
                        self._known.add(row)
                    self._known.ready()
            except SpoolError as error:
                raise CliError(f"{wanted.resume}: {error}") from error
            except OSError as error:
                raise CliError(f"{wanted.resume}: {error.strerror or error}") from error
        if wanted.output:
            output.truncate(spool.end if spool else 0)
            output.seek(0, os.SEEK_END)
        return spool, output

    def _rows_file(self, stack: ExitStack) -> IO[bytes]:
        if self._arguments.resume:
            return stack.enter_context(opened(self._arguments.resume))
        from tempfile import TemporaryFile

        return stack.enter_context(TemporaryFile())

    def _identity(self) -> str:
        """What decides about the lines of a scan: another one cannot go on from its rows."""
        wanted = self._arguments
        places = [os.path.abspath(path) for path in (*wanted.paths, *([wanted.output] if wanted.output else []))]
        asked = (
            *(sekisho.__version__, places, bool(wanted.json), self._settings, sorted(self._given.items())),
            *(["remember"] if wanted.remember else []),
        )
        return sha256(repr(asked).encode("utf-8", "replace")).hexdigest()

    # ---- the two passes ----

    def _learn(self) -> tuple[list[Mailbox], int]:
        """The mailboxes, learnt from, and how many messages they hold."""
        found, total = [], 0
        self._bar.begin("Learning from the mailbox")
        for path in self._arguments.paths:
            try:
                mailbox = Mailbox(path, self._settings, self._keep)
                for account in mailbox.accounts:
                    if account.elsewhere:
                        self._bar.say(
                            visible(f"{path}: the mail of {account.id} is not read, it lies in {account.elsewhere}")
                        )
                messages = 0
                for messages in mailbox.learn():
                    if messages % EVERY == 0:
                        self._bar.at(total + messages)
            except OSError as error:
                raise CliError(f"{path}: {error.strerror or error}") from error
            if self._register:
                taught, accounts = mailbox.remember(self._register)
                self._bar.say(f"remembered what {taught} messages of {accounts} accounts teach")
            total += messages
            found.append(mailbox)
        return found, total

    def _look(self, mailboxes: list[Mailbox], messages: int, output: IO[bytes] | None, spool: Spool | None) -> None:
        self._bar.begin("Analysing", messages)
        before = self._tally.messages
        if before:
            self._bar.say(f"{before} messages have been analysed before")
        for done in self._hands(messages - before)(self._jobs(mailboxes)):
            self._new += 1
            if done.row is None:
                self._failed.append(f"{done.path}:{done.number}")
                self._bar.say(visible(f"{done.path}:{done.number} could not be analysed: processes died of it"))
                continue
            row = self._count(done.row)
            if output and done.line:
                self._put(output, done.line)
            elif not output and row.level != LEVELS[0]:
                place = f"{row.path}:{row.number}"
                self._bar.line(visible(f"{row.level:8}{place}  {row.headline}").replace("\n", " "))
            if self._writer and done.seen:
                self._writer.add(*done.seen)
            if spool:
                end = output.tell() if output and self._arguments.output else 0
                if self._writer:  # done is what the register has, too
                    self._writer.then(partial(spool.add, row, end))
                else:
                    spool.add(row, end)
            if self._new % EVERY == 0:
                self._bar.at(before + self._new)
        if self._writer:
            self._writer.flush()
            self._bar.say(f"remembered {self._writer.written} messages that passed")
        if output:
            output.flush()
        if self._known:
            self._changed(self._known)

    def _put(self, output: IO[bytes], line: bytes) -> None:
        try:
            output.write(line)
            if self._arguments.output:
                output.flush()
        except OSError as error:
            if not self._arguments.output:
                raise
            raise CliError(f"{self._arguments.output}: {error.strerror or error}") from error

    def _hands(self, messages: int) -> Callable[[Iterable[Job]], Iterator[Done]]:
        """Who looks at the messages: this process, several, or a cluster's."""
        wanted = self._arguments
        if wanted.cluster:
            from sekisho.scan import cluster

            return lambda jobs: cluster.examined(jobs, wanted.cluster, wanted.json, self._bar.say)
        size = wanted.jobs or _cores()
        if self._workers or size == 1 or (messages < ALONE and not wanted.jobs):
            return lambda jobs: (examine(job, wanted.json, self._workers) for job in jobs)
        from sekisho.scan.crew import Crew

        return Crew(size, wanted.json, self._bar.say).examined

    def _jobs(self, mailboxes: list[Mailbox]) -> Iterator[Job]:
        """Every message that has not been looked at before, in order."""
        contexts: dict[int, tuple[Any, Context]] = {}  # by the identity of what was learnt, which is kept alive here
        for mailbox in mailboxes:
            try:
                for task in mailbox.tasks():
                    if id(task.answers) not in contexts:
                        account = task.account if self._register else None
                        context = Context(task.settings, {**task.answers, **self._given}, account)
                        contexts[id(task.answers)] = (task.answers, context)
                    job = Job(task.stored.path, task.stored.number, task.stored.source, contexts[id(task.answers)][1])
                    if not (self._known and self._known.meet(job)):
                        yield job
            except OSError as error:
                raise CliError(f"{mailbox.path}: {error.strerror or error}") from error

    def _count(self, row: Row) -> Row:
        row = self._groups.add(row)
        self._tally.add(row)
        return row

    # ---- what it comes to ----

    def _changed(self, known: Known) -> None:
        """Say that the mailbox is not what it was when the scan was interrupted, where it is not."""
        gone = known.done - known.met
        if gone:
            self._bar.say(
                f"the mailbox has changed since the scan was begun: {gone} messages that were analysed then are no longer there; "
                "they stay in the results"
            )

    def _table(self, file: IO[bytes], spool: Spool) -> None:
        from sekisho.paint import sheet

        file.write(sheet.BOM + sheet.head(self._settings.locale))
        for row in spool.rows():
            number = row.campaign if self._groups.is_campaign(row.campaign) else None
            file.write(sheet.record(row, number, self._settings.locale))

    def _summary(self) -> None:
        levels = self._tally.levels
        counts = f"{levels['danger']} danger, {levels['caution']} caution, {levels['clear']} without warning signs"
        print(f"{self._tally.messages} messages: {counts}", file=sys.stderr)
        if not self._arguments.json:
            for line in overview.lines(self._tally, self._groups, self._settings.locale):
                print(line, file=sys.stderr)
        if self._failed:
            raise CliError(
                f"{len(self._failed)} messages could not be analysed, the first is {visible(self._failed[0])}"
            )


def run(
    arguments: Any, settings: Settings, given: dict[Question, Answer], workers: Any, register: Any, keep: int
) -> None:
    """The whole command, its usage checked first."""
    if arguments.remember:
        for path in arguments.paths:
            if not profile.is_profile(path):
                arguments.refuse(f"--remember is for a Thunderbird profile, and {path} is none (it holds no prefs.js)")
    if arguments.jobs is not None and arguments.jobs < 1:
        arguments.refuse("--jobs must be 1 or more")
    if arguments.output and not arguments.json:
        arguments.refuse("--output is for --json")
    if arguments.resume and arguments.json and not arguments.output:
        arguments.refuse("--resume with --json needs --output: a line that was half written must be taken back")
    if arguments.cluster and (settings.privacy != "offline" or settings.lists or settings.atlas):
        arguments.refuse("--cluster is for offline analyses, without files of this computer's own")
    from sekisho.scan.cluster import ClusterError, LostError

    try:
        Scan(arguments, settings, given, workers, register, keep).run()
    except LostError as error:
        kept = (
            "what is done is kept, and the same command goes on from there, with another scheduler or without --cluster too"
            if arguments.resume
            else "with --resume FILE a scan can be gone on with from where it was"
        )
        raise CliError(f"{error}; {kept}") from error
    except ClusterError as error:
        raise CliError(str(error)) from error


def _written(path: str, anew: bool = True) -> IO[bytes]:
    """A file to write, its owner's alone: it tells of mail."""
    try:
        return open(private.written(path, anew), "r+b")
    except OSError as error:
        raise CliError(f"{path}: {error.strerror or error}") from error


def _cores() -> int:
    if sys.platform != "win32" and hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
