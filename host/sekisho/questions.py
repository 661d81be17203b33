"""What a report would like to know from the world, and who would learn of it (DESIGN: privacy belongs to the question).

A check asks and never waits: `ask(question)` gives the answer that is known so far, or None ("not known", which is never
"absent"), and notes the want. Whoever runs the look-ups runs the same pure function again when answers arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sekisho.mail import domain
from sekisho.named import NamedTuple
from sekisho.tables.selectors import COMMON

OFFLINE, RESOLVER, REGISTRY, SENDER = "offline", "resolver", "registry", "sender"
LEVELS = (OFFLINE, RESOLVER, REGISTRY, SENDER)  # each allows all that stand before it


class Question(NamedTuple):
    """One thing to be known. What `type` and `name` hold, and what an answer's records are, depends on `kind`:

    | kind | type | name | records |
    |---|---|---|---|
    | dns | A, AAAA, MX, NS, TXT | host name, A-labels, lower case | text: addresses; "10 mx.example" ; names; TXT strings joined |
    | dns | PTR | canonical address | {"name", "confirmed"}: whether the name leads back to the address (RFC 8601 §2.7.3 iprev) |
    | spf | A, AAAA, MX, TXT | a name that stands in a published SPF record as it is | as of dns |
    | asn | ip | canonical address | {"asn", "prefix", "country", "registry", "name"}: the routing table's word today |
    | blocklist | zone of the list | canonical address or domain | {"code", "meaning", "text"}; none: not listed |
    | rdap | ip | canonical address | one {"prefix", "name" (the holder), "handle", "country", "abuse", "registry"} (RFC 9083) |
    | registration | domain | registrable domain | one {"registrar", "created", "expires", "status", "nameservers", ...} |
    | safebrowsing | prefix | 8 hexadecimal digits | {"hash": 64 digits, "threat"} of every full hash under the prefix |
    | lists | url | a link | {"list", "listed", "note"}: files that the reader downloaded; no one is asked |
    | place | ip | canonical address | one {"prefix", "asn", "name", "country", "region", "city", "lat", "lon"}: the reader's own file |
    | visit | link | a link as it is requested | one: lookup/visits.py has its fields. The reader's own word alone asks it |
    | register | edges | "" | this computer's own memory |
    | campaign | alike | "" | messages that may be of one kind with this one: PROTOCOL.md, "What passed before"; no one is asked |
    | history | sender | "" | one object: what is remembered of the sender; likewise |
    | known | sender | "" | {"address", "by": facts.known.WAYS}: whether the reader's address book has the sender; likewise |
    | opened | reader (opening/) | SHA-256 of a file's content | PROTOCOL.md, "Files that were opened"; no one is asked |
    """

    kind: str
    type: str
    name: str


class Answer(NamedTuple):
    """What the world said. No records means that it said there are none."""

    records: tuple[object, ...]
    source: str  # who said it: a resolver, a registry's server, a file
    at: str  # when; ISO 8601
    lasts: float | None = None  # seconds for which its source says that it holds; None: it does not say


class Failed(NamedTuple):
    """A look-up that brought no answer: nothing is known, neither that there is something nor that there is nothing.

    `reason`: timeout, refused, server-failed, unreachable, rate-limited, malformed, too-large, tls, no-server (nobody is
    known to answer this), blocked (answers others, not this resolver), cancelled; crashed (a file broke its reader).
    """

    reason: str
    source: str
    at: str


class Waiting(NamedTuple):
    """A look-up that is under way."""

    at: str


State = Answer | Failed | Waiting
OPENED = "opened"  # the kind of the questions that the second stage answers (session.Live)
TOLD = (
    "sender",
    "network",
    "hoster",
    "registrar",
    "brand",
    "authority",
    "colleagues",
)  # whom a reader can have told of a mail
ALIKE = Question("campaign", "alike", "")
HISTORY = Question("history", "sender", "")
KNOWN = Question("known", "sender", "")
LEARNT_EDGES = Question("register", "edges", "")  # answered by facts.edges.Edges, learnt from the reader's mailbox


@lru_cache(maxsize=4096)
def level(question: Question) -> str:
    """The privacy level from which on a question may be asked (DESIGN section 4).

    What may be unique to one reader, and so tells the sender that this one looks, is asked at the level `sender` alone: a
    host name that is not a registrable domain, a DKIM selector that is not a common one, the reverse name of an IPv6 address.
    """
    if question.kind in ("register", "campaign", "history", "known", "lists", "place", OPENED):
        return OFFLINE
    if question.kind in ("asn", "spf"):
        return RESOLVER  # of spf: the record in which the name stands is the same for all who read it
    if question.kind == "dns":
        if question.type == "PTR":
            return SENDER if ":" in question.name else RESOLVER
        return RESOLVER if _of_an_organisation(question.name) else SENDER
    if question.kind == "blocklist":
        return RESOLVER if _public_subject(question.name) else SENDER
    if question.kind in ("rdap", "safebrowsing"):
        return REGISTRY
    if question.kind == "registration":
        return REGISTRY if domain.registrable(question.name) == question.name else SENDER
    return SENDER


def _of_an_organisation(name: str) -> bool:
    """Whether a DNS name is an organisation's own, the same for all who ask: its domain, its DMARC record (RFC 7489 §6.1),
    a DKIM key under a selector that many use (RFC 6376 §3.6.2.1)."""
    bare = name.removeprefix("_dmarc.")
    selector, mark, rest = name.partition("._domainkey.")
    if mark and selector in COMMON:
        bare = rest
    return bare == domain.registrable(bare) != ""


def _public_subject(name: str) -> bool:
    return ":" in name or name.replace(".", "").isdigit() or domain.registrable(name) == name


class Ask:
    """Hands out known answers and remembers every question, in the order first asked."""

    def __init__(self, answers: Mapping[Question, State]) -> None:
        self._answers = answers
        self.asked: dict[Question, State | None] = {}
        self.offered: dict[Question, list[str]] = {}

    def __call__(self, question: Question) -> Answer | None:
        state = self._answers.get(question)
        self.asked[question] = state
        return state if isinstance(state, Answer) else None

    def offer(self, question: Question, place: str) -> State | None:
        """What is known of a question that only the reader may put, at a place: no report wants its answer by itself."""
        places = self.offered.setdefault(question, [])
        if place not in places:
            places.append(place)
        state = self._answers.get(question)
        if state is not None:
            self.asked[question] = state
        return state

    def knows(self, kind: str) -> bool:
        """Whether anybody has been asked a question of this kind."""
        return any(question.kind == kind for question in self._answers)

    def failed(self, question: Question) -> Failed | None:
        """Why a question that was asked has no answer; None while that is open."""
        state = self._answers.get(question)
        return state if isinstance(state, Failed) else None

    def waiting(self, question: Question) -> bool:
        """Whether an answer to a question is under way."""
        return isinstance(self._answers.get(question), Waiting)
