"""What a scan shows on a terminal while it works."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from test_cli import ENVIRONMENT, objects
from test_scan_command import mbox, some


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    """A bar with number, rate and time left on standard error, and nothing of it in what is piped."""
    box = tmp_path / "box"
    box.write_bytes(mbox(some(120)))
    terminal, side = pty.openpty()
    command = [sys.executable, "-m", "sekisho", "scan", "--json", "--jobs", "2", str(box)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=side, env={**ENVIRONMENT, "COLUMNS": "120"}) as scan:
        os.close(side)
        output, _ = scan.communicate(timeout=60)
    shown = b""
    while True:
        try:
            shown += os.read(terminal, 1 << 16)
        except OSError:  # nobody holds the other side any more
            break
    os.close(terminal)

    assert (0, 120) == (scan.returncode, len(objects(output)))
    assert b"Analysing" in shown and b"/120" in shown and re.search(rb"\d/s", shown) and b"120 messages: " in shown
