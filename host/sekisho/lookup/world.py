"""By which ways the world is asked, and which module answers which kind of question."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from importlib import import_module

from sekisho.lookup import NoAnswerError
from sekisho.lookup.resolver import Resolver
from sekisho.lookup.transport import Transport
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import Answer, Question
from sekisho.settings import Settings

if TYPE_CHECKING:
    from typing import Any

# Kind of question: the module that answers it, and the seconds it may take.
KINDS = {
    "dns": ("names", 3.0),
    "spf": ("names", 3.0),
    "asn": ("asn", 3.0),
    "blocklist": ("blocklists", 3.0),
    "rdap": ("rdap", 6.0),
    "registration": ("registration", 7.0),
    "safebrowsing": ("safebrowsing", 5.0),
    "visit": ("visits", 22.0),
}


class World(NamedTuple):
    """By which ways the modules ask. A test puts its own servers here; the ways stay the same."""

    settings: Settings
    resolver: Resolver
    transport: Transport
    now: Callable[[], str]  # ISO 8601, UTC
    referrals: dict[str, Future[str]]  # top-level domain: its WHOIS server, asked of IANA once


async def look_up(question: Question, world: World) -> Answer:
    """Ask the world. Raises NoAnswerError."""
    known = KINDS.get(question.kind)
    if known is None:
        raise NoAnswerError("no-server")
    module: Any = import_module(f"sekisho.lookup.{known[0]}")
    answer: Answer = await module.look_up(question, world)
    return answer
