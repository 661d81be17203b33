"""SPF and ARC against the suites that others wrote: openspf's for RFC 7208, ValiMail's for RFC 8617.

    python -m tests.bench.papers FOLDER

FOLDER holds rfc7208-tests.yml and arc-validation-tests.yml. Every case is verified as in Sekisho: by questions, whose answers
come one by one, in an order that a seed chooses, until no question is open. Differences are listed; status 1 where there are
more than the known ones.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from sekisho.facts.verification import sender_policy, signatures
from sekisho.mail import domain
from sekisho.mail.message import Message
from sekisho.questions import Answer, Ask, Failed, Question, State

AT = "2026-11-22T00:00:00+00:00"
# Where our result differs from a suite's, and why.
KNOWN: dict[str, str] = {}


def settle(run: Callable[[Ask], Any], answer: Callable[[Question], State], seed: int) -> Any:
    """What a verification says when every question that it asks has been answered, one at a time."""
    chance = random.Random(seed)
    known: dict[Question, State] = {}
    while True:
        ask = Ask(known)
        result = run(ask)
        missing = [question for question in ask.asked if question not in known]
        if not missing:
            return result
        chosen = chance.choice(missing)
        known[chosen] = answer(chosen)


def spf_answers(zone: dict[str, list[Any]]) -> Callable[[Question], State]:
    """A zone of the suite as the answers of questions."""
    names = {name.lower().rstrip("."): records for name, records in zone.items()}

    def records(name: str, kind: str, depth: int = 0) -> list[Any] | None:
        """None: the server does not answer."""
        found = []
        entries = names.get(name.lower().rstrip("."), [])
        texts = any(isinstance(entry, dict) and "TXT" in entry for entry in entries)
        for entry in entries:
            if entry == "TIMEOUT":
                if not found:
                    return None
                continue
            for type_, value in entry.items():
                # The suite's drivers double SPF records as TXT ones, unless a zone says otherwise.
                doubled = type_ == "SPF" and kind == "TXT" and not texts
                if type_ == "CNAME" and kind != "CNAME" and depth < 10:
                    found += records(value, kind, depth + 1) or []
                elif (type_ == kind or doubled) and value != "NONE":
                    if value == "TIMEOUT":
                        return None
                    found.append(value)
        return found

    def answer(question: Question) -> State:
        if question.type == "PTR":
            from ipaddress import ip_address

            address = ip_address(question.name)
            given = records(address.reverse_pointer, "PTR")
            if given is None:
                return Failed("timeout", "suite", AT)
            kind = "AAAA" if address.version == 6 else "A"
            told = []
            for name in given:
                back = records(name, kind)
                confirmed = None if back is None else address in [ip_address(one) for one in back]
                told.append({"name": name.lower().rstrip("."), "confirmed": confirmed})
            return Answer(tuple(told), "suite", AT)
        given = records(question.name, question.type)
        if given is None:
            return Failed("timeout", "suite", AT)
        return Answer(tuple(map(_text, given)), "suite", AT)

    return answer


def _text(record: Any) -> str:
    if isinstance(record, list) and record and isinstance(record[0], int):
        return f"{record[0]} {str(record[1]).lower().rstrip('.')}"
    if isinstance(record, list):
        return "".join(record)
    return str(record)


def spf(path: Path, seed: int) -> tuple[int, list[str]]:
    """The number of cases, and the differences."""
    cases, wrong = 0, []
    for section in yaml.safe_load_all(path.read_text("utf-8")):
        answer = spf_answers(section["zonedata"])
        for name, case in section["tests"].items():
            cases += 1
            sender = str(case["mailfrom"] or "")
            helo = domain.normalise(str(case["helo"]))
            host = str(case["host"])

            def run(ask: Ask, host: str = host, sender: str = sender, helo: str = helo) -> Any:
                return sender_policy.evaluate(host, sender, helo, "mailfrom" if sender else "helo", ask)

            got = settle(run, answer, seed).result
            wanted = case["result"] if isinstance(case["result"], list) else [case["result"]]
            if got not in wanted:
                wrong.append(f"spf {section['description']}/{name}: {got}, the suite has {wanted}")
    return cases, wrong


def arc(path: Path, seed: int) -> tuple[int, list[str]]:
    """As `spf`."""
    cases, wrong = 0, []
    for section in yaml.safe_load_all(path.read_text("utf-8")):
        keys = {name.lower(): "".join(record.split("\n")) for name, record in section["txt-records"].items()}

        def answer(question: Question, keys: dict[str, str] = keys) -> State:
            record = keys.get(question.name)
            return Answer((record,) if record else (), "suite", AT)

        for name, case in section["tests"].items():
            cases += 1
            message = Message(str(case["message"] or "").encode("utf-8"))
            chain = settle(lambda ask, message=message: signatures.verify_chain(message, ask), answer, seed)
            got = chain.result if chain else "none"
            wanted = (case["cv"] or "none").lower()
            if got != wanted:
                reason = chain.reason if chain else ""
                wrong.append(f"arc {section['description']}/{name}: {got} ({reason}), the suite has {wanted}")
    return cases, wrong


def main() -> int:
    folder = Path(sys.argv[1])
    unknown = False
    for name, run in (("rfc7208-tests.yml", spf), ("arc-validation-tests.yml", arc)):
        for seed in (1, 2, 3):
            cases, wrong = run(folder / name, seed)
            print(f"{name}: {cases - len(wrong)} of {cases} (order {seed})")
            for line in wrong:
                case = line.split(":")[0]
                print("   ", line, "|", KNOWN.get(case, "NOT KNOWN"))
                unknown |= case not in KNOWN
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
