"""The hunt: python -m tests.hostile.fuzz [--count 1000000] [--seed 0] [--processes N] [--keep build/fuzz] [FOLDER ...]

Mutates the replays with what lies beside them, the samples, the honest mails and every file of the folders given, and holds the law
over each. A mail follows from its seed and the sources alone. A run that was stopped goes on where it was (--fresh: from the start).
What breaks the law is printed with its seed and the command that does it again, kept whole and cut down in the folder of --keep, and
tried again from there with --again FILE. Slower than --seconds of processor time, the opening of files included, is a break; so is
a process that dies, or says nothing for --patience seconds. Status 1 when something broke.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import IO, Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent), str(ROOT / "host")]

from law import WAYS, further, look  # noqa: E402
from mutations import TOKENS, dictionary, mutated  # noqa: E402
from workbench import LOCALES, TESTS, mails  # noqa: E402

from sekisho import session  # noqa: E402

BLOCK = 200  # mails that are handed out together
MEMORY = 4 << 30  # bytes of address space of one process: what takes more breaks the law
MOST_TRIES, MOST_SECONDS = 400, 60.0  # to make a mail smaller
SLOWEST = 5  # that are named at the end
READERS: tuple[dict[str, Any], ...] = (
    {},
    {"own_addresses": ["mori@office.example"], "incoming_servers": ["imap.office.example"]},
    {"own_addresses": ["a@example.org"], "own_domains": ["example.org"], "relays": ["mx.example.com", "192.0.2.50"]},
    {"trusted_networks": ["203.0.113.0/24"], "trusted_senders": ["example.com", "info@shop.example"], "privacy": "sender"},
)  # fmt: skip


STRANGERS = frozenset(
    ("dns", "spf", "asn", "rdap", "registration", "visit")
)  # kinds of questions that others answer in their own words


class Case(NamedTuple):
    """A mail, and how it is looked at."""

    source: bytes
    settings: dict[str, Any]
    answers: list[Any]
    whole: bool
    validate: bool
    way: int | None  # what else is done with it


def sources(folders: list[Path]) -> list[Path]:
    found = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return [*mails(), *sorted((TESTS / "honest").glob("*/*.eml")), *found]


def case(seed: int, paths: list[Path]) -> Case:
    """What a seed makes of the sources."""
    random = Random(seed)
    path, other = random.choice(paths), random.choice(paths)
    source = mutated(random, path.read_bytes(), other.read_bytes(), random.choice((1, 2, 3, 5, 8, 13, 20)))
    given, answers = random.choice(READERS), []
    if random.random() < 0.7 and path.with_suffix(".settings.json").exists():
        given = json.loads(path.with_suffix(".settings.json").read_bytes())
    if random.random() < 0.8 and path.with_suffix(".answers.json").exists():
        answers = worsened(random, json.loads(path.with_suffix(".answers.json").read_bytes()))
    return Case(
        source,
        {**given, "locale": random.choice(LOCALES)},
        answers,
        random.random() < 0.9,
        seed % 60 == 0,
        seed // 12 % WAYS if seed % 12 == 0 else None,
    )


def worsened(random: Random, answers: list[Any]) -> list[Any]:
    """Answers whose servers say what they like: other texts, numbers and lists, of the shapes that our own readers of them let through."""

    def worse(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {name: worse(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [worse(one) for one in value] * random.choice((1, 1, 1, 1, 2, 60))
        if (
            random.random() < 0.7 or isinstance(value, bool) or value is None or name == "outcome"
        ):  # that one is our own word
            return value
        if isinstance(value, str):
            at = random.randrange(len(value) + 1)
            word = random.choice((*TOKENS, random.choice(dictionary()))).decode("utf-8", "replace")
            return random.choice((value[:at] + word + value[at:], word * 300, "", value[at:]))
        return random.choice((0, -1, 2**63, value + 1))

    return [
        {**answer, "records": worse(answer["records"]) * random.choice((0, 1, 1, 1))}
        if answer["question"]["kind"] in STRANGERS
        else answer
        for answer in answers
    ]


def faults(one: Case, limit: float) -> tuple[list[str], float]:
    """What a case breaks of the law, and the processor time of its report."""
    seconds = 0.0
    try:
        seen = look(one.source, one.settings, session.read_answers(one.answers), one.validate, whole=one.whole)
        seconds = seen.seconds
        said = seen.faults + (further(one.source, seen, one.way) if one.way is not None else [])
    except Exception:  # the very thing that is hunted
        said = [traceback.format_exc()]
    if seconds > limit:
        said = [*said, f"{seconds:.1f} s of processor time for {len(one.source)} bytes"]
    return said, seconds


# ------------------------------------------------------------------ smaller


def line_of(fault: str) -> str:
    """A fault in one line: of an exception its last place and what it says."""
    lines = [line.strip() for line in fault.strip().splitlines()]
    places = [line for line in lines if line.startswith("File ")]
    return " ".join([*places[-1:], lines[-1]])[:500]


def kind(fault: str) -> str:
    """A fault without what changes from mail to mail: of an exception its last place and its name."""
    said = line_of(fault)
    return re.sub(r"\d+", "0", re.sub(r"(?<=[A-Za-z]): .*", "", said) if said.startswith("File ") else said[:60])


def smaller(source: bytes, breaks: Callable[[bytes], bool]) -> bytes:
    """A mail that still breaks, with less in it: pieces left out, lines first, ever smaller ones, until nothing more can go."""
    tries, end = 0, time.process_time() + MOST_SECONDS
    for joint in (b"\n", b""):
        pieces = source.split(joint) if joint else [source[at : at + 1] for at in range(len(source))]
        size = max(1, len(pieces) // 2)
        while True:
            at, shrunk = 0, False
            while at < len(pieces):
                if tries >= MOST_TRIES or time.process_time() > end:
                    return joint.join(pieces)
                tries += 1
                rest = pieces[:at] + pieces[at + size :]
                if breaks(joint.join(rest)):
                    pieces, shrunk = rest, True
                else:
                    at += size
            if size == 1 and not shrunk:
                break
            size = max(1, size // 2)
        source = joint.join(pieces)
    return source


# ------------------------------------------------------------------ one process of the crew


def keep(folder: Path, name: str, one: Case, said: list[str]) -> Path:
    """A case with all that is needed to try it again."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.eml"
    path.write_bytes(one.source)
    beside = {**one._asdict(), "source": None, "faults": said}
    path.with_suffix(".json").write_text(json.dumps(beside, ensure_ascii=True, indent=1))
    return path


def kept(path: Path) -> Case:
    beside = json.loads(path.with_suffix(".json").read_bytes())
    return Case(**{name: beside[name] for name in Case._fields if name != "source"}, source=path.read_bytes())


def work(paths: list[Path], folder: Path, limit: float) -> None:
    """Blocks of seeds in, one a line; out go the seed that is being looked at, what broke, and what a block took."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # not on this system: a bomb is then found by the machine
    for line in sys.stdin:
        first, last = map(int, line.split())
        slow: list[tuple[float, int]] = []
        spent = 0.0
        for seed in range(first, last):
            print(json.dumps({"at": seed}), flush=True)
            one = case(seed, paths)
            said, seconds = faults(one, limit)
            spent += seconds
            slow = sorted([*slow, (seconds, seed)], reverse=True)[:SLOWEST]
            if said:
                keep(folder, str(seed), one, said)
                print(json.dumps({"seed": seed, "fault": line_of(said[0])}), flush=True)
                alike = kind(said[0])

                def breaks(source: bytes, one: Case = one, alike: str = alike) -> bool:
                    print(json.dumps({"at": seed}), flush=True)  # noqa: B023 - still the same one: a sign of life
                    again = faults(one._replace(source=source), limit)[0]
                    return bool(again) and kind(again[0]) == alike

                keep(folder, f"{seed}-small", one._replace(source=smaller(one.source, breaks)), said)
        print(json.dumps({"done": [first, last], "spent": spent, "slow": slow}), flush=True)


# ------------------------------------------------------------------ the crew


class State:
    """What has been done, on the disk after every block."""

    def __init__(self, path: Path, fresh: bool) -> None:
        self.path = path
        self.blocks: dict[int, int] = {}
        self.breaks: dict[str, str] = {}
        self.spent = 0.0
        self.slow: list[tuple[float, int]] = []
        if not fresh and path.exists():
            said = json.loads(path.read_bytes())
            self.blocks = dict(map(tuple, said["blocks"]))
            self.breaks, self.spent = said["breaks"], said["spent"]
            self.slow = [tuple(one) for one in said["slow"]]

    def done(self, said: dict[str, Any]) -> None:
        first, last = said["done"]
        self.blocks[first] = last
        self.spent += said["spent"]
        self.slow = sorted([*self.slow, *map(tuple, said["slow"])], reverse=True)[:SLOWEST]

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".part")
        said = {"blocks": sorted(self.blocks.items()), "breaks": self.breaks, "spent": self.spent, "slow": self.slow}
        beside.write_text(json.dumps(said))
        beside.replace(self.path)

    def open(self, first: int, count: int) -> Iterator[tuple[int, int]]:
        """The blocks that are still to be done."""
        for start in range(first, first + count, BLOCK):
            end = min(start + BLOCK, first + count)
            if self.blocks.get(start, start) < end:
                yield start, end


class Worker:
    def __init__(self, command: list[str], heard: queue.SimpleQueue[tuple[Worker, str]]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.block: tuple[int, int] | None = None
        self.at = -1
        self.sign = time.monotonic()
        assert self.process.stdout is not None
        threading.Thread(target=self._listen, args=(self.process.stdout, heard), daemon=True).start()

    def _listen(self, output: IO[str], heard: queue.SimpleQueue[tuple[Worker, str]]) -> None:
        for line in output:
            heard.put((self, line))
        heard.put((self, ""))

    def give(self, block: tuple[int, int]) -> None:
        self.block, self.at, self.sign = block, block[0], time.monotonic()
        assert self.process.stdin is not None
        self.process.stdin.write(f"{block[0]} {block[1]}\n")
        self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def hunt(options: argparse.Namespace, paths: list[Path]) -> int:
    state = State(options.keep / f"state-{_name(paths)}.json", options.fresh)
    done = options.count - sum(last - first for first, last in state.open(options.seed, options.count))
    if done:
        print(f"{done} mails were looked at before", flush=True)
    again = " ".join(["python -m tests.hostile.fuzz", *(str(folder) for folder in options.folders)])
    limits = ["--keep", str(options.keep), "--seconds", str(options.seconds)]
    command = [sys.executable, "-m", "tests.hostile.fuzz", "--work", *limits, *map(str, options.folders)]
    heard: queue.SimpleQueue[tuple[Worker, str]] = queue.SimpleQueue()
    blocks = state.open(options.seed, options.count)
    crew: set[Worker] = set()

    def broke(seed: int, fault: str) -> None:
        state.breaks[str(seed)] = fault
        print(f"seed {seed}: {fault}\n    {again} --seed {seed} --count 1 --fresh", flush=True)

    def next_block(worker: Worker) -> None:
        block = next(blocks, None)
        if block is None:
            worker.end()
            crew.discard(worker)
        else:
            worker.give(block)

    def begin(block: tuple[int, int] | None) -> None:
        worker = Worker(command, heard)
        crew.add(worker)
        if block is not None and block[0] < block[1]:
            worker.give(block)
        else:
            next_block(worker)

    def lost(worker: Worker, why: str) -> None:
        """A process that died or hangs: its mail is named, the rest of its block goes to another."""
        worker.end()
        crew.discard(worker)
        assert worker.block is not None
        broke(worker.at, why)
        keep(options.keep, str(worker.at), case(worker.at, paths), [why])
        begin((worker.at + 1, worker.block[1]))

    try:
        for _ in range(options.processes):
            begin(None)
        while crew:
            try:
                worker, line = heard.get(timeout=1.0)
            except queue.Empty:
                late = [one for one in crew if time.monotonic() - one.sign > options.patience]
                for one in late:
                    lost(one, f"nothing was heard for {options.patience} s")
                continue
            worker.sign = time.monotonic()
            if worker not in crew:
                continue
            said = json.loads(line) if line else None
            if said is None:
                lost(worker, f"the process died: status {worker.process.wait()}")
            elif "at" in said:
                worker.at = said["at"]
            elif "fault" in said:
                broke(said["seed"], said["fault"])
            else:
                state.done(said)
                state.write()
                next_block(worker)
    finally:
        for worker in crew:
            worker.end()
    named = ", ".join(f"{seconds:.2f} s (seed {seed})" for seconds, seed in state.slow)
    total = max(1, sum(last - first for first, last in state.blocks.items()))
    print(f"processor time of a report: {state.spent / total * 1000:.1f} ms on average; slowest: {named}")
    print(f"{options.count} mails, {len(state.breaks)} breaks")
    return 1 if state.breaks else 0


def _name(paths: list[Path]) -> str:
    """Of the sources: other sources are another hunt."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.name} {path.stat().st_size}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()[:12]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=lambda text: Path(text).resolve())
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=lambda text: Path(text).resolve(), default=ROOT / "build" / "fuzz")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--patience", type=float, default=300.0)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--again", type=Path, nargs="+", help="kept cases")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.again:
        said = {path: faults(kept(path), options.seconds)[0] for path in options.again}
        for path, found in said.items():
            print(f"{path}: {'; '.join(found) or 'keeps the law'}")
        return 1 if any(said.values()) else 0
    paths = sources(options.folders)
    if options.work:
        work(paths, options.keep, options.seconds)
        return 0
    return hunt(options, paths)


if __name__ == "__main__":
    sys.exit(main())
