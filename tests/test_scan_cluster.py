"""A scan on the workers of a real Dask scheduler on this computer, and what becomes of it when one is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from test_cli import ENVIRONMENT, run
from test_scan_command import PLAIN, begun, mbox, some

from sekisho.scan import cluster
from sekisho.scan.examine import Done, Job

DASK = {**ENVIRONMENT, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "20s"}


class Cluster(NamedTuple):
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def two_workers(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers, processes of their own, on loopback."""
    told = tmp_path / "scheduler.json"
    log = (tmp_path / "log").open("wb")

    def started(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
        return subprocess.Popen(command, stdout=log, stderr=log, env=DASK, cwd=tmp_path, start_new_session=True)

    local = ("--host", "127.0.0.1", "--no-dashboard")
    scheduler = started("dask_scheduler", *local, "--port", "0", "--scheduler-file", str(told))
    workers = []
    try:
        while not told.exists():
            assert scheduler.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.1)
        workers = [
            started("dask_worker", "--scheduler-file", str(told), *local, "--nthreads", "1", "--no-nanny")
            for _ in range(2)
        ]
        yield Cluster(json.loads(told.read_text())["address"], scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
        log.close()


def test_a_cluster_says_what_this_computer_says(two_workers: Cluster, tmp_path: Path) -> None:
    """The same lines in the same order, by the command line."""
    box = tmp_path / "box"
    box.write_bytes(mbox(some(100)))
    here, there = run("scan", "--json", box), run("scan", "--json", "--cluster", two_workers.address, box)

    assert (0, here.stdout, here.stderr) == (there.returncode, there.stdout, there.stderr)
    assert 100 == here.stdout.count(b"\n")


def test_a_lost_worker_loses_no_message(two_workers: Cluster) -> None:
    """Killed in the middle of its work: the other one does it, every message comes once and in order."""
    got: list[Done] = []
    jobs = (Job("box", number, source, PLAIN) for number, source in enumerate(some(200)))
    for done in cluster.examined(jobs, two_workers.address, True, print):
        got.append(done)
        if len(got) == 40:
            os.killpg(two_workers.workers[0].pid, signal.SIGKILL)

    assert list(range(200)) == [done.number for done in got]
    assert [f"number {number}" for number in range(200)] == [done.row.subject if done.row else None for done in got]
    assert all(done.line for done in got)


def test_a_cluster_that_is_not_there_is_said(tmp_path: Path) -> None:
    """One line, status 1."""
    box = tmp_path / "box"
    box.write_bytes(mbox(some(2)))
    done = run("scan", "--cluster", "tcp://127.0.0.1:1", box)

    assert (1, b"") == (done.returncode, done.stdout)
    assert b"127.0.0.1:1" in done.stderr.splitlines()[-1]


def test_a_scheduler_that_dies_is_said_and_the_scan_goes_on_later(two_workers: Cluster, tmp_path: Path) -> None:
    """Killed in the middle: one line, status 1, soon; what was done is kept, and this computer does the rest, without a line twice or lost."""
    box, output, state = (tmp_path / name for name in ("box", "out.ndjson", "state"))
    box.write_bytes(mbox(some(400)))
    arguments = ["--json", "--output", output, "--resume", state, box]
    with begun(*arguments, "--cluster", two_workers.address) as scan:
        while not output.exists() or output.read_bytes().count(b"\n") < 20:
            assert scan.poll() is None, scan.stderr and scan.stderr.read()
            time.sleep(0.01)
        os.killpg(two_workers.scheduler.pid, signal.SIGKILL)
        _, said = scan.communicate(timeout=120)
    done = output.read_bytes().count(b"\n")
    line = said.decode().splitlines()[-1]

    assert (1, True) == (scan.returncode, 20 <= done < 400), said
    assert two_workers.address in line and "the scheduler is gone; what is done is kept" in line
    assert "Traceback" not in said.decode()
    again = run("scan", *arguments)
    assert (0, run("scan", "--json", box).stdout) == (again.returncode, output.read_bytes())
    assert f"{done} messages have been analysed before" in again.stderr.decode()


def test_a_scheduler_without_workers_is_said(
    two_workers: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for ever, and nothing is written."""
    for worker in two_workers.workers:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    monkeypatch.setattr(cluster, "PATIENCE", "3s")
    while (
        subprocess.run(
            [sys.executable, "-c", HELD, two_workers.address], env=DASK, capture_output=True, check=True
        ).stdout.strip()
        != b"0"
    ):
        time.sleep(0.2)
    with pytest.raises(cluster.ClusterError, match="no worker"):
        list(cluster.examined([Job("box", 0, some(1)[0], PLAIN)], two_workers.address, True, print))


HELD = "import sys; from distributed import Client; print(len(Client(sys.argv[1]).scheduler_info()['workers']))"
