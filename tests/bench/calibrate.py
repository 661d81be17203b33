"""What each finding is to count, and how good the verdict is: fitted and measured on real mail, by campaign.

    python tests/bench/calibrate.py CORPUS [--write] [--quick] [--misses PAIR] [--alarms [PAIR]] [--jobs 2]

CORPUS: a folder with manifest.csv (path, label, set, year, lang, group) and the mails. Everything runs offline; nothing of a mail is kept but
what was found in it, below build/calibrate, until the code changes. tests/honest counts among the honest.

Prints a table for each pair of sets, each out of folds: the mails of a campaign are never on both sides. The outer folds measure; in
the inner ones the one threshold for all pairs is chosen, the lowest that flags at most 0.5 % of honest mail. A campaign has one vote.
`--quick`: only what the table as it is makes of the mails. `--misses PAIR`: mails of that pair that are not warned of by it, with what was
found; `--alarms`: honest ones that are. `--write`: the table of weights (host/sekisho/tables/weights.py) from all mails.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import multiprocessing
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "host"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from fitting import Case, Key, fit, points_of, wilson

from sekisho import checks, settings, verdict
from sekisho.tables import weights

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "host" / "sekisho"
HONEST = ROOT / "tests" / "honest"
TABLE = PACKAGE / "tables" / "weights.py"
NOW = 1_795_305_600  # 2026-11-22: a mail's age must not change with the day of the run
FOLDS, INNER = 5, 8
MOST_FLAGGED, MOST_DANGER = 0.005, 0.001
LEAST_DANGER = 25  # points: more than two findings of medium severity
LEAST_CAUTION = 8  # points: more than any slight finding counts
VOTES = 300  # of each side of a pair when fitting
# Labelled honest, and to whoever reads them frauds and advertising that somebody sent to a public list: "your account is suspended" in a shop's
# name, "3 pending documents" on a stranger's page, drugs. Measured as they are labelled, but nothing is learnt of them, no threshold either.
MISLABELLED = ("276574fd53cc35f3.eml", "a6f429416d9dabe3.eml", "01a33bee445afb8e.eml", "0166339c2758a2f9.eml")
# Points that a finding of a severity may count at most: nothing slight is a caution alone, and no single doubt a danger.
MOST_POINTS = {"info": 5.0, "low": 7.0, "medium": 15.0, "high": 40.0}
# And of a finding that has an innocent explanation, however grave it looks: a shop guide or a counter of clicks that no table knows.
NO_DANGER_ALONE = {("text-and-target", "high"): 20.0}
DOUBT = 60.0  # what a wrongly warned mail costs, in missed ones

MAIN_HONEST = ("foff_neg", "list_modern", "zkemail_gmail", "newsletters_unspy", "testdata_modern", "dsn_sisimai")
SECOND = "# the second batch, written without a look at the rules"  # from here on no weight may know the mails: they say how it does
OWN = "own"  # the set of tests/honest: always known to the fit, never measured, and none of it may be flagged
# What tests/test_honest.py knows to be warned of: a phish that is quoted, a walk that ends too early.
KNOWN = frozenset({"private/is-this-fraud.eml", "system/printer-toner.eml"})


class Pair(NamedTuple):
    """Two kinds of mail to be told apart: sets, and the bar in per cent of the first. `japanese`: of these sets only Japanese mails."""

    warn: tuple[str, ...]
    honest: tuple[str, ...]
    bar: int | None
    japanese: tuple[str, ...] = ()


PAIRS = {
    "main": Pair(("phishing_pot",), MAIN_HONEST, 70),
    "sameinfra": Pair(("foff_pos",), ("foff_neg",), 55),
    "jp": Pair(("jp_list_phish",), ("jp_formreply_derived", "jp_list_ham"), 70, ("dsn_sisimai",)),
    "list": Pair(("sflist_spam",), ("list_modern",), 45),
    "legacy": Pair(("sa_spam",), ("sa_ham",), 75),
}
# Beside the pairs: they teach a little, and are reported apart.
ALSO = {
    "csdmc": Pair(("csdmc_spam",), ("csdmc_ham",), None),
    "others": Pair(("cwl_corpus", "sublime_samples", "jp_list_spam"), (), None),
}

# What is no evidence (the corpus's README), or is too weak to be any, whatever the sets say: 0 points for good.
_DATE = "a date: no evidence of who wrote"
_HOST = "what a receiving host writes down: tells receivers apart, not senders"
FIXED: dict[str, str] = {
    "clock-zone-elsewhere": _DATE,
    "date-in-future": _DATE,
    "date-long-before": _DATE,
    "no-date": "whether a header field is there",
    "held-up": _HOST,
    "nameless-helo": _HOST,
}


class Mail(NamedTuple):
    """One mail: where it lies, what is known of it, and what was found: (id, severity), of what speaks for the sender (id, "")."""

    path: str
    label: str
    set: str
    year: str
    lang: str
    group: str
    keys: frozenset[Key]


# ------------------------------------------------------------------ what is found in them


def read(corpus: Path, jobs: int) -> list[Mail]:
    """Every mail of the corpus and of tests/honest with its findings; from the cache where the code is the same."""
    rows = list(csv.DictReader((corpus / "manifest.csv").open(encoding="utf-8")))
    for number, row in enumerate(_own_rows()):
        rows.append(row | {"group": f"own-{number}"})
    cache = ROOT / "build" / "calibrate" / f"{_stamp()}.json"
    known: dict[str, list[Key]] = {}
    if cache.is_file():
        known = json.loads(cache.read_text("utf-8"))
    new = [row for row in rows if _name(row) not in known]
    if new:
        look = partial(_found, str(corpus))
        with multiprocessing.Pool(jobs) as pool:
            for count, (name, keys) in enumerate(pool.imap_unordered(look, new, 16), 1):
                known[name] = keys
                if count % 200 == 0:
                    print(f"{count} of {len(new)}", end="\r", file=sys.stderr)
        cache.parent.mkdir(parents=True, exist_ok=True)
        for old in sorted(cache.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)[:-5]:
            old.unlink()
        cache.write_text(json.dumps(known), "utf-8")
    return [
        Mail(
            *(row[name] for name in ("path", "label", "set", "year", "lang", "group")),
            frozenset((name, severity) for name, severity in known[_name(row)]),
        )
        for row in rows
    ]


def _own_rows() -> Iterable[dict[str, str]]:
    """The first mails of tests/honest twice: with nobody known, and with the reader's account known."""
    for line in (HONEST / "index.tsv").read_text("utf-8").splitlines():
        if line == SECOND:
            return
        if line.startswith("#"):
            continue
        mail, _, address, server, language, _ = line.split("\t")
        row = {"path": mail, "label": "ham", "set": OWN, "year": "2026", "lang": language}
        yield row | {"address": "", "server": ""}
        yield row | {"address": address, "server": server}


def _name(row: Mapping[str, str]) -> str:
    return f"{row['set']}/{row['path']}/{row.get('address', '')}"


def _found(corpus: str, row: Mapping[str, str]) -> tuple[str, list[Key]]:
    from sekisho.engine import analyse
    from sekisho.facts import favours
    from sekisho.mail.message import Message

    path = HONEST / row["path"] if row["set"] == OWN else _place(Path(corpus), row["path"])
    told = {"own_addresses": [row["address"]], "incoming_servers": [row["server"]]} if row.get("address") else {}
    given, _ = settings.read(told)
    analysis = analyse(Message(path.read_bytes()), {}, given, NOW, shown=False)
    keys = {(finding.id, finding.severity) for finding in analysis.report.findings}
    return _name(row), sorted(keys | {(name, "") for name in favours.find(analysis.facts)})


def _place(corpus: Path, path: str) -> Path:
    direct = corpus / path
    return direct if direct.is_file() else corpus.parent / path


def _stamp() -> str:
    """Of all code that has to do with what is found: not of the weights, nor of what is only shown."""
    found = hashlib.sha256()
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.glob("tables/*.tsv"), *HONEST.rglob("*.eml")]):
        place = path.relative_to(ROOT).as_posix()
        if path != TABLE and "/panel/" not in place and "/paint/" not in place and "/locales/" not in place:
            found.update(place.encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:20]


# ------------------------------------------------------------------ pairs, votes


def sides(mails: Sequence[Mail], pair: Pair) -> tuple[list[Mail], list[Mail]]:
    """The mails of a pair: to be warned of, honest."""
    warn = [mail for mail in mails if mail.set in pair.warn]
    honest = [mail for mail in mails if mail.set in pair.honest or (mail.set in pair.japanese and mail.lang == "ja")]
    return warn, honest


def votes(mails: Sequence[Mail]) -> list[float]:
    """One vote a campaign, shared by its mails."""
    sizes = Counter(mail.group for mail in mails)
    return [1 / sizes[mail.group] for mail in mails]


def share(mails: Sequence[Mail], flagged: Callable[[Mail], bool]) -> tuple[float, int]:
    """The share of the votes that are flagged, and how many there are."""
    given = votes(mails)
    total = sum(given)
    return (sum(vote for mail, vote in zip(mails, given, strict=True) if flagged(mail)) / total if total else 0.0), len(
        {mail.group for mail in mails}
    )


def cases(mails: Sequence[Mail]) -> list[Case]:
    """What is fitted to: both sides of each pair have the same mass, so that no set is most of it."""
    masses: dict[Mail, float] = defaultdict(float)
    own = Pair((), (OWN,), None)
    for name, pair in {**PAIRS, **ALSO, OWN: own}.items():
        size = VOTES / 3 if name == "csdmc" else VOTES
        for some, cost in zip(sides(mails, pair), (1.0, DOUBT), strict=True):
            given = votes(some)
            total = sum(given)
            for mail, vote in zip(some, given, strict=True):
                masses[mail] += min(size / total, 3.0) * vote * cost
    return [Case(mail.keys, mail.label != "ham", mass) for mail, mass in masses.items()]


# ------------------------------------------------------------------ weights


def prior(key: Key) -> float:
    """What a finding counts as long as hardly any mail has shown it: what its severity says; something that presses, a little."""
    name, severity = key
    if not severity:
        return weights.FAVOURS[name]
    if severity == "info":
        return 1.0 if name.startswith("lure-") else 0.0
    return weights.DEFAULTS[severity]


def most_of(key: Key) -> float:
    """What a finding may count at most; 0 of what speaks for the sender."""
    return NO_DANGER_ALONE.get(key, MOST_POINTS.get(key[1], 0.0))


def weights_from(mails: Sequence[Mail]) -> dict[Key, float]:
    """The points that the mails give, rounded as the table has them; of one finding what is slighter never counts more."""
    some = [mail for mail in mails if not mail.path.endswith(MISLABELLED)]
    seen = {key for mail in mails for key in mail.keys}
    fixed = {key: 0.0 for key in seen if key[0] in FIXED}
    priors = {key: min(prior(key), most_of(key)) for key in seen}
    points = fit(cases(some), priors, fixed, {key: most_of(key) for key in seen})
    points = {key: float(round(value)) for key, value in points.items()}
    for name in {name for name, severity in points if severity}:
        most = max(MOST_POINTS.values())
        for severity in ("high", "medium", "low", "info"):
            if (name, severity) in points:
                most = points[name, severity] = min(most, points[name, severity])
    return points


class Unseen(dict[Key, float]):
    """Points that know the prior of what they were not fitted to."""

    def __missing__(self, key: Key) -> float:
        return 0.0 if key[0] in FIXED else prior(key)


def honest(mails: Sequence[Mail]) -> list[Mail]:
    """The honest ones of the corpus."""
    return [mail for mail in mails if mail.label == "ham" and mail.set != OWN]


def threshold(scored: Sequence[tuple[Mail, int]], most: float, points: Mapping[Key, float]) -> int:
    """The lowest number of points that flags at most `most` of the votes of honest mail, and none of tests/honest."""
    good = {mail for mail in honest([mail for mail, _ in scored]) if not mail.path.endswith(MISLABELLED)}
    some = [(mail, value) for mail, value in scored if mail in good]
    given = votes([mail for mail, _ in some])
    total = sum(given)
    lowest = max((points_of(mail.keys, points) for mail, _ in scored if _must_pass(mail)), default=0) + 1
    for limit in range(max(lowest, LEAST_CAUTION), 200):
        if sum(vote for (_, value), vote in zip(some, given, strict=True) if value >= limit) <= most * total:
            return limit
    return 200


def _must_pass(mail: Mail) -> bool:
    return mail.set == OWN and mail.path not in KNOWN


def folded(mails: Sequence[Mail], folds: int, salt: str) -> list[list[Mail]]:
    """The mails in parts; a campaign lies in one, tests/honest in none."""
    out: list[list[Mail]] = [[] for _ in range(folds)]
    for mail in mails:
        if mail.set == OWN:
            continue
        out[int(hashlib.sha256(f"{salt}{mail.group}".encode()).hexdigest(), 16) % folds].append(mail)
    return out


def parted(mails: Sequence[Mail], folds: int, salt: str) -> Iterator[tuple[list[Mail], list[Mail]]]:
    """For each fold what is to be measured, and what may be known."""
    parts = folded(mails, folds, salt)
    own = [mail for mail in mails if mail.set == OWN]
    for number, part in enumerate(parts):
        yield part, [mail for other, some in enumerate(parts) if other != number for mail in some] + own


def limits(mails: Sequence[Mail], folds: int, salt: str, points: Mapping[Key, float]) -> tuple[int, int]:
    """The thresholds for a caution and a danger, by weights that were fitted without the campaign that they judge; `points` are
    those that tests/honest is held against."""
    scored = []
    for part, rest in parted(mails, folds, salt):
        inner = Unseen(weights_from(rest))
        scored += [(mail, points_of(mail.keys, inner)) for mail in part]
    scored += [(mail, 0) for mail in mails if mail.set == OWN]
    caution, danger = (threshold(scored, most, points) for most in (MOST_FLAGGED, MOST_DANGER))
    return caution, max(danger, LEAST_DANGER)


class Measured(NamedTuple):
    """Of each mail, out of folds: its points, and whether they make a caution, a danger."""

    points: dict[Mail, int]
    caution: dict[Mail, bool]
    danger: dict[Mail, bool]
    limits: list[tuple[int, int]]


def measure(mails: Sequence[Mail]) -> Measured:
    """Nested: the outer folds are measured with thresholds chosen in folds of the rest."""
    out = Measured({}, {}, {}, [])
    for part, rest in parted(mails, FOLDS, "outer"):
        points = Unseen(weights_from(rest))
        caution, danger = limits(rest, INNER, "inner", points)
        out.limits.append((caution, danger))
        for mail in part:
            value = points_of(mail.keys, points)
            out.points[mail], out.caution[mail], out.danger[mail] = value, value >= caution, value >= danger
    return out


# ------------------------------------------------------------------ what is printed


def per_cent(mails: Sequence[Mail], flagged: Mapping[Mail, bool]) -> str:
    """A share of the votes with its interval."""
    if not mails:
        return "–"
    part, count = share(mails, flagged.__getitem__)
    low, high = wilson(part, count)
    return f"{100 * part:.1f} ({100 * low:.0f}–{100 * high:.0f}), n={count}"


def table(mails: Sequence[Mail], caution: Mapping[Mail, bool], danger: Mapping[Mail, bool]) -> None:
    """Each pair, each set, years and languages."""
    print(
        "| pair | bar | warned of, % | danger, % | honest warned of, % | honest danger, % |\n|---|--:|---|---|---|---|"
    )
    for name, pair in {**PAIRS, **ALSO}.items():
        warn, good = sides(mails, pair)
        cells = (per_cent(warn, caution), per_cent(warn, danger), per_cent(good, caution), per_cent(good, danger))
        print(f"| {name} | {pair.bar or ''} | {' | '.join(cells)} |")
    good = honest(mails)
    print(f"| all honest | | | | {per_cent(good, caution)} | {per_cent(good, danger)} |\n")


def apart(mails: Sequence[Mail], caution: Mapping[Mail, bool]) -> None:
    """Sets, years and languages apart."""
    for title, of in (("set", "set"), ("year", "year"), ("language", "lang")):
        print(f"| {title} | warned of, % | honest warned of, % |\n|---|---|---|")
        for value in sorted({getattr(mail, of) for mail in mails}):
            some = [mail for mail in mails if getattr(mail, of) == value]
            bad = [mail for mail in some if mail.label in ("phish", "spam")]
            print(f"| {value} | {per_cent(bad, caution)} | {per_cent(honest(some), caution)} |")
        print()


def without_a_set(mails: Sequence[Mail]) -> None:
    """Each set measured with weights and a threshold from the others alone."""
    print("| set left out | warned of or flagged, % |\n|---|---|")
    for left in sorted({mail.set for mail in mails} - {OWN}):
        part = [mail for mail in mails if mail.set == left]
        campaigns = {mail.group for mail in part}
        rest = [mail for mail in mails if mail.group not in campaigns and mail.set != left]
        points = Unseen(weights_from(rest))
        limit, _ = limits(rest, INNER, "inner", points)
        print(f"| {left} | {per_cent(part, {mail: points_of(mail.keys, points) >= limit for mail in part})} |")
    print()


def told(mails: Iterable[Mail], points: Mapping[Mail, int], table: Mapping[Key, float]) -> None:
    """Each mail in a line: points, path, and its findings with theirs."""
    for mail in sorted(mails, key=lambda one: (one.set, points[one], one.path)):
        found = sorted(mail.keys, key=lambda key: -table[key])
        words = " ".join(f"{name}/{severity or 'favour'}={table[name, severity]:g}" for name, severity in found)
        print(f"{points[mail]:3} {mail.path} [{mail.lang} {mail.year} {mail.group}] {words}")


# ------------------------------------------------------------------ the table


class Standing(dict[Key, float]):
    """The table as it is."""

    def __missing__(self, key: Key) -> float:
        name, severity = key
        return verdict.points_of(name, severity) if severity else weights.FAVOURS[name]


def write(mails: Sequence[Mail], caution: int, danger: int) -> None:
    """The table of weights, with how often each finding was seen."""
    points = weights_from(mails)
    seen: dict[Key, Counter[bool]] = defaultdict(Counter)
    for mail in mails:
        if mail.label != "gray":
            for key in mail.keys:
                seen[key][mail.label == "ham"] += 1
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    for module in checks.modules():
        name = module.check.id
        if name in FIXED:
            rows[name] = dict.fromkeys(weights.DEFAULTS, 0)
        elif name.startswith("lure-"):
            rows[name]["info"] = round(points.get((name, "info"), prior((name, "info"))))
        for severity in weights.DEFAULTS:
            if (name, severity) in points and name not in FIXED:
                rows[name][severity] = round(points[name, severity])
    lines = [
        '"""What each finding counts, in points, by its id and severity.',
        "",
        "Made by `python tests/bench/calibrate.py CORPUS --write`; BENCHMARKS.md has the method, and what the table was measured to find. Beside a",
        "finding: in how many mails of the corpus it was seen, to be warned of and honest. What was seen in few is near what its severity counts",
        "(DEFAULTS), as is all that only look-ups can tell. What is no evidence counts 0 whatever was seen, and says why.",
        '"""',
        "",
        f"CAUTION, DANGER = {caution}, {danger}",
        f"DEFAULTS = {json.dumps(weights.DEFAULTS)}  # of a finding, or a severity of it, that is not in WEIGHTS",
        "FAVOURS = {",
    ]
    for name in weights.FAVOURS:
        lines.append(f'    "{name}": {round(points.get((name, ""), prior((name, ""))))},{_counts(seen[name, ""])}')
    lines += ["}", "WEIGHTS: dict[str, dict[str, int]] = {"]
    for name, row in sorted(rows.items()):
        total: Counter[bool] = sum((seen[name, severity] for severity in row), Counter())
        why = f"  # {FIXED[name]}" if name in FIXED else _counts(total)
        lines.append(f'    "{name}": {json.dumps(row)},{why}')
    lines += ["}", ""]
    TABLE.write_text("\n".join(lines), "utf-8")


def _counts(seen: Counter[bool]) -> str:
    return f"  # {seen[False]} to be warned of, {seen[True]} honest"


# ------------------------------------------------------------------


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("corpus", type=Path)
    wanted.add_argument("--write", action="store_true")
    wanted.add_argument("--quick", action="store_true")
    wanted.add_argument("--misses", choices=sorted({**PAIRS, **ALSO}))
    wanted.add_argument("--alarms", nargs="?", const="all", choices=["all", *PAIRS, *ALSO])
    wanted.add_argument("--jobs", type=int, default=2)
    arguments = wanted.parse_args()
    mails = read(arguments.corpus, arguments.jobs)
    standing = Standing()
    points = {mail: points_of(mail.keys, standing) for mail in mails}
    caution = {mail: value >= weights.CAUTION for mail, value in points.items()}
    danger = {mail: value >= weights.DANGER for mail, value in points.items()}
    print(f"\nThe table as it is: caution from {weights.CAUTION} points, danger from {weights.DANGER}\n")
    table(mails, caution, danger)
    if arguments.misses:
        warn, _ = sides(mails, {**PAIRS, **ALSO}[arguments.misses])
        told((mail for mail in warn if not caution[mail]), points, standing)
    if arguments.alarms:
        pair = {**PAIRS, **ALSO}.get(arguments.alarms)
        good = sides(mails, pair)[1] if pair else [mail for mail in mails if mail.label == "ham"]
        told((mail for mail in good if caution[mail]), points, standing)
    if arguments.quick or arguments.misses or arguments.alarms:
        return 0
    scored = [mail for mail in mails if mail.label != "gray" and mail.path not in KNOWN]
    measured = measure(scored)
    print(f"Out of folds: thresholds {', '.join(f'{one[0]}/{one[1]}' for one in measured.limits)}\n")
    corpus = [mail for mail in scored if mail.set != OWN]
    table(corpus, measured.caution, measured.danger)
    apart(corpus, measured.caution)
    without_a_set(scored)
    low, high = limits(scored, FOLDS, "outer", Unseen(weights_from(scored)))
    print(f"Thresholds from all: caution {low}, danger {high}")
    if arguments.write:
        write(scored, low, high)
    return 0


if __name__ == "__main__":
    sys.exit(main())
