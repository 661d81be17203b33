"""How networks, places, hosts and addresses are named in a sentence."""

from __future__ import annotations

from sekisho.mail.received import Received
from sekisho.panel.words import Words
from sekisho.report import Address, Network

Zone = tuple[tuple[int, int], ...]  # settings.time_zone


def network(known: Network | None, words: Words) -> str:
    """Owner and number: Xserver Inc. (AS131965); "" when nobody is known."""
    if known is None or not known.name:
        return ""
    return words("network", name=known.name, asn=known.asn) if known.asn else words("network.plain", name=known.name)


def place(known: Network | None, words: Words) -> str:
    """Where a network's address is, only as exactly as it is known; "" when it is not."""
    if known is None or not known.country:
        return ""
    country = words.country(known.country)
    precision = known.precision if known.place and known.precision in ("city", "region", "registry") else "country"
    return words(f"precision.{precision}", country=country, place=known.place)


def mailbox(address: Address, words: Words) -> str:
    """Name and address; the address alone where it has no name, and the other way round."""
    if not address.name or not address.address:
        return address.name or address.address or words("facts.unnamed")
    return f"{address.name} <{address.address}>"


def peer(received: Received, words: Words, known: Network | None = None) -> str:
    """Who handed the message over, as the line's writer saw it; with owner and country where a network is given and known."""
    if not received.ip:
        name = received.helo or received.rdns
        return words("route.peer.unseen", helo=name) if name else words("route.peer.nobody")
    named = "-named" if received.rdns else ""
    if known is None or not known.name or not known.country:
        return words(f"route.peer.bare{named}", ip=received.ip, rdns=received.rdns)
    country = words.country(known.country)
    return words(f"route.peer.owned{named}", ip=received.ip, rdns=received.rdns, network=known.name, country=country)


def east(zone: Zone, epoch: int) -> int | None:
    """How many minutes east of UTC the reader's clock stands at a moment; None where that is not known."""
    return next((offset for since, offset in reversed(zone) if since <= epoch), zone[0][1] if zone else None)


def moment(date: str, zone: Zone = ()) -> str:
    """An ISO 8601 date as people read it: 2022-05-10 06:12:44 +09:00; in the reader's zone, or else that of whoever wrote it."""
    if zone:
        from sekisho.mail.date import iso, parse

        read = parse(date)
        if read is not None and read.zoned:
            date = iso(read.epoch, east(zone, read.epoch) or 0)
    return f"{date[:10]} {date[11:19]} {date[19:]}"
