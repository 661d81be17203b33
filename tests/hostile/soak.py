"""The soak: python -m tests.hostile.soak [--requests 50000] [--seed 0] [--seconds S]

The native host as Thunderbird starts it, under what a bad day has: messages of every kind, most of them mutated, many at once and in
pieces, cancels at any moment, frames that are none, a client that reads slowly or for seconds not at all, a pipe that is full, and a
client that is gone in the middle of a frame. A long conversation with one host has three fifths of the requests; the others are short ones
that end with the client's death, always two hosts at once on one register and one cache of answers.

Every request has exactly one answer, every broken frame one error, no frame is above its limit, no host leaves but with status 0 and
without a word on standard error, and what the host and the process that opens its files hold does not grow: in the last two thirds of the
long conversation no more than GROWTH, which is less than half a kilobyte a request of the 50,000. Status 1 where one of these fails. --seconds ends it early.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

HERE = Path(__file__).parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent / "host")]

from mutations import mutated  # noqa: E402
from test_native import LENGTH, LIMIT, MAIN, START, frame, hello, message, notification, request  # noqa: E402
from workbench import TESTS, mails  # noqa: E402

GROWTH = 8 << 20  # bytes: allocators keep what the largest message took for a while
WARM = 2000  # requests at least until every reader has been loaded
FILLED = 3  # the part of a long conversation in which every memory gets what it may keep: a third
OPEN = 24  # requests without an answer; the host refuses from 32 messages on
PATIENCE = 300.0  # seconds until a host that says nothing is given up; nothing is measured
ACCOUNTS = ("imap://a@one.example", "imap://b@two.example", None)
NOBODY = "127.0.0.1:1"  # a resolver where no one listens
GARBAGE = (b"", b"{", b"null", b"[]", b"7", b"{}", b"\xff\xfe", b"[" * 30_000, b'{"jsonrpc":"2.0","id":', b'"x"', b"NaN", b"\0" * 5000)  # fmt: skip


class Told(NamedTuple):
    """What a conversation came to."""

    requests: int
    answers: int
    faults: list[str]
    memory: list[tuple[int, int]]  # requests answered so far, bytes of host and opening process


class Talk:
    """One host and one client, over pipes."""

    def __init__(self, folder: Path, seed: int, sources: list[Path]) -> None:
        self._random = Random(seed)
        self._sources = sources
        home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "XDG_CACHE_HOME": str(folder / "cache")}
        self._noise = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `end`
        self._host = subprocess.Popen(
            [sys.executable, "-I", "-c", START + MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._noise,
            env={**os.environ, **home},
        )
        self._heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._awake = threading.Event()
        self._awake.set()
        self._open: dict[int, str] = {}
        self._answered: Counter[int | None] = Counter()
        self._asked = 0
        self._broken = 0  # frames sent that were none
        self._last = 0  # the last message whose answer has come
        self._report: Any = None
        self._gone = False  # nobody reads any more
        self.faults: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def run(self, count: int, until: float, die: bool) -> Told:
        """So many requests; at the end the input ends, or the client dies in the middle of what it says."""
        memory: list[tuple[int, int]] = []
        for number in range(count):
            if time.monotonic() > until or self.faults:
                break
            self._one(number)
            if not die and number % max(1, count // 30) == 0:
                self._settle()
                memory.append((number, self._memory()))
        if die and not self.faults:
            self._die()
            return Told(self._asked, self._asked, self.faults, memory)
        self._settle()
        memory.append((self._asked, self._memory()))
        self._end()
        lost = [f"request {one} ({kind}) has no answer" for one, kind in self._open.items()]
        twice = [
            f"request {one} has {times} answers"
            for one, times in self._answered.items()
            if one is not None and times > 1
        ]
        wrong = self._answered[None] != self._broken
        errors = [f"{self._broken} broken frames, {self._answered[None]} errors"] if wrong else []
        return Told(
            self._asked,
            sum(self._answered.values()) - self._answered[None],
            [*self.faults, *lost, *twice, *errors],
            memory,
        )

    # ---- what is said ----

    def _one(self, number: int) -> None:
        random = self._random
        if random.random() < 0.03:
            self._broken += 1
            self._write(frame(random.choice(GARBAGE)))
        if random.random() < 0.0005:  # above what a host reads: it is skipped
            self._broken += 1
            self._write(LENGTH.pack(9 << 20) + bytes(9 << 20))
        if random.random() < 0.002:
            self._awake.clear()  # nobody reads: the pipe fills
            threading.Timer(random.choice((0.05, 0.5, 2.0)), self._awake.set).start()
        self._asked += 1
        identity = self._asked
        frames = self._conversation(identity, random)
        self._open[identity] = frames[0]["method"]
        for one in frames:
            self._write(frame(one))
        if random.random() < 0.15:
            named = random.choice((identity, random.randrange(1, identity + 1), -1))
            self._write(frame(notification("cancel", id=named, **({"report": True} if random.random() < 0.3 else {}))))
        self._hear(OPEN)

    def _conversation(self, identity: int, random: Random) -> list[Any]:
        kind = random.random()
        if kind < 0.62:
            source = random.choice(self._sources).read_bytes()
            if random.random() < 0.7:
                source = mutated(random, source, random.choice(self._sources).read_bytes(), random.randrange(1, 8))
            if random.random() < 0.01:
                source = source * random.choice((10, 100))
            source = source[: 2 << 20]
            chosen = {"locale": random.choice(("en", "ja"))}
            over: dict[str, Any] = {
                "account": random.choice(ACCOUNTS),
                "settings": chosen,
                "panel": random.random() < 0.3,
            }
            if random.random() < 0.01:
                over = {**over, "privacy": "resolver", "settings": {**chosen, "resolver": NOBODY, "deadline": 1}}
            frames = message(identity, source, random.choice((393_216, 393_216, 20_000, 2_000)), **over)[:400]
            if frames[-1].get("params", {}).get("last") is not True or random.random() < 0.05:
                return [*self._spoilt(frames, random), notification("cancel", id=identity)]
            return frames
        of = self._last if random.random() < 0.8 else random.randrange(0, identity)
        others: tuple[Any, ...] = (
            hello(identity),
            hello(identity, protocol=random.choice((9, None, "1"))),
            request(
                identity,
                "settings",
                settings=random.choice(({"locale": "ja"}, 3, {"privacy": "x"}, {"own_domains": ["a.example"]})),
            ),
            request(identity, "export", of=of, format=random.choice(("html", "markdown", "json", "stix", "x"))),
            request(identity, "export", report=self._report, format="html", publication=random.random() < 0.5),
            request(identity, "whole", of=of),
            request(identity, "campaign", of=of),
            request(identity, "note", of=of, told=random.choice(("registrar", "x", None)), on=random.random() < 0.5),
            request(identity, "complaint", of=of, recipient="abuse@a.example", language="en"),
            request(identity, "ask_more", of=of, privacy="offline"),
            request(identity, "ask_more", of=of, panel=random.choice((True, False))),
            request(identity, "analyse", size=random.choice((-1, None, 1 << 40, "1"))),
            request(identity, "unheard-of"),
        )
        if random.random() < 0.004:
            return [request(identity, "forget", account=random.choice((None, "imap://a@one.example")))]
        if random.random() < 0.01:
            return [request(identity, "state", locale="ja")]
        return [random.choice(others)]

    def _spoilt(self, frames: list[Any], random: Random) -> list[Any]:
        """A message whose pieces are not all there, or not in order; a cancel behind it ends what would wait for ever."""
        first, *chunks = frames
        random.choice((chunks.reverse, chunks.clear, lambda: chunks.extend(chunks[-1:]), lambda: chunks.pop(0)))()
        return [first, *chunks]

    def _write(self, data: bytes) -> None:
        assert self._host.stdin is not None
        try:
            self._host.stdin.write(data)
            self._host.stdin.flush()
        except OSError as error:
            if not self._gone:  # else it has nobody to talk to, and may leave
                self.faults.append(f"the host has gone: {error}")

    # ---- what is heard ----

    def _read(self) -> None:
        assert self._host.stdout is not None
        output, slow = self._host.stdout, Random(1)
        while True:
            self._awake.wait(PATIENCE)
            try:
                head = output.read(LENGTH.size)
                size = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 0
                body = output.read(size)
            except (OSError, ValueError):
                break
            if not head:
                break
            if self._gone:
                output.close()
                return
            if size >= LIMIT or len(body) < size:
                self._heard.put(f"a frame of {size} bytes, {len(body)} of them there")
                break
            if slow.random() < 0.002:
                time.sleep(0.05)
            try:
                self._heard.put(json.loads(body))
            except ValueError:
                self._heard.put("a frame that is no JSON")
                break
        self._heard.put(None)

    def _hear(self, open_: int) -> None:
        """What has come, and on until no more than so many requests wait."""
        end = time.monotonic() + PATIENCE
        while len(self._open) > open_ or not self._heard.empty():
            try:
                said = self._heard.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                self.faults.append(f"nothing was heard for {PATIENCE} s; open: {self._open}")
                return
            if said is None or isinstance(said, str):
                self.faults.append(said or f"the host left with status {self._host.wait(PATIENCE)}")
                return
            self._take(said)

    def _take(self, said: Any) -> None:
        if "method" in said:
            if said["method"] == "report":
                self._report = said["params"]["report"]
                self.faults += [
                    one for one in self._report["defects"] if one.startswith(("check-failed", "block-failed"))
                ]
            return
        identity = said["id"]
        self._answered[identity] += 1
        kind = self._open.pop(identity, None)
        if kind == "analyse" and "result" in said:
            self._last = identity
        if said.get("error", {}).get("code") == -32603:
            self.faults.append(f"a fault of the host at {kind}: {said['error']}")

    def _settle(self) -> None:
        self._awake.set()
        self._hear(0)
        self._asked += 1
        self._open[self._asked] = "hello"
        self._write(frame(hello(self._asked)))  # what was broken before it has its error by then
        self._hear(0)

    # ---- how it ends ----

    def _memory(self) -> int:
        """Resident bytes of the host and its children."""
        pids = [self._host.pid, *_children(self._host.pid)]
        return sum(_resident(pid) for pid in pids)

    def _end(self) -> None:
        assert self._host.stdin is not None
        try:
            self._host.stdin.close()
            status = self._host.wait(PATIENCE)
        except (OSError, subprocess.TimeoutExpired) as error:
            self._host.kill()
            status = repr(error)
        self._noise.seek(0)
        noise = self._noise.read()[-5000:]
        if status or noise:
            self.faults.append(f"status {status}, on standard error: {noise!r}")
        self._noise.close()

    def _die(self) -> None:
        """The input ends in the middle of a frame; half of the clients have stopped to read before, and closed that end as well."""
        random = self._random
        self._gone = random.random() < 0.5
        parts = b"".join(
            frame(one)
            for number in range(10**6, 10**6 + 5)
            for one in message(number, random.choice(self._sources).read_bytes(), 3000)
        )
        self._write(parts[: random.randrange(len(parts))])
        self._awake.set()
        self._end()


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0  # let go meanwhile


def pair(folder: Path, seed: int, sources: list[Path], count: int, until: float) -> list[Told]:
    """Two hosts at once, on one register and one cache; both clients die."""
    said: list[Told] = []
    both = [
        threading.Thread(target=lambda seed=seed: said.append(Talk(folder, seed, sources).run(count, until, die=True)))
        for seed in (seed, seed + 1)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    until = time.monotonic() + options.seconds
    sources = [*mails(), *sorted((TESTS / "honest").glob("*/*.eml"))]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        long = Talk(folder, options.seed, sources).run(options.requests * 3 // 5, until, die=False)
        told = [long]
        left = options.requests - options.requests * 3 // 5
        each = max(10, min(200, left // 10))
        for seed in range(options.seed + 1, options.seed + 1 + max(1, left // each), 2):
            if time.monotonic() < until:
                told += pair(folder, seed, sources, each, until)
    faults = [fault for one in told for fault in one.faults]
    begin = max(WARM, long.requests // FILLED)
    warm = [(number, size) for number, size in long.memory if number >= begin] or long.memory[-1:]
    (early, start), (late, end) = warm[0], warm[-1]
    if end - start > GROWTH:
        faults.append(f"{(end - start) / 2**20:.1f} MiB more at the end")
    for fault in faults[:20]:
        print(fault)
    most = max(size for _, size in warm)
    print(
        f"one host: {start / 2**20:.1f} MiB after {early} requests, {end / 2**20:.1f} after {late}, at most {most / 2**20:.1f}"
    )
    print(f"{len(told) - 1} hosts in pairs, whose clients died")
    print(f"{sum(one.requests for one in told)} requests, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
