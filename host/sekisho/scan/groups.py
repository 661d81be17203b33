"""Messages of one kind in a mailbox, found while it goes by: each joins the group whose first or newest message it is like.

What counts as one kind is `facts.campaign`'s to say. Memory is bounded: a group that nothing has joined while thousands of
others were begun or joined is closed, and what comes later begins a new one.
"""

from __future__ import annotations

from collections import OrderedDict
from heapq import nlargest

from sekisho.facts import campaign
from sekisho.facts.sighting import Sighting
from sekisho.named import TYPE_CHECKING
from sekisho.register import fingerprints
from sekisho.report import LEVELS
from sekisho.scan.examine import Row

if TYPE_CHECKING:
    from typing import Any

MAX_OPEN = 4_000  # groups
MAX_ENTRIES = 32_000  # of the index
MAX_CANDIDATES = 8
MAX_KEPT = 500  # campaigns that are told of
MAX_NAMES = 1_000  # addresses, domains, networks counted of one campaign


class Group:
    """Messages that are alike."""

    def __init__(self, number: int, first: Row) -> None:
        self.number = number
        self.first = self.newest = first
        self.messages = self.warned = 0
        self.since, self.until = first.date, first.date
        self.one_proven_sender = True
        self.senders: set[str] = set()
        self.recipients: set[str] = set()
        self.links: set[str] = set()
        self.networks: set[str] = set()

    def join(self, row: Row) -> None:
        self.newest = row
        self.messages += 1
        self.warned += row.level != LEVELS[0]
        self.one_proven_sender &= row.kin.proven and row.sender.lower() == self.first.sender.lower()
        if row.date:
            self.since = min(self.since or row.date, row.date)
            self.until = max(self.until, row.date)
        for names, more in (
            (self.senders, (row.sender.lower(),)),
            (self.recipients, row.kin.recipients),
            (self.links, row.links),
            (self.networks, (row.network,) if row.network else ()),
        ):
            if len(names) < MAX_NAMES:
                names.update(more)

    @property
    def is_campaign(self) -> bool:
        """A series that one proven sender sends again and again is none, nor is one sender's mail without any warning sign."""
        series = self.one_proven_sender or (len(self.senders) == 1 and not self.warned)
        return self.messages >= campaign.LEAST and not series


class Groups:
    """Rows go in, in their order; each comes out with the number of its group."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, Group] = OrderedDict()  # what was joined longest ago first
        self._index: OrderedDict[int | str, int] = OrderedDict()  # band or subject -> number
        self._closed: list[Group] = []
        self._campaigns: set[int] = set()  # numbers of closed ones
        self._begun = 0

    def add(self, row: Row) -> Row:
        if row.kin.sent or not (row.kin.bands or row.kin.subject):
            return row
        keys: list[int | str] = [*row.kin.bands, *([row.kin.subject] if row.kin.subject else [])]
        group = self._like(row, keys) or self._begin(row)
        group.join(row)
        self._open.move_to_end(group.number)
        for key in keys:
            self._index[key] = group.number
            self._index.move_to_end(key)
        while len(self._index) > MAX_ENTRIES:
            self._index.popitem(last=False)
        return row._replace(campaign=group.number)

    def campaigns(self) -> list[Group]:
        """Those with most warnings first."""
        every = [*self._closed, *(group for group in self._open.values() if group.is_campaign)]
        return nlargest(MAX_KEPT, every, key=_weight)

    def is_campaign(self, number: int) -> bool:
        """Whether a row's group has become one."""
        group = self._open.get(number)
        return group.is_campaign if group else number in self._campaigns

    def _like(self, row: Row, keys: list[int | str]) -> Group | None:
        passed = _passed(row)
        numbers = dict.fromkeys(self._index[key] for key in keys if key in self._index)
        for number in list(numbers)[:MAX_CANDIDATES]:
            group = self._open.get(number)
            if group and campaign.of_its_kind(passed, [_record(row, group.first), _record(row, group.newest)]):
                return group
        return None

    def _begin(self, row: Row) -> Group:
        self._begun += 1
        group = self._open[self._begun] = Group(self._begun, row)
        if len(self._open) > MAX_OPEN:
            _, oldest = self._open.popitem(last=False)
            if oldest.is_campaign:
                self._campaigns.add(oldest.number)
                self._closed = nlargest(MAX_KEPT, [*self._closed, oldest], key=_weight)
        return group


def _weight(group: Group) -> tuple[int, int, int]:
    return group.warned, group.messages, -group.number


def _passed(row: Row) -> Sighting:
    """As much of a sighting as tells its kind."""
    kin = row.kin
    return Sighting(
        at=kin.at,
        address=row.sender.lower(),
        proven=kin.proven,
        level=row.level,
        to_self=kin.to_self,
        net=kin.net,
        way=None,
        behind=None,
        zone=None,
        signed=(),
        recipients=(),
        links=row.links,
        files=(),
        viruses=(),
        message_id="",
        sent=False,
        correspondents=(),
    )


def _record(row: Row, other: Row) -> dict[str, Any]:
    """Another message in the form in which the register would tell of it; words stand for themselves."""
    return {
        "sent": False,
        "sender": other.sender.lower(),
        "proven": other.kin.proven,
        "net": other.kin.net,
        "to_self": other.kin.to_self,
        "links": other.links,
        "subject": bool(row.kin.subject) and row.kin.subject == other.kin.subject,
        "body": fingerprints.likeness(
            bytes.fromhex(row.kin.fingerprint) or None, bytes.fromhex(other.kin.fingerprint) or None
        ),
    }
