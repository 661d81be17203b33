"""DNS questions: records of a name, and the name of an address with the way back (iprev, RFC 8601 §2.7.3)."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address

from sekisho.lookup import NoAnswerError
from sekisho.lookup.world import World
from sekisho.mail.ip import canonical
from sekisho.questions import Answer, Question

MAX_NAMES = 4  # names of one address that are confirmed
TYPES = frozenset({"A", "AAAA", "MX", "NS", "TXT"})


async def look_up(question: Question, world: World) -> Answer:
    """Records as in questions.Question. Raises NoAnswerError."""
    if question.type == "PTR":
        return await _reverse(question.name, world)
    if question.type not in TYPES:
        raise NoAnswerError("no-server")
    found = await world.resolver.query(question.name, question.type)
    return Answer(found.texts, found.source, world.now())


async def _reverse(address: str, world: World) -> Answer:
    found = await world.resolver.query(ip_address(address).reverse_pointer, "PTR")
    confirmed = await asyncio.gather(*(_leads_back(name, address, world) for name in found.texts[:MAX_NAMES]))
    records = tuple(
        {"name": name, "confirmed": back} for name, back in zip(found.texts[:MAX_NAMES], confirmed, strict=True)
    )
    return Answer(records, found.source, world.now())


async def _leads_back(name: str, address: str, world: World) -> bool | None:
    """None: it is not known, the look-up failed."""
    try:
        back = await world.resolver.query(name, "AAAA" if ":" in address else "A")
    except NoAnswerError:
        return None
    return address in [canonical(text) for text in back.texts]
