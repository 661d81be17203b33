"""What a report would like to know from the world, and who would learn of it (DESIGN: privacy belongs to the question).

A check asks and never waits: `ask(question)` gives the answer that is known so far, or None ("not known", which is never
"absent"), and notes the want. Whoever runs the look-ups runs the same pure function again when answers arrive.
"""

from typing import NamedTuple

OFFLINE, RESOLVER, REGISTRY, SENDER = "offline", "resolver", "registry", "sender"
LEVELS = (OFFLINE, RESOLVER, REGISTRY, SENDER)  # each allows all that stand before it


class Question(NamedTuple):
    """`kind` is dns, rdap, whois or register (this computer's own memory); `type` the record type, or ip/domain; `name` what is
    asked about."""

    kind: str
    type: str
    name: str


class Answer(NamedTuple):
    """What the world said. No records means that it said there are none; a look-up that failed is no Answer."""

    records: tuple[object, ...]
    source: str
    at: str  # ISO 8601


LEARNT_EDGES = Question("register", "edges", "")  # answered by facts.edges.Edges, learnt from the reader's mailbox


def level(question: Question) -> str:
    """The privacy level from which on a question may be asked."""
    if question.kind == "register":
        return OFFLINE
    if question.kind == "dns":
        return SENDER if question.name.endswith(".ip6.arpa") else RESOLVER
    return REGISTRY


class Ask:
    """Hands out known answers and remembers every question, in the order first asked."""

    def __init__(self, answers: dict[Question, Answer]) -> None:
        self._answers = answers
        self.asked: dict[Question, Answer | None] = {}

    def __call__(self, question: Question) -> Answer | None:
        answer = self._answers.get(question)
        self.asked[question] = answer
        return answer
