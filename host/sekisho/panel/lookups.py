"""What was asked of whom for the message, how far that is, and what was not asked because of who would learn of it."""

from __future__ import annotations

from collections import Counter

from sekisho.panel import View
from sekisho.panel.naming import moment
from sekisho.panel.primitives import Primitive, action, copy, fold, sentence, table
from sekisho.questions import REGISTRY, SENDER, Question, level

MAX_LOG = 400


def progress(view: View) -> list[Primitive]:
    """How far the asking is, then how it went. The way to stop it is the painter's: it stands where it is always seen."""
    words, lookups = view.words, view.lookups
    out: list[Primitive] = []
    if lookups.waiting:
        done = lookups.asked - lookups.waiting
        out.append(sentence(words("lookups.waiting", done=done, asked=lookups.asked)))
    failed = Counter(str(entry["outcome"]) for entry in lookups.log if entry["outcome"] not in ("answered", "nothing"))
    if lookups.log and not lookups.waiting and failed["unreachable"] + failed["timeout"] == len(lookups.log):
        out.append(sentence(words("lookups.no-network"), "warn"))
    elif lookups.log and not lookups.waiting:
        out.append(sentence(words("lookups.done", asked=lookups.asked, failed=sum(failed.values())), "muted"))
        out += [
            sentence(words("lookups.failed", count=count, reason=words(f"lookups.reason.{reason}")), "muted")
            for reason, count in failed.items()
        ]
    return out


def log(view: View) -> list[Primitive]:
    """What was not asked, with the way to ask it; and what was, of whom and when."""
    words, lookups = view.words, view.lookups
    out = [] if lookups.waiting else _withheld(view)
    if lookups.log:
        rows = [_row(view, entry) for entry in lookups.log[:MAX_LOG]]
        text = "\n".join("\t".join(row) for row in rows)
        columns = [words(f"lookups.log.{name}") for name in ("question", "source", "at", "outcome")]
        out.append(fold(words("lookups.log"), [table(rows, columns), copy(words("lookups.log.copy"), text)]))
    return out


def _withheld(view: View) -> list[Primitive]:
    """The questions that stay open, by who would learn of them; the list stands before the button."""
    words, out = view.words, []
    open_ = [question for question in view.wanted if level(question) != SENDER]
    if open_ and not view.lookups.log:
        out.append(
            action(
                words("lookups.more.registry", count=len(open_)),
                "ask_more",
                {"privacy": REGISTRY},
                words("lookups.more.registry.note"),
            )
        )
    telling = [question for question in view.wanted if level(question) == SENDER]
    if telling:
        rows = [[_asked(view, question)] for question in telling[:MAX_LOG]]
        out.append(
            fold(
                words("lookups.more.sender", count=len(telling)),
                [
                    sentence(words("lookups.more.sender.note"), "warn"),
                    table(rows, [words("lookups.log.question")]),
                    action(words("lookups.more.sender.do"), "ask_more", {"privacy": SENDER}),
                ],
            )
        )
    return out


def _row(view: View, entry: dict[str, object]) -> list[str]:
    words, question = view.words, entry["question"]
    outcome = str(entry["outcome"])
    said = words(f"lookups.{outcome}") if outcome in ("answered", "nothing") else words(f"lookups.reason.{outcome}")
    asked = _asked(view, Question(**question)) if isinstance(question, dict) else ""
    return [asked, str(entry["source"]), moment(str(entry["at"]), view.facts.settings.time_zone), said]


def _asked(view: View, question: Question) -> str:
    key = f"question.{question.kind}"
    return view.words(key, type=question.type, name=question.name)
