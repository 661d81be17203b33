"""The reader of Received lines behind a pipe: NDJSON messages in, NDJSON answers out, for a judge that knows nothing of Sekisho.

In:  {"id", "received": [field bodies, newest first], "config": {settings}, "mailbox": same value = same reader}
Out: {"id", "hops": [one a line], "boundary": {"ip", "hop"}}; ip "" when nothing came from outside.
All of the input is read first: what a mailbox teaches holds for every message of it.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "host"))

from sekisho.facts import checkpoint, claims
from sekisho.facts.edges import Edges, Learner, chain
from sekisho.mail import received
from sekisho.mail.received import Received
from sekisho.settings import Settings


def settings(config: dict[str, Any]) -> Settings:
    """The settings that a judge's configuration names; what it does not know as a setting is left out."""
    return Settings(
        **{name: tuple(value) for name, value in config.items() if name in Settings._fields and isinstance(value, list)}
    )


def hop(line: Received, forged: bool) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in ("ip", "rdns", "helo", "by", "by_ip", "via", "id", "ident", "envelope_from", "auth", "auth_user")},
        **{name: getattr(line, name) for name in ("tls_version", "tls_cipher", "relay")},
        "with": line.protocol,
        "for": line.recipient,
        "date": line.date.iso if line.date else None,
        "forged": forged,
    }  # fmt: skip


def answer(message: dict[str, Any], lines: list[Received], edges: Edges) -> dict[str, Any]:
    found = checkpoint.find(lines, settings(message.get("config") or {}), edges)
    weighed = claims.weigh(lines, found.hop)
    return {
        "id": message["id"],
        "hops": [hop(line, evidence.contradicted) for line, evidence in zip(lines, weighed, strict=True)],
        "boundary": {"ip": lines[found.hop].ip if found.hop >= 0 else "", "hop": found.hop},
    }


def main() -> None:
    messages = [json.loads(text) for text in sys.stdin if text.strip()]
    read = [[received.parse(body) for body in message["received"]] for message in messages]
    mailboxes: dict[str, Learner] = defaultdict(Learner)
    for message, lines in zip(messages, read, strict=True):
        mailboxes[message.get("mailbox", message["id"])].add(chain(lines))
    learnt = {name: learner.edges() for name, learner in mailboxes.items()}
    for message, lines in zip(messages, read, strict=True):
        print(json.dumps(answer(message, lines, learnt[message.get("mailbox", message["id"])])))


if __name__ == "__main__":
    main()
