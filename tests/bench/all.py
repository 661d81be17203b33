"""Every bench in turn, and one table of ratios: python tests/bench/all.py [--corpus DIR] [--python PYTHON] [--parser PYTHON] [--only WORD] [--quick]

--corpus: a folder of real mail with its manifest.csv; without one, only what can be measured on our own mails is. --python: an interpreter of an
environment in which Sekisho is installed (cold start). --parser: one that has mail-parser and eml-parser (`pip install mail-parser eml-parser`).
--quick: fewer mails and rounds. Each bench's own output goes to standard error as it comes, the table to standard output at the end. What
could not be run, or is not installed here, is said in its row; nothing is taken from an earlier run. Status 1: a bar was missed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "tests" / "bench"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "host")}


class Row(NamedTuple):
    """One line of the table: `found` takes the figure out of what a bench printed (its first group, the last match)."""

    what: str
    beside: str
    found: str
    bar: float
    least: bool = False  # the bar is the least that will do, not the most


class Bench(NamedTuple):
    name: str
    command: tuple[str, ...]
    rows: tuple[Row, ...]
    needs: str = ""  # what must be given for it


def benches(given: argparse.Namespace) -> list[Bench]:
    """What is run, in this order."""
    python, corpus = sys.executable, str(given.corpus or "")
    few = given.quick
    return [
        Bench(
            "cold start",
            (python, str(BENCH / "cold_start.py"), "--python", given.python or "", "--rounds", "5" if few else "15"),
            (
                Row(
                    "cold start to the first report",
                    "`python -I -c 'import json'`",
                    r"(?m)native messaging +\S+ +\S+ +([\d.]+)",
                    4.0,
                ),
                Row("the same with an account", "the same", r"(?m)with an account +\S+ +\S+ +([\d.]+)", 4.0),
                Row("`analyse --json`", "the same", r"(?m)analyse --json +\S+ +\S+ +([\d.]+)", 5.0),
            ),
            "python",
        ),
        Bench(
            "one mail, by size, and memory",
            (
                python,
                str(BENCH / "beside.py"),
                *([corpus] if corpus else []),
                "--parser",
                given.parser,
                "--most",
                "60" if few else "400",
            ),
            (
                Row(
                    "one mail that is opened (no panel), warm, median",
                    "`email`, policy default, everything read",
                    r"\| all \| \d+ \| [\d.]+ \| [\d.]+ \| ([\d.]+)",
                    1.0,
                ),
                Row(
                    "the same",
                    "`email`, compat32, parse alone",
                    r"\| all (?:\| [\d.]+ ){4}\| ([\d.]+|not installed)",
                    0,
                ),
                Row("the same", "mail-parser", r"\| all (?:\| [\d.]+ ){5}\| ([\d.]+|not installed)", 0),
                Row("the same", "eml-parser", r"\| all (?:\| [\d.]+ ){5}\| [^|]+ \| ([\d.]+|not installed)", 0),
                Row("memory above idle, a mail of 30 MB", "the mail", r"\| Sekisho \| ([\d.]+)", 4.0),
                Row("`email`, compat32, the same", "the mail", r"\| email, compat32 \| ([\d.]+)", 0),
            ),
        ),
        Bench(
            "one mail, by stage",
            (python, "-m", "tests.bench.message", corpus, "60" if few else "400"),
            (
                Row("99 % point of one mail that is opened", "that of `email`", r"(?m)^opened .*, ([\d.]+)$", 0),
                Row("its panel, opened then, median", "the same", r"(?m)^shown .* of email's ([\d.]+),", 0),
                Row("both at once, median", "the same", r"(?m)^all .* of email's ([\d.]+),", 0),
            ),
            "corpus",
        ),
        Bench(
            "scan",
            (
                python,
                "-m",
                "tests.bench.scan",
                *([corpus] if corpus else []),
                "--parser",
                given.parser,
                "--most",
                "60" if few else "300",
                "--rounds",
                "1",
                "--messages",
                "500" if few else "5000",
            ),
            (
                Row("scan, messages a second of one core", "1", r"\| sekisho scan \| ([\d.,]+)", 500, True),
                Row("scan, messages a second", "mail-parser's parse", r"scan / mail-parser: ([\d.]+)", 2.0, True),
            ),
            "parser",
        ),
        Bench(
            "Received lines",
            (given.reader, str(BENCH / "received.py"), "--rounds", "1" if few else "3"),
            (
                Row(
                    "Received lines a second",
                    "mail-parser's `parse_received`",
                    r"mail-parser [\d,]+: ([\d.]+) times",
                    2.0,
                    True,
                ),
            ),
        ),
        Bench(
            "live look-ups",
            (python, str(BENCH / "live.py"), "--rounds", "2" if few else "5"),
            (Row("report final, 144 questions of 50 ms", "what no client can beat", r"median ratio ([\d.]+)", 1.5),),
        ),
        Bench(
            "verdict",
            (python, str(BENCH / "calibrate.py"), corpus, *(["--quick"] if few else [])),
            (),
            "corpus",
        ),
        Bench(
            "verdicts of peers",
            (python, str(BENCH / "peers.py"), corpus, *(["--most", "200"] if few else [])),
            (),
            "corpus",
        ),
    ]


def run(bench: Bench, given: argparse.Namespace) -> str | None:
    """What it printed; None where what it needs was not given."""
    if bench.needs and not getattr(given, bench.needs):
        return None
    print(f"== {bench.name}", file=sys.stderr, flush=True)
    out = ""
    with subprocess.Popen(
        bench.command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            out += line
            print(line, end="", file=sys.stderr, flush=True)
    return out


def row(one: Row, said: str | None, needs: str) -> tuple[str, bool]:
    """The line of the table, and whether its bar was missed."""
    if said is None:
        return f"| {one.what} | {one.beside} | not measured: --{needs} | | |", False
    figures = re.findall(one.found, said)
    if not figures or figures[-1] == "not installed":
        why = "not installed here" if "not installed" in said else "not measured: the bench failed"
        return f"| {one.what} | {one.beside} | {why} | | |", why.startswith("not measured")
    value = float(figures[-1].replace(",", ""))
    if not one.bar:
        return f"| {one.what} | {one.beside} | {value:g} | | |", False
    held = value >= one.bar if one.least else value <= one.bar
    sign = ">=" if one.least else "<="
    return (
        f"| {one.what} | {one.beside} | {value:g} | {sign} {one.bar:g} | {'held' if held else '**missed**'} |",
        not held,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--python", default="")
    parser.add_argument("--parser", default=sys.executable)
    parser.add_argument("--only", default="", help="only benches whose name holds this word")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    both = [given.parser, "-c", "import mailparser, sekisho.mailboxes, sekisho.facts.checkpoint"]
    readable = subprocess.run(both, env=ENVIRONMENT, capture_output=True).returncode == 0
    given.reader = given.parser if readable else sys.executable  # of Received lines: ours and theirs in one process
    table, tables, missed = ["| what | beside | ratio | bar | |", "|---|---|--:|--:|---|"], [], False
    for bench in benches(given):
        if given.only not in bench.name:
            continue
        said = run(bench, given)
        for one in bench.rows:
            line, bad = row(one, said, bench.needs)
            table.append(line)
            missed |= bad
        if not bench.rows:
            tables.append(f"\n{bench.name}:\n\n{said if said is not None else 'not measured: --' + bench.needs}")
    print("\n".join([*table, *tables]))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
