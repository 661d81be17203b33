"""A server that does not start says why; one that did ends when it is told to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .daemon import Daemon, StartError


def test_failed_start(tmp_path: Path) -> None:
    daemon = Daemon("broken", ["sh", "-c", "echo no such zone >&2; exit 3"], tmp_path, os.environ)
    with pytest.raises(StartError, match=r"broken ended with status 3(?s:.*)no such zone"):
        daemon.wait_until(lambda: False)
    daemon.stop()


def test_stop(tmp_path: Path) -> None:
    """The whole of it, and at once when it heeds the signal."""
    daemon = Daemon("sleeper", ["sh", "-c", "echo ready; exec sleep 60"], tmp_path, os.environ)
    daemon.wait_until(lambda: daemon.log.read_text("ascii") == "ready\n")
    daemon.stop()
    assert -15 == daemon.process.returncode
