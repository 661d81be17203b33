"""The report: what Sekisho says of one message. Contract `sekisho.report/1`, see PROTOCOL.md and report.schema.json.

A value that is not known is None; an empty string is an empty string. Dates are ISO 8601 with offset.
"""

from __future__ import annotations

from functools import cache

from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any


SCHEMA = "sekisho.report/1"

SEVERITIES = ("info", "low", "medium", "high")
LEVELS = ("clear", "caution", "danger")


class Address(NamedTuple):
    """One mailbox of an address field (RFC 5322 §3.4), decoded."""

    name: str
    address: str
    domain: str


class MessageSummary(NamedTuple):
    """What the message says of itself; nothing here is checked."""

    sha256: str | None  # of the raw source without the status lines that Thunderbird puts on top
    size: int  # bytes of that source
    complete: bool  # False: fewer bytes arrived than the store says there are
    subject: str | None
    date: str | None
    message_id: str | None
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    sender: Address | None
    return_path: str | None


class Network(NamedTuple):
    """Who runs an address, and where: from the embedded atlas or a registry."""

    ip: str
    prefix: str | None
    asn: int | None
    name: str | None
    country: str | None  # ISO 3166-1 alpha-2
    place: str | None
    lat: float | None
    lon: float | None
    precision: str | None  # country | region | city | registry
    abuse: str | None
    source: str
    as_of: str | None


class Auth(NamedTuple):
    """SMTP AUTH (RFC 4954) as a Received line records it."""

    user: str | None
    method: str | None


class Tls(NamedTuple):
    version: str | None
    cipher: str | None


class Hop(NamedTuple):
    """One Received field (RFC 5321 §4.4), newest first, and whose word it is."""

    raw: str
    helo: str | None
    rdns: str | None
    ip: str | None  # the address the receiving server saw; never a number that merely looks like one
    by: str | None
    by_ip: str | None
    via: str | None
    with_: str | None
    id: str | None
    for_: str | None
    envelope_from: str | None
    ident: str | None
    auth: Auth | None
    tls: Tls | None
    date: str | None
    delay_seconds: int | None
    relay: bool  # False: spool, list, loopback, filter or fetch line
    private: bool
    trust: str  # yours | relay | claimed
    standing: str  # proven | plausible | claimed | contradicted
    why: tuple[str, ...]
    network: Network | None


class Extended(NamedTuple):
    """How far the origin can be followed through verified providers."""

    hop: int
    ip: str | None
    account: str | None
    field: str | None = None  # the header field that says so, where it is not the line itself


class Origin(NamedTuple):
    """The address that handed the message to the reader's own servers."""

    hop: int
    ip: str
    rule: str
    why: str
    extended: Extended | None


class Account(NamedTuple):
    """Whether the claimed sender's mailbox was used, or its address borrowed; `reasons` are keys of sentences."""

    state: str  # used | own-login | borrowed | unknown
    confidence: str | None  # low | medium | high; None where nothing was decided
    whose: str | None  # reader | fellow (kept on the reader's own servers) | stranger
    address: str | None  # the mailbox that was logged in to, or whose address was borrowed
    hop: int | None  # the Received line of the login
    login: str | None  # its name as it is recorded
    ip: str | None  # where it came from
    field: str | None  # the header field that says so, where it is not the line itself
    reasons: tuple[str, ...]


class Submitted(NamedTuple):
    """A header field from the checkpoint down that says who handed the message in, and whose word that is."""

    field: str  # its place: field:x-originating-ip
    hop: int | None  # the Received line just above it
    ip: str | None
    account: str | None
    script: str | None
    host: str | None  # the server that it says wrote it
    standing: str  # plausible | claimed | contradicted


class Resent(NamedTuple):
    """A Resent block (RFC 5322 §3.6.6): who passed the message on, when."""

    hop: int | None  # the Received line just above it
    from_: tuple[Address, ...]
    sender: Address | None
    to: tuple[Address, ...]
    date: str | None
    message_id: str | None
    standing: str  # proven | plausible | claimed | contradicted


class Gap(NamedTuple):
    """From one hop's line to the next newer one that can be believed, wrong clocks set right."""

    seconds: int | None  # never negative; None on the newest line
    clock_seconds: int  # by how much this line's own clock runs ahead; negative: behind
    reading: str  # delay | skew | clock | disorder


class Times(NamedTuple):
    """When the message was where; every clock but the reader's own side's is somebody's word."""

    arrived: str | None  # when the reader's side took it from outside
    date_offset_seconds: int | None  # from the Date field to `arrived`; negative: its Date lies after that
    total_seconds: int | None  # from the oldest line that can be believed to the newest: the sum of the gaps
    total_from: str | None  # whose word the oldest one is: proven | plausible | claimed
    gaps: tuple[Gap | None, ...]  # one a hop; None for a line without a date, or one that is contradicted


class Party(NamedTuple):
    """A domain that a field of the header names; `same`: whether it is of From's organisation, None where that can't be said."""

    field: str  # from | sender | reply-to | return-path | message-id | list-id
    domain: str
    organisation: str | None  # registrable domain
    same: bool | None


class Identity(NamedTuple):
    """Who the sender's fields say it is, and who vouches for which of that."""

    organisation: str | None  # registrable domain of From's address
    brand: str | None  # the well-known name that From claims
    parties: tuple[Party, ...]
    vouched: tuple[dict[str, Any], ...]  # host, organisation, by: dkim | dmarc | spf | host
    carrier: (
        dict[str, Any] | None
    )  # the service that sent it for somebody, by proof: name, kind, open, domain, by, behind
    from_list: str | None  # a mailing list wrote itself into From: proven | claimed
    answers: dict[str, Any] | None  # where answers go, if to another organisation: address, organisation, reading
    addresses_in_name: tuple[str, ...]  # of other organisations
    domains_in_name: tuple[str, ...]
    disguise: str | None  # of the name: unseen | turned | mixed | imitated
    known: tuple[
        str, ...
    ]  # from where the reader knows From's address: address-book | sent; it may be borrowed all the same


class ReportedResults(NamedTuple):
    """One field that reports results: Authentication-Results (RFC 8601), Received-SPF (RFC 7208), or an ARC set's (RFC 8617)."""

    authserv_id: str
    trusted: bool  # whether anything may rest on it
    results: tuple[dict[str, Any], ...]
    field: str  # its place: field:authentication-results
    standing: str  # why it counts, or why not: facts/authentication
    doubts: tuple[str, ...]  # what is not as a server writes it: mail/authres
    instance: int | None  # of an ARC set


class Authentication(NamedTuple):
    reported: tuple[ReportedResults, ...]
    verified: dict[str, Any]


class Segment(NamedTuple):
    """A piece of a URL and the part it plays; the pieces joined are the URL."""

    text: str
    role: str


class Link(NamedTuple):
    """One link; network, registration and reputation are those of where it leads."""

    url: str  # as it is written in the mail
    defanged: str
    text: str | None
    scheme: str
    host: str
    display_host: str  # with its A-labels (xn--) as they are shown
    registrable_domain: str | None
    path: str
    segments: tuple[Segment, ...]
    where: str
    kind: str  # link | form | refresh | qr | pdf | office: leads there; image | media | frame | style | script | base | meta: does not
    hidden: bool  # a reader does not see what carries it
    unwrapped: tuple[str, ...]  # the URLs found inside, outermost first; the last is where it leads
    network: Network | None
    registration: dict[str, Any] | None
    reputation: tuple[dict[str, Any], ...]
    visit: dict[str, Any] | None = None  # what came of following it, because the reader asked for that


class Attachment(NamedTuple):
    filename: str | None
    content_type: str
    detected_type: str | None
    size: int
    sha256: str
    removed_by_gateway: dict[str, Any] | None
    members: tuple[dict[str, Any], ...]
    where: str  # the part that it is: part:3
    opened: str  # none (nothing to open, or nobody was to) | waiting | done | failed
    failed: str | None  # why it could not be opened: timeout, too-large, malformed, crashed, cancelled
    encrypted: bool | None  # whether any of it is locked; None: not known


class Finding(NamedTuple):
    """One thing that was seen, with the places it rests on, in the reader's language."""

    id: str
    severity: str
    title: str
    why: str
    advice: str
    where: tuple[str, ...]
    values: dict[str, Any]


class Verdict(NamedTuple):
    level: str
    score: float
    headline: str
    reasons: tuple[str, ...]


class Lookups(NamedTuple):
    """Who was asked what. `withheld` counts questions by the level that would allow them."""

    asked: int
    waiting: int
    withheld: dict[str, int]
    log: tuple[dict[str, Any], ...]


class Report(NamedTuple):
    message: MessageSummary
    verdict: Verdict
    findings: tuple[Finding, ...]
    hops: tuple[Hop, ...]
    origin: Origin | None
    submission: tuple[Submitted, ...]
    resent: tuple[Resent, ...]
    timing: Times
    account: Account
    identity: Identity
    authentication: Authentication
    links: tuple[Link, ...]
    attachments: tuple[Attachment, ...]
    campaign: dict[str, Any] | None  # the messages of one kind with it that are remembered
    history: dict[str, Any] | None  # what is remembered of its sender
    defects: tuple[str, ...]  # what could not be read, or was left out for its size
    panel: tuple[dict[str, Any], ...] | None  # None: nobody was to look at it
    lookups: Lookups
    final: bool


def as_json(value: Any) -> Any:
    """The report as the plain objects that json writes; a field's trailing underscore (from_) is dropped."""
    if not isinstance(value, tuple):
        return value  # dictionaries (panel, values, results) are plain already
    kind = type(value)
    if kind is tuple:
        return [as_json(item) if isinstance(item, tuple) else item for item in value]
    out = dict(zip(_names(kind), value, strict=True))
    for name, item in out.items():  # most fields are texts: only the others cost anything
        if isinstance(item, tuple):
            out[name] = as_json(item)
    return {"schema": SCHEMA, **out} if kind is Report else out


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a named tuple as the report names them."""
    return tuple(name.rstrip("_") for name in kind._fields)
