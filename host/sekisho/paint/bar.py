"""How far a long piece of work is, on standard error: a bar with rate and time left on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


class Bar:
    """A context. `over_output`: what goes to standard output may be seen on the same terminal, line by line."""

    def __init__(self, over_output: bool) -> None:
        self._rich: Any = None
        self._task: Any = None
        self._mixed = sys.stdout.isatty()
        if sys.stderr.isatty() and (over_output or not self._mixed):
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._rich = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}", markup=False),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                redirect_stdout=False,  # what is piped must stay what it is
                redirect_stderr=False,
                refresh_per_second=5,
                transient=True,
            )

    def __enter__(self) -> Bar:
        if self._rich:
            self._rich.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._rich:
            self._rich.stop()

    def begin(self, what: str, total: int | None = None) -> None:
        """A new piece of work takes the place of the last."""
        if self._rich:
            if self._task is not None:
                self._rich.remove_task(self._task)
            self._task = self._rich.add_task(what, total=total, rate="")

    def at(self, count: int) -> None:
        if self._rich:
            task = self._rich.tasks[0]
            rate = f"{task.speed:,.0f}/s" if task.speed else ""
            self._rich.update(self._task, completed=count, rate=rate)

    def say(self, text: str) -> None:
        """A sentence on standard error, above the bar."""
        if self._rich:
            self._rich.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def line(self, text: str) -> None:
        """A line of standard output."""
        if self._rich and self._mixed:
            self._rich.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            print(text)
