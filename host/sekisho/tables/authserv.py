"""What large providers' servers sign their results with, where it is not the name that stands in their own Received lines.

as-of 2026-11-22. Patterns are matched whole, in lower case. Sources: mail kept at Google, Microsoft, Proton and Yahoo; Apple's and
Microsoft's published examples.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.named import NamedTuple

ABOVE, BELOW, GATHERED = "above", "below", "gathered"


class Signer(NamedTuple):
    """`by`: how the server names itself in the line that took the message; `ids`: what it signs results with ("" : nothing).

    `place`: `above` that line; just `below` it, and what a sender wrote in its name is taken away (RFC 8601 §5); `gathered`:
    fields of one name are put together where the topmost stood, so that a sender's come to stand above the line as well.
    """

    by: str
    ids: str
    place: str


_SIGNERS = (
    Signer(r"mx\.google\.com", r"mx\.google\.com", BELOW),
    Signer(r"[\w.\-]+\.(?:outlook|office365|exchangelabs)\.com", r"(?:protection\.outlook\.com)?", ABOVE),
    Signer(r"[\w.\-]+\.protonmail\.ch", r"mail\.protonmail\.ch", GATHERED),
    Signer(
        r"[\w.\-]+\.(?:icloud|me|apple)\.com",
        r"(?:arc|bimi|dkim-verifier|dmarc|spf|dmarc-arc)\.icloud\.com",
        ABOVE,
    ),
    Signer(r"10\.[\d.]+", r"atlas[\w\-]*(?:\.[\w\-]+)+\.yahoo\.com", ABOVE),
)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]:
    return tuple((re.compile(by, re.ASCII), re.compile(ids, re.ASCII), place) for by, ids, place in _SIGNERS)


def signs_as(by: str, authserv_id: str) -> bool:
    """Whether the provider of the server `by` signs like that."""
    return any(known.fullmatch(by) and ids.fullmatch(authserv_id) for known, ids, _ in _compiled())


def place(by: str) -> str:
    """Where the provider of the server `by` writes its results; above its line where nothing else is known."""
    return next((place for known, _, place in _compiled() if known.fullmatch(by)), ABOVE)
