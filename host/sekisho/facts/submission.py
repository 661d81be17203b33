"""Who handed the message in, as the provider says whose server handed it over: its lines followed down to the customer, and the
header fields in which it notes the customer's address, account or script.

All of it stands below the checkpoint. It is plausible where the reader's own side knows the provider (by the name that it
looked up, or because the peer passed SPF for a mailbox provider's own domain), its lines follow each other without a gap, and
a field is one that this provider writes itself. Every other such field is the sender's word.
"""

from __future__ import annotations

from collections.abc import Sequence

from sekisho.facts.claims import Weighed, organisation
from sekisho.mail.fields import Field, Header
from sekisho.mail.peer_fields import PeerField
from sekisho.mail.received import Received
from sekisho.mail.submission_fields import SubmissionField
from sekisho.mail.submission_fields import read as read_fields
from sekisho.named import NamedTuple
from sekisho.report import Extended, Submitted
from sekisho.tables.providers import SUBMISSION


class Statement(NamedTuple):
    """One field that says who handed the message in, and whose word that is."""

    said: SubmissionField
    shown: Submitted
    by_peer: bool  # it names as its writer the very server that handed the message over: as good as that server's word


class Submission(NamedTuple):
    extended: Extended | None
    statements: tuple[Statement, ...]


def read(
    header: Header,
    trace: Sequence[tuple[Field, Received]],
    weighed: Sequence[Weighed],
    hop: int,
    author: str,
    witnesses: Sequence[PeerField],
) -> Submission:
    """What is known of the hand-in. `hop` is the checkpoint's line (-1: none), `author` the registrable domain of the claimed
    sender, `witnesses` what else the reader's own side wrote of the peer."""
    said = read_fields(header, trace[hop][0].start if hop >= 0 else 0)
    extended: Extended | None = None
    believed: tuple[SubmissionField, ...] = ()
    if hop >= 0 and _may_be_known(trace[hop][1], author, witnesses):
        from sekisho.facts import customer  # nobody can speak for the server that most mail comes from

        extended, believed = customer.behind(header, trace, weighed, hop, author, witnesses, said)
    return Submission(extended, tuple(_statements(said, trace, weighed, hop, believed)))


def _may_be_known(peer: Received, author: str, witnesses: Sequence[PeerField]) -> bool:
    whose = organisation(peer.rdns) if peer.rdns else ""
    return (bool(whose) and (whose in SUBMISSION or whose == author)) or any(witness.passed for witness in witnesses)


def _statements(
    said: Sequence[SubmissionField],
    trace: Sequence[tuple[Field, Received]],
    weighed: Sequence[Weighed],
    hop: int,
    believed: Sequence[SubmissionField],
) -> list[Statement]:
    peer = trace[hop][1] if hop >= 0 else None
    names = {name.lower() for name in (peer.rdns, peer.helo) if name} if peer else set()
    out = []
    for one in said:
        above = sum(field.start < one.field.start for field, _ in trace) - 1
        made_up = above >= 0 and weighed[above].contradicted
        standing = "plausible" if one in believed else "contradicted" if made_up else "claimed"
        signed = any(line.by.lower() == one.host for _, line in trace[hop + 1 : above + 1])
        by_peer = one.host in names or (signed and organisation(one.host) in {organisation(name) for name in names})
        shown = Submitted(
            one.field.anchor,
            above if above >= 0 else None,
            one.ip or None,
            one.account or None,
            one.script or None,
            one.host or None,
            standing,
        )
        out.append(Statement(one, shown, bool(one.host) and by_peer and not made_up))
    return out
