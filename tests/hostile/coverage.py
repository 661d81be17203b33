"""The hunt that follows the branches: python -m tests.hostile.coverage [--minutes 60] [--keep DIRECTORY]

Received lines made by libFuzzer through atheris (`pip install .[fuzz]`), which keeps what reaches a branch that nothing reached
before; the law of `line_law` is held over every list of them. Seeds are every writer's lines. What breaks the law is kept with
--keep, and the next hunt starts with what this one found. Status 1 when something broke.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from importlib import import_module, util
from pathlib import Path
from time import process_time

HERE = Path(__file__).parent
SECONDS = 2.0  # of processor time that a list of lines of MAX_SIZE may take, instrumented; ten times what it takes
MAX_SIZE = 6000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--hunt", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hunt is not None:
        hunt(options.hunt)
    if util.find_spec("atheris") is None:
        print("atheris is not installed here: pip install .[fuzz]", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        keep = options.keep or Path(scratch)
        corpus = keep / "found"
        corpus.mkdir(parents=True, exist_ok=True)
        seeds(corpus)
        words = Path(scratch, "words.dict")
        words.write_bytes(b"".join(b'"' + escaped(word) + b'"\n' for word in dictionary()))
        arguments = [
            f"-max_total_time={round(options.minutes * 60)}",
            f"-max_len={MAX_SIZE}",
            f"-dict={words}",
            f"-artifact_prefix={keep}/broken-",
        ]
        command = [sys.executable, "-m", "tests.hostile.coverage", "--hunt", *arguments, "-timeout=20", "-rss_limit_mb=2000", "-print_final_stats=1", str(corpus)]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    return told(done)


def told(done: subprocess.CompletedProcess[str]) -> int:
    """Say in one line what libFuzzer said in thousands; its last words as well if something broke."""
    said = done.stderr
    counted = {name: (re.findall(rf"stat::{name}: *(\d+)", said) or ["?"])[-1] for name in ("number_of_executed_units", "new_units_added")}  # fmt: skip
    covered = re.findall(r"cov: (\d+) ft: (\d+)", said)
    first, last = (covered[0], covered[-1]) if covered else (("?", "?"), ("?", "?"))
    print(
        f"{counted['number_of_executed_units']} lists of lines, {counted['new_units_added']} of them reached something new; "
        f"branches {first[0]} -> {last[0]}, paths {first[1]} -> {last[1]}; status {done.returncode}"
    )
    if done.returncode:
        print((done.stdout + said)[-4000:])
    return 1 if done.returncode else 0


def seeds(folder: Path) -> None:
    """Every writer's line by itself, and some below each other."""
    table = (HERE.parent / "received_writers.txt").read_text("utf-8")
    lines = [block.split("\n")[1].encode() for block in table.strip().split("\n\n")]
    for place, line in enumerate(lines):
        (folder / f"line-{place:03}").write_bytes(b"\0" + line)
        (folder / f"list-{place:03}").write_bytes(bytes([place % 16]) + b"\n".join(lines[place : place + 5]))


def dictionary() -> list[bytes]:
    table = (HERE.parent / "received_writers.txt").read_text("utf-8")
    words = {word.strip(";,") for word in table.split() if 1 < len(word) < 24 and word.isascii()}
    marks = ["(HELO ", "helo=", "ident=", " by ", " from ", " with ", " id ", " for ", "; ", "([", "])", "((", "))", "[IPv6:", "::ffff:", "(may be forged)"]  # fmt: skip
    return [word.encode() for word in sorted(words)[:1500] + marks]


def escaped(word: bytes) -> bytes:
    return b"".join(b"\\x%02x" % byte if byte in b'"\\' or not 32 <= byte < 127 else bytes([byte]) for byte in word)


def hunt(arguments: list[str]) -> None:
    """The hunting process itself: it does not return."""
    atheris = import_module("atheris")
    sys.path[:0] = [str(HERE), str(HERE.parent.parent / "host")]
    with atheris.instrument_imports(include=["sekisho.mail", "sekisho.facts", "sekisho.tables", "ipaddress"]):
        law = import_module("line_law")

    def one(data: bytes) -> None:
        chosen, bodies = data[:1] or b"\0", data[1:].decode("utf-8", "surrogateescape").split("\n")
        start = process_time()
        faults = law.broken(bodies[:60], law.READERS[chosen[0] % len(law.READERS)], chosen[0] & 8 != 0)
        if process_time() - start > SECONDS:
            faults.append("the time of a square")
        if faults:
            raise AssertionError(faults[0])

    atheris.Setup(["coverage", *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
