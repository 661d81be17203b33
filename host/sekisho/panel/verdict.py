"""The verdict block: a level, the headline, what to do now, at most five reasons, what was verified in the message's favour, and how
much each thing counted."""

from __future__ import annotations

from sekisho.mail import own_seals
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, fold, heading, listing, sentence, table
from sekisho.panel.primitives import block as make
from sekisho.report import Finding
from sekisho.tables import weights


def block(view: View) -> Primitive:
    """The verdict block. What to do now comes before the reasons: who reads no further has read what matters."""
    words, verdict = view.words, view.verdict
    body: list[Primitive] = [sentence(verdict.headline, "strong")]
    if not view.read:
        body.append(sentence(words("verdict.still-reading"), "muted"))
    elif not view.facts.message.complete:
        body.append(sentence(words("verdict.incomplete", size=view.facts.message.size), "warn"))
    body += [
        sentence(words(f"verdict.{seal.kind}"), "warn", seal.where)
        for seal in own_seals.find(view.facts.message)
        if seal.closed
    ]
    reasons = [finding for finding in (_first(view.findings, name) for name in verdict.reasons) if finding]
    if verdict.level != "clear":
        from sekisho.panel import advice, first_aid  # of no use to most mails

        case = advice.case(view)
        body += [
            heading(words("verdict.do")),
            listing([[sentence(text, "strong")] for text in advice.steps(case, words)], ordered=True),
            first_aid.block(case, words),
        ]
    body += _favour(view)
    if reasons:
        body += [heading(words("verdict.reasons")), listing([_reason(finding) for finding in reasons])]
    besides = list(
        {finding.id: finding for finding in reversed(view.findings) if finding.id not in verdict.reasons}.values()
    )
    if besides:
        listed = [_reason(finding) for finding in reversed(besides)]
        body.append(fold(words("verdict.besides", count=len(listed)), [listing(listed)]))
    if view.counted:
        body.append(_counted(view))
    some = "-some" if verdict.level == "clear" and reasons else ""
    return make("verdict", words(f"verdict.{verdict.level}{some}"), body, verdict.level)


def _favour(view: View) -> list[Primitive]:
    """What was verified, and by whom; nothing where nothing was."""
    from sekisho.panel import favour

    said = favour.sentences(view)
    if not said:
        return []
    key = "favour" if view.verdict.level == "clear" else "favour.limits"
    return [heading(view.words(key)), listing([[sentence(text)] for text in said])]


def _counted(view: View) -> Primitive:
    """What made the verdict, each with its points, and from how many on it is a warning."""
    words = view.words
    titles = {finding.id: finding.title for finding in reversed(view.findings)}
    rows = [
        [titles[one.id] if one.severity else words(f"counted.{one.id}"), f"{one.points:+}".replace("-", "−")]
        for one in view.counted
    ]
    total = sum(one.points for one in view.counted)
    rows.append([words("counted.sum"), str(total)])
    note = words("counted.thresholds", caution=weights.CAUTION, danger=weights.DANGER)
    return fold(words("counted", points=total), [table(rows), sentence(note, "muted")])


def _reason(finding: Finding) -> list[Primitive]:
    return [sentence(finding.title, "strong"), sentence(finding.why), sentence(finding.advice, "muted")]


def _first(findings: tuple[Finding, ...], name: str) -> Finding | None:
    return next((finding for finding in findings if finding.id == name), None)
