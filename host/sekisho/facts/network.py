"""Who runs an address: the embedded atlas at once, a registry's own word where it has been asked."""

from __future__ import annotations

from collections.abc import Mapping

from sekisho.mail.ip import is_global
from sekisho.questions import Ask, Question
from sekisho.report import Network
from sekisho.tables import atlas


def of(ip: str, ask: Ask) -> Network | None:
    """The network of a canonical address; None when the address is not global or nobody is known to hold it."""
    if not is_global(ip):
        return None
    place = atlas.lookup(ip)
    answer = ask(Question("rdap", "ip", ip))
    if place is None and answer is None:
        return None
    known = Network(
        ip=ip,
        prefix=place.prefix if place else None,
        asn=place.asn if place else None,
        name=place.name if place else None,
        country=place.country if place else None,
        place=", ".join(part for part in (place.city, place.region) if part) or None if place else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        precision=place.precision if place else None,
        abuse=None,
        source="atlas" if place else answer.source if answer else "",
        as_of=atlas.as_of() if place else answer.at if answer else None,
    )
    record = answer.records[0] if answer and answer.records else None
    if isinstance(record, Mapping):
        # The registry knows the holder; it does not know the place.
        said = {key: record[key] for key in ("prefix", "name", "country", "abuse") if isinstance(record.get(key), str)}
        known = known._replace(
            **said, source=f"{answer.source}" if answer else known.source, as_of=answer.at if answer else known.as_of
        )
    return known
