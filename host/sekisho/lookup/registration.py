"""Who registered a domain, when, and with whom: RDAP where the registry has it (RFC 9083), WHOIS on port 43 where not (RFC 3912)."""

from __future__ import annotations

from sekisho.lookup import NoAnswerError, rdap, whois
from sekisho.lookup.world import World
from sekisho.named import TYPE_CHECKING
from sekisho.questions import Answer, Question
from sekisho.tables import registries

if TYPE_CHECKING:
    from typing import Any

MAX_SERVERS = 13
MAX_STATUS = 20


async def look_up(question: Question, world: World) -> Answer:
    """One record: {"registrar", "created", "expires", "updated", "status", "nameservers", "registrant", "country", "abuse"}; none where
    the registry says that nobody has registered it. What is not published is None. Dates are ISO 8601 as far as they
    go. Raises NoAnswerError."""
    domain = question.name
    server = registries.rdap_of_domain(domain)
    if server is None:
        return await whois.look_up(domain, registries.whois_of_domain(domain), world)
    try:
        response = await rdap.get(f"{server}domain/{domain}", world)
        rdap.check(response, world)
        source = rdap.host_of(response.url)
        if response.status == 404:
            return Answer((), source, world.now())
        return Answer((record(rdap.read(response)),), source, world.now())
    except NoAnswerError as failure:
        if failure.reason in ("rate-limited", "blocked"):
            raise
        try:
            return await whois.look_up(domain, registries.whois_of_domain(domain), world)
        except NoAnswerError:
            raise failure from None


def record(raw: dict[str, Any]) -> dict[str, Any]:
    """What an RDAP domain object says (RFC 9083 §5.3)."""
    everybody = list(rdap.entities(raw))
    registrar = next((entity for entity in everybody if "registrar" in rdap.roles(entity)), {})
    registrant = next((entity for entity in everybody if "registrant" in rdap.roles(entity)), {})
    dates = _events(raw)
    servers = raw.get("nameservers")
    statuses = raw.get("status")
    return {
        "registrar": next(iter(rdap.cards(registrar, "fn")), None),
        "created": dates.get("registration"),
        "expires": dates.get("expiration"),
        "updated": dates.get("last changed"),
        "status": [text for text in map(rdap.text_of, statuses[:MAX_STATUS]) if text]
        if isinstance(statuses, list)
        else [],
        "nameservers": [
            name.lower().rstrip(".")
            for server in (servers[:MAX_SERVERS] if isinstance(servers, list) else ())
            if isinstance(server, dict) and (name := rdap.text_of(server.get("ldhName")))
        ],
        "registrant": next(iter([*rdap.cards(registrant, "org"), *rdap.cards(registrant, "fn")]), None),
        "country": _country(registrant),
        "abuse": rdap.abuse_of(everybody, {}),
    }


def _events(raw: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    events = raw.get("events")
    for event in events[:50] if isinstance(events, list) else ():
        if isinstance(event, dict) and isinstance(event.get("eventAction"), str):
            date = whois.date_of(event.get("eventDate"))
            if date:
                found.setdefault(event["eventAction"].lower(), date)
    return found


def _country(entity: dict[str, Any]) -> str | None:
    """The country of a jCard address: its parameter cc (RFC 8605), else the last of its components."""
    array = entity.get("vcardArray")
    for item in array[1] if isinstance(array, list) and len(array) > 1 and isinstance(array[1], list) else ():
        if isinstance(item, list) and len(item) >= 4 and item[0] == "adr":
            if isinstance(item[1], dict) and (country := rdap.country_of(item[1].get("cc"))):
                return country
            if isinstance(item[3], list) and item[3] and (country := rdap.country_of(item[3][-1])):
                return country
    return None
