"""Servers that forward mail to the reader: where one can be named, where a named one was passed, and which are named.

Nobody but the reader can know that a server forwards: to name one is to believe what it wrote. So each sentence and each
button names exactly one server, and every name can be taken back where it is used and from the list.
"""

from __future__ import annotations

from sekisho.facts.checkpoint import relay_of
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, action, fold, listing, more, sentence

MAX_SHOWN = 100


def at(number: int, view: View) -> list[Primitive]:
    """What a line of the reader's side adds below itself: the question at the checkpoint, or the name that led past it."""
    route, words = view.facts.route, view.words
    if number == route.boundary and route.may_be_relay:
        relay = route.may_be_relay
        note = words("relay.note", relay=relay)
        return [fold(words("relay.ask", relay=relay), [_say(relay, True, words("relay.say", relay=relay), note)])]
    relay = relay_of(route.steps[number].received, view.facts.settings) if number < route.boundary else ""
    if not relay:
        return []
    said = sentence(words("relay.said", relay=relay), "muted")
    return [said, _say(relay, False, words("relay.take-back", relay=relay))]


def named(view: View) -> list[Primitive]:
    """Every server that the reader has named, each with the way to take it back."""
    words, relays = view.words, view.facts.settings.relays
    if not relays:
        return []
    body: list[Primitive] = [
        listing(
            [
                [
                    sentence(words("relay.believed", relay=relay)),
                    _say(relay, False, words("relay.take-back", relay=relay)),
                ]
                for relay in relays[:MAX_SHOWN]
            ]
        )
    ]
    if len(relays) > MAX_SHOWN:
        body.append(more(words("relay.more", count=len(relays) - MAX_SHOWN)))
    return [fold(words("relay.named", count=len(relays)), body)]


def _say(relay: str, on: bool, text: str, note: str | None = None) -> Primitive:
    return action(text, "relay", {"relay": relay, "on": on}, note)
