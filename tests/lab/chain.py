"""A road of five real mail servers, in a network of the test's own: client -> Postfix -> Exim -> OpenSMTPD -> Sendmail -> Postfix.

`travel` sends mails down that road and tells, from the servers' own logs, what became of them. The network, the users and the changed
folders exist in namespaces of one process (inside.py) and end with it. It needs root and Linux.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from . import programs
from .certificates import Authority
from .hosts import PACKAGES

# Documentation addresses (RFC 5737) on the loopback device of a network that has no other.
CLIENT = ("198.51.100.77", "line77.isp.example", "user-pc.local")  # address, reverse name, what it says in HELO
ALPHA = ("192.0.2.10", "mail.alpha.example")  # Postfix
BETA = ("192.0.2.20", "mx.beta.example")  # Exim
GAMMA = ("203.0.113.30", "mx.gamma.example")  # OpenSMTPD
DELTA = ("203.0.113.40", "mx.delta.example")  # Sendmail; its reverse name, mx.liar.example, has another address
FINAL = ("203.0.113.50", "mx.final.example")  # Postfix, with the mailbox
LIAR = ("203.0.113.99", "mx.liar.example")
SERVERS = (ALPHA, BETA, GAMMA, DELTA, FINAL)
SENDER, RECIPIENT = "hanako@alpha.example", "taro@final.example"
HELD = "held@alpha.example"  # Postfix puts the mail of this envelope sender on hold
PASSWORD = "not a secret"
SECONDS = 60  # that all of it may take; 12 are usual


class Sending(NamedTuple):
    """A mail to send. `login`: by SMTP AUTH over TLS on the submission port, else on port 25, as a customer's line is allowed to;
    `hold`: seconds that the first server keeps it; `above` stands on top of its header, as the client wrote it, {now} in it is the
    time."""

    name: str
    login: bool = False
    hold: int = 0
    above: str = ""


class Travelled(NamedTuple):
    """What became of it. `path` is the delivered file; `begun`, `sent` (the first server had it), `released` (from its hold) and
    `delivered` are seconds since 1970; `ids` are the queue ids that the five servers gave it, by their own logs."""

    path: Path
    begun: float
    sent: float
    released: float | None
    delivered: float
    ids: tuple[str, ...]


def travel(folder: Path, sendings: Sequence[Sending]) -> dict[str, Travelled]:
    """Start the road, send all of these, stop it. The servers' logs and configuration stay in the folder."""
    if sys.platform != "linux" or os.geteuid() != 0:
        raise programs.AbsentError(
            "The mail chain needs root on Linux, for a network namespace and overlay mounts of its own"
        )
    absent = [name for name in ("unshare", "ip", "mount") if not shutil.which(name)]
    if absent:
        raise programs.AbsentError(
            f"The mail chain needs {', '.join(absent)}: apt-get install iproute2 util-linux mount"
        )
    folder.chmod(0o755)  # the servers' own users work below it
    identity = Authority(folder, "chain").issue("alpha", (ALPHA[1],), (ALPHA[0],))
    plan = {
        "packages": [str(programs.folder(name)) for name in programs.SETS],
        "certificate": identity.certificate.name,
        "key": identity.key.name,
        "authority": "chain.pem",
        "sendings": [sending._asdict() for sending in sendings],
    }
    (folder / "plan.json").write_text(json.dumps(plan, indent=1), "utf-8")
    spaces = ("--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc")
    command = ["unshare", *spaces, sys.executable, "-m", "lab.inside", str(folder)]
    with (folder / "inside.log").open("wb") as log:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(PACKAGES), "LC_ALL": "C", "TZ": "UTC"},
                timeout=SECONDS,
                check=False,
            )
            problem = f"ended with status {done.returncode}" if done.returncode else ""
        except subprocess.TimeoutExpired:
            problem = f"did not end in {SECONDS} s"
    if problem:
        raise RuntimeError(f"The mail chain {problem}.\n{_logs(folder)}")
    told = json.loads((folder / "travelled.json").read_text("utf-8"))
    return {name: Travelled(folder / "box" / name, **one) for name, one in told.items()}


def _logs(folder: Path) -> str:
    """The end of every server's log."""
    paths = sorted(path for path in folder.rglob("*log*") if path.is_file() and path.stat().st_size)
    return "\n".join(f"== {path}\n{path.read_text('utf-8', 'replace')[-3000:]}" for path in paths)
