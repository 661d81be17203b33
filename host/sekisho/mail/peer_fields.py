"""Header fields in which a receiving server notes the address that handed a message over, besides its Received line.

Anybody can write such a field. It counts only where the reader's own side wrote it: above the line that took the message
from outside (new fields go on top, RFC 5321 §4.4). Further down it is the sender's word and proves nothing.
"""

import re
from typing import NamedTuple

from sekisho.mail.fields import Field, Header
from sekisho.mail.ip import canonical

MAX_FIELDS = 20

# Field name: where in it the address stands. Sources: RFC 7208 §9.1; Microsoft, Fortinet, MDaemon and Barracuda manuals; seen in mail.
_FORMS = {
    "x-sender-ip": r"^\s*\[?([0-9A-Fa-f.:]+)\]?\s*$",
    "received-spf": r"\bclient-ip=\s*\[?([0-9A-Fa-f.:]+)",
    "x-forefront-antispam-report": r"\bCIP:([0-9A-Fa-f.:]+?);",
    "x-ms-exchange-crosstenant-originalattributedtenantconnectingip": r"\bIp=\[([0-9A-Fa-f.:]+)\]",
    "x-feas-client-ip": r"^\s*\[?([0-9A-Fa-f.:]+)\]?\s*$",
    "x-mdremoteip": r"^\s*\[?([0-9A-Fa-f.:]+)\]?\s*$",
    "x-barracuda-connect": r"\[([0-9A-Fa-f.:]+)\]",
    "x-barracuda-apparent-source-ip": r"^\s*\[?([0-9A-Fa-f.:]+)\]?\s*$",
}


class PeerField(NamedTuple):
    """A field that names the peer, and the canonical address it names."""

    field: Field
    ip: str


def read(header: Header, before: int) -> list[PeerField]:
    """The fields of this kind that stand above offset `before` of the source, in order; those that name no address are left out."""
    out: list[PeerField] = []
    for field in header.fields:
        if field.start >= before or len(out) >= MAX_FIELDS:
            break
        form = _FORMS.get(field.name)
        match = re.search(form, field.text[:2000], re.IGNORECASE) if form else None
        ip = canonical(match.group(1)) if match else ""
        if ip:
            out.append(PeerField(field, ip))
    return out
