"""Header fields in which a receiving server notes the address that handed a message over, besides its Received line.

Anybody can write such a field. It counts only where the reader's own side wrote it: above the line that took the message
from outside (new fields go on top, RFC 5321 §4.4). Further down it is the sender's word and proves nothing.
"""

from __future__ import annotations

import re

from sekisho.mail import domain
from sekisho.mail.fields import Field, Header
from sekisho.mail.ip import canonical
from sekisho.named import NamedTuple

MAX_FIELDS = 20
_MAX_TEXT = 2000

_ALONE = r"^\s*\[?([0-9A-Fa-f.:]+)\]?\s*$"
# Field name: where in it the address stands. Sources: RFC 7208 §9.1; Microsoft, Fortinet, MDaemon and Barracuda manuals; seen in mail.
_FORMS = {
    "x-sender-ip": _ALONE,
    "x-originating-ip": _ALONE,  # Yahoo's receiving servers
    "received-spf": r"\bclient-ip=\s*\[?([0-9A-Fa-f.:]+)",
    "x-forefront-antispam-report": r"\bCIP:([0-9A-Fa-f.:]+?);",
    "x-ms-exchange-crosstenant-originalattributedtenantconnectingip": r"\bIp=\[([0-9A-Fa-f.:]+)\]",
    "x-feas-client-ip": _ALONE,
    "x-mdremoteip": _ALONE,
    "x-barracuda-connect": r"\[([0-9A-Fa-f.:]+)\]",
    "x-barracuda-apparent-source-ip": _ALONE,
}
# RFC 8601 §2.7.3 (policy.iprev), Exim (smtp.remote-ip), Microsoft ("sender IP is"), the comment that RFC 7208 §9.1 shows (designates).
_RESULTS = (
    r"\b(?:policy\.iprev|smtp\.remote-ip|client-ip)=\s*\[?([0-9A-Fa-f.:]+)|\bsender IP is ([0-9A-Fa-f.:]+)\)"
    r"|\bdesignates? ([0-9A-Fa-f.:]+) as permitted sender\)|: ([0-9A-Fa-f.:]+) is neither permitted nor denied by"
)


class PeerField(NamedTuple):
    """A field that names the peer, and the canonical address it names."""

    field: Field
    ip: str
    passed: str  # the domain of the envelope sender for which that address passed SPF (RFC 7208 §2.4); "" where it does not say


def read(header: Header, before: int, by: str) -> list[PeerField]:
    """The fields of this kind that stand above offset `before` of the source, in order; those that name no address are left out.

    `by` is the server that wrote the Received line there: Authentication-Results speak of its peer only when they are its own.
    """
    out: list[PeerField] = []
    for field in header.fields:
        if field.start >= before or len(out) >= MAX_FIELDS:
            break
        if field.name == "authentication-results":
            ip, passed = _results(field.text[:_MAX_TEXT], by)
        else:
            form = _FORMS.get(field.name)
            match = re.search(form, field.text[:_MAX_TEXT], re.IGNORECASE) if form else None
            ip, passed = canonical(match.group(1)) if match else "", ""
        if ip:
            out.append(PeerField(field, ip, passed))
    return out


def _results(text: str, by: str) -> tuple[str, str]:
    """The peer that an Authentication-Results field of the server `by` speaks of, and the domain that passed SPF.

    A witness of the address: its authserv-id is of that server's organisation (RFC 8601 §2.5); Microsoft's have none. For a pass it
    is exactly what that server signs with. An envelope sender is the sender's choice and stands in the text: what says a thing
    twice, or quotes, says nothing.
    """
    from sekisho.mail import authres
    from sekisho.tables import authserv

    known = authres.read(text)
    server, name = by.lower(), known.authserv_id.lower() if known.authserv_id.isascii() else known.authserv_id
    own = bool(server) and (name == server or authserv.signs_as(server, name))
    if not own and not domain.same_organisation(name, by):
        return "", ""
    text = " ".join(text.split())
    named = {canonical(next(filter(None, match.groups()), "")) for match in re.finditer(_RESULTS, text, re.IGNORECASE)}
    if len(named) != 1 or '"' in text:
        return "", ""
    said = [one for one in known.results if one.method == "spf"]
    if not own or known.doubts or len(said) != 1 or said[0].result != "pass":
        return named.pop(), ""
    local, _, host = said[0].value("smtp.mailfrom").strip("<>").lower().rpartition("@")
    return named.pop(), domain.normalise(host) if "@" not in local else ""
