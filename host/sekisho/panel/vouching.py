"""Who vouches for what a Received line says: the same name is fact in a line of the reader's server, and a claim in the sender's."""

from __future__ import annotations

from functools import cache

from sekisho.mail.received import Received
from sekisho.mail.received import spans as spans_of
from sekisho.panel.primitives import Primitive, span
from sekisho.panel.words import Words
from sekisho.report import Hop

_UNCONFIRMED = (
    "may be forged"  # sendmail's and Postfix' words for a reverse name that does not lead back to the address
)


def whose(role: str, hop: Hop, words: Words) -> str:
    """Whose word a part of this line is, in a few words."""
    return words(_whose(role, hop))


def _whose(role: str, hop: Hop) -> str:
    if role == "helo" and hop.standing in ("proven", "plausible"):
        return "who.helo"  # the receiver writes down what the peer says, however good the receiver is
    if hop.standing != "proven":
        return f"who.{hop.standing}"
    if role == "rdns" and _UNCONFIRMED in hop.raw:
        return "who.rdns.unconfirmed"
    return f"who.{role}.{hop.trust}"


def note(role: str, hop: Hop, words: Words) -> str:
    """What a marked part of this line is, and whose word."""
    return _note(role, _whose(role, hop), words.locale)


@cache  # of a few dozen sentences, each of which stands many times in a panel
def _note(role: str, who: str, locale: str) -> str:
    words = Words(locale)
    return words("role.note", what=words(f"role.{role}"), who=words(who))


def marks(received: Received, hop: Hop, words: Words) -> list[Primitive]:
    """The unfolded line with HELO, name, address and writer marked by who vouches for them."""
    raw = received.raw
    out: list[Primitive] = []
    at = 0
    for role, place in sorted(spans_of(received).items(), key=lambda item: item[1].start):
        if place.start < at or place.end > len(raw):
            continue
        out.append(span(raw[at : place.start]))
        out.append(span(raw[place.start : place.end], role, None, note(role, hop, words)))
        at = place.end
    out.append(span(raw[at:]))
    return [piece for piece in out if piece["text"]]
