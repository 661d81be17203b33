"""What one message costs, by stage, beside the standard library's full parse of the same mail: python -m tests.bench.message CORPUS [NUMBER]

CORPUS is a folder of .eml files; NUMBER of them (400) are taken by chance, the same ones each time. Warm, offline, every finding, processor
time; each mail is read by both in turn, so that what else the machine does befalls both. Ratios are of the medians, means and 99 % points.
"""

from __future__ import annotations

import email
import email.policy
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from typing import Any

from sekisho import checks, engine, panel
from sekisho.facts import Facts
from sekisho.mail.message import Message
from sekisho.report import as_json
from sekisho.settings import Settings

NOW = 1_790_000_000
STAGES = ("parse", "facts", "checks", "panel", "json", "all", "email")
clock = time.process_time


def timed(owner: Any, name: str, stage: str, spent: dict[str, float]) -> None:
    """Have a function of the product keep its time."""
    inner: Callable[..., Any] = getattr(owner, name)

    def outer(*given: Any, **named: Any) -> Any:
        begin = clock()
        try:
            return inner(*given, **named)
        finally:
            spent[stage] = clock() - begin

    setattr(owner, name, outer)


def standard(source: bytes) -> None:
    """All that `email` finds: every field as its policy reads it, every part decoded."""
    for part in email.message_from_bytes(source, policy=email.policy.default).walk():
        try:
            for _, value in part.items():
                str(value)
            if part.get_content_maintype() == "text":
                part.get_content()
            elif not part.is_multipart():
                part.get_payload(decode=True)
        except Exception:  # it raises on many a real mail
            continue


def main() -> None:
    files = sorted(Path(sys.argv[1]).rglob("*.eml"))
    random.Random(1).shuffle(files)
    sources = [file.read_bytes() for file in files[: int(sys.argv[2]) if len(sys.argv) > 2 else 400]]
    settings, spent = Settings(), dict[str, float]()
    timed(Facts, "__init__", "facts", spent)
    timed(checks, "run", "checks", spent)
    timed(panel, "build", "panel", spent)
    found: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for warm in (True, False):
        for source in sources[:60] if warm else sources:
            begin = clock()
            message = Message(source)
            spent["parse"] = clock() - begin
            report = engine.analyse(message, {}, settings, NOW).report
            read = clock()
            as_json(report)
            end = clock()
            spent["json"], spent["all"] = end - read, end - begin
            begin = clock()
            standard(source)
            spent["email"] = clock() - begin
            for stage in STAGES if not warm else ():
                found[stage].append(spent[stage] * 1000)
    last = int(len(sources) * 0.99)
    base = found["email"]
    for stage, times in found.items():
        late = sorted(times)[last]
        print(
            f"{stage:7} median {median(times):6.2f} ms, mean {mean(times):6.2f}, 99 % {late:7.2f};"
            f" of email's {median(times) / median(base):.2f}, {mean(times) / mean(base):.2f}, {late / sorted(base)[last]:.2f}"
        )


if __name__ == "__main__":
    main()
