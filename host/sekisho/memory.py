"""What this computer remembers, for one message on its way through: recalled before its report, and told of it afterwards."""

from __future__ import annotations

from sekisho.engine import Analysis
from sekisho.facts import campaign, sighting
from sekisho.mail import likeness
from sekisho.mail.date import iso
from sekisho.mail.message import Message
from sekisho.mail.received import Received
from sekisho.named import TYPE_CHECKING
from sekisho.questions import ALIKE, HISTORY, LEARNT_EDGES, Answer, Question, State
from sekisho.register import Register, lessons

if TYPE_CHECKING:
    from typing import Any

    from sekisho.register.sightings import Seen

MAX_LISTED = 5000  # messages of a campaign that are named


class Memory:
    """What the register knows that one message of a mail account needs. `days`: for how long anything is remembered."""

    def __init__(self, register: Register, account: str, days: int) -> None:
        register.days = days
        self._register = register
        self._account = account
        self._trace: str | None = None  # of a message that came in whole
        self._passed: sighting.Sighting | None = None
        self._lines: list[Received] = []
        self._likeness = likeness.NOTHING
        self._at = 0

    def recall(self, message: Message) -> dict[Question, State]:
        """What the account's mail has taught so far, and what is known of the message's like and of its sender, as the answers that
        the report asks for. Of the first bytes of a message what it has taught alone."""
        self._lines = [line for _, line in message.received]
        edges = self._register.edges(self._account, self._lines)
        known: dict[Question, State] = {LEARNT_EDGES: Answer((edges,), "register", "")}
        if message.sha256 is not None:
            trace = lessons.trace(self._lines) or message.sha256
            self._trace = trace if message.complete else None
            self._likeness = likeness.of(message)
            address = next((one.address.lower() for one in message.addresses("from") if one.address), "")
            newest = next((line.date.epoch for line in self._lines if line.date), None)
            self._at = sighting.arrival(newest, message.unstructured("date"))
            known[ALIKE] = Answer(self._register.alike(trace, self._likeness, self._at), "register", "")
            known[HISTORY] = Answer(self._register.history(trace, address, self._at), "register", "")
        if self._register.news():
            message.defects.append("not-remembered")
        return known

    def teach(self, analysis: Analysis) -> None:
        """Let the message count, if it was whole. Called when its report is out: nobody waits for the disk."""
        if self._trace is None:
            return
        from sekisho.register.sightings import Seen

        self._passed = passed_by(analysis)
        if self._lines or self._passed.sent:
            self._register.remember(self._account, [Seen(self._trace, self._lines, self._likeness, self._passed)])

    def campaign(self) -> dict[str, Any]:
        """Every message of one kind with this one that is remembered, this one included: {"messages": [{"message_id", "at"}], "left_out"}.

        `message_id` is null for one that had no warning signs when it was looked at: of those it is not kept.
        """
        if self._trace is None or self._passed is None:
            return {"messages": [], "left_out": 0}
        records = self._register.alike(self._trace, self._likeness, self._at, MAX_LISTED)
        found = campaign.of_its_kind(self._passed, records)
        listed = [(int(row["at"]), str(row["message_id"])) for row in found]
        listed = sorted([*listed, (self._passed.at, self._passed.message_id)])
        kept = listed[-MAX_LISTED:]
        return {
            "messages": [{"message_id": name or None, "at": iso(at)} for at, name in kept],
            "left_out": len(listed) - len(kept),
        }

    def kin(self) -> Answer:
        """The answer to `questions.ALIKE` in full: of a large campaign a report rests on the newest."""
        if self._trace is None:
            return Answer((), "register", "")
        return Answer(self._register.alike(self._trace, self._likeness, self._at, MAX_LISTED), "register", "")

    def told(self, whom: str, at: int | None, campaign: bool = False) -> bool:
        """Note whom the reader told of this sender's mail, or of every message of one kind with this one (`at` None: take it back).
        Whether that could be written down."""
        if self._passed is None:
            return False
        trace = self._trace if campaign else None
        return self._register.told(self._account, self._passed.address, whom, at, trace)


def passed_by(analysis: Analysis) -> sighting.Sighting:
    """A message's sighting, with the verdict."""
    return analysis.facts.sighting._replace(level=analysis.report.verdict.level)


def seen(analysis: Analysis, alike: likeness.Likeness) -> Seen | None:
    """What is remembered of a message that passed, without what it teaches of the reader's own servers; None of drafts and of what
    else never went anywhere."""
    from sekisho.register.sightings import Seen

    message, passed = analysis.facts.message, passed_by(analysis)
    lines = [line for _, line in message.received]
    if not (lines or passed.sent) or message.sha256 is None:
        return None
    return Seen(lessons.trace(lines) or message.sha256, (), alike, passed)
