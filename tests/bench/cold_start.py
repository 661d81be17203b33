"""Cold start: process start to the first complete offline report, as a multiple of the interpreter's own `import json`.

    python tests/bench/cold_start.py [--python PYTHON] [--rounds N] [MAIL...]

PYTHON is the interpreter of an environment that holds an installed sekisho (default: the one that runs this). The
commands are run in turn in every round, so that a slow moment of the machine hits all of them; medians are compared.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NATIVE, ACCOUNT, COMMAND = "native messaging", "with an account", "analyse --json"
BARS = {NATIVE: 4.0, ACCOUNT: 4.0, COMMAND: 5.0}
KEY = "account1 me@own.example"
LESSON = b"Received: from a.example (a.example [203.0.113.5]) by mx.own.example with SMTP id 1; 1 Jan 2024 00:00:00 +0000\n\n"
SAMPLES = ("kagoya.eml", "virus-notice.eml", "virus-account.eml")


def frames(mail: bytes, account: str | None) -> bytes:
    """What the extension sends for one message."""
    out = b""
    params = {"size": len(mail), "privacy": "offline", "account": account}
    for request in (
        {"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1, "extension": "0.1.0"}},
        {"jsonrpc": "2.0", "id": 2, "method": "analyse", "params": params},
        {
            "jsonrpc": "2.0",
            "method": "chunk",
            "params": {"id": 2, "index": 0, "data": base64.b64encode(mail).decode(), "last": True},
        },
    ):
        body = json.dumps(request).encode()
        out += struct.pack("=I", len(body)) + body
    return out


def first_report(command: list[str], sent: bytes, environment: dict[str, str]) -> float:
    """Seconds from the start of the host until its first complete report has been read."""
    begin = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as host:
        assert host.stdin and host.stdout
        host.stdin.write(sent)
        host.stdin.flush()
        while True:
            (size,) = struct.unpack("=I", host.stdout.read(4))
            body = host.stdout.read(size)
            if b'"method":"report"' in body[:80]:
                taken = time.perf_counter() - begin
                assert json.loads(body)["params"]["report"]["final"] is True
                host.stdin.close()
                host.stdout.read()
                return taken


def whole(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("mails", nargs="*", type=Path)
    arguments = parser.parse_args()
    python = arguments.python
    os.environ.pop("PYTHONPATH", None)  # it would put a source tree before what is installed
    launch = [python, "-I", "-c", "from sekisho.native import main; main()"]
    where = subprocess.run(
        [python, "-I", "-c", "import sekisho, sysconfig; print(sekisho.__path__[0]); print(sysconfig.get_path('scripts'))"],
        check=True, capture_output=True, text=True,
    ).stdout.split("\n")  # fmt: skip
    mails = arguments.mails or [Path(where[0], "samples", name) for name in SAMPLES]
    script = os.path.join(where[1], "sekisho")
    missed = False
    print(f"{'mail':22}{'what':20}{'bare':>9}{'ours':>9}{'ratio':>8}{'bar':>6}")
    with tempfile.TemporaryDirectory() as home:
        # A register of its own, which knows the account from the first round on: the user's is not touched.
        environment = {**os.environ, **dict.fromkeys(("HOME", "XDG_DATA_HOME", "LOCALAPPDATA"), home)}
        first_report(launch, frames(LESSON, KEY), environment)
        for mail in mails:
            sent = {name: frames(mail.read_bytes(), key) for name, key in ((NATIVE, None), (ACCOUNT, KEY))}
            bare: list[float] = []
            ours: dict[str, list[float]] = {name: [] for name in BARS}
            for _ in range(arguments.rounds):
                bare.append(whole([python, "-I", "-c", "import json"]))
                for name, request in sent.items():
                    ours[name].append(first_report(launch, request, environment))
                ours[COMMAND].append(whole([script, "analyse", "--json", str(mail)]))
            missed |= shown(mail.name, bare, ours)
    return 1 if missed else 0


def shown(mail: str, bare: list[float], ours: dict[str, list[float]]) -> bool:
    """Print a mail's rows; whether a bar was missed."""
    missed = False
    for name, bar in BARS.items():
        base, taken = statistics.median(bare), statistics.median(ours[name])
        missed = missed or taken / base > bar
        print(f"{mail:22}{name:20}{base * 1e3:7.1f}ms{taken * 1e3:7.1f}ms{taken / base:8.2f}{bar:6.1f}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
