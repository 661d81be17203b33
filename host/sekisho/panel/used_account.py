"""What the reader can do where a mailbox was used by somebody else: whom to tell, how, and the text of it to copy."""

from __future__ import annotations

import re

from sekisho.facts import Facts
from sekisho.facts.claims import organisation
from sekisho.facts.route import Step
from sekisho.named import TYPE_CHECKING
from sekisho.panel import View, account
from sekisho.panel.naming import moment
from sekisho.panel.primitives import Primitive, action, fold, heading, listing, marked, sentence, span
from sekisho.panel.words import Words
from sekisho.tables import countries
from sekisho.tables.providers import SUBMISSION

if TYPE_CHECKING:
    from typing import Any

_OWN_STEPS = ("password", "log", "rules", "factor", "scan", "warn")


def parts(view: View) -> list[Primitive]:
    """Steps, and letters to copy; none where no mailbox was used by somebody else."""
    facts, words = view.facts, view.words
    used = facts.account
    if used.state != "used" or used.hop is None or not used.address:
        return []
    step = facts.route.steps[used.hop]
    if used.whose == "reader":
        return [heading(words("actions.own")), *_own(facts, step, words)]
    return [heading(words("actions.tell", account=used.address)), *_others(view, step)]


def _own(facts: Facts, step: Step, words: Words) -> list[Primitive]:
    values = {**account.values(facts, words), "time": _time(step)}
    values["server"] = step.received.by or organisation(values["account"].rpartition("@")[2])
    steps = [[sentence(words(f"actions.own.{name}", **values))] for name in _OWN_STEPS]
    return [sentence(words("actions.own.was-it-you", **values)), listing(steps, ordered=True)]


def _others(view: View, step: Step) -> list[Primitive]:
    from sekisho.facts import recipients  # few mails need a letter
    from sekisho.panel import letters, notices

    facts, words = view.facts, view.words
    known = recipients.find(facts, view.findings)
    desks = {one.roles[0]: letters.drafts(view, one) for one in known.found}
    used = facts.account
    owner = used.address or ""
    place = owner.rpartition("@")[2]
    provider = recipients.provider_of(facts)
    steps = [words("actions.call"), words("actions.not-by-mail", account=owner)]
    if organisation(place) not in SUBMISSION:  # there the postmaster is the provider
        steps.append(words("actions.postmaster", domain=place))
    if used.whose == "fellow":
        steps.append(words("actions.administrator"))
    if provider:
        steps.append(words("actions.provider", provider=provider.name, desk=provider.desk))
    first = "ja" if words.locale == "ja" or countries.of_domain(place) == "JP" else "en"
    other = "en" if first == "ja" else "ja"
    body: list[Primitive] = [
        sentence(words("actions.hint" if used.confidence == "low" else "actions.sure")),
        listing([[sentence(said)] for said in steps], ordered=True),
        sentence(words("actions.blanks"), "muted"),
    ]
    for kind in ("say", "letter"):
        made = notices.text(kind, first, **_values(facts, step, place, first))
        drafts = desks.get("owner", []) if kind == "letter" else []
        summary = words(f"actions.{kind}", language=words(f"language.{first}"))
        body.append(fold(summary, [*_to_copy(kind, made, words), *drafts]))
    if provider:
        language = "ja" if countries.of_domain(provider.desk) == "JP" else "en"
        made = notices.text("complaint", language, desk=provider.desk, **_values(facts, step, place, language))
        summary = words("actions.complaint", provider=provider.name, language=words(f"language.{language}"))
        body.append(fold(summary, [*_to_copy("complaint", made, words), *desks.get("provider", [])]))
    again: list[Primitive] = []
    for kind in ("say", "letter"):
        again.append(heading(words(f"actions.{kind}", language=words(f"language.{other}"))))
        again += _to_copy(kind, notices.text(kind, other, **_values(facts, step, place, other)), words)
    body.append(fold(words(f"actions.in-{other}"), again))
    return body


def notice(facts: Facts, kind: str, language: str) -> tuple[str, str]:
    """Subject and body of a notice (letter, complaint) as a mail."""
    from sekisho.facts.recipients import provider_of
    from sekisho.panel import notices

    step = facts.route.steps[facts.account.hop or 0]
    place = (facts.account.address or "").rpartition("@")[2]
    provider = provider_of(facts)
    values = _values(facts, step, place, language)
    if provider is not None:
        values["desk"] = provider.desk
    text = notices.text(kind, language, **values)
    head, _, body = text.partition("\n\n")
    subject = head.splitlines()[-1].replace("\uff1a", ":", 1)
    return subject.partition(":")[2].strip(), body


def _to_copy(kind: str, text: str, words: Words) -> list[Primitive]:
    label = words("actions.copy-words" if kind == "say" else "actions.copy-letter")
    return [marked([span(text)]), action(label, "copy", {"text": text})]


def _values(facts: Facts, step: Step, place: str, language: str) -> dict[str, Any]:
    """What a notice names, in its own language."""
    known = account.values(facts, Words(language))
    return {
        "addressee": "to-owner" if organisation(place) in SUBMISSION else "to-domain",
        "virus": "virus" in facts.account.reasons,
        "domain": place,
        "time": _time(step),
        "server": step.received.by or place,
        "message_id": _without_reader(facts.message.unstructured("message-id") or "", facts, step),
        "line": _without_reader(step.received.raw, facts, step),
        "field": _without_reader(_field(facts), facts, step),
        **{name: known[name] for name in ("account", "login", "ip", "network", "country", "confidence")},
    }


def _time(step: Step) -> str:
    return moment(step.hop.date) if step.hop.date else ""


def _field(facts: Facts) -> str:
    """The header field that names the login beside the line; "" where the line does."""
    field = facts.message.header.first(facts.account.field) if facts.account.field else None
    return f"{field.raw_name}: {field.text.strip()}" if field else ""


def _without_reader(text: str, facts: Facts, step: Step) -> str:
    """A text without the address it was sent to: that is nobody's business but the reader's."""
    hidden = {*facts.identity.readers, step.received.recipient.lower()} - {"", facts.account.address}
    for address in sorted(hidden, key=len, reverse=True):
        text = re.sub(re.escape(address), "…", text, flags=re.IGNORECASE)
    return text
