"""The processes of a scan: each looks at messages, one here hands them out and puts the results back in order.

They are spawned, not forked, so that it is the same on every system and no lock is copied in mid-use. A process has at most
two batches, read by a thread of its own: so it never waits for the next one, and who sends never waits for who answers. When
one dies, what it had is given to others, message by message, each alone; one that two more have died of is given up.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait

from sekisho import collecting
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.scan.examine import MAX_BATCH, Context, Done, Job, batches, examine
from sekisho.tables import newer

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

AHEAD = 2  # batches that a process has
WINDOW = 4  # batches for each process, from the oldest one that is not done to the newest that was handed out
PATIENCE = 2.0  # seconds that a process is waited for at the end
LIVES = 2  # processes that a message may take along while they have no other


class _Numbered(NamedTuple):
    number: int
    job: Job
    deaths: int


class _Hand:
    """A process, seen from here."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.ready = False  # it has begun
        self.suspect = False  # it has one message that another died of, perhaps, and nothing else
        self.batches: deque[list[_Numbered]] = deque()
        self.contexts: dict[int, int] = {}  # those it has been told, by identity

    def give(self, batch: list[_Numbered]) -> None:
        """Hand out a batch. Raises OSError when the process is gone; the batch counts as its own all the same."""
        self.batches.append(batch)
        context = batch[0].job.context
        told = id(context) in self.contexts
        number = self.contexts.setdefault(id(context), len(self.contexts))
        letters = [(one.number, one.job.path, one.job.number, one.job.source) for one in batch]
        self.connection.send((number, None if told else context, letters))


class Crew:
    """`size` processes. `say` hears a sentence when one is lost."""

    def __init__(self, size: int, want_line: bool, say: Callable[[str], None]) -> None:
        self._size = size
        self._want_line = want_line
        self._say = say
        self._spawn = multiprocessing.get_context("spawn")
        self._hands: list[_Hand] = []
        self._again: deque[_Numbered] = deque()  # what the dead have left
        self._done: dict[int, Done] = {}  # by number, until it is their turn
        self._out = 0  # how many have gone out

    def examined(self, jobs: Iterable[Job]) -> Iterator[Done]:
        """Every message's result, in their order."""
        source = self._numbered(jobs)
        try:
            self._hands = [self._started() for _ in range(self._size)]
            while self._hands:
                source_left = self._hand_out(source)
                yield from self._in_order()
                if self._hands and not (source_left or self._again or any(hand.batches for hand in self._hands)):
                    return
                if self._hands:
                    self._listen()
            for batch in [list(self._again), *source]:  # none can be started: this process does it all
                self._done.update((one.number, examine(one.job, self._want_line)) for one in batch)
                yield from self._in_order()
        finally:
            self._dismiss()

    def _in_order(self) -> Iterator[Done]:
        while self._out in self._done:
            yield self._done.pop(self._out)
            self._out += 1

    def _hand_out(self, source: Iterator[list[_Numbered]]) -> bool:
        """Give everybody enough to do; whether there is, or may be, anything left."""
        for hand in list(self._hands):
            while hand.ready and len(hand.batches) < AHEAD:
                if hand.suspect or (self._again and hand.batches):
                    break  # what somebody may have died of is looked at alone
                if self._again:
                    batch: list[_Numbered] | None = [self._again.popleft()]
                    hand.suspect = True
                elif self._room():
                    batch = next(source, None)
                else:
                    return True
                if batch is None:
                    return False
                if not self._given(hand, batch):
                    break
        return True

    def _room(self) -> bool:
        """Whether one more may be handed out: results that wait for an older one are held in memory."""
        held = len(self._done) + sum(len(batch) for hand in self._hands for batch in hand.batches)
        return held < WINDOW * MAX_BATCH * len(self._hands)

    def _numbered(self, jobs: Iterable[Job]) -> Iterator[list[_Numbered]]:
        number = 0
        for batch in batches(jobs):
            yield [_Numbered(number + place, job, 0) for place, job in enumerate(batch)]
            number += len(batch)

    def _started(self) -> _Hand:
        ours, theirs = self._spawn.Pipe()
        process = self._spawn.Process(
            target=_work, args=(theirs, self._want_line, newer.FOLDER), daemon=False, name="sekisho scan"
        )
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is inherited: Ctrl-C is for this process alone
        try:
            process.start()
        finally:
            signal.signal(signal.SIGINT, before)
        theirs.close()
        return _Hand(process, ours)

    def _given(self, hand: _Hand, batch: list[_Numbered]) -> bool:
        try:
            hand.give(batch)
        except OSError:
            self._bury(hand)
            return False
        return True

    def _listen(self) -> None:
        """Wait until one process says something, or is gone."""
        heard = wait([hand.connection for hand in self._hands])
        for hand in [hand for hand in self._hands if hand.connection in heard]:
            try:
                results = hand.connection.recv()
            except (EOFError, OSError):
                self._bury(hand)
                continue
            if results is None:
                hand.ready = True
                continue
            hand.batches.popleft()
            hand.suspect = False
            self._done.update(results)

    def _bury(self, hand: _Hand) -> None:
        """A process is gone: what it had is given to others, one by one, so that a message that kills takes no other along."""
        self._hands.remove(hand)
        hand.connection.close()
        hand.process.join(PATIENCE)
        if not hand.ready:
            self._say("a process could not be started")
            return
        left = [one for batch in hand.batches for one in batch]
        self._say(f"a process has died (status {hand.process.exitcode}); its {len(left)} messages are looked at again")
        for one in left:
            deaths = one.deaths + hand.suspect
            if deaths >= LIVES:
                self._done[one.number] = Done(one.job.path, one.job.number, None, None)
            else:
                self._again.append(one._replace(deaths=deaths))
        self._hands.append(self._started())

    def _dismiss(self) -> None:
        for hand in self._hands:
            hand.connection.close()  # who waits for work leaves
        for hand in self._hands:
            hand.process.join(0 if hand.batches else PATIENCE)
            if hand.process.is_alive():
                hand.process.terminate()
                hand.process.join(PATIENCE)
            if hand.process.is_alive():
                hand.process.kill()
                hand.process.join()
        self._hands = []


def _work(connection: Connection, want_line: bool, tables: str | None) -> None:
    """What such a process does until nobody is there any more to send it anything."""
    from _queue import SimpleQueue
    from _thread import start_new_thread
    from contextlib import suppress

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    newer.FOLDER = tables
    collecting.as_usual()  # where the program is what this process has loaded first
    letters: SimpleQueue[tuple[int, Context | None, list[tuple[int, str, int, bytes]]] | None] = SimpleQueue()

    def read() -> None:
        with suppress(EOFError, OSError):
            while True:
                letters.put(connection.recv())
        letters.put(None)

    start_new_thread(read, ())
    contexts: dict[int, Context] = {}
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.send(None)  # here
        while (letter := letters.get()) is not None:
            place, context, batch = letter
            if context is not None:
                contexts[place] = context
            context = contexts[place]
            connection.send(
                [
                    (number, examine(Job(path, index, source, context), want_line))
                    for number, path, index, source in batch
                ]
            )
