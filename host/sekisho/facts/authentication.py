"""What others wrote down of a message's papers, and whether their word counts.

Authentication-Results and Received-SPF are written by servers on the way, and by whoever likes to. A result counts when it
was written by a server of the reader's own side: its authserv-id is exactly one that those servers use, and it stands where
only they write. All else is shown, with who is said to have said it, and nothing rests on it.

Which names those are: the `by` of the lines that the reader's side wrote (route), what a known provider signs with
(tables/authserv), and what the reader named. Equality of whole names; no part of a name and no domain ever makes one.
Where they write: above the line that took the message from outside, because new fields go on top (RFC 8601 §4.1); right behind
that line for a provider that is known to write there and to take away what a sender wrote in its name. Many a filter writes
just below its server's line, where the sender's own fields begin: of a name that the reader gave, what failed counts there,
which no sender writes, and no pass.
"""

from __future__ import annotations

from sekisho.facts.route import Route
from sekisho.mail import domain
from sekisho.mail.fields import Field
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.report import ReportedResults
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import Any

    from sekisho.mail.authres import Result

MAX_FIELDS = 20  # of one name; real mails have up to 9
RESULTS, SPF, CHAIN = "authentication-results", "received-spf", "arc-authentication-results"
# Why a field counts, and why not.
YOURS, PROVIDER, NAMED = "yours", "provider", "named"
BELOW, NOWHERE, ANOTHER, DOUBTFUL, SECOND, RELAY, SEALED = (
    "below",  # the checkpoint: the sender may have written it
    "nowhere",  # there is no checkpoint to stand above
    "another",  # above it, but in the name of none of the reader's servers
    "doubtful",  # not as a server writes it: its text may be the sender's
    "second",  # the same server's word on this is above, and a pass needs no second field
    "relay",  # about the server that forwarded it, not about the sender
    "sealed",  # part of an ARC chain: as good as the chain and its sealer
)
COUNTS = (YOURS, PROVIDER, NAMED)
# Rules by which the checkpoint lies below servers that handed the message on: what those say of their peer is about each other.
_HANDED_ON = ("own-server", "own-relay", "own-forwarder", "own-filter", "own-scanner")
_WHOSE = {
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "smtp.helo"),
    "dkim": ("header.d", "header.i"),
    "dmarc": ("header.from",),
    "sender-id": ("header.from",),
}
_BEHIND = (RESULTS, SPF, "domainkey-status")  # what Google's server writes behind its line
_FAILED = ("fail", "softfail", "hardfail")
_SINGLE = ("spf", "dmarc", "arc")  # methods that have one result for one identity; signatures have one each


class Outcome(NamedTuple):
    """One result. `domain`: whose papers it is about, A-labels, lower case; "" where it does not say."""

    method: str
    result: str
    domain: str
    by: str  # the authserv-id; "" where the writer has none
    where: str
    standing: str
    shown: dict[str, Any]  # as it stands in the report

    @property
    def counts(self) -> bool:
        return self.standing in COUNTS


class Paper(NamedTuple):
    """One field and what it says; `standing` is why it counts, or why not."""

    kind: str
    field: Field
    authserv_id: str  # as it is written
    standing: str
    doubts: tuple[str, ...]
    said: tuple[Outcome, ...]
    instance: int | None  # of an ARC set

    @property
    def shown(self) -> ReportedResults:
        return ReportedResults(
            authserv_id=self.authserv_id,
            trusted=any(one.counts for one in self.said) if self.said else self.standing in COUNTS,
            results=tuple(one.shown for one in self.said),
            field=self.field.anchor,
            standing=self.standing,
            doubts=self.doubts,
            instance=self.instance,
        )


class _Place(NamedTuple):
    """Where the reader's side writes: offsets of the source, the names of its servers there, and where its provider writes."""

    top: int
    entry: int
    near: int  # where the fields end that stand right behind the line
    below: int
    servers: frozenset[str]
    provider: str
    relayed: bool


def read(message: Message, route: Route, settings: Settings) -> tuple[Paper, ...]:
    """Every field that reports results, topmost first within its kind."""
    header = message.header
    found = [(kind, header.all(kind)[:MAX_FIELDS]) for kind in (RESULTS, SPF, CHAIN)]
    if not any(fields for _, fields in found):
        return ()
    reading = _Reading(message, _place(message, route), settings)
    return tuple(reading.paper(kind, field) for kind, fields in found for field in fields)


def _place(message: Message, route: Route) -> _Place | None:
    entry, boundary = route.entry, route.boundary
    if entry is None or route.origin is None:
        return None
    from sekisho.tables import authserv

    relayed = bool(boundary) and route.origin.rule in _HANDED_ON
    top = route.steps[boundary - 1].field.start if relayed else -1
    below = route.steps[boundary + 1].field.start if boundary + 1 < len(route.steps) else len(message.source)
    behind = (field for field in message.header.fields if field.start > entry.field.start)
    near = next((field.start for field in behind if field.name not in _BEHIND), len(message.source))
    servers = frozenset(name for step in route.steps[: boundary + 1] if (name := _plain(step.received.by)))
    return _Place(top, entry.field.start, near, below, servers, authserv.place(_plain(entry.received.by)), relayed)


def _plain(name: str) -> str:
    """A name for comparing. Letters outside of ASCII stay: some become plain ones when they are lower-cased (U+212A)."""
    return name.lower() if name.isascii() else name


class _Reading:
    """The fields of one message, read from the top; `taken`: what a server's name has said further up."""

    def __init__(self, message: Message, place: _Place | None, settings: Settings) -> None:
        self.kept = message.kept
        self.place = place
        self.named = settings.trusted_authserv_ids
        self.taken: set[tuple[str, str]] = set()  # (authserv-id, method), and (authserv-id, "") for the name alone

    def paper(self, kind: str, field: Field) -> Paper:
        """One field."""
        from sekisho.mail import authres

        kept = ("authres", field.start)
        if kept not in self.kept:  # everything is reckoned again for every answer that comes in; this stays as it is
            self.kept[kept] = (
                authres.read_spf(field.text) if kind == SPF else authres.read(field.text, arc=kind == CHAIN)
            )
        known = self.kept[kept]
        spf = isinstance(known, authres.ReceivedSpf)
        authserv_id: str = known.receiver if spf else known.authserv_id
        instance: int | None = None if spf else known.instance
        results: tuple[Result, ...] = (known.result_of_its_own,) if spf else known.results
        standing = self._standing(kind, field, authserv_id, known.doubts)
        said = self._outcomes(results, authserv_id, field, standing, known.doubts)
        if standing in COUNTS:
            name = _plain(authserv_id)
            self.taken.update([(name, ""), *((name, one.method) for one in said)])
        return Paper(kind, field, authserv_id, standing, known.doubts, said, instance)

    def _standing(self, kind: str, field: Field, authserv_id: str, doubts: tuple[str, ...]) -> str:
        from sekisho.tables import authserv

        place, name = self.place, _plain(authserv_id)
        if kind == CHAIN:
            return SEALED
        if place is None:
            return NOWHERE
        own = name in place.servers or any(authserv.signs_as(server, name) for server in place.servers)
        named = name != "" and name in self.named
        if field.start < place.entry:
            gathered = kind == SPF and place.provider == authserv.GATHERED
            if not (own or named) or gathered or (kind == SPF and not name):
                return ANOTHER
            if doubts:
                return DOUBTFUL
            if place.relayed and field.start < place.top:
                return RELAY
            return NAMED if named else YOURS
        if field.start > place.near or kind != RESULTS or place.provider != authserv.BELOW or not own:
            return BELOW
        if doubts:
            return DOUBTFUL
        return SECOND if (name, "") in self.taken else PROVIDER

    def _outcomes(
        self, results: tuple[Result, ...], authserv_id: str, field: Field, standing: str, doubts: tuple[str, ...]
    ) -> tuple[Outcome, ...]:
        torn, name, place = _torn(results), _plain(authserv_id), self.place
        named_below = (
            standing == BELOW
            and field.name == RESULTS
            and not doubts
            and name != ""
            and name in self.named
            and place is not None
            and field.start < place.below
        )
        made = []
        for result in results:
            whose, one = _whose(result), standing
            if named_below and result.result in _FAILED:
                one = NAMED
            elif result.result == "pass" and (_single(result) in torn or not (whose or result.method == "arc")):
                one = DOUBTFUL if standing in (*COUNTS, RELAY) else standing
            elif result.result == "pass" and standing in COUNTS and (name, result.method) in self.taken:
                one = SECOND
            elif result.result == "pass" and standing == RELAY and result.method in ("dkim", "dmarc"):
                one = (
                    YOURS  # signatures are the author's, whoever forwarded them; what failed may have failed on the way
                )
            shown = {
                "method": result.method,
                "result": result.result,
                "reason": result.reason,
                "comment": result.comment,
                "properties": {each.key: each.value for each in result.properties},
                "counted": one in COUNTS,
                "standing": one,
            }
            made.append(Outcome(result.method, result.result, whose, authserv_id, field.anchor, one, shown))
        return tuple(made)


def _single(result: Result) -> tuple[str, str]:
    """What has only one result: a method, and with SPF the identity."""
    return result.method, "helo" if result.method == "spf" and _keys(result) == {"smtp.helo"} else ""


def _keys(result: Result) -> set[str]:
    return {one.key for one in result.properties if one.key in _WHOSE["spf"]}


def _torn(results: tuple[Result, ...]) -> set[tuple[str, str]]:
    """What one field says in two ways: one of them is not its writer's."""
    outcomes: dict[tuple[str, str], set[str]] = {}
    for result in results:
        if result.method in _SINGLE:
            outcomes.setdefault(_single(result), set()).add(result.result)
    return {single for single, said in outcomes.items() if len(said) > 1}


def _whose(result: Result) -> str:
    value = result.value(*_WHOSE.get(result.method, ()))
    host = value.strip("<>").rpartition("@")[2]
    return domain.normalise(host) if host and host.lower() != "none" and len(host) <= domain.MAX_HOST else ""
