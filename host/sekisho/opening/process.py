"""The parent's side of opening files: one child, one thread that talks to it, one queue in front of it.

The child starts with the first file, serves the following ones, is killed when one takes too long, started again after
that or a crash, and let go when it has been idle. The bytes reach it over a pipe; no disk sees them.
"""

from __future__ import annotations

import json
import sys
import time
from _queue import Empty, SimpleQueue
from _thread import start_new_thread
from collections.abc import Callable, Hashable

from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.opening.child import HEAD, LENGTH, MAX_ANSWER
from sekisho.questions import Answer, Failed, Question

if TYPE_CHECKING:
    from subprocess import Popen
    from typing import Any

Heard = Callable[[Question, "Answer | Failed"], None]

DEADLINE = 6.0  # seconds of one file, the child's start included
IDLE = 60.0  # seconds without work until the child may go
MAX_CONTENT = 48 << 20  # bytes of one file
MAX_KEPT = 200  # answers that are remembered: the panel asks again what the badge has asked
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from sekisho.opening.child import main; main()"
CREATE_NO_WINDOW = 0x08000000  # subprocess has the name on Windows alone
SOURCE = "this computer"


class Job(NamedTuple):
    """A file that is to be opened, for somebody."""

    owner: Hashable
    question: Question
    content: Callable[[], bytes]
    heard: Heard


class Opener:
    """Opens files one after the other. `heard` is called once for each, on a thread of this object's own."""

    def __init__(self, deadline: float = DEADLINE, idle: float = IDLE) -> None:
        self._deadline = deadline
        self._idle = idle
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._forgotten: set[Hashable] = set()
        self._kept: dict[Question, Answer | Failed] = {}
        self._child: Popen[bytes] | None = None
        self._begun = False

    def known(self, question: Question) -> Answer | Failed | None:
        """What was found when the same content was opened before."""
        return self._kept.get(question)

    def open(self, owner: Hashable, question: Question, content: Callable[[], bytes], heard: Heard) -> None:
        """Have a file opened; `content` is called when its turn has come."""
        self._forgotten.discard(owner)
        self._jobs.put(Job(owner, question, content, heard))
        if not self._begun:
            # Here and not where it is used: Python takes the thread that imports it first for the main one, and waits for that
            # one when it ends. Ours would never end. With subprocess it takes 10 ms, and the first report is out by now.
            import threading  # noqa: F401

            self._begun = True
            start_new_thread(self._run, ())

    def forget(self, owner: Hashable) -> None:
        """Nobody waits for what this owner asked any more: what has not begun is not begun."""
        self._forgotten.add(owner)

    def close(self, patience: float = 1.0) -> None:
        """Let the child go and leave."""
        child = self._child
        self._jobs.put(None)
        if child is not None:
            child.kill()
            child.wait(patience)

    # ---- on the thread ----

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=self._idle if self._child else None)
            except Empty:
                self._end()
                continue
            if job is None:
                self._end()
                return
            if job.owner in self._forgotten:
                continue
            state = self._kept.get(job.question) or self._safely(job)
            self._kept[job.question] = state
            while len(self._kept) > MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            job.heard(job.question, state)
            if self._jobs.empty():
                self._forgotten.clear()

    def _safely(self, job: Job) -> Answer | Failed:
        try:
            return self._opened(job)
        except Exception:  # no memory, no process: whoever waits for an answer gets one, and the next file has its turn
            self._end()
            return _failed("crashed")

    def _opened(self, job: Job) -> Answer | Failed:
        import threading

        content = job.content()
        if len(content) > MAX_CONTENT:
            return _failed("too-large")
        try:
            child = self._child or self._started()
        except OSError:
            return _failed("crashed")
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._deadline, stop)
        timer.start()
        try:
            said = _exchange(child, job.question.type, content)
        finally:
            timer.cancel()
        if said is None:
            self._end()
            return _failed("timeout" if late.is_set() else "crashed")
        if "failed" in said:
            return _failed(str(said["failed"]))
        return Answer(tuple(said["records"]), SOURCE, _now())

    def _started(self) -> Popen[bytes]:
        import subprocess

        hidden: dict[str, Any] = {"creationflags": CREATE_NO_WINDOW} if sys.platform == "win32" else {}
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _START, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **hidden,
        )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            for pipe in (child.stdin, child.stdout):
                try:
                    if pipe:
                        pipe.close()
                except OSError:
                    pass  # what was still to be written has no reader any more
            child.wait()


def _exchange(child: Popen[bytes], reader: str, content: bytes) -> dict[str, Any] | None:
    """One question and its answer; None where the child has gone or talks nonsense."""
    assert child.stdin and child.stdout
    try:
        name = reader.encode("ascii")
        child.stdin.write(HEAD.pack(len(name), len(content)) + name)
        child.stdin.write(content)
        child.stdin.flush()
        head = child.stdout.read(LENGTH.size)
        if len(head) < LENGTH.size or LENGTH.unpack(head)[0] > MAX_ANSWER:
            return None
        size = LENGTH.unpack(head)[0]
        body = child.stdout.read(size)
        said = json.loads(body) if len(body) == size else None
    except (OSError, ValueError, RecursionError):
        return None
    good = isinstance(said, dict) and ("failed" in said or isinstance(said.get("records"), list))
    return said if good else None


def _failed(reason: str) -> Failed:
    return Failed(reason, SOURCE, _now())


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
