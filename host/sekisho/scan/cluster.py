"""The same on the workers of a Dask scheduler: batches go there with their bytes, results come back in order.

The scheduler keeps each batch until its result is here, and gives it to another worker when one is lost. A batch that workers
keep dying of is sent again message by message; a message that does it alone is given up.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from sekisho import __version__
from sekisho.named import TYPE_CHECKING
from sekisho.scan.examine import Done, Job, batches, examine

if TYPE_CHECKING:
    from typing import Any

AHEAD = 4  # batches for each thread of the cluster
WAIT = 30  # seconds from one look at whether anybody works to the next
PATIENCE = "30s"  # that the scheduler and its first worker are waited for


class ClusterError(Exception):
    """The cluster cannot be used; the message says why."""


class LostError(ClusterError):
    """Its scheduler is gone in mid-work: what came back before is good, the rest has to be done again."""


def examined(jobs: Iterable[Job], address: str, want_line: bool, say: Callable[[str], None]) -> Iterator[Done]:
    """Every message's result, in their order. Raises ClusterError, LostError in mid-work."""
    try:
        from distributed import Client, KilledWorker
        from distributed.client import FutureCancelledError
    except ImportError as error:
        raise ClusterError('install it with its extra for clusters: pip install "sekisho[cluster]"') from error
    # What it logs of a lost connection is pages long; what there is to say is said here, in one line.
    logging.disable(logging.CRITICAL)
    try:
        client: Any = Client(address, timeout=PATIENCE, set_as_default=False, heartbeat_interval="2s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterError(f"{address}: {error}") from error
    with client:
        threads = _checked(client, address)
        under_way: deque[tuple[list[Job], Any]] = deque()

        def send(batch: list[Job]) -> tuple[list[Job], Any]:
            try:
                return batch, client.submit(examine_batch, batch, want_line, pure=False)
            except Exception as error:
                if client.status in ("running", "connecting"):
                    raise
                raise LostError(f"{address}: the scheduler is gone") from error

        source = batches(jobs)
        while True:
            while len(under_way) < max(1, AHEAD * threads) and (batch := next(source, None)) is not None:
                under_way.append(send(batch))
            if not under_way:
                return
            batch, future = under_way.popleft()
            try:
                results = _result(client, future, say)
            except (FutureCancelledError, OSError) as error:
                raise LostError(f"{address}: the scheduler is gone") from error
            except KilledWorker:
                say(f"workers have died of a batch of {len(batch)} messages")
                if len(batch) == 1:
                    yield Done(batch[0].path, batch[0].number, None, None)
                else:
                    under_way.extendleft(send([job]) for job in reversed(batch))
            else:
                yield from results


def _result(client: Any, future: Any, say: Callable[[str], None]) -> list[Done]:
    """A batch's results, however long that takes; that nobody works on it any more is said."""
    from distributed import TimeoutError as StillWaiting

    while True:
        try:
            results: list[Done] = future.result(timeout=WAIT)
            return results
        except StillWaiting:
            if not client.nthreads():
                say("the cluster has no worker left; waiting for one")


def examine_batch(batch: list[Job], want_line: bool) -> list[Done]:
    """What a worker does."""
    return [examine(job, want_line) for job in batch]


def version() -> str:
    """A worker's version of Sekisho."""
    return __version__


def _checked(client: Any, address: str) -> int:
    """How many threads there are; every worker must have this version of Sekisho."""
    from distributed import TimeoutError as StillWaiting

    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except (StillWaiting, OSError) as error:
        raise ClusterError(f"{address}: it has no worker") from error
    try:
        versions = client.run(version)
    except Exception as error:
        raise ClusterError(f"{address}: its workers have no Sekisho that is like this one ({error})") from error
    other = {found for found in versions.values() if found != __version__}
    if other:
        raise ClusterError(
            f"{address}: its workers have Sekisho {', '.join(sorted(map(str, other)))}, here is {__version__}"
        )
    return sum(client.nthreads().values())
