"""One mail at a time, beside programs that only parse: time by size, and memory of a large one: python tests/bench/beside.py [CORPUS] [--parser PYTHON]

CORPUS: a folder of .eml files (default: our samples, replays and honest mails); so many of them are taken by chance, the same ones each time.
PYTHON: an interpreter that has mail-parser and eml-parser; which of them it lacks is said. Each program reads all mails in a process of its own,
warm, in processor time: Sekisho as for a mail that is merely opened (no panel), and with its panel at once; memory is the peak of a process that reads one mail of 30 MB, above what it had before (Linux, macOS).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = ((0, 4), (4, 16), (16, 64), (64, 1 << 20))  # kB
LARGE = 30 << 20
BAR = 1.0
# What makes `read(source)`; each is a program of its own.
PROGRAMS = {
    "Sekisho": "from sekisho import session\nfrom sekisho.settings import Settings\nread = lambda source: session.report(source, Settings(), shown=False)",
    "Sekisho with the panel": "from sekisho import session\nfrom sekisho.settings import Settings\nread = lambda source: session.report(source, Settings())",
    "email, policy default": "sys.path.insert(0, {bench!r})\nfrom message import standard as read",
    "email, compat32": "import email\nread = email.message_from_bytes",
    "mail-parser": "import mailparser\nread = lambda source: mailparser.parse_from_bytes(source).mail",
    "eml-parser": "import eml_parser\nread = lambda source: eml_parser.EmlParser(include_raw_body=True).decode_email_bytes(source)",
}
OWN = ("Sekisho", "Sekisho with the panel", "email, policy default", "email, compat32")
_TIMES = """
import json, sys, time
sys.path.insert(0, {host!r})
{program}
files, clock, out = json.load(sys.stdin), time.process_time, []
def timed(file):
    source = open(file, "rb").read()
    begun = clock()
    try:
        read(source)
    except Exception:  # another's parser may raise on a hostile mail; what it did not read has no time
        return None
    return (clock() - begun) * 1000
for file in files[:40]:
    timed(file)
print(json.dumps([timed(file) for file in files]))
"""
_MEMORY = """
import json, resource, sys
sys.path.insert(0, {host!r})
{program}
read(b"From: a@example.com\\n\\nHello\\n")
source = open(json.load(sys.stdin)[0], "rb").read()
unit = 1 if sys.platform == "darwin" else 1024
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
read(source)
print(json.dumps([(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before) / len(source)]))
"""


def asked(name: str, what: str, files: list[str], python: str) -> list[float | None] | None:
    """What a program prints of these files; None where it is not installed."""
    program = PROGRAMS[name].format(bench=str(ROOT / "tests" / "bench"))
    code = what.format(host=str(ROOT / "host"), program=program)
    done = subprocess.run(
        [sys.executable if name in OWN else python, "-c", code], input=json.dumps(files), text=True, capture_output=True
    )
    if done.returncode and "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-500:]}")
    found: list[float | None] = json.loads(done.stdout)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=ROOT / "tests")
    parser.add_argument("--parser", default=sys.executable)
    parser.add_argument("--most", type=int, default=400)
    arguments = parser.parse_args()
    files = sorted(arguments.corpus.rglob("*.eml"))
    random.Random(1).shuffle(files)
    files = files[: arguments.most]
    names = [str(file) for file in files]
    times = {name: asked(name, _TIMES, names, arguments.parser) for name in PROGRAMS}
    print(
        "| kB | mails | " + " | ".join(f"{name}, ms" if name == "Sekisho" else f"/ {name}" for name in PROGRAMS) + " |"
    )
    print("|---|--:|" + "--:|" * len(PROGRAMS))
    whole = 0.0
    for low, high in (*SIZES, (0, 1 << 20)):
        chosen = [n for n, file in enumerate(files) if low <= file.stat().st_size / 1000 < high]
        if not chosen:
            continue
        middle = {
            name: statistics.median(one for n in chosen if (one := found[n]) is not None) if found else None
            for name, found in times.items()
        }
        mine = middle["Sekisho"] or 0.0
        cells = [
            f"{mine:.1f}",
            *(
                "not installed" if its is None else f"{mine / its:.2f}"
                for name, its in middle.items()
                if name != "Sekisho"
            ),
        ]
        what = "all" if high > 1 << 19 and low == 0 else f"{low}-{high}" if high < 1 << 20 else f"above {low}"
        print(f"| {what} | {len(chosen)} | " + " | ".join(cells) + " |")
        whole = mine / (middle["email, policy default"] or 1.0)
    failed = {name: sum(one is None for one in found) for name, found in times.items() if found}
    print("\nraised: " + ", ".join(f"{name} {count}" for name, count in failed.items()))
    print(f"\nSekisho / email, policy default, all: {whole:.2f}, the bar is {BAR}\n")
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder, "large.eml")
        head = b"From: a@example.com\nSubject: large\nMIME-Version: 1.0\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
        large.write_bytes(head + (b"QUJD" * 19 + b"\n") * (LARGE // 77))
        print("| peak memory above idle, a mail of 30 MB | times the mail |\n|---|--:|")
        for name in PROGRAMS:
            held = asked(name, _MEMORY, [str(large)], arguments.parser)
            print(f"| {name} | {'not installed' if held is None else f'{held[0]:.1f}'} |")
    return int(whole > BAR)


if __name__ == "__main__":
    sys.exit(main())
