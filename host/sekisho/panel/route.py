"""The road of a message as a timeline, from its sender down to its reader, with the checkpoint as a gate between word and fact."""

from __future__ import annotations

from collections.abc import Sequence

from sekisho.mail.date import Date, iso
from sekisho.panel import View, beside, no_mail, relays, timing
from sekisho.panel.naming import Zone, east, mailbox
from sekisho.panel.primitives import Primitive, heading, sentence, stop, timeline
from sekisho.panel.primitives import block as make
from sekisho.panel.runs import Run, run_stop, runs
from sekisho.panel.stops import hop_stop

_MAX_RUNS = 8  # on each side of the gate; those furthest from it go into one fold


def block(view: View) -> Primitive:
    """The route block."""
    words, route = view.words, view.facts.route
    other = no_mail.kind(view.facts)
    if other or not route.steps:
        about = no_mail.said(view, other) if other else [sentence(words("route.none"))]
        return make("route", words("route"), [*about, *relays.named(view)])
    warned = _warned(view)
    newest = next((date for step in route.steps if (date := step.received.date) and date.zoned), None)
    body: list[Primitive] = []
    zone = view.facts.settings.time_zone
    if newest is not None:
        key = "route.zone-yours" if zone else "route.zone"
        zone = zone or ((newest.epoch, newest.offset),)
        said = words(key, zone=iso(0, east(zone, newest.epoch) or 0)[-6:])
        body.append(sentence(said, "muted"))
    body.append(timeline(words("route.timeline", count=len(route.steps)), _stops(view, zone, warned)))
    total = timing.total(view.facts.timing, words)
    if total is not None:
        body.append(sentence(total, "muted"))
    extended = route.origin.extended if route.origin else None
    naive = next((step.received.ip for step in reversed(route.steps) if step.received.ip and not step.hop.private), "")
    if naive and route.origin and naive not in (route.origin.ip, extended.ip if extended else None):
        body.append(sentence(words("route.naive", ip=naive), "muted"))
    body += relays.named(view)
    body += beside.notes(view)
    return make("route", words("route"), body)


def _stops(view: View, zone: Zone, warned: frozenset[int]) -> list[Primitive]:
    """The sender, what is claimed, the gate, what is proven, the reader. Each hop is there once, whatever is folded."""
    words, route, author = view.words, view.facts.route, view.facts.identity.author
    oldest_first = range(len(route.steps) - 1, -1, -1)
    sent, *times = _times(
        [
            view.facts.timing.written,
            *(route.steps[number].received.date for number in oldest_first),
        ],
        zone,
    )
    stops = {
        number: hop_stop(view, number, time, number in warned) for number, time in zip(oldest_first, times, strict=True)
    }
    claimed = runs([number for number in oldest_first if number > route.boundary], view, warned)
    proven = runs([number for number in oldest_first if number <= route.boundary], view, warned)
    if len(claimed) > _MAX_RUNS:
        claimed = [_together(claimed[: 1 - _MAX_RUNS]), *claimed[1 - _MAX_RUNS :]]
    if len(proven) > _MAX_RUNS:
        proven = [*proven[: _MAX_RUNS - 1], _together(proven[_MAX_RUNS - 1 :])]
    said = words("route.sender-says", author=mailbox(author, words)) if author else words("route.sender-silent")
    handed_in = timing.handed_in(view.facts.timing, len(route.steps), words)
    reader = _reader(view)
    ending = [sentence(words("route.reader"), "strong")]
    if reader:
        ending.append(sentence(reader, "muted"))
    if route.boundary < 0:
        ending.append(sentence(words("why.no-outside-hop"), "muted"))
    return [
        stop("sender", [sentence(words("route.sender"), "strong"), sentence(said, "muted")], sent, handed_in),
        *(made for run in claimed for made in run_stop(view, run, stops)),
        *([_gate(view)] if proven else []),
        *(made for run in proven for made in run_stop(view, run, stops)),
        stop("reader", ending),
    ]


def _gate(view: View) -> Primitive:
    trust = view.facts.route.steps[view.facts.route.boundary].hop.trust
    return stop(
        "checkpoint",
        [heading(view.words("route.gate"), "checkpoint"), sentence(view.words(f"route.gate.{trust}"))],
    )


def _together(some: Sequence[Run]) -> Run:
    return Run([number for run in some for number in run.hops], folded=True)


def _warned(view: View) -> frozenset[int]:
    """The hops that a finding of weight rests on."""
    where = {place for finding in view.findings if finding.severity in ("medium", "high") for place in finding.where}
    return frozenset(number for number, step in enumerate(view.facts.route.steps) if step.field.anchor in where)


def _reader(view: View) -> str:
    """The reader's address, where only one can be meant; else ""."""
    readers = view.facts.identity.readers
    named = {address.address.lower() for name in ("to", "cc") for address in view.facts.message.addresses(name)}
    meant = readers & named or readers
    return next(iter(meant)) if len(meant) == 1 else ""


def _times(dates: Sequence[Date | None], zone: Zone) -> list[str | None]:
    """Each date as a time of day by the clock of `zone`, with the day where it is another than before.

    None for a date whose own zone is not known: which moment it means is not known either.
    """
    out: list[str | None] = []
    before = ""
    for date in dates:
        if date is None or not date.zoned:
            out.append(None)
            continue
        day, _, rest = iso(date.epoch, east(zone, date.epoch) or 0).partition("T")
        out.append(rest[:8] if day == before else f"{day} {rest[:8]}")
        before = day
    return out
