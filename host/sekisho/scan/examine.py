"""One message of a mailbox: its bytes in, its line and its row out. The same on this process, on another and on another computer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from sekisho import memory, session
from sekisho.engine import Analysis
from sekisho.mail import likeness
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import Answer, Question
from sekisho.register import fingerprints
from sekisho.report import as_json
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import Any

    from sekisho.lookup.workers import Workers
    from sekisho.register.sightings import Seen

KEY = b"sekisho scan"  # of the fingerprints: they are compared within one scan
MAX_TEXT = 200  # characters of a text in a row
MAX_BATCH, MAX_BYTES = 16, 1 << 19  # messages that travel together, and their bytes (one message may have more)


class Context(NamedTuple):
    """What the analyses of one account's messages are given. `account`: its key, where what passes is to be remembered."""

    settings: Settings
    answers: dict[Question, Answer]
    account: str | None = None


class Job(NamedTuple):
    """A message with its context: the file it stands in, its place there, its bytes."""

    path: str
    number: int
    source: bytes
    context: Context


class Kin(NamedTuple):
    """What shows whether two messages are of one kind (facts.campaign). `fingerprint`: of the text, in hexadecimal digits."""

    at: int  # seconds since 1970
    proven: bool
    to_self: bool
    sent: bool  # by the reader himself
    net: str  # the upper half of the address that handed it over
    subject: str  # without what changes from copy to copy
    fingerprint: str
    bands: tuple[int, ...]
    recipients: tuple[str, ...]


class Row(NamedTuple):
    """What overviews and tables tell of a message. "" where something is not known; `date` is ISO 8601."""

    path: str
    number: int
    sha256: str
    date: str  # when it arrived, else what it says itself
    level: str  # of the verdict
    score: float
    headline: str
    reasons: tuple[str, ...]
    subject: str
    sender: str  # From's address
    ip: str  # its origin, and whose that is
    asn: int | None
    network: str
    country: str  # ISO 3166-1 alpha-2
    brand: str  # the well-known name that From claims
    links: tuple[str, ...]  # registrable domains
    kin: Kin
    campaign: int = 0  # its number in this scan, of messages that are alike


class Done(NamedTuple):
    """A message that was looked at. `row` None: nobody could, the process died of it. `line`: its report as JSON, where that is wanted;
    `seen`: of which account, and what, the register is to be told."""

    path: str
    number: int
    row: Row | None
    line: bytes | None
    seen: tuple[str, Seen] | None = None


def examine(job: Job, want_line: bool, workers: Workers | None = None) -> Done:
    """Offline unless there are `workers`; files are opened by a process of their own."""
    settings, answers, account = job.context
    patient = workers is None
    analysis = None
    for analysis in session.analyses(  # noqa: B007 - the last one counts
        job.source, settings, workers, answers, session.opener, patient=patient, shown=want_line
    ):
        pass
    if analysis is None:
        raise RuntimeError("a message without a report")
    line = None
    if want_line:
        report: dict[str, Any] = {**as_json(analysis.report), "path": job.path, "index": job.number}
        line = json.dumps(report, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    alike = likeness.of(analysis.facts.message)
    told = memory.seen(analysis, alike) if account else None
    row = _row(job, analysis, alike)
    return Done(job.path, job.number, row, line, (account, told) if account and told else None)


def _row(job: Job, analysis: Analysis, alike: likeness.Likeness) -> Row:
    report = analysis.report
    message, verdict, origin = report.message, report.verdict, report.origin
    network = report.hops[origin.hop].network if origin else None
    passed = analysis.facts.sighting
    fingerprint, bands = fingerprints.of(alike.shingles, KEY)
    return Row(
        path=job.path,
        number=job.number,
        sha256=message.sha256 or "",
        date=report.timing.arrived or message.date or "",
        level=verdict.level,
        score=round(verdict.score, 4),
        headline=verdict.headline,
        reasons=tuple(verdict.reasons),
        subject=_cut(message.subject),
        sender=_cut(message.from_[0].address if message.from_ else ""),
        ip=origin.ip if origin else "",
        asn=network.asn if network else None,
        network=_cut(network.name if network else ""),
        country=(network.country if network else "") or "",
        brand=report.identity.brand or "",
        links=passed.links,
        kin=Kin(
            passed.at,
            passed.proven,
            passed.to_self,
            passed.sent,
            passed.net,
            _cut(alike.subject),
            fingerprint.hex() if fingerprint else "",
            tuple(band for band in bands if band is not None),
            passed.recipients,
        ),
    )


def _cut(text: str | None) -> str:
    return (text or "")[:MAX_TEXT]


def batches(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Neighbours of one context together, in order."""
    batch: list[Job] = []
    size = 0
    for job in jobs:
        if batch and (
            len(batch) >= MAX_BATCH or size + len(job.source) > MAX_BYTES or job.context is not batch[0].context
        ):
            yield batch
            batch, size = [], 0
        batch.append(job)
        size += len(job.source)
    if batch:
        yield batch
