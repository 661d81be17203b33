"""Who handed the message in: what the provider's own fields say at the line where it took the message, or else the word of the
server that handed it over."""

from __future__ import annotations

from sekisho.facts.submission import Statement
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, sentence
from sekisho.panel.words import Words


def sentences(view: View, number: int, warned: bool) -> list[Primitive]:
    """What belongs to the stop of hop `number`. `warned`: a finding rests on it."""
    words, route = view.words, view.facts.route
    out: list[Primitive] = []
    if number == route.hand_in:
        known = {route.steps[number].received.ip}  # a field that only repeats its line adds nothing
        for one in route.statements:
            if one.shown.standing == "plausible":
                text = _plausible(one, known, words)
                out += [sentence(text, "warn" if warned else "muted")] if text else []
    said = _peers_word(route.statements)
    if said is not None and said.shown.hop == number:
        values = {"field": said.said.field.raw_name, "host": said.said.host, "account": said.said.account}
        out.append(sentence(words("submission.peer", **values), "muted"))
    return out


def _plausible(one: Statement, known: set[str], words: Words) -> str:
    """One field's sentence; "" where it says nothing that is not `known`, to which it adds what it says."""
    said = one.said
    ip = "" if said.ip in known else said.ip
    account = "" if said.account in known or (said.script and ip) else said.account
    script = "" if "script" in known else said.script
    known.update(value for value in (ip, account, "script" if script else "") if value)
    kinds = [kind for kind, value in (("script", script), ("account", account), ("address", ip)) if value]
    if not kinds:
        return ""
    values = {"field": said.field.raw_name, "script": script, "account": account, "ip": ip}
    return words("submission." + "-".join(kinds), **values)


def _peers_word(statements: tuple[Statement, ...]) -> Statement | None:
    """The fullest thing that the server which handed the message over says itself: an account with its domain before one without."""
    own = [one for one in statements if one.by_peer and one.said.account and one.shown.standing != "plausible"]
    return max(own, key=lambda one: "@" in one.said.account, default=None)
