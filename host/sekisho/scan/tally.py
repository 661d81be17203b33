"""What a mailbox comes to: counts by verdict, network, country, brand and month, and the worst of its messages. Bounded memory."""

from __future__ import annotations

from heapq import heappush, heappushpop

from sekisho.report import LEVELS
from sekisho.scan.examine import Row

MAX_KEYS = 20_000  # of one kind that are counted apart; what is new beyond them is counted as one
MAX_WORST = 100
OTHER = "\0"  # the key of those

Counts = dict[str, list[int]]  # messages of each of LEVELS


class Tally:
    """Rows go in, one after the other, in their order."""

    def __init__(self) -> None:
        self.messages = 0
        self.levels = dict.fromkeys(LEVELS, 0)
        self.networks: Counts = {}
        self.countries: Counts = {}
        self.brands: Counts = {}
        self.months: Counts = {}
        self._worst: list[tuple[float, int, Row]] = []

    def add(self, row: Row) -> None:
        place = LEVELS.index(row.level)
        self.messages += 1
        self.levels[row.level] += 1
        _count(self.networks, row.network, place)
        _count(self.countries, row.country, place)
        if row.brand:
            _count(self.brands, row.brand, place)
        if row.date[:7].count("-") == 1:
            _count(self.months, row.date[:7], place)
        if row.level != LEVELS[0]:
            entry = (row.score, -self.messages, row)  # of equal ones the older wins
            (heappush if len(self._worst) < MAX_WORST else heappushpop)(self._worst, entry)

    @property
    def warned(self) -> int:
        """Messages with a warning."""
        return self.messages - self.levels[LEVELS[0]]

    @property
    def worst(self) -> list[Row]:
        """Those with the highest scores, the worst first."""
        return [row for _, _, row in sorted(self._worst, key=lambda entry: entry[:2], reverse=True)]


def most(counts: Counts, number: int) -> list[tuple[str, list[int]]]:
    """Those with most warnings, then with most messages; without those that are not known and what was not counted apart."""
    named = [(key, value) for key, value in counts.items() if key not in ("", OTHER)]
    return sorted(named, key=lambda one: (-sum(one[1][1:]), -sum(one[1]), one[0]))[:number]


def _count(counts: Counts, key: str, place: int) -> None:
    if key not in counts and len(counts) >= MAX_KEYS:
        key = OTHER
    counts.setdefault(key, [0] * len(LEVELS))[place] += 1
