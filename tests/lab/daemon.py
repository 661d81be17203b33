"""A server as a child process: its output in a file of the test's folder, its end with the test's."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

READY = 20.0  # seconds; a loaded machine starts all of the lab in 3
TAIL = 4000  # characters of a server's own log in the message of a failure


class Address(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class StartError(RuntimeError):
    """A server ended, or did not answer in time; tells its own log."""


def free_port(host: str) -> int:
    """A port that is free just now for both TCP and UDP."""
    while True:
        with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            stream.bind((host, 0))
            port: int = stream.getsockname()[1]
            with contextlib.suppress(OSError):
                datagrams.bind((host, port))
                return port


class Daemon:
    """Runs from its making until `stop`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str],
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | None = None,
    ) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                # the server ends when the test run is killed, too
                ["setpriv", "--pdeathsig", "TERM", "--", *command],
                stdin=stdin,
                stdout=log if stdout is None else stdout,
                stderr=log,
                cwd=folder,
                env=environment,
                start_new_session=True,  # Ctrl-C is for the test run, which then stops its servers in their order
            )

    def failed(self, why: str) -> StartError:
        said = self.log.read_text("utf-8", "replace")[-TAIL:]
        return StartError(f"{self.name} {why}. Its log, {self.log}, ends:\n{said}")

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Until it is ready; StartError when it ends or is not in time."""
        last = time.monotonic() + READY
        while not ready():
            if self.process.poll() is not None:
                raise self.failed(f"ended with status {self.process.returncode}")
            if time.monotonic() > last:
                raise self.failed(f"was not ready in {READY:.0f} s")
            time.sleep(0.01)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
