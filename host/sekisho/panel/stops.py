"""One Received line as a stop of the timeline: a badge, one sentence, and the technical details a fold away."""

from __future__ import annotations

from sekisho.facts.route import Step
from sekisho.mail.received import Received
from sekisho.mail.writers import operator, writer
from sekisho.panel import View, relays, submission, timing
from sekisho.panel.naming import moment, network, peer, place
from sekisho.panel.primitives import Primitive, badge, fold, marked, sentence, stop, table
from sekisho.panel.vouching import marks, whose
from sekisho.panel.words import Words
from sekisho.report import Hop

_LEVELS = {
    "yours": "clear",
    "relay": "info",
    "plausible": "info",
    "claimed": "low",
    "contradicted": "high",
    "tainted": "medium",
}
_TAINTED = "below-contradicted"


def standing(hop: Hop) -> str:
    """How a line stands on the timeline: by whose it is where it is proven, else by how well it holds."""
    return hop.trust if hop.standing == "proven" else hop.standing


def tainted(hop: Hop) -> bool:
    """Whether what speaks against this line is the made-up one that it leads up to."""
    return hop.standing == "contradicted" and _TAINTED in hop.why


def hop_stop(view: View, number: int, time: str | None, warned: bool) -> Primitive:
    """The stop of one hop. `warned`: a finding of weight rests on it."""
    words, route = view.words, view.facts.route
    step, gap = route.steps[number], view.facts.timing.gaps[number]
    foreground: list[Primitive] = []
    background: list[Primitive] = [table(_rows(step, words))]
    if step.received.auth:
        key = (
            "route.login-unnamed" if not step.received.auth_user else "route.account-used" if warned else "route.login"
        )
        # A login is what every honest sender does too: it is coloured only where a finding of weight rests on it.
        said = sentence(words(key, user=step.received.auth_user), "warn" if warned else "muted")
        (foreground if warned or number == route.hand_in else background).append(said)
    foreground += submission.sentences(view, number, warned)
    for witness in route.witnesses if number == route.boundary else ():
        agrees = route.origin is not None and witness.ip == route.origin.ip
        key = "route.witness" if agrees else "route.witness-otherwise"
        said = sentence(words(key, field=witness.field.raw_name, ip=witness.ip), "muted" if agrees else "warn")
        (background if agrees else foreground).append(said)
    clock = timing.clock(gap, words)
    if clock is not None:
        background.append(sentence(clock, "muted"))
    codes = [code for code in step.hop.why if not timing.explains(gap, code)]
    why = (" " if words.locale != "ja" else "").join(words(f"why.{code}") for code in codes)
    background += [sentence(why, "muted"), marked(marks(step.received, step.hop, words))]
    body = [
        standing_badge("tainted" if tainted(step.hop) else standing(step.hop), words),
        sentence(
            _said(step, words, number < route.boundary),
            "strong" if number == route.boundary else None,
            step.field.anchor,
        ),
        *foreground,
        fold(words("route.details"), background),
        *relays.at(number, view),
    ]
    return stop(standing(step.hop), body, time, timing.gap(gap, words), f"hop:{number}")


def standing_badge(key: str, words: Words) -> Primitive:
    """Whose word a line is, in a word or two; `tainted` besides the standings."""
    return badge(words(f"route.standing.{key}"), _LEVELS[key])


def _said(step: Step, words: Words, inside: bool) -> str:
    """The one sentence of a hop. Among the reader's own servers (`inside`) it is enough to say which one."""
    received, hop = step.received, step.hop
    how = "claimed" if tainted(hop) else hop.standing
    by = received.by or words("route.somebody")
    if not received.ip and not received.helo and not received.rdns:
        return words(f"route.local.{how}", by=by)
    whom = (received.rdns or received.helo or received.ip) if inside else peer(received, words, hop.network)
    return words(f"route.hop.{how}", by=by, peer=whom)


def _rows(step: Step, words: Words) -> list[list[str]]:
    """What the line says, part by part, and whose word each part is."""
    received, hop = step.received, step.hop
    said = {"address": received.ip, "rdns": received.rdns, "helo": received.helo, "by": received.by}
    parts = {
        role: words("route.vouched", value=value, who=whose(role, hop, words)) for role, value in said.items() if value
    }
    rows = (
        ("role.address", parts.get("address", "")),
        ("facts.network", network(hop.network, words)),
        ("facts.place", place(hop.network, words)),
        ("role.rdns", parts.get("rdns", "")),
        ("role.helo", parts.get("helo", "")),
        ("role.by", parts.get("by", "")),
        ("route.written", moment(hop.date) if hop.date else ""),
        ("route.form", _form(received, words)),
        ("route.secured", " ".join(filter(None, hop.tls)) if hop.tls else ""),
    )
    return [[words(key), text] for key, text in rows if text]


def _form(line: Received, words: Words) -> str:
    """Whose form a line has: the program's, and whose host it names; "" where neither is known."""
    program, host = writer(line), operator(line)
    return words("route.form-at", program=program, operator=host) if program and host else program or host
