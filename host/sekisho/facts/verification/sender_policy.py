"""SPF of whoever handed the message over, with the envelope sender (RFC 7208), by pyspf, with the records that are known.

The record of a registrable domain is the same for all who ask, and so are the names that stand in it as they are: they are
asked as `spf` questions. A name that a macro made may be one reader's own, and so may the envelope sender's subdomain:
those are plain DNS questions, whose level is their name's.
"""

from __future__ import annotations

from functools import cache

from sekisho.facts.route import Route
from sekisho.facts.verification import libraries
from sekisho.mail import domain
from sekisho.mail.ip import canonical
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import Ask, Question

if TYPE_CHECKING:
    from typing import Any

MAX_SENDER = 320
_ADDRESS = {"A": 4, "AAAA": 6}


class Spf(NamedTuple):
    """pass, fail, softfail, neutral, none, permerror, temperror (RFC 7208 §2.6), unknown."""

    result: str
    reason: str
    domain: str  # whose record it is
    identity: str  # mailfrom, or helo where the envelope sender is empty (§2.4)
    ip: str
    record: str  # the domain's own, as it was published


class NotKnownError(Exception):
    """A record that nobody has answered yet."""


def check(message: Message, route: Route, ask: Ask) -> Spf | None:
    """None where nobody outside handed the message over, or the envelope sender is not known."""
    entry = route.entry
    ip = canonical(entry.received.ip) if entry is not None else ""
    sender = _sender(message, route)
    if entry is None or not ip or sender is None:
        return None
    helo = domain.normalise(entry.received.helo)
    identity = "mailfrom" if sender else "helo"
    return evaluate(ip, sender, helo, identity, ask)


def evaluate(ip: str, sender: str, helo: str, identity: str, ask: Ask) -> Spf:
    """The result of RFC 7208 §4.1 for an address, a mailbox ("" for the null path) and a HELO name."""
    of = domain.normalise(sender.rpartition("@")[2]) if sender else helo
    if "." not in of or canonical(of.strip("[]")):
        return Spf("none", "no-domain", of, identity, ip, "")  # §4.3
    first = ask(Question("dns", "TXT", of))  # so that the common case loads no library
    if first is None:
        failed = ask.failed(Question("dns", "TXT", of))
        return Spf("temperror" if failed else "unknown", "no-answer" if failed else "not-asked", of, identity, ip, "")
    texts = [text for text in first.records if isinstance(text, str)]
    record = next((text for text in texts if text.lower().split(" ")[0] == "v=spf1"), "")
    if not record:
        return Spf("none", "no-record", of, identity, ip, "")
    query = _query_class()(ip, sender, helo, of, ask)
    try:
        result, _, _ = query.check()
    except NotKnownError:
        return Spf("unknown", "not-asked", of, identity, ip, record)
    except Exception:  # a library's fault at what the sender's name server said; it allows nobody
        return Spf("permerror", "syntax", of, identity, ip, record)
    reason = {"temperror": "no-answer", "permerror": "syntax"}.get(result, "")
    return Spf(result, reason, of, identity, ip, record)


@cache
def _query_class() -> Any:
    """pyspf's query, asking the way that everybody asks here."""
    module = libraries.pyspf()

    class Query(module.query):  # type: ignore[misc, name-defined]
        def __init__(self, ip: str, sender: str, helo: str, of: str, ask: Ask) -> None:
            super().__init__(ip, sender or f"postmaster@{helo}", helo, receiver="receiver.invalid")
            self._asks = ask
            self._own = of
            self._made: set[str] = set()

        def check(self) -> tuple[str, int, str]:
            libraries.asking_by(self._lookup)
            found: tuple[str, int, str] = super().check()
            return found

        def expand(self, text: str, stripdot: bool = True) -> str:
            made: str = super().expand(text, stripdot)
            if "%{" in text:
                self._made.add(made.lower())
            return made

        def get_explanation(self, spec: str) -> str:
            return ""  # the sender's own words, at a name that may be the reader's: nothing is gained by them

        def validated_ptrs(self) -> list[str]:
            question = Question("dns", "PTR", canonical(self.c))
            return [
                str(record["name"])
                for record in self._answer(question)[: module.MAX_PTR]
                if isinstance(record, dict) and record.get("confirmed")
            ]

        def _lookup(self, name: str, kind: str, *_: object) -> list[Any]:
            plain = name == self._own or name in self._made
            records = self._answer(Question("dns" if plain else "spf", kind, name))
            texts = [record for record in records if isinstance(record, str)]
            return [((name, kind), value) for value in map(_READERS[kind], texts) if value is not None]

        def _answer(self, question: Question) -> tuple[object, ...]:
            answer = self._asks(question)
            if answer is not None:
                return answer.records
            if self._asks.failed(question):
                raise module.TempError(f"no answer: {question.type}")
            raise NotKnownError

    return Query


def _exchange(text: str) -> tuple[int, str] | None:
    preference, _, host = text.partition(" ")
    return (int(preference), host) if preference.isdecimal() and host else None


# From the records of questions.Question to what pyspf takes for an answer.
_READERS: dict[str, Any] = {
    "A": lambda text: text if canonical(text) and ":" not in text else None,
    "AAAA": lambda text: text if ":" in canonical(text) else None,
    "MX": _exchange,
    "TXT": lambda text: (text.encode("utf-8"),),
}


def _sender(message: Message, route: Route) -> str | None:
    """The envelope sender as the reader's own side wrote it: Return-Path at delivery (RFC 5321 §4.4), else the checkpoint's line."""
    field = message.header.first("return-path")
    above = route.entry is not None and field is not None and field.start < route.entry.field.start
    if above and field is not None:
        found = message.addresses("return-path")
        return found[0].address[:MAX_SENDER] if found and "@" in found[0].address else ""
    said = route.entry.received.envelope_from if route.entry else None
    return None if said is None else said.strip("<>")[:MAX_SENDER]
