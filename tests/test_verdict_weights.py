"""The table of weights, and the rule by which they add up: signs, thresholds, and that a further doubt never helps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from workbench import LOCALES, REPLAYS, mails, primitives, replayed, report_of

from sekisho import checks
from sekisho.facts import Facts, favours
from sekisho.mail.message import Message
from sekisho.panel.words import Words
from sekisho.questions import KNOWN, Answer, Ask
from sekisho.report import SEVERITIES, Finding
from sekisho.settings import Settings
from sekisho.tables.weights import CAUTION, DANGER, DEFAULTS, FAVOURS, WEIGHTS
from sekisho.verdict import SLIGHT, Counted, points_of, score, weigh

CHECKS = [module.check.id for module in checks.modules()]
LEVELS = ("clear", "caution", "danger")
# Dates, the form of a header and what a receiving host writes down tell sets of mail apart, and senders not.
NO_EVIDENCE = ("clock-zone-elsewhere", "date-in-future", "date-long-before", "held-up", "nameless-helo", "no-date")


def finding(name: str, severity: str) -> Finding:
    return Finding(name, severity, "t", "w", "a", (), {})


def some(chance: random.Random) -> list[Finding]:
    """A few findings of any kind."""
    names = [*CHECKS, "not-yet-written"]
    return [finding(chance.choice(names), chance.choice(list(DEFAULTS))) for _ in range(chance.randrange(8))]


def test_the_table_names_findings_that_there_are() -> None:
    """What has no line counts by its severity; there is no line for what has gone."""
    assert set() == set(WEIGHTS) - set(CHECKS)
    assert set(DEFAULTS) == set(SEVERITIES)
    assert [] == [row for row in WEIGHTS.values() if not set(row) <= set(SEVERITIES)]


def test_each_weight_has_the_sign_that_a_person_would_give_it() -> None:
    """No finding speaks for a mail, and nothing that speaks for it counts against."""
    assert [] == [(name, row) for name, row in WEIGHTS.items() if min(row.values()) < 0]
    assert [] == [name for name, points in FAVOURS.items() if points > 0]


@pytest.mark.parametrize("name", [*CHECKS, "not-yet-written"])
def test_what_is_graver_never_counts_less(name: str) -> None:
    """Of one finding, and of those that no table names."""
    points = [points_of(name, severity) for severity in ("info", "low", "medium", "high")]

    assert points == sorted(points) or any(points_of(name, one) == DEFAULTS[one] for one in SEVERITIES)


@pytest.mark.parametrize("name", [*CHECKS, "not-yet-written"])
def test_nothing_slight_is_a_caution_alone_and_no_single_doubt_a_danger(name: str) -> None:
    """A severity is its author's word for what a finding may do by itself."""
    assert max(points_of(name, severity) for severity in SLIGHT) < CAUTION
    assert points_of(name, "medium") < DANGER


def test_the_thresholds_are_those_of_what_was_never_measured() -> None:
    """A finding that no mail of the corpus showed does what its severity says."""
    assert CAUTION <= DEFAULTS["medium"] < DANGER <= DEFAULTS["high"]
    assert DANGER >= 2 * CAUTION
    assert (score(0), score(CAUTION)) == (0.0, 0.5)


@pytest.mark.parametrize(
    "mail",
    [
        "address-in-link/fires-low-many-pages-of-a-paper",
        "lines-made-up/fires-low-a-report-that-leads-nowhere",
        "self-spoof/fires-low-report-that-names-a-page",
        "text-and-target/fires-low-a-shop-guide-that-hides-its-dots",
    ],
)
def test_what_has_an_innocent_explanation_is_slight(mail: str) -> None:
    """The finding is told, and the mail is not warned of for it."""
    report = report_of(REPLAYS / f"{mail}.eml")

    assert ["low"] == [one["severity"] for one in report["findings"] if one["id"] == mail.partition("/")[0]]
    assert report["verdict"]["level"] == "clear"


def test_a_text_that_names_another_place_is_no_danger_alone() -> None:
    """A guide to shops or a counter of clicks that no table knows leads elsewhere, too."""
    assert CAUTION <= points_of("text-and-target", "high") < DANGER


@pytest.mark.parametrize("name", NO_EVIDENCE)
def test_what_is_no_evidence_counts_nothing(name: str) -> None:
    """Whatever a corpus says."""
    assert {0} == {points_of(name, severity) for severity in DEFAULTS}


@pytest.mark.parametrize("seed", range(300))
def test_a_further_doubt_never_helps_and_a_favour_never_hurts(seed: int) -> None:
    """Points, score and level go one way, whatever else is known."""
    chance = random.Random(seed)
    found, known = some(chance), chance.sample(list(FAVOURS), chance.randrange(3))
    judged = weigh(found, lambda: known)
    more = weigh([*found, *some(chance)], lambda: known)
    without = weigh(found)

    assert judged.points <= more.points and judged.score <= more.score
    assert LEVELS.index(judged.level) <= LEVELS.index(more.level)
    assert 0 <= judged.points <= without.points
    assert judged.points == sum(one.points for one in judged.counted)


def test_a_favour_excuses_nothing_grave() -> None:
    """A mailbox can be stolen: what is known of its owner takes from what is slight, and from nothing else."""
    grave, slight = finding("program-attached", "high"), finding("greeted-by-address", "info")
    alone = weigh([grave])
    judged = weigh([grave, slight], lambda: FAVOURS)

    assert judged.points == alone.points
    assert Counted(next(iter(FAVOURS)), "", -points_of(slight.id, "info")) in judged.counted


def test_what_speaks_for_a_sender_has_its_weight_and_its_words() -> None:
    """Each has a line in the table, and a sentence in every language."""
    named = {value for name, value in vars(favours).items() if name.isupper() and isinstance(value, str)}
    named -= {favours.PROVEN}

    assert set(FAVOURS) == named
    for locale in LOCALES:
        assert all(Words(locale)(f"counted.{name}") for name in FAVOURS)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_panel_says_how_much_each_thing_counted(locale: str) -> None:
    """Of every mail that is warned of: the lines add up to the sum, and the sum to the score."""
    for path in mails():
        report = report_of(path, locale)
        rows = [table["rows"] for table in tables(report)]
        if report["verdict"]["level"] == "clear" and not rows:
            continue
        if not report["message"]["complete"] and not rows:
            continue
        (lines,) = rows
        points = [int(points.replace("−", "-")) for _, points in lines]
        assert sum(points[:-1]) == points[-1]
        assert score(points[-1]) == report["verdict"]["score"]
        titles = {one["title"] for one in report["findings"]} | {Words(locale)(f"counted.{name}") for name in FAVOURS}
        assert {title for title, _ in lines[:-1]} <= titles


def tables(report: dict[str, Any]) -> Iterator[dict[str, list[list[str]]]]:
    """The tables of what counted, in the verdict's block."""
    (block,) = [one for one in report["panel"] if one["block"] == "verdict"]
    for item in block["body"]:
        if item["kind"] == "fold":
            yield from (inner for inner in primitives(item["body"]) if inner["kind"] == "table")


@pytest.mark.parametrize(
    ("mail", "known"),
    [
        ("own-account-used/quiet-from-home", ["own-note"]),
        ("own-account-used/fires-from-abroad", []),
        ("trusted-unproven/quiet-signed", ["trusted-sender"]),
        ("trusted-unproven/fires-envelope-alone", []),
        ("sender-new-ways/quiet-as-always", ["known-correspondent"]),
        ("sender-new-ways/quiet-forged-before", []),
        ("brand-claimed/quiet-address-vouched-for", ["genuine-brand"]),
        ("brand-elsewhere/fires-spf-alone", []),
    ],
)
def test_what_speaks_for_a_sender_takes_proof(mail: str, known: list[str]) -> None:
    """Never what anybody can arrange for himself."""
    assert known == list(favours.find(replayed(REPLAYS / f"{mail}.eml").facts))


@pytest.mark.parametrize(("mail", "known"), [("quiet-signed", ["known-correspondent"]), ("fires-envelope-alone", [])])
def test_the_address_book_speaks_for_a_sender_who_is_proven(mail: str, known: list[str]) -> None:
    """Anybody can write a known address into From."""
    message = Message((REPLAYS / f"trusted-unproven/{mail}.eml").read_bytes())
    author = Facts(message, Settings(), Ask({})).identity.author
    assert author is not None
    for address, found in ((author.address, known), ("other@else.example", [])):
        answer = Answer(({"address": address, "by": ["address-book"]},), "extension", "")
        assert found == list(favours.find(Facts(message, Settings(), Ask({KNOWN: answer}))))
