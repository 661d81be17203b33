"""The customer behind a provider's server: the provider's lines followed down to where he handed the message in, and the fields
in which it notes his address, account or script (`tables.submission`)."""

import re
from collections.abc import Sequence

from sekisho.facts.claims import Weighed, organisation
from sekisho.facts.edges import outside
from sekisho.mail import domain
from sekisho.mail.fields import Field, Header
from sekisho.mail.ip import in_networks, is_private
from sekisho.mail.peer_fields import PeerField
from sekisho.mail.received import Received
from sekisho.mail.submission_fields import CPANEL, MAX_FIELDS, SubmissionField
from sekisho.mail.writers import confirmed_name
from sekisho.report import Extended
from sekisho.tables.providers import EDGES, SUBMISSION
from sekisho.tables.submission import INSIDE, MAILBOXES, WRITERS, Writer, is_customers

_NO_WRITER = Writer("", frozenset())
_MAX_LINE = 1000
# A program on the server itself handed in: Postfix, sendmail's submission program, Exim. qmail's "invoked by uid" is no sign of it:
# its SMTP server hands what came over the network on in that way as well.
_LOCAL = r"\bfrom userid \d|^\(from [^\s@()]{1,64}@[\w.\-]+\) by |^from \S{1,64} by \S{1,254} with local\b"


def behind(
    header: Header,
    trace: Sequence[tuple[Field, Received]],
    weighed: Sequence[Weighed],
    hop: int,
    author: str,
    witnesses: Sequence[PeerField],
    said: Sequence[SubmissionField],
) -> tuple[Extended | None, tuple[SubmissionField, ...]]:
    """Who handed in at the provider whose server is the peer of line `hop`, and those fields of `said` that this provider wrote."""
    lines = [received for _, received in trace]
    provider = _provider(lines[hop], author, witnesses)
    place, logged_in = _followed(lines, weighed, hop, provider) if provider else (-1, False)
    if place < 0:
        return None, ()
    believed = tuple(_believed(header, said, trace, hop, place, provider))
    return _extended(lines[place], place, logged_in, believed), believed


def _provider(peer: Received, author: str, witnesses: Sequence[PeerField]) -> str:
    """The organisation whose server handed the message over, where the reader's own side knows it and it logs its customers in: a
    large provider, or the claimed sender's own; "" else."""
    whose = organisation(peer.rdns) if peer.rdns else ""
    if whose and (whose in SUBMISSION or whose == author) and not is_customers(peer.rdns) and confirmed_name(peer):
        return whose
    for witness in witnesses:
        if witness.ip == peer.ip and domain.registrable(witness.passed) in MAILBOXES:
            return organisation(witness.passed)
    return ""


def _followed(lines: Sequence[Received], weighed: Sequence[Weighed], hop: int, provider: str) -> tuple[int, bool]:
    """The provider's line at which its customer handed the message in, and whether by a recorded login; -1 where the lines do
    not follow each other down to one. What stands below that line is the customer's."""
    writer = WRITERS.get(provider, _NO_WRITER)
    # A large provider's customers are strangers to each other; at one's own server a filter hands on as a local program does.
    strangers = provider in SUBMISSION or provider in MAILBOXES
    for place in range(hop + 1, len(lines)):
        line = lines[place]
        if weighed[place].contradicted:
            return -1, False
        if line.by and not _signs(line.by, provider, writer):
            if line.relay or strangers:
                return -1, False
            continue  # a filter on the sender's own server calls itself localhost
        if writer.silent:
            return place, False
        if line.auth or (writer.logins and re.fullmatch(writer.logins, line.by)):
            return place, True
        if outside(line) and not _from_inside(line, provider):
            return -1, False  # it came in from elsewhere, and nobody logged in
        if strangers and _handed_in_here(line):
            return place, False
    return len(lines) - 1 if len(lines) > hop + 1 else -1, False


def _signs(by: str, provider: str, writer: Writer) -> bool:
    return organisation(by) == provider or (writer.signs != "" and re.fullmatch(writer.signs, by) is not None)


def _from_inside(line: Received, provider: str) -> bool:
    """Whether the provider's server had the message from another one of its own, and not from a customer or a stranger who chose
    a HELO that sounds like it."""
    if line.rdns:
        return organisation(line.rdns) == provider and not is_customers(line.rdns)
    if any(edge.edge.fullmatch(line.by.lower()) for edge in EDGES):
        return False
    return organisation(line.helo) == provider and in_networks(line.ip, INSIDE.get(provider, ()))


def _handed_in_here(line: Received) -> bool:
    """Whether a mailbox, a web page or a program on the server itself was the source: below stands what its user wrote."""
    return line.protocol.upper().startswith(("HTTP", "MAPI", "REST")) or bool(re.search(_LOCAL, line.raw[:_MAX_LINE]))


def _believed(
    header: Header,
    said: Sequence[SubmissionField],
    trace: Sequence[tuple[Field, Received]],
    hop: int,
    place: int,
    provider: str,
) -> list[SubmissionField]:
    """Fields that the provider wrote at its line `place`: between that line and the next, one of its name in all that the sender
    could have written, and of a kind that this provider writes."""
    line, start = trace[place][1], trace[place][0].start
    end = trace[place + 1][0].start if place + 1 < len(trace) else None
    if len(said) >= MAX_FIELDS:
        return []  # so many that the provider's own may not be among them
    names = [field.name for field in header.fields if field.start > trace[hop][0].start]
    logins = [one.field.name for one in said].count("authentication-results")
    writer = WRITERS.get(provider, _NO_WRITER)
    date = trace[hop][1].date
    lapsed = bool(writer.until) and (date is None or date.epoch >= writer.until)
    peer = trace[hop][1].rdns
    writes = not lapsed and (not peer or re.fullmatch(writer.peers, peer.lower()) is not None)
    out = []
    for one in said:
        name = one.field.name
        alone = (logins if name == "authentication-results" else names.count(name)) == 1
        if one.field.start < start or (end is not None and one.field.start > end) or not alone:
            continue
        if name in CPANEL and one.host:
            own = one.host in (line.by.lower(), peer.lower()) and "(Exim" in line.raw
        else:
            own = writes and name in writer.fields and (not one.host or _signs(one.host, provider, writer))
        if own:
            out.append(one)
    return out


def _extended(line: Received, place: int, logged_in: bool, believed: Sequence[SubmissionField]) -> Extended | None:
    """Address and account behind the provider's line; None where neither a login nor a field says anything."""
    if not logged_in and not believed:
        return None
    addressed = next((one for one in believed if one.ip and not is_private(one.ip)), None)
    named = next((one for one in believed if one.account), None)
    ip = addressed.ip if addressed else line.ip if logged_in else ""
    webmail = line.by.startswith("ajax-webmail-")  # Coremail's writes the account in the place of a HELO
    account = line.auth_user or (line.helo.replace("$", "@") if webmail else "")
    if named and (not account or named.account.partition("@")[0] == account):
        account = named.account  # the line has no name, or one without its domain
    else:
        named = None
    told = addressed if addressed and addressed.ip != line.ip else named
    return Extended(place, ip or None, account or None, told.field.name if told else None)
