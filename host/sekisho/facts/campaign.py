"""Messages of one kind with this one: the same text under other names, as far as the register remembers what passed.

A message is of one kind with this one when half of its text is the same; when a good part of it is, and besides the subject, the
network, a link's owner or the trick of writing as the recipient; or, where a text is too short to be compared, the subject and
one of the others. Mail that one proven
sender sends again and again is a series, and no campaign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from sekisho.facts.sighting import Sighting
from sekisho.mail import domain
from sekisho.mail.address import domain_of
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import Any

ALIKE = 0.5  # of the text
RATHER = 0.3  # of the text, where something else is the same
LEAST = 3  # messages
DAY = 86400
HOUR = 3600
MAX_ADDRESSES = 500
MAX_LINKS = 50
MAX_BARS = 48
MAX_ORIGINS = 20


class Recipient(NamedTuple):
    """An address of the reader's own side. `known`: whether it is one of the reader's accounts' addresses; None: they are not known."""

    address: str
    known: bool | None


class Source(NamedTuple):
    """A network that messages of the campaign came from, and how many."""

    name: str
    country: str
    messages: int


class Origin(NamedTuple):
    """An address that handed messages of the campaign over, and how many."""

    ip: str
    messages: int


class Told(NamedTuple):
    """Whom the reader told of a sender's mail or of a campaign, when, and how many messages came since."""

    whom: str
    at: int
    since: int


class Campaign(NamedTuple):
    """This message and those of one kind with it.

    `series`: all of one sender, each proven: nobody's trick. `proven`: somebody vouches for this one's sender. `senders`: different addresses in From. `hidden_links`: domains of
    links that are not remembered in words, nor are the addresses that `hidden_origins` messages came from. `hours`: beginning (seconds since 1970) and number, from the first to the last.
    """

    messages: int
    since: int
    until: int
    step: int  # seconds that each of `hours` stands for: an hour, or a day
    hours: tuple[tuple[int, int], ...]
    senders: int
    to_self: int
    series: bool
    proven: bool
    recipients: tuple[Recipient, ...]
    links: tuple[str, ...]
    hidden_links: int
    sources: tuple[Source, ...]
    viruses: tuple[str, ...]
    origins: tuple[Origin, ...]
    hidden_origins: int
    told: tuple[Told, ...]
    at_least: bool  # there are more than were looked at

    @property
    def unknown(self) -> int:
        """How many of the addresses are none of the reader's accounts'."""
        return sum(one.known is False for one in self.recipients)


def read(passed: Sighting, records: Sequence[Any], settings: Settings) -> Campaign | None:
    """The campaign of a message, of the records that answer `questions.ALIKE`; None where fewer than LEAST are of one kind."""
    alike = _alike(passed, records)
    others = _counted(alike)
    if len(others) + 1 < LEAST:
        return None
    mark, _ = marker(records)
    sender = mark("from", passed.address)
    times = sorted([*(int(row["at"]) for row in others), passed.at])
    step, hours = _bars(times)
    links, hidden = _links(passed, mark, others)
    origins = Counter(str(one) for one in (passed.ip, *(row.get("ip") or "" for row in others)) if one)
    return Campaign(
        messages=len(times),
        since=times[0],
        until=times[-1],
        step=step,
        hours=hours,
        senders=len({sender, *(row.get("sender", "") for row in others)}),
        to_self=passed.to_self + sum(bool(row.get("to_self")) for row in others),
        series=passed.proven and all(row.get("sender") == sender for row in others),
        proven=passed.proven,
        recipients=_recipients(passed, mark, others, settings),
        links=links,
        hidden_links=hidden,
        sources=_sources(passed, others),
        viruses=tuple(dict.fromkeys(str(virus) for row in others for virus in row.get("viruses") or ())),
        origins=tuple(Origin(ip, count) for ip, count in origins.most_common(MAX_ORIGINS)),
        hidden_origins=len(times) - sum(count for _, count in origins.most_common(MAX_ORIGINS)),
        told=_told(alike, times),
        at_least=any(row.get("more") for row in marker(records)[1]),
    )


def marker(records: Sequence[Any]) -> tuple[Callable[[str, str], str], list[Mapping[str, Any]]]:
    """What makes marks of words, and the records; in answers from a file words stand for themselves."""
    rows = [row for row in records if isinstance(row, Mapping)]
    first = records[0]
    return (first if callable(first) else lambda what, word: word), rows


def of_its_kind(passed: Sighting, records: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Those of the records that are of one kind with a message and count (PROTOCOL.md, `apart`)."""
    return _counted(_alike(passed, records))


def _counted(alike: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in alike if not row.get("apart")]


def _told(alike: Iterable[Mapping[str, Any]], times: Sequence[int]) -> tuple[Told, ...]:
    """Whom the reader told of all of them, the oldest note first; the same person on the same day once."""
    notes = {(str(one["whom"]), int(one["at"])) for row in alike for one in row.get("told") or ()}
    days = {(whom, at // DAY): at for whom, at in sorted(notes, key=lambda note: note[1])}
    return tuple(Told(whom, at, sum(time > at for time in times)) for (whom, _), at in days.items())


def _alike(passed: Sighting, records: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Those of the records that are of one kind with a message.

    What is written in the name of a proven sender by somebody else is not of that sender's kind, nor the other way round.
    """
    if not records:
        return []
    mark, rows = marker(records)
    links = {mark("link", name) for name in passed.links}
    net, sender = mark("net", passed.net) if passed.net else "", mark("from", passed.address)

    def is_like(row: Mapping[str, Any]) -> bool:
        if row.get("sent") or (row.get("sender") == sender and bool(row.get("proven")) != passed.proven):
            return False
        body = row.get("body")
        if body is not None and (body >= ALIKE or body < RATHER):
            return bool(body >= ALIKE)
        shared = (
            (net and row.get("net") == net)
            or (passed.to_self and row.get("to_self"))
            or not links.isdisjoint(row.get("links") or ())
        )
        # Of texts that are too short to be compared the subject must be the same.
        return bool((shared and row.get("subject")) or (body is not None and (shared or row.get("subject"))))

    return [row for row in rows if is_like(row)]


def _bars(times: Sequence[int]) -> tuple[int, tuple[tuple[int, int], ...]]:
    """How many in each hour, or day, from the first to the last, empty ones included; the newest MAX_BARS."""
    step = HOUR if times[-1] - times[0] <= 36 * HOUR else DAY
    counts = Counter(at // step for at in times)
    last = times[-1] // step
    first = max(times[0] // step, last - MAX_BARS + 1)
    return step, tuple((at * step, counts[at]) for at in range(first, last + 1))


def _links(
    passed: Sighting, mark: Callable[[str, str], str], others: Iterable[Mapping[str, Any]]
) -> tuple[tuple[str, ...], int]:
    """Those that are remembered in words, and how many are not."""
    named = dict.fromkeys(passed.links)
    told = {mark("link", name) for name in passed.links}
    every = set(told)
    for row in others:
        every.update(row.get("links") or ())
        if row.get("link_names"):
            named.update(dict.fromkeys(map(str, row["link_names"])))
            told.update(row.get("links") or ())
    return tuple(named)[:MAX_LINKS], len(every - told)


def _recipients(
    passed: Sighting, mark: Callable[[str, str], str], others: Iterable[Mapping[str, Any]], settings: Settings
) -> tuple[Recipient, ...]:
    """Every address once; of a domain that this message does not name, only where the settings name it."""
    mine = set(settings.own_addresses)
    hosts = {domain_of(address) for address in (*passed.recipients, *mine)} | set(settings.own_domains)
    words = {mark("domain", host): host for host in hosts if host}
    found = dict.fromkeys(passed.recipients)
    for row in others:
        for local, host in row.get("recipients") or ():
            if host in words:
                found[f"{local}@{words[host]}"] = None
    told = {domain.registrable(domain_of(address)) for address in mine}
    return tuple(
        Recipient(address, address in mine if domain.registrable(domain_of(address)) in told else None)
        for address in sorted(found)
    )[:MAX_ADDRESSES]


def _sources(passed: Sighting, others: Iterable[Mapping[str, Any]]) -> tuple[Source, ...]:
    """The networks that handed them over, the one with most first."""
    every = [passed.way._asdict() if passed.way else None, *(row.get("way") for row in others)]
    counts = Counter((str(one.get("name") or ""), str(one.get("country") or "")) for one in every if one)
    return tuple(Source(*source, count) for source, count in counts.most_common(10))
