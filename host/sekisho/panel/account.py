"""The decision of `facts.account` and its reasons as sentences."""

from __future__ import annotations

from sekisho.facts import Facts
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


def values(facts: Facts, words: Words) -> dict[str, str]:
    """What those sentences name."""
    account = facts.account
    network = facts.network(account.ip) if account.ip else None
    entry = facts.route.entry.received if facts.route.entry else None
    return {
        "address": account.address or "",
        "account": account.address or "",
        "login": account.login or "",
        "ip": account.ip or "",
        "confidence": words(f"confidence.{account.confidence}") if account.confidence else "",
        "network": (network.name if network else None) or account.ip or "",
        "country": words.country(network.country if network else None),
        "host": (entry.rdns or entry.ip) if entry else "",
    }
