"""Real servers on loopback, started by the tests that need them; README.md beside this file says what they serve."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from .certificates import Authority
from .nameservers import Dns


class Lab:
    """All that answers a look-up. Runs within `with`; every server's log and configuration stay in the folder.

    `trusted` is the authority that issued the servers' certificates.
    """

    dns: Dns
    trusted: Authority

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = ExitStack()

    def __enter__(self) -> Lab:
        self.trusted = Authority(self.folder, "trusted")
        with ExitStack() as stack:  # what has started is stopped when the next does not start
            self.dns = stack.enter_context(Dns(self.folder, self.trusted))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def forget(self) -> None:
        """Empty logs, as after the start."""
        self.dns.forget()
