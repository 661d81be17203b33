"""Whose network announces an address today: Team Cymru's zones (https://www.team-cymru.com/ip-asn-mapping).

An IPv6 address is asked about by its first 48 bits alone: the rest may be one reader's own.
"""

from __future__ import annotations

from ipaddress import IPv6Address

from sekisho.lookup.world import World
from sekisho.questions import Answer, Question

V4_ZONE, V6_ZONE, NAMES = "origin.asn.cymru.com", "origin6.asn.cymru.com", "asn.cymru.com"
_V6_NIBBLES = 12
MAX_NAME = 200


async def look_up(question: Question, world: World) -> Answer:
    """One record: {"asn", "prefix", "country", "registry", "name"}; none for an address nobody announces. Raises NoAnswerError."""
    found = await world.resolver.query(_name(question.name), "TXT")
    for text in found.texts:
        parts = [part.strip() for part in text.split("|")]
        number = parts[0].split(" ")[0]  # several networks announce it: the first is the usual one
        if len(parts) < 4 or not number.isdecimal() or len(number) > 10:
            continue
        named = await world.resolver.query(f"as{number}.{NAMES}", "TXT")
        owner = next((text.split("|")[-1].strip() for text in named.texts if text.count("|") >= 4), "")
        record = {
            "asn": int(number),
            "prefix": parts[1][:50],
            "country": parts[2][:2] or None,
            "registry": parts[3][:20] or None,
            "name": owner[:MAX_NAME] or None,
        }
        return Answer((record,), f"{NAMES} ({found.source})", world.now())
    return Answer((), f"{NAMES} ({found.source})", world.now())


def _name(address: str) -> str:
    if ":" not in address:
        return ".".join(reversed(address.split("."))) + "." + V4_ZONE
    nibbles = IPv6Address(address).exploded.replace(":", "")[:_V6_NIBBLES]
    return ".".join(reversed(nibbles)) + "." + V6_ZONE
