"""A scan beside programs that only parse: messages a second of one core, memory while a large mailbox goes by.

    python -m tests.bench.scan [CORPUS] [--messages 100000] [--parser PYTHON] [--rounds 3]

CORPUS: a mailbox whose messages are counted for the rates (default: our samples and replays); nothing of it is kept. PYTHON: an
interpreter that has mail-parser. Rates are in processor time, the processes that open files included, the start of a process
left out, in turn. Memory is that of all processes of a scan of made-up messages, by the kernel's count (Linux).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "host"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import waves

from sekisho import mailboxes

ROOT = Path(__file__).resolve().parents[2]
A_SECOND, TIMES_MAIL_PARSER = 500, 2.0
PARTS = 10
_READ = "import sys, pathlib; files = [p.read_bytes() for p in sorted(pathlib.Path(sys.argv[1]).iterdir())]\n"
OTHERS = {
    "mail-parser, its parse": "import mailparser\n" + _READ + "for one in files: mailparser.parse_from_bytes(one)\n",
    "email (compat32), its parse": "import email\n" + _READ + "for one in files: email.message_from_bytes(one)\n",
}


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("corpus", nargs="?", default=str(ROOT / "tests" / "replays"))
    wanted.add_argument("--messages", type=int, default=100_000)
    wanted.add_argument("--most", type=int, default=1000, help="messages of the corpus, evenly taken")
    wanted.add_argument("--parser", default=sys.executable)
    wanted.add_argument("--rounds", type=int, default=3)
    wanted.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        missed = rates(arguments, Path(folder))
        memory(arguments, Path(folder))
    print("\n".join(missed) or "Both bars are held.")
    return bool(missed)


def rates(arguments: argparse.Namespace, folder: Path) -> list[str]:
    """Print the table of rates; what was missed."""
    sources = [stored.source for stored in mailboxes.read(arguments.corpus)]
    sources = sources[:: max(1, len(sources) // arguments.most)]
    several, one = folder / "several", folder / "one"
    for place, some in ((several, sources), (one, sources[:1])):
        place.mkdir()
        for number, source in enumerate(some):
            (place / f"{number:06}.eml").write_bytes(source)
    scan = [sys.executable, "-m", "sekisho", "scan", "--jobs", "1"]
    programs = {"sekisho scan": scan, "sekisho scan --json": [*scan, "--json"]}
    programs |= {name: [arguments.parser, "-c", program] for name, program in OTHERS.items()}
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(arguments.rounds):
        for name, command in programs.items():
            seconds[name].append(processor([*command, str(several)]) - processor([*command, str(one)]))
    rate = {name: (len(sources) - 1) / statistics.median(taken) for name, taken in seconds.items()}
    size = statistics.mean(map(len, sources)) / 1000
    print(f"{len(sources)} messages of {size:.1f} kB on average, processor time, median of {arguments.rounds}\n")
    print("| | a second, one core | ms a message |\n|---|--:|--:|")
    for name, value in rate.items():
        print(f"| {name} | {value:,.0f} | {1000 / value:.2f} |")
    ours, theirs = rate["sekisho scan"], rate["mail-parser, its parse"]
    print(f"\nscan / mail-parser: {ours / theirs:.2f}\n")
    missed = [f"{ours:,.0f} messages a second, the bar is {A_SECOND}"] if ours < A_SECOND else []
    if ours < TIMES_MAIL_PARSER * theirs:
        missed.append(f"{ours / theirs:.2f} times mail-parser, the bar is {TIMES_MAIL_PARSER}")
    return missed


def processor(command: list[str]) -> float:
    """Seconds of processor time of a program and of what it started and waited for."""
    before = os.times()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "host")}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def memory(arguments: argparse.Namespace, folder: Path) -> None:
    """Print the memory of a scan of as many made-up messages, tenth by tenth."""
    box, rows = folder / "box", folder / "rows"
    with box.open("wb") as file:
        for source in made(arguments.messages):
            file.write(b"From - Tue Apr 16 01:02:03 2024\n" + source.replace(b"\r\n", b"\n") + b"\n")
    command = [sys.executable, "-m", "sekisho", "scan", "--jobs", str(arguments.jobs), "--resume", str(rows)]
    command += ["--csv", str(folder / "table.csv"), "--html", str(folder / "page.html"), str(box)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "host")}
    started = time.monotonic()
    measured: list[tuple[int, int, float]] = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as scan:
        done = read = 0
        while scan.poll() is None:
            time.sleep(0.5)
            if rows.exists():
                with rows.open("rb") as file:
                    file.seek(read)
                    for piece in iter(lambda: file.read(1 << 20), b""):
                        done, read = done + piece.count(b"\n"), read + len(piece)
            if done > len(measured) * arguments.messages / PARTS:
                measured.append((done, resident(scan.pid), time.monotonic() - started))
        assert 0 == scan.returncode
    took = time.monotonic() - started
    size = box.stat().st_size / 1e6
    print(
        f"{arguments.messages:,} made-up messages ({size:.0f} MB), {arguments.jobs} processes, with table and page: {took:.0f} s\n"
    )
    print("| messages done | memory of all processes, MB | seconds |\n|--:|--:|--:|")
    for count, held, at in measured:
        print(f"| {count:,} | {held / 1000:.0f} | {at:.0f} |")
    print()


def made(count: int) -> Iterator[bytes]:
    """Waves among newsletters, each with a number of its own."""
    number = 0
    while number < count:
        for source in [*waves.newsletters(200, seed=number), *waves.guessed(111, seed=number)]:
            if number < count:
                yield b"X-Number: %d\n" % number + source
            number += 1


def resident(pid: int) -> int:
    """kB that a process and those it started hold, each shared page counted once for each of them."""
    held = 0
    waiting = [pid]
    while waiting:
        one = Path(f"/proc/{waiting.pop()}")
        try:
            status = (one / "status").read_text()
            waiting += map(int, (one / "task" / one.name / "children").read_text().split())
        except OSError:
            continue
        held += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return held


if __name__ == "__main__":
    sys.exit(main())
