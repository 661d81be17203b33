"""What passed, from a scan into the register: written down by the one process that hands out the work, a hundred messages at a time.

One writer, so that processes need not wait for each other; one transaction for many messages, because each waits for the disk. A
message that is known already is written no second time (register.sightings), so that a mailbox may be scanned again.
"""

from __future__ import annotations

from collections.abc import Callable

from sekisho.named import TYPE_CHECKING
from sekisho.register import LONG_PATIENCE

if TYPE_CHECKING:
    from sekisho.register import Register
    from sekisho.register.sightings import Seen

TOGETHER = 100  # messages of a transaction: it holds the register for a tenth of a second


class Writer:
    """Messages go in one by one. `then` are called, in order, when what was put in before them is on the disk."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._waiting: list[tuple[str, Seen]] = []
        self._then: list[Callable[[], None]] = []
        self.written = 0

    def add(self, account: str, seen: Seen) -> None:
        if self._register.trouble:
            return  # after the first one nothing more is tried
        if len(self._waiting) >= TOGETHER:
            self.flush()
        self._waiting.append((account, seen))

    def then(self, work: Callable[[], None]) -> None:
        """Have something done afterwards; now, where nothing is left to be written."""
        self._then.append(work)
        if not self._waiting or len(self._waiting) >= TOGETHER or len(self._then) >= TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Write down what waits, and do what waited for it."""
        by_account: dict[str, list[Seen]] = {}
        for account, seen in self._waiting:
            by_account.setdefault(account, []).append(seen)
        for account, several in by_account.items():
            if not self._register.trouble:
                self._register.remember(account, several, LONG_PATIENCE)
                self.written += 0 if self._register.trouble else len(several)
        self._waiting = []
        works, self._then = self._then, []
        for work in works:
            work()
