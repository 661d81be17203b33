"""What speaks for and against the lines below the checkpoint: weighed evidence, line by line.

The weights were measured on adjacent lines of real honest mail and spam; a weight is positive where it speaks against a
line. HELO unlike reverse name, and disorder of seconds, happen as often in honest mail: they weigh nothing and are not here.
A contradicted line takes all below it with it: whoever made it up could make those up as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sekisho.mail import domain, queue_id
from sekisho.mail.ip import never_given
from sekisho.mail.received import Received
from sekisho.named import NamedTuple
from sekisho.tables import scanners
from sekisho.tables.made_up_hosts import MADE_UP_HOSTS

# Reason: weight. The first line below the checkpoint is held against a peer that is fact, a deeper one against a claim.
WEIGHTS = {
    "same-host": -1.5,
    "same-organisation": -0.8,
    "same-host-deeper": -0.5,
    "same-organisation-deeper": -0.3,
    "break": 2.0,
    "break-deeper": 1.2,
    "peer-without-name": 1.5,
    "clock-agrees": -1.5,
    "clock-contradicts": 3.0,
    "clock-impossible": 3.0,
    "later-by-hours": 1.2,
    "later-by-minutes": 0.5,
    "gap-of-days": 1.0,
    "gap-of-weeks": 2.5,
    "no-address": 0.7,
    "foreign-syntax": 3.0,
    "made-up-host": 3.0,
    "date-for-address": 3.0,
    "kit-date": 3.0,
    "reserved-address": 2.0,
}
CONTRADICTED = 1.5
_HOUR, _DAY = 3600, 86400

# Organisations that sign under several domains.
_ALIASES = {
    "office365.com": "outlook.com",
    "exchangelabs.com": "outlook.com",
    "hotmail.com": "outlook.com",
    "live.com": "outlook.com",
    "microsoft.com": "outlook.com",
    "1e100.net": "google.com",
    "gmail.com": "google.com",
    "googlemail.com": "google.com",
    "yahoodns.net": "yahoo.com",
    "amazonses.com": "amazonaws.com",
    "icloud.com": "apple.com",
    "me.com": "apple.com",
    "mac.com": "apple.com",
    "protonmail.com": "protonmail.ch",
    "vger.email": "kernel.org",
}
_INSIDE = (".local", ".lan", ".internal", ".localdomain", ".home", ".corp", ".intra", ".priv")
# Writers that hand on what came over HTTP, a socket or a queue of their own: no address is missing there.
_NO_PEER = r"(?i)with (?:HTTPS?|MAPI|local|LMTP|SMTP Server|Microsoft)|\bby uid\b|\(Haraka|\bmapi\b"
_MICROSOFT_HOSTS = (".outlook.com", ".office365.com", ".exchangelabs.com")
_MICROSOFT_WORDS = (
    " with Microsoft SMTP Server",
    " with HTTPS",
    " with mapi ",
    " with MAPI ",
    " with MailboxResubmission ",
)  # all of 4,808 lines
# ([Thu, 28 Sep 2023 05:48:34 -0700]) where the address belongs: in no honest line of 6,000.
_DATE_FOR_ADDRESS = r"\(\[?(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}\]?\)"
_KIT_DATE = r"; [A-Z][a-z]{2}, \d{2} \d{4} +\d{1,2}:\d\d:\d\d [AP]M "  # "Jun, 03 2002 7:52:02 AM +0700": 32 lines of spam, 0 honest ones
_GMAIL_ID = r"\.\d{4}(?:\.\d\d){5}$|(?:si|sor|sm)\d+[a-z]"


class Weighed(NamedTuple):
    """The evidence on one line: the sum of its weights, the reasons, and whether it counts as contradicted."""

    score: float
    reasons: tuple[str, ...]
    contradicted: bool


def weigh(lines: Sequence[Received], boundary: int) -> list[Weighed]:
    """One verdict a line, in the order of `lines` (newest first); those down to the checkpoint get none."""
    out = [Weighed(0.0, (), False)] * (boundary + 1)
    above = lines[boundary] if boundary >= 0 else None
    tainted = False
    for place in range(boundary + 1, len(lines)):
        line = lines[place]
        reasons = _reasons(line, above, place == boundary + 1)
        score = round(sum(WEIGHTS[reason] for reason in reasons), 2)
        own = score >= CONTRADICTED
        out.append(
            Weighed(score, (*reasons, *(("below-contradicted",) if tainted and not own else ())), tainted or own)
        )
        tainted = tainted or own
        if line.relay:
            above = line
    return out


def organisation(host: str) -> str:
    """Whose host it is: its registrable domain, one for all names of one organisation."""
    own = domain.registrable(host) or host.lower()
    return _ALIASES.get(own) or scanners.provider(own) or own


def _reasons(line: Received, above: Received | None, first: bool) -> list[str]:
    reasons = []
    deeper = "" if first else "-deeper"
    if above is not None and line.relay and _public(line.by):
        names = [name for name in (above.rdns, above.helo) if _public(name)]
        if line.by.lower() in [name.lower() for name in names]:
            reasons.append("same-host" + deeper)
        elif names:
            known = organisation(line.by) in [organisation(name) for name in names]
            reasons.append(("same-organisation" if known else "break") + deeper)
        elif first and above.helo and line.by.lower().split(".")[0] != above.helo.lower().split(".")[0]:
            reasons.append("peer-without-name")
    if above is not None and above.date and line.date:
        later = line.date.epoch - above.date.epoch
        if later > _HOUR:
            reasons.append("later-by-hours")
        elif later > _HOUR // 12:
            reasons.append("later-by-minutes")
        elif later < -30 * _DAY and not (
            reasons and reasons[0].startswith("same-host")
        ):  # a list's moderator may be away
            reasons.append("gap-of-weeks")
        elif later < -2 * _DAY:
            reasons.append("gap-of-days")
    clock = queue_id.read(line)
    # A clock that agrees says that the line is somebody's real one; not that it belongs to this message, if it is weeks old.
    if clock is not None and not (clock.verdict == queue_id.AGREES and "gap-of-weeks" in reasons):
        reasons.append("clock-" + clock.verdict)
    if line.relay and not line.ip and line.by and line.helo and not re.search(_NO_PEER, line.raw):
        reasons.append("no-address")
    reasons += _of_itself(line)
    return reasons


def _of_itself(line: Received) -> list[str]:
    """What a line shows of itself: hosts and forms that only made-up lines have."""
    raw, by = line.raw, line.by.lower()
    out = []
    if (by == "mx.google.com" and line.id and not re.search(_GMAIL_ID, line.id)) or (
        by.endswith(_MICROSOFT_HOSTS) and not any(words in raw for words in _MICROSOFT_WORDS)
    ):
        out.append("foreign-syntax")
    if not MADE_UP_HOSTS.isdisjoint((by, line.helo.lower(), line.rdns.lower())):
        out.append("made-up-host")
    if not line.ip and line.relay and "(" in raw and re.search(_DATE_FOR_ADDRESS, raw.partition(" by ")[0]):
        out.append("date-for-address")
    if "M " in raw and re.search(_KIT_DATE, raw):
        out.append("kit-date")
    if line.relay and never_given(line.ip):
        out.append("reserved-address")
    return out


def _public(host: str) -> bool:
    """Whether a name is one that the world could know: a registered domain, not a machine's own name or an address."""
    name = host.lower()
    return "." in name and "localhost" not in name and not name.endswith(_INSIDE) and bool(domain.registrable(name))
