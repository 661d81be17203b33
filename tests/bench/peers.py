"""How well others tell the same mails apart, offline: python tests/bench/peers.py CORPUS [--most N]

CORPUS: a folder with manifest.csv, as for calibrate.py. SpamAssassin (Debian: spamassassin) and rspamd (Debian: rspamd) run where they are
installed, as Debian installs them, without network (`unshare --net`: nothing of a real mail may be looked up), Bayes, and what they would learn;
who is not installed is said not to be. SpamAssassin runs twice: told nothing, and told the addresses of the reader's own servers, as far as
our walk found them. Scores are kept below build/peers; delete it to measure again. Prints, for each pair, what each finds at 0.5 and 1 % of honest mail:
its best threshold for that very pair, chosen on the same mails, which flatters it; one vote a campaign; 95 % intervals (Wilson).
Ours: what is shipped, at its own threshold (caution), in sample; out of folds calibrate.py measures it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "host"), str(Path(__file__).resolve().parent)]

from calibrate import PAIRS  # noqa: E402 - found only with the line above
from fitting import wilson  # noqa: E402 - found only with the line above

from sekisho import session  # noqa: E402
from sekisho.settings import Settings  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PEERS, KEPT = ROOT / "tests" / "peers", ROOT / "build" / "peers"
ALONE = ["unshare", "--net"] if os.name != "nt" and os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
PORT = 21333
Row = dict[str, str]
Scores = dict[str, tuple[float, float]]  # path: score, milliseconds


def ours(rows: list[Row], corpus: Path) -> tuple[Scores, dict[str, str]]:
    """Our scores (0, 1, 2: clear, caution, danger), and the line that tells SpamAssassin of a mail."""
    scores, told = Scores(), {}
    for row in rows:
        source = (corpus / row["path"]).read_bytes()
        begun = time.process_time()
        report = session.report(source, Settings())
        level = ("clear", "caution", "danger").index(report["verdict"]["level"])
        scores[row["path"]] = float(level), 1000 * (time.process_time() - begun)
        origin = report["origin"]
        inside = sorted({hop["ip"] for hop in report["hops"][: origin["hop"]] if hop["ip"]}) if origin else []
        told[row["path"]] = "\t" + " ".join(inside) if origin else ""
    return scores, told


def spamassassin(lines: list[str]) -> str | None:
    """What the program in tests/peers prints for these lines; None where it is not installed."""
    if not shutil.which("spamassassin"):
        return None
    command = [*ALONE, "perl", str(PEERS / "spamassassin.pl")]
    return subprocess.run(command, input="\n".join(lines) + "\n", text=True, stdout=subprocess.PIPE, check=True).stdout


def rspamd(lines: list[str]) -> str | None:
    """The same of rspamd; it and who asks it are alone in a network of their own."""
    if not shutil.which("rspamd"):
        return None
    command = [*ALONE, sys.executable, __file__, "--inside"]
    return subprocess.run(command, input="\n".join(lines) + "\n", text=True, stdout=subprocess.PIPE, check=True).stdout


def inside() -> None:
    """Within that network: start rspamd, ask it about each line of standard input, print the answers."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    url = f"http://127.0.0.1:{PORT}"
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        command = ["rspamd", "-f", "-i", "-c", str(PEERS / "rspamd.conf"), f"--var=DBDIR={folder}"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"{url}/ping", timeout=1)
                    break
                except OSError:
                    time.sleep(0.5)
            for line in sys.stdin:
                path = line.rstrip("\n")
                asked = urllib.request.Request(f"{url}/checkv2", data=Path(path).read_bytes())
                said = json.load(urllib.request.urlopen(asked, timeout=120))
                print(path, said["score"], 1000 * said["time_real"], sep="\t")
        finally:
            server.terminate()
            server.wait()


def kept(name: str, run: Callable[[], str | None], corpus: Path) -> Scores | None:
    """What a peer said of each mail, from the file of the last run where there is one."""
    file = KEPT / f"{name}.tsv"
    if not file.exists():
        said = run()
        if said is None:
            return None
        KEPT.mkdir(parents=True, exist_ok=True)
        file.write_text(said, "utf-8")
    lines = (line.split("\t") for line in file.read_text("utf-8").splitlines())
    return {str(Path(path).relative_to(corpus)): (float(score), float(ms)) for path, score, ms in lines}


def share(rows: list[Row], scores: Scores, at: float) -> tuple[float, int]:
    """Votes of campaigns at or above a score, and the number of campaigns."""
    size = Counter(row["group"] for row in rows)
    return sum(1 / size[row["group"]] for row in rows if scores[row["path"]][0] >= at), len(size)


def cell(bad: list[Row], good: list[Row], scores: Scores, most: float) -> str:
    """The share of `bad` found at the lowest score that flags at most `most` of `good`, and its interval."""
    steps = [*sorted({score for score, _ in scores.values()}), float("inf")]
    at = next(one for one in steps if share(good, scores, one)[0] <= most * share(good, scores, one)[1])
    found, campaigns = share(bad, scores, at)
    low, high = wilson(found / campaigns, campaigns)
    return f"{100 * found / campaigns:.0f} ({100 * low:.0f}-{100 * high:.0f})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--most", type=int, help="so many mails, evenly taken: for a quick look")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        inside()
        return 0
    corpus = arguments.corpus.resolve()
    rows = list(csv.DictReader((corpus / "manifest.csv").open(encoding="utf-8")))
    corpus = corpus if (corpus / rows[0]["path"]).exists() else corpus.parent
    rows = rows[:: max(1, len(rows) // arguments.most)] if arguments.most else rows
    own, told = ours(rows, corpus)
    plain = [str(corpus / row["path"]) for row in rows]
    peers = {
        "SpamAssassin": kept("spamassassin", lambda: spamassassin(plain), corpus),
        "SpamAssassin, told the reader's servers": kept(
            "spamassassin-told",
            lambda: spamassassin([str(corpus / path) + line for path, line in told.items()]),
            corpus,
        ),
        "rspamd": kept("rspamd", lambda: rspamd(plain), corpus),
    }
    print(
        "| pair | campaigns to warn of / honest | "
        + " | ".join(f"{name}, 0.5 / 1 %" for name in peers)
        + " | ours: warned / flagged |"
    )
    print("|---|--:|" + "--:|" * (len(peers) + 1))
    for name, pair in PAIRS.items():
        bad = [row for row in rows if row["set"] in pair.warn]
        good = [
            row for row in rows if row["set"] in pair.honest or (row["set"] in pair.japanese and row["lang"] == "ja")
        ]
        if not bad or not good:
            continue
        cells = [
            f"{cell(bad, good, scores, 0.005)} / {cell(bad, good, scores, 0.01)}" if scores else "not installed"
            for scores in peers.values()
        ]
        (warned, bads), (flagged, goods) = share(bad, own, 1), share(good, own, 1)
        mine = f"{100 * warned / bads:.0f} / {100 * flagged / goods:.1f}"
        print(f"| {name} | {bads} / {goods} | " + " | ".join(cells) + f" | {mine} |")
    base = statistics.median(ms for _, ms in own.values())
    for name, scores in peers.items():
        if scores:
            median = statistics.median(ms for _, ms in scores.values())
            print(
                f"\n{name}: {median:.1f} ms a mail (median), {median / base:.1f} times ours ({base:.1f} ms, another run)"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
