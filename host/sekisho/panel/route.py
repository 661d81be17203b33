"""The road from the sender to the reader, with the checkpoint where the reader's own side took the message."""

from __future__ import annotations

from sekisho.facts.route import Step
from sekisho.mail.received import spans as spans_of
from sekisho.panel import View
from sekisho.panel.naming import moment, network, peer, place
from sekisho.panel.primitives import Primitive, badge, fold, heading, listing, marked, more, sentence, span
from sekisho.panel.primitives import block as make
from sekisho.panel.words import Words
from sekisho.report import Hop

MAX_SHOWN = 30
_NOTABLE_DELAY = 600  # seconds; less is what mail takes
_LEVELS = {"yours": "clear", "relay": "info", "claimed": "low"}


def block(view: View) -> Primitive:
    """The route block, oldest line first."""
    words, route = view.words, view.facts.route
    if not route.steps:
        return make("route", words("route"), [sentence(words("route.none"))])
    # A login is what every honest sender does too: it is coloured only where a finding of weight rests on its line.
    warned = {where for finding in view.findings if finding.severity in ("medium", "high") for where in finding.where}
    numbered = list(enumerate(route.steps))[:MAX_SHOWN]
    claimed = [pair for pair in numbered if pair[1].hop.trust == "claimed"]
    proven = [pair for pair in numbered if pair[1].hop.trust != "claimed"]
    body: list[Primitive] = []
    if claimed:
        body.append(heading(words("route.sender")))
        body.append(
            listing(
                [_hop(number, step, words, step.field.anchor in warned) for number, step in reversed(claimed)],
                ordered=True,
            )
        )
    if proven:
        body.append(heading(words("route.boundary" if route.boundary >= 0 else "route.reader"), "checkpoint"))
        body.append(
            listing(
                [_hop(number, step, words, step.field.anchor in warned) for number, step in reversed(proven)],
                ordered=True,
            )
        )
    elif route.boundary < 0:
        body.append(sentence(words("why.no-outside-hop"), "muted"))
    for witness in route.witnesses:
        agrees = route.origin is not None and witness.ip == route.origin.ip
        key = "route.witness" if agrees else "route.witness-otherwise"
        body.append(sentence(words(key, field=witness.field.raw_name, ip=witness.ip), "muted" if agrees else "warn"))
    extended = route.origin.extended if route.origin else None
    if extended and extended.ip and not route.steps[extended.hop].hop.private:
        key = "route.extended" if extended.account else "route.extended-unnamed"
        tone = "warn" if route.steps[extended.hop].field.anchor in warned else "muted"
        body.append(sentence(words(key, account=extended.account, ip=extended.ip), tone))
    naive = next((step.received.ip for step in reversed(route.steps) if step.received.ip and not step.hop.private), "")
    if naive and route.origin and naive != route.origin.ip:
        body.append(sentence(words("route.naive", ip=naive), "muted"))
    if len(route.steps) > MAX_SHOWN:
        body.append(more(words("route.more", count=len(route.steps) - MAX_SHOWN)))
    return make("route", words("route"), body)


def _hop(number: int, step: Step, words: Words, warned: bool) -> list[Primitive]:
    received, hop = step.received, step.hop
    by = received.by or words("route.somebody")
    dated, when = ("-date", moment(hop.date)) if hop.date else ("", "")
    if not received.ip and not received.helo and not received.rdns:
        said = words(f"route.local{dated}", by=by, date=when)
    else:
        said = words(f"route.hop{dated}", by=by, peer=peer(received, words), date=when)
    out = [_badge(hop, words), sentence(said, None, f"hop:{number}")]
    owner, where = network(hop.network, words), place(hop.network, words)
    if owner and where:
        out.append(sentence(words("route.network", ip=received.ip, network=owner, place=where)))
    if received.helo and received.helo.lower() != received.rdns.lower() and received.ip:
        out.append(sentence(words("route.helo", helo=received.helo), "muted"))
    if received.auth:
        key = "route.login-unnamed" if not received.auth_user else "route.account-used" if warned else "route.login"
        out.append(sentence(words(key, user=received.auth_user), "warn" if warned else "muted"))
    if hop.delay_seconds is not None and hop.delay_seconds >= _NOTABLE_DELAY:
        out.append(sentence(words("route.delay", delay=_duration(hop.delay_seconds, words)), "muted"))
    out.append(sentence((" " if words.locale != "ja" else "").join(hop.why), "muted"))
    out.append(fold(words("route.raw"), [marked(_spans(step, words))]))
    return out


def _badge(hop: Hop, words: Words) -> Primitive:
    if hop.standing == "contradicted":
        return badge(words("route.standing.contradicted"), "high")
    if hop.standing == "plausible":
        return badge(words("route.standing.plausible"), "info")
    return badge(words(f"route.trust.{hop.trust}"), _LEVELS[hop.trust])


def _duration(seconds: int, words: Words) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return words("route.hours", hours=hours, minutes=minutes) if hours else words("route.minutes", minutes=minutes)


def _spans(step: Step, words: Words) -> list[Primitive]:
    """The unfolded line with HELO, name, address and writer marked by who vouches for them."""
    raw = step.received.raw
    out: list[Primitive] = []
    at = 0
    for role, place_ in sorted(spans_of(step.received).items(), key=lambda item: item[1].start):
        if place_.start < at or place_.end > len(raw):
            continue
        out.append(span(raw[at : place_.start]))
        out.append(span(raw[place_.start : place_.end], role, None, words(f"role.{role}")))
        at = place_.end
    out.append(span(raw[at:]))
    return [piece for piece in out if piece["text"]]
