"""DNS blocklists (RFC 5782): whether a list names an address or a domain, and with what meaning.

A list answers with 127.0.0.x. 127.255.255.x says that it does not answer this resolver (Spamhaus): that is no listing. An
answer from anywhere else is not the list's: the zone is gone and somebody answers for everything.
"""

from __future__ import annotations

from ipaddress import ip_address

from sekisho.lookup import NoAnswerError
from sekisho.lookup.world import World
from sekisho.mail.ip import canonical
from sekisho.questions import Answer, Question
from sekisho.tables.blocklists import meaning

_REFUSING = "127.255.255."
MAX_TEXT = 300


async def look_up(question: Question, world: World) -> Answer:
    """{"code", "meaning", "text"} for each code; none: not listed. Raises NoAnswerError("blocked") where the list refuses."""
    zone = question.type
    name = f"{_subject(question.name)}.{zone}"
    found = await world.resolver.query(name, "A")
    codes = [text for text in found.texts if text.startswith("127.")]
    if any(code.startswith(_REFUSING) for code in codes):
        raise NoAnswerError("blocked", zone)
    if len(codes) < len(found.texts):
        raise NoAnswerError("malformed", zone)
    said = await world.resolver.query(name, "TXT") if codes else None
    text = said.texts[0][:MAX_TEXT] if said and said.texts else None
    records = tuple({"code": code, "meaning": meaning(zone, code), "text": text} for code in codes)
    return Answer(records, f"{zone} ({found.source})", world.now())


def _subject(name: str) -> str:
    if not canonical(name):
        return name
    address = ip_address(name)
    return address.reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
