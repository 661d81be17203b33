"""What one message costs, by stage, beside the standard library's full parse of the same mail: python -m tests.bench.message CORPUS [NUMBER]
"opened": a mail that is merely opened, arrives or stands in a table, whose report has no panel; "shown": its panel is opened then, of the message that the
host still has; "all": a report with its panel at once, as `analyse --json` makes it
and what one of 30 MB costs beside compat32's parse of it, and its memory: python -m tests.bench.message --large

CORPUS is a folder of .eml files; NUMBER of them (400) are taken by chance, the same ones each time. Warm, offline, every finding, processor
time; each mail is read by both in turn, so that what else the machine does befalls both. Ratios are of the medians, means and 99 % points.
"""

from __future__ import annotations

import email
import email.policy
import json
import random
import subprocess
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
STAGES = ("parse", "facts", "checks", "json", "opened", "panel", "shown", "all", "email")
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


def large() -> None:
    """A mail of 30 MB with a file, and one of parts of HTML: the least of three turns each, and the peak of a process of its own."""
    from tests.bench.bombs import MAILS

    for name in ("attachment", "large parts"):
        source = MAILS[name](30 << 20)
        ours, theirs = [], []
        for _ in range(3):
            begin = clock()
            as_json(engine.analyse(Message(source), {}, Settings(), NOW).report)
            middle = clock()
            email.message_from_bytes(source, policy=email.policy.compat32)
            ours.append(middle - begin)
            theirs.append(clock() - middle)
        command = [sys.executable, "-m", "tests.bench.bombs", "--child", name, "30"]
        made = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        print(
            f"{name}, {len(source) / 1e6:.1f} MB: {min(ours):.2f} s, compat32 {min(theirs):.2f} s, ratio {min(ours) / min(theirs):.2f} (bar 1.5); "
            f"peak {made['bytes'] / made['size']:.1f} times the mail above idle (bar 4)"
        )


def main() -> None:
    if sys.argv[1:] == ["--large"]:
        large()
        return
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
            report = engine.analyse(message, {}, settings, NOW, shown=False).report
            read = clock()
            as_json(report)
            end = clock()
            spent["json"], spent["opened"] = end - read, end - begin
            first = dict(spent)
            begin = clock()
            as_json(engine.analyse(message, {}, settings, NOW).report)
            spent["shown"] = clock() - begin
            spent.update({stage: first[stage] for stage in ("facts", "checks")})
            spent["all"] = spent["opened"] + spent["panel"]
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
    print(f"first stage, 99 %: {sorted(found['opened'])[last]:.1f} ms of processor time (bar 25)")


if __name__ == "__main__":
    main()
