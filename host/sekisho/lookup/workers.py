"""Who runs the look-ups: one thread with an event loop, shared by all analyses of a process.

A question that two analyses have at the same time is asked once. Every answer, and every failure, goes into the cache.
What is heard is handed to a callback on this thread; the owner of an analysis puts it into its own queue.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Hashable, Iterable

from sekisho.lookup import NoAnswerError
from sekisho.lookup.world import KINDS, World, look_up
from sekisho.named import TYPE_CHECKING
from sekisho.questions import Answer, Failed, Question

if TYPE_CHECKING:
    from sekisho.lookup.cache import Cache

Heard = Callable[[Question, "Answer | Failed"], None]


class Workers:
    """Look-ups in the background. `world` makes, on the background thread, the ways by which is asked."""

    def __init__(self, world: Callable[[], World], cache: Callable[[], Cache | None] = lambda: None) -> None:
        self._make_world = world
        self._make_cache = cache
        self._loop = asyncio.new_event_loop()
        self._flying: dict[Question, asyncio.Task[None]] = {}
        self._listeners: dict[Question, list[tuple[Hashable, Heard]]] = {}
        self._world: World | None = None
        self._cache: Cache | None = None
        self._thread = threading.Thread(target=self._run, name="look-ups", daemon=True)
        self._thread.start()

    def ask(self, owner: Hashable, questions: Iterable[Question], heard: Heard) -> None:
        """Have questions looked up; `heard` is called once for each, on the background thread."""
        wanted = list(questions)
        self._loop.call_soon_threadsafe(lambda: self._ask(owner, wanted, heard))

    def forget(self, owner: Hashable) -> None:
        """Nobody waits for what this owner asked any more; what no one else waits for is broken off."""
        self._loop.call_soon_threadsafe(lambda: self._forget(owner))

    def close(self, patience: float = 1.0) -> None:
        """Break everything off and leave."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(patience)

    # ---- on the background thread ----

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        if self._world is not None:
            self._loop.run_until_complete(self._world.transport.close())
        if self._cache is not None:
            self._cache.close()
        self._loop.close()

    def _ask(self, owner: Hashable, questions: list[Question], heard: Heard) -> None:
        if self._world is None:
            self._world = self._make_world()
            self._cache = self._make_cache()
        for question in questions:
            known = self._cache.get(question) if self._cache else None
            if known is not None:
                heard(question, known)
                continue
            self._listeners.setdefault(question, []).append((owner, heard))
            if question not in self._flying:
                self._flying[question] = self._loop.create_task(self._fly(question, self._world))

    def _forget(self, owner: Hashable) -> None:
        for question, listeners in list(self._listeners.items()):
            listeners[:] = [listener for listener in listeners if listener[0] != owner]
            if not listeners:
                del self._listeners[question]
                task = self._flying.pop(question, None)
                if task is not None:
                    task.cancel()

    async def _fly(self, question: Question, world: World) -> None:
        state: Answer | Failed
        retry_after = None
        try:
            state = await asyncio.wait_for(look_up(question, world), KINDS.get(question.kind, ("", 5.0))[1])
        except NoAnswerError as failure:
            state, retry_after = Failed(failure.reason, failure.source, world.now()), failure.retry_after
        except (TimeoutError, asyncio.TimeoutError):
            state = Failed("timeout", "", world.now())
        except asyncio.CancelledError:
            raise
        except (
            Exception
        ):  # a server's answer must not break more than itself; each module's tests demand that this stays empty
            state = Failed("malformed", "", world.now())
        self._flying.pop(question, None)
        if self._cache is not None:
            self._cache.put(question, state, retry_after)
        for _, heard in self._listeners.pop(question, []):
            heard(question, state)


def now() -> str:
    """This moment as ISO 8601, UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
