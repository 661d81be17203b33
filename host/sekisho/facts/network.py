"""Who runs an address: the embedded atlas at once, a registry's own word where it has been asked."""

from __future__ import annotations

from collections.abc import Mapping

from sekisho.mail.ip import is_global
from sekisho.named import NamedTuple
from sekisho.questions import Answer, Ask, Question
from sekisho.report import Network
from sekisho.tables import atlas

_PRECISION = {None: 0, "registry": 0, "country": 1, "region": 2, "city": 3}
_NEAR = 0.03  # degrees: two databases round one point differently


class ReverseName(NamedTuple):
    """A name that the owner of an address gave it. `confirmed`: the name leads back to the address; None: that is not known."""

    name: str
    confirmed: bool | None


def of(ip: str, ask: Ask) -> Network | None:
    """The network of a canonical address; None when the address is not global or nobody is known to hold it."""
    if not is_global(ip):
        return None
    place = atlas.lookup(ip)
    answer = ask(Question("rdap", "ip", ip))
    own = ask(Question("place", "ip", ip))
    if place is None and answer is None and (own is None or not own.records):
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
    if own is not None and own.records:
        known = _by_own_file(known, own)
    record = answer.records[0] if answer and answer.records else None
    if answer is not None and isinstance(record, Mapping):
        # The registry knows the holder; it does not know the place.
        said = {key: record[key] for key in ("prefix", "country", "abuse") if isinstance(record.get(key), str)}
        owner = record.get("name") or known.name or record.get("handle")
        known = known._replace(
            **said, name=owner if isinstance(owner, str) else known.name, source=answer.source, as_of=answer.at
        )
    return known if known.asn is not None else _announced(known, ask)


def _by_own_file(known: Network, answer: Answer) -> Network:
    """With what the reader's own database knows better: its network, and its place where that is as exact as the atlas' or elsewhere.

    At the registry's default point a city's name is no knowledge, whoever writes it.
    """
    record = answer.records[0]
    if not isinstance(record, Mapping):
        return known
    if record.get("asn") is not None:
        known = known._replace(
            asn=record["asn"],
            name=record.get("name") or known.name,
            prefix=record.get("prefix") or known.prefix,
            source=answer.source,
            as_of=answer.at,
        )
    country, lat, lon = record.get("country"), record.get("lat"), record.get("lon")
    precision = "city" if record.get("city") else "region" if record.get("region") else "country"
    if country is None or (
        country == known.country
        and (_PRECISION[precision] < _PRECISION[known.precision] or _at_default_point(known, lat, lon))
    ):
        return known
    place = ", ".join(part for part in (record.get("city"), record.get("region")) if part) or None
    return known._replace(
        country=country, place=place, lat=lat, lon=lon, precision=precision, source=answer.source, as_of=answer.at
    )


def _at_default_point(known: Network, lat: float | None, lon: float | None) -> bool:
    if known.precision != "registry" or None in (known.lat, known.lon):
        return False
    return lat is None or lon is None or (abs(lat - (known.lat or 0)) < _NEAR and abs(lon - (known.lon or 0)) < _NEAR)


def _announced(known: Network, ask: Ask) -> Network:
    """With the routing table's word of today where the atlas has no network for the address."""
    answer = ask(Question("asn", "ip", known.ip))
    record = answer.records[0] if answer and answer.records else None
    if not isinstance(record, Mapping) or not isinstance(record.get("asn"), int):
        return known
    name, prefix = record.get("name"), record.get("prefix")
    return known._replace(
        asn=record["asn"],
        name=known.name or (name if isinstance(name, str) else None),
        prefix=known.prefix or (prefix if isinstance(prefix, str) else None),
    )


def reverse_names(ip: str, ask: Ask) -> tuple[ReverseName, ...] | None:
    """The names of an address today; none where it has none, None where that is not known (or the address is nobody's)."""
    if not is_global(ip):
        return None
    answer = ask(Question("dns", "PTR", ip))
    if answer is None:
        return None
    return tuple(
        ReverseName(str(record["name"]), record.get("confirmed"))
        for record in answer.records
        if isinstance(record, Mapping) and isinstance(record.get("name"), str)
    )
