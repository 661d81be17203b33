"""`analyse`: a parsed message, known answers, settings and the time, to a report. The last pure floor.

No socket, no clock, no thread below this line: the same arguments give the same report, so any report can be replayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sekisho import checks, gate, panel, verdict
from sekisho.facts import Facts
from sekisho.facts.timing import Timing
from sekisho.mail.date import iso
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.panel.headline import headline
from sekisho.panel.words import Words
from sekisho.questions import OFFLINE, OPENED, Answer, Ask, Failed, Question, State, Waiting, level
from sekisho.report import Address, Finding, Gap, Identity, Link, Lookups, MessageSummary, Report, Times, Verdict
from sekisho.settings import Settings

if TYPE_CHECKING:
    from sekisho.panel.complaint import Letter, Veil

SEVERITY_ORDER = {"high": 0, "medium": 1, "low": 2, "info": 3}


class Analysis(NamedTuple):
    """The report so far, the questions whose answers would tell more, and those that the reader alone may put, with their places;
    `facts`: what it rests on."""

    report: Report
    wanted: tuple[Question, ...]
    offered: Mapping[Question, list[str]]
    facts: Facts


def analyse(
    message: Message, answers: Mapping[Question, State], settings: Settings, now: int, *, shown: bool = True
) -> Analysis:
    """One report. `now` is seconds since 1970. Never raises; what failed is among the report's defects.

    `shown` False: nobody will look at the panel, so that it is not made (None); nor are links offered to be followed, for it is there that
    a reader does so. All else is the same.

    It is final when the message has been read whole and no answer is under way, nor any file being opened.
    """
    words = Words(settings.locale)
    ask = Ask(answers)
    facts = Facts(message, settings, ask)
    findings, failed = checks.run(facts, ask, settings.locale)
    findings.sort(key=lambda finding: SEVERITY_ORDER[finding.severity])
    read = "still-reading" not in message.defects
    weighed = verdict.weigh(_counted(facts, findings), lambda: _favours(facts), message.complete or not read)
    said = headline(facts, weighed.level, words, findings, weighed.reasons)
    judged = Verdict(weighed.level, weighed.score, said, weighed.reasons)
    hops = tuple(
        step.hop._replace(why=tuple(words(f"why.{code}") for code in step.hop.why)) for step in facts.route.steps
    )
    origin = facts.route.origin
    origin = origin._replace(why=words(f"why.{origin.rule}")) if origin else None
    defects = [*dict.fromkeys(message.defects), *(f"check-failed:{name}" for name in failed)]
    (wanted, lookups), asked = _open(ask, settings), len(ask.asked)
    opening = any(question.kind == OPENED and ask.waiting(question) for question in ask.asked)
    final = read and not lookups.waiting and not opening
    view = panel.View(
        facts, tuple(findings), judged, weighed.counted, tuple(defects), words, now, read, lookups, wanted
    )
    blocks, broken = panel.build(view) if shown else (None, [])
    defects += [f"block-failed:{name}" for name in broken]
    if len(ask.asked) > asked:  # a block has asked for more
        wanted, lookups = _open(ask, settings)
    report = Report(
        message=_summary(message),
        verdict=judged,
        findings=tuple(findings),
        hops=hops,
        origin=origin,
        submission=tuple(statement.shown for statement in facts.route.statements),
        resent=facts.beside.resent if facts.beside else (),
        timing=_times(facts.timing),
        account=facts.account,
        identity=_identity(facts),
        authentication=facts.authentication,
        links=_links(facts),
        attachments=facts.attachments,
        campaign=_campaign(facts),
        history=_history(facts),
        defects=tuple(defects),
        panel=None if blocks is None else tuple(blocks),
        lookups=lookups,
        final=final,
    )
    return Analysis(report, wanted, ask.offered, facts)


def _counted(facts: Facts, findings: list[Finding]) -> list[Finding]:
    """The findings that weigh: a sender whom the reader trusts, and who is proven, is spared some."""
    if facts.trusted is None:
        return findings
    from sekisho.facts import trusted

    return trusted.counted(facts.trusted, findings)


def _favours(facts: Facts) -> Iterator[str]:
    """What speaks for the sender; asked only where something speaks against."""
    from sekisho.facts import favours

    return favours.find(facts)


def letter(
    message: Message,
    answers: Mapping[Question, State],
    settings: Settings,
    address: str,
    language: str,
    attached: str,
    veil: Veil,
    *,
    campaign: bool = False,
) -> Letter | None:
    """The letter to one of those whom the message's panel names; None where the panel does not name that address. `attached` and `veil` (a
    text without what is the reader's own) as in `panel.complaint`; `campaign`: about every message of one kind with this one, None
    where it is none of several."""
    from sekisho.facts import recipients
    from sekisho.panel import complaint

    ask = Ask(answers)
    facts = Facts(message, settings, ask)
    findings, _ = checks.run(facts, ask, language)
    known = recipients.find(facts, findings)
    recipient = known.of(address)
    if recipient is None or (campaign and (facts.campaign is None or facts.campaign.series)):
        return None
    wave = facts.campaign if campaign else None
    return complaint.compose(facts, known, recipient, language, attached, veil, wave)


def _summary(message: Message) -> MessageSummary:
    senders = message.addresses("sender")
    path = message.addresses("return-path")
    identity = message.unstructured("message-id")
    return MessageSummary(
        sha256=message.sha256,
        size=message.size,
        complete=message.complete,
        subject=message.unstructured("subject"),
        date=_date(message),
        message_id=identity.strip().removeprefix("<").removesuffix(">") if identity else None,
        from_=message.addresses("from"),
        to=message.addresses("to"),
        cc=message.addresses("cc"),
        reply_to=message.addresses("reply-to"),
        sender=senders[0] if senders else None,
        return_path=_path(path) if message.header.first("return-path") else None,
    )


def _identity(facts: Facts) -> Identity:
    from sekisho.facts import parties

    named, carrier, answers = facts.sender_name, facts.carrier, facts.answers
    return Identity(
        organisation=facts.identity.organisation or None,
        brand=facts.identity.brand.name if facts.identity.brand else None,
        parties=parties.collect(facts.message, facts.identity),
        vouched=tuple(voucher._asdict() for voucher in facts.vouched),
        carrier=carrier._asdict() if carrier else None,
        from_list=facts.from_list or None,
        answers=answers._asdict() if answers else None,
        addresses_in_name=named.addresses,
        domains_in_name=named.domains,
        disguise=named.disguise.kind if named.disguise else None,
        known=facts.known,
    )


def _campaign(facts: Facts) -> dict[str, object] | None:
    found = facts.campaign
    if found is None:
        return None
    return {
        "count": found.messages,
        "at_least": found.at_least,
        "since": iso(found.since),
        "until": iso(found.until),
        "series": found.series,
        "senders": found.senders,
        "to_self": found.to_self,
        "recipients": [one._asdict() for one in found.recipients],
        "unknown": found.unknown,
        "links": list(found.links),
        "hidden_links": found.hidden_links,
        "sources": [{"name": one.name, "country": one.country, "count": one.messages} for one in found.sources],
        "times": [{"at": iso(at), "count": count} for at, count in found.hours],
        "viruses": list(found.viruses),
        "origins": [{"ip": one.ip, "count": one.messages} for one in found.origins],
        "hidden_origins": found.hidden_origins,
        "told": [{"whom": one.whom, "at": iso(one.at), "since": one.since} for one in found.told],
    }


def _history(facts: Facts) -> dict[str, object] | None:
    found = facts.history
    if found is None:
        return None
    return {
        "began": _when(found.began),
        "count": found.messages,
        "proven": found.proven,
        "warned": found.warned,
        "first": _when(found.first),
        "last": _when(found.last),
        "as_always": found.as_always,
        "news": list(found.news),
        "language": (found.usual.language or None) if found.usual else None,
        "hours": found.usual.hours._asdict() if found.usual and found.usual.hours else None,
        "written": {"times": found.written[0], "last": iso(found.written[1])} if found.written else None,
        "viruses": [{"virus": virus, "count": count} for virus, count in found.viruses],
        "told": [{"whom": one.whom, "at": iso(one.at), "since": one.since} for one in found.told],
    }


def _when(at: int | None) -> str | None:
    return None if at is None else iso(at)


def _times(timing: Timing) -> Times:
    return Times(
        arrived=timing.arrived.iso if timing.arrived else None,
        date_offset_seconds=timing.date_offset,
        total_seconds=timing.total,
        total_from=timing.total_from,
        gaps=tuple(gap and Gap(gap.seconds, gap.clock, gap.kind) for gap in timing.gaps),
    )


def _path(path: tuple[Address, ...]) -> str:
    return path[0].address if path else ""


def _date(message: Message) -> str | None:
    from sekisho.mail.date import parse

    read = parse(message.unstructured("date") or "")
    return read.iso if read else None


def _open(ask: Ask, settings: Settings) -> tuple[tuple[Question, ...], Lookups]:
    """The questions that nobody has been asked yet, but for those that nobody may be; what was asked of whom, what is under
    way, and what nobody was asked, by the level that would allow it."""
    withheld = {"resolver": 0, "registry": 0, "sender": 0}
    wanted: list[Question] = []
    log = []
    waiting = 0
    for question, state in ask.asked.items():
        needed = level(question)
        if needed == OFFLINE:
            continue  # this computer's own memory: nobody is asked
        if isinstance(state, Waiting):
            waiting += 1
        elif isinstance(state, Failed):
            log.append(_entry(question, state, state.reason))
        elif isinstance(state, Answer):
            log.append(_entry(question, state, "answered" if state.records else "nothing"))
        elif gate.judge(question, settings) != gate.NEVER:
            withheld[needed] += 1
            wanted.append(question)
    return tuple(wanted), Lookups(len(log) + waiting, waiting, withheld, tuple(log))


def _links(facts: Facts) -> tuple[Link, ...]:
    """The links with what is known of them and of their domains, then what is only loaded."""
    known = {domain.name: domain for domain in facts.domains}
    out: list[Link] = []
    for seen, listed in zip(facts.links.seen, facts.reputation, strict=True):
        link = seen.link
        if listed:
            link = link._replace(
                reputation=tuple({"list": one.zone, "listed": one.listed, "meaning": one.meaning} for one in listed)
            )
        domain = known.get(seen.target.domain)
        if domain is not None:
            registration = dict(domain.registration) if domain.registration is not None else None
            host = next((host.network for host in domain.hosts if host.name == seen.target.host), None)
            link = link._replace(network=link.network or host or domain.network, registration=registration)
        visit = facts.visits.get(len(out))
        if visit is not None:
            link = link._replace(visit=visit.shown)
        out.append(link)
    return (*out, *facts.links.loaded)


def _entry(question: Question, state: Answer | Failed, outcome: str) -> dict[str, object]:
    return {"question": question._asdict(), "source": state.source, "at": state.at, "outcome": outcome}
