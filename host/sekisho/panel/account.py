"""The decision of `facts.account` and its reasons as sentences."""

from __future__ import annotations

from sekisho.facts import Facts
from sekisho.facts.account import named
from sekisho.facts.lines import ACCESS, HOSTING, MOBILE
from sekisho.panel.words import Words


def decision(facts: Facts, words: Words) -> str:
    """Whether the claimed sender's mailbox was used, in one sentence."""
    state, unsure = facts.account.state, facts.account.confidence == "low"
    key = f"account.{state}-perhaps" if unsure and state in ("used", "borrowed") else f"account.{state}"
    return words(key, **values(facts, words))


def reasons(facts: Facts, words: Words) -> list[str]:
    """What the decision rests on, one sentence each."""
    known = values(facts, words)
    return [words(f"account.reason.{reason}", **known) for reason in facts.account.reasons]


def _line(facts: Facts) -> str:
    """The kind of line that the login came from, where that is somebody's own; "" else."""
    account = facts.account
    if not account.ip or account.hop is None:
        return ""
    known = facts.line_of(account.ip, *named(facts.route.steps[account.hop].received, account.ip))
    return known.kind if known and known.kind in (ACCESS, MOBILE, HOSTING) else ""


def values(facts: Facts, words: Words) -> dict[str, str]:
    """What those sentences name."""
    account = facts.account
    network = facts.network(account.ip) if account.ip else None
    owner = (network.name if network else None) or account.ip or ""
    line = _line(facts)
    entry = facts.route.entry.received if facts.route.entry else None
    return {
        "address": account.address or "",
        "account": account.address or "",
        "login": account.login or "",
        "ip": account.ip or "",
        "confidence": words(f"confidence.{account.confidence}") if account.confidence else "",
        "network": words(f"account.line.{line}", network=owner) if line else owner,
        "country": words.country(network.country if network else None),
        "host": (entry.rdns or entry.ip) if entry else "",
    }
