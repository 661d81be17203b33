"""The history block: what is remembered of the sender, and what is new now."""

from __future__ import annotations

from sekisho.facts.history import History, Usual, weekday
from sekisho.facts.language import LANGUAGES
from sekisho.facts.sighting import Way
from sekisho.mail.date import iso
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, listing, sentence
from sekisho.panel.primitives import block as make
from sekisho.panel.words import Words

MONTH = 30 * 86400  # seconds
MAX_WAYS = 3


def block(view: View) -> Primitive | None:
    """The history block; None where nothing is remembered, not even since when."""
    found, words = view.facts.history, view.words
    if found is None or (found.began is None and not found.messages):
        return None
    body = [*_before(found, words), *_habit(view, found, words)]
    if found.written:
        times, at = found.written
        body.append(sentence(words("history.written", count=times, date=_day(at))))
    if found.viruses and (found.messages or len(found.viruses) > 1):
        named = words("joiner").join(words("history.virus", virus=virus, count=count) for virus, count in found.viruses)
        body.append(sentence(words("history.viruses", viruses=named), "warn"))
    said = {(one.whom, one.at) for one in view.facts.campaign.told} if view.facts.campaign else set()
    for one in found.told:
        if (one.whom, one.at) not in said:
            key = "history.told" if one.since else "history.told-none"
            body.append(sentence(words(key, whom=words(f"told.{one.whom}"), date=_day(one.at), count=one.since)))
    return make("history", words("history"), body)


def _before(found: History, words: Words) -> list[Primitive]:
    if not found.messages or found.first is None or found.last is None:
        return [sentence(words("history.first", began=_day(found.began or 0)))] if not found.written else []
    if found.messages == 1:
        out = [sentence(words("history.one", date=_day(found.last)))]
    else:
        dates = {"first": _day(found.first), "last": _day(found.last)}
        out = [sentence(words("history.count", count=found.messages, **dates))]
    if not found.proven:
        out.append(sentence(words("history.proven-none"), "muted"))
    elif found.proven < found.messages:
        out.append(sentence(words("history.proven", count=found.proven), "muted"))
    if found.warned:
        out.append(sentence(words("history.warned", count=found.warned)))
    return out


def _habit(view: View, found: History, words: Words) -> list[Primitive]:
    usual = found.usual
    if usual is None:
        return []
    way = (usual.behind or usual.ways)[:MAX_WAYS]
    named = words("joiner").join(said for one, _ in way if (said := through(one, words)))
    if not named:
        return []
    if found.as_always:
        return [sentence(words("history.as-always", count=usual.messages, ways=named))]
    span = period(usual, view.now, words)
    out = [sentence(words("history.usual", count=usual.messages, span=span, ways=named))]
    fresh = [text for code in found.news if (text := news(code, found, words))]
    if fresh:
        # Habits beside the ways stand here alone, where there is something else to hold them against.
        out += [sentence(text) for text in _manners(usual, words)]
        out += [sentence(words("history.news"), "strong"), listing([[sentence(text)] for text in fresh])]
        if {"language", "hour"} & set(found.news):
            out.append(sentence(words("history.manners"), "muted"))
    elif not found.vouched:
        out.append(sentence(words("history.unproven"), "muted"))
    return out


def _manners(usual: Usual, words: Words) -> list[str]:
    out = (
        [words("history.language", language=words(f"language.{usual.language}"))] if usual.language in LANGUAGES else []
    )
    if usual.hours is not None:
        key = "history.hours-weekdays" if usual.hours.weekdays else "history.hours"
        out.append(words(key, first=f"{usual.hours.first}:00", last=f"{usual.hours.last}:00"))
    return out


def through(way: Way, words: Words) -> str:
    """OCN in Japan; "" where neither is known."""
    if not way.name:
        return words.country(way.country) if way.country else ""
    return words("history.way", network=way.name, country=words.country(way.country)) if way.country else way.name


def period(usual: Usual, now: int, words: Words) -> str:
    """For how long the habit is known: in months, below two of them in days."""
    seconds = max(0, now - usual.since)
    if seconds >= 2 * MONTH:
        return words("history.months", count=seconds // MONTH)
    return words("history.days", count=max(1, seconds // 86400))


def news(code: str, found: History, words: Words) -> str:
    """What is new, in words; "" for what another code says better."""
    whose = "behind-" if code.startswith("behind-") else ""
    way = found.behind if whose else found.now
    if code == "zone":
        return words("history.new.zone")
    if code == "language":
        return (
            words("history.new.language", language=words(f"language.{found.language}"))
            if found.language in LANGUAGES
            else ""
        )
    if code == "hour":
        if found.usual is None or found.usual.hours is None:
            return ""
        local = found.at + found.usual.hours.zone * 60
        return words("history.new.hour", day=words(f"weekday.{weekday(local)}"), time=iso(local)[11:16])
    if way is None or (code.endswith("network") and f"{whose}country" in found.news):
        return ""
    said = through(way, words)
    if code.endswith("line"):
        return (
            words("history.new.line", way=said, line=words(f"line.{way.line}"))
            if f"{whose}country" not in found.news
            else ""
        )
    line = (
        words("history.on-line", way=said, line=words(f"line.{way.line}")) if way.line in ("access", "mobile") else said
    )
    return words(f"history.new.{whose}way", way=line)


def _day(at: int) -> str:
    return iso(at, 0)[:10]
