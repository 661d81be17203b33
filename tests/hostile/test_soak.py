"""The short form of the soak: five hundred requests, cancels, garbage, full pipes and deaths."""

from __future__ import annotations

import re
import subprocess
import sys

from workbench import HOST, ROOT


def test_nothing_is_lost_on_a_bad_day() -> None:
    """Each request one answer, each broken frame one error, every host leaves with status 0. Memory takes the long form to tell."""
    command = [sys.executable, "-m", "tests.hostile.soak", "--requests", "500"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={"PYTHONPATH": str(HOST)})

    assert (0, "") == (done.returncode, done.stderr), done.stdout
    assert re.search(r"^5\d\d requests, 0 faults$", done.stdout, re.MULTILINE), done.stdout
