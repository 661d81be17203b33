"""What large providers' servers sign their results with, where it is not the name that stands in their own Received lines.

as-of 2026-11-22. Patterns are matched whole, in lower case. Sources: mail kept at Google, Microsoft, Proton and Yahoo; Apple's and
Microsoft's published examples.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sekisho.named import NamedTuple

ABOVE, BELOW, GATHERED = "above", "below", "gathered"


class Signer(NamedTuple):
    """`hints`: plain text of which one is in every such name, so that few mails compile a pattern; `by`: how the server names itself in the line that took the message; `ids`: what it signs results with ("" : nothing).

    `place`: `above` that line; just `below` it, and what a sender wrote in its name is taken away (RFC 8601 §5); `gathered`:
    fields of one name are put together where the topmost stood, so that a sender's come to stand above the line as well.
    """

    hints: tuple[str, ...]
    by: str
    ids: str
    place: str


_SIGNERS = (
    Signer(("mx.google.com",), r"mx\.google\.com", r"mx\.google\.com", BELOW),
    Signer(
        (".outlook.com", ".office365.com", ".exchangelabs.com"),
        r"[\w.\-]+\.(?:outlook|office365|exchangelabs)\.com",
        r"(?:protection\.outlook\.com)?",
        ABOVE,
    ),
    Signer((".protonmail.ch",), r"[\w.\-]+\.protonmail\.ch", r"mail\.protonmail\.ch", GATHERED),
    Signer(
        (".icloud.com", ".me.com", ".apple.com"),
        r"[\w.\-]+\.(?:icloud|me|apple)\.com",
        r"(?:arc|bimi|dkim-verifier|dmarc|spf|dmarc-arc)\.icloud\.com",
        ABOVE,
    ),
    Signer(("10.",), r"10\.[\d.]+", r"atlas[\w\-]*(?:\.[\w\-]+)+\.yahoo\.com", ABOVE),
)


@lru_cache(64)
def _signers(by: str) -> list[Signer]:
    return [one for one in _SIGNERS if any(hint in by for hint in one.hints) and re.fullmatch(one.by, by, re.ASCII)]


def signs_as(by: str, authserv_id: str) -> bool:
    """Whether the provider of the server `by` signs like that."""
    return any(re.fullmatch(one.ids, authserv_id, re.ASCII) for one in _signers(by))


def place(by: str) -> str:
    """Where the provider of the server `by` writes its results; above its line where nothing else is known."""
    return next((one.place for one in _signers(by)), ABOVE)
