"""What Authentication-Results fields say (RFC 8601), and whether they were written by somebody who counts.

Nothing is verified here yet: a result is shown as reported, with who reported it. It is trusted only when its authserv-id
is exactly one that the reader named; equality of names, never a part of one.
"""

from __future__ import annotations

import re

from sekisho.facts.route import Route
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING
from sekisho.report import Authentication, ReportedResults
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import Any

MAX_FIELDS = 20
MAX_RESULTS = 40
# Strings: `re` compiles them when the first mail has such a field.
_COMMENT = r"\([^()]{0,2000}\)"
_RESULT = r"(?i)\b(spf|dkim|dmarc|arc|dkim-adsp|sender-id|iprev|auth|bimi|compauth)\s*=\s*([a-z]{2,20})\b"
_PROPERTY = r"(?i)\b((?:smtp|header|policy)\.[a-z\-]{1,30})\s*=\s*(\"[^\"]{0,300}\"|[^\s;]{1,300})"


def read(message: Message, settings: Settings) -> Authentication:
    """The reported results, topmost first. `verified` is empty: this version believes nobody and verifies nothing."""
    reported = []
    for field in message.header.all("authentication-results")[:MAX_FIELDS]:
        clauses = re.sub(_COMMENT, " ", field.text[:8192]).split(";")
        words = clauses[0].split()
        authserv_id = words[0].lower() if words and "=" not in words[0] else ""
        results = []
        for clause in clauses[:MAX_RESULTS]:
            match = re.search(_RESULT, clause)
            if match:
                properties = {name.lower(): value.strip('"') for name, value in re.findall(_PROPERTY, clause)}
                results.append(
                    {"method": match.group(1).lower(), "result": match.group(2).lower(), "properties": properties}
                )
        reported.append(ReportedResults(authserv_id, authserv_id in settings.trusted_authserv_ids, tuple(results)))
    return Authentication(tuple(reported), {"spf": {}, "dkim": [], "dmarc": {}, "arc": {}})


# Rules by which the checkpoint lies below servers that handed the message on: what those say of their peer is about each other.
_HANDED_ON = ("own-server", "own-relay", "own-forwarder")


def of_readers_side(message: Message, route: Route, read: Authentication) -> tuple[dict[str, Any], ...]:
    """The results that the reader's own side wrote about the peer at the checkpoint.

    A field counts when its authserv-id is one the reader named, or by its place: new fields go on top, so what stands above
    the checkpoint's line was written behind it. Google and Microsoft write theirs just below that line, and take away what
    a sender wrote in their name (RFC 8601 §5).
    """
    if route.entry is None or route.origin is None:
        return ()
    rule, boundary = route.origin.rule, route.boundary
    top = route.steps[boundary - 1].field.start if boundary and rule in _HANDED_ON else -1
    entry = route.entry.field.start
    below = route.steps[boundary + 1].field.start if boundary + 1 < len(route.steps) else len(message.source)
    by = route.entry.received.by.lower()
    names = {by, "" if by.endswith(".outlook.com") else by}  # Microsoft's have no authserv-id
    out: list[dict[str, Any]] = []
    for field, reported in zip(message.header.all("authentication-results"), read.reported, strict=False):
        if '"' in field.text:
            continue  # an envelope sender may be quoted, and the quotation say what it likes
        behind = top < field.start < entry
        just_below = rule == "provider-edge" and entry < field.start < below and reported.authserv_id in names
        if behind or just_below or (reported.trusted and field.start > top):
            out += reported.results
    return tuple(out)
