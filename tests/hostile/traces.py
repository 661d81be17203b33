"""Headers that are nothing but trace fields, up to megabytes of them, and all that is done with such a header."""

from __future__ import annotations

from time import process_time

from sekisho import session
from sekisho.facts import checkpoint, claims
from sekisho.facts.edges import Learner, chain
from sekisho.mail.message import Message
from sekisho.register.marks import Marks
from sekisho.settings import Settings

TIMES = 5  # as long may four times as much take
NOISE = 0.02  # seconds: below, a run says nothing about growth
SIZE = 1_000_000
_HOP = b"Received: from a.example (b.example [203.0.113.9]) by c.example with SMTP id 1; 1 Jan 2024 00:00:00 +0900\n"
TRACES: dict[str, tuple[bytes, bytes]] = {
    # before, repeated up to a megabyte
    "lines": (b"", _HOP),
    "lines of many words": (b"", b"Received: " + b"from by with id for via ; " * 300 + b"\n"),
    "lines that name no writer": (b"", b"Received: from a (HELO b) (203.0.113.9) by c with SMTP; 1 Jan 2024 00:00:00 +0900\n"),
    "one line": (b"Received: ", b"from a.example (b.example [203.0.113.9]) by c.example with SMTP id 1 "),
    "one word": (b"Received: from ", b"a"),
    "NUL": (b"Received: from ", b"\0"),
    "8-bit": (b"Received: from ", bytes(range(128, 256))),
    "nested": (b"Received: from a ", b"(a "),
    "nested, closed": (b"Received: from a ", b"(a (b (c (d) e) f) g) "),
    "closed too often": (b"Received: from a ", b") "),
    "unbalanced": (b"Received: from a ", b"(()"),
    "quoted": (b"Received: from a ", b'" \\'),
    "folded": (b"Received: from a", b"\n by"),
    "marks of writers": (b"Received: from a by b", b" with SMTP (version= (HELO (envelope-from <;"),
}  # fmt: skip


def source(name: str, size: int = SIZE) -> bytes:
    before, repeated = TRACES[name]
    return before + repeated * (size // len(repeated)) + b"\n\n"


def follow(header: bytes) -> None:
    """All that is done with Received lines: read, learnt from, compared with the register, walked, weighed."""
    lines = [line for _, line in Message(header).received]
    learner = Learner()
    learner.add(chain(session.trace(header)))
    learnt = Marks(bytes(32)).named(learner.edges(), lines)
    found = checkpoint.find(lines, Settings(own_domains=("c.example",)), learnt)
    claims.weigh(lines, found.hop)


def cost(header: bytes) -> float:
    """Seconds of processor time."""
    start = process_time()
    follow(header)
    return process_time() - start


def growth(name: str, turns: int = 20) -> tuple[float, float]:
    """The least that a quarter and the whole cost over some turns, until they keep the bar: a busy machine only makes both slower."""
    quarter, whole = float("inf"), float("inf")
    for turn in range(turns):
        quarter, whole = min(quarter, cost(source(name, SIZE // 4))), min(whole, cost(source(name)))
        if turn >= 2 and whole < TIMES * quarter + NOISE:
            break
    return quarter, whole
