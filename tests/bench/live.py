"""Live look-ups: a mail with 12 addresses and 30 domains against the lab's real servers, every one of which answers in 50 ms.

    python tests/bench/live.py [--rounds N]

Prints, for each round, how long it took until the report was final, and that as a multiple of what no client can beat: the longest
chain of questions of which each needs the answer before it, or the questions that the busiest server got, eight at a time;
whichever is greater, at 50 ms each. Both are counted from the servers' own logs of the same round. One round more has a dead
server. Status 1: the bar was missed. The lab's programs must be there (`python tests/lab/programs.py`).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "host"), str(ROOT / "tests")]

from lab import Lab  # noqa: E402 - found only with the line above
from lab.faults import WHOIS  # noqa: E402

from sekisho import session  # noqa: E402
from sekisho.lookup.resolver import Resolver  # noqa: E402
from sekisho.lookup.transport import Transport  # noqa: E402
from sekisho.lookup.workers import Workers, now  # noqa: E402
from sekisho.lookup.world import World  # noqa: E402
from sekisho.settings import Settings  # noqa: E402

LATENCY = 0.05
BAR = 1.5
CONNECTIONS = 8
ADDRESSES, DOMAINS = 12, 30


class Round(NamedTuple):
    seconds: float
    floor: float
    chain: int
    busiest: str
    questions: int
    asked: int
    failed: int


def mail() -> bytes:
    """Twelve servers on the way, thirty domains in the links."""
    hops = [
        f"Received: from mail.d{n}.test (mail.d{n}.test [192.52.193.{100 + n}])\r\n\tby mail.d{n - 1 or ADDRESSES + 1}.test (Postfix) "
        f"with ESMTP id 4AbCdE{n:05};\r\n\tTue, 10 May 2022 06:{59 - n}:44 +0900 (JST)"
        for n in range(1, ADDRESSES + 1)
    ]
    links = "\r\n".join(f"https://d{n}.test/page" for n in range(1, DOMAINS + 1))
    header = "From: A <a@d1.test>\r\nTo: b@d2.test\r\nSubject: bench\r\nDate: Tue, 10 May 2022 05:00:00 +0900"
    return f"{chr(13)}{chr(10)}".join([*hops, header, "", links, ""]).encode()


def look(lab: Lab, deadline: float = 8.0, dead: str = "") -> Round:
    """One analysis to its final report, with workers that have asked before (their libraries are loaded)."""
    host, port = lab.dns.delayed[50]

    def ways() -> World:
        resolver = Resolver(f"{host}:{port}")
        return World(
            Settings(), resolver, Transport(resolver.addresses, lab.addresses, str(lab.trusted.certificate)), now, {}
        )

    workers = Workers(ways)
    settings = Settings(privacy="registry", deadline=deadline)
    warm = b"From: a@d40.test\r\n\r\nhttps://d40.test/\r\n"
    *_, _ = session.reports(warm, settings, workers)
    lab.forget()
    lab.rdap.latency(LATENCY)
    lab.whois.latency(LATENCY)
    if dead:
        lab.whois[dead].always(WHOIS["dead"])
    started = time.monotonic()
    *_, last = session.reports(mail(), settings, workers)
    seconds = time.monotonic() - started
    workers.close()
    servers = Counter({"the resolver": len(lab.dns.log)})
    servers.update(one.host for one in (*lab.rdap.log, *lab.whois.log))
    busiest, questions = servers.most_common(1)[0]
    # An address' registries refer to each other: the log has the address in each of their paths. A domain takes IANA and its registry.
    subjects = Counter(one.asked.rpartition("/")[2] for one in lab.rdap.log if "/ip/" in one.asked)
    chain = max(*subjects.values(), 2)
    outcomes = Counter(entry["outcome"] for entry in last["lookups"]["log"])
    failed = sum(count for outcome, count in outcomes.items() if outcome not in ("answered", "nothing"))
    floor = max(chain, questions / CONNECTIONS) * LATENCY
    return Round(seconds, floor, chain, busiest, questions, last["lookups"]["asked"], failed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    ratios = []
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder)) as lab:
        print("| round | final after | floor | ratio | longest chain | busiest server | asked | without an answer |")
        print("|---|--:|--:|--:|--:|---|--:|--:|")
        for number in range(rounds):
            one = look(lab)
            ratios.append(one.seconds / one.floor)
            print(_row(str(number + 1), one))
        print(_row("a dead registry, deadline 3 s", look(lab, 3.0, "whois.registry.test")))
    median = statistics.median(ratios)
    print(f"\nmedian ratio {median:.2f}, bar {BAR}")
    return int(median > BAR)


def _row(name: str, one: Round) -> str:
    return (
        f"| {name} | {one.seconds * 1000:.0f} ms | {one.floor * 1000:.0f} ms | {one.seconds / one.floor:.2f} | {one.chain} "
        f"| {one.busiest}: {one.questions} | {one.asked} | {one.failed} |"
    )


if __name__ == "__main__":
    sys.exit(main())
