"""What kind of line an address is: somebody's internet access, a telephone's, a data centre, a mail service.

Told by the name that the address's owner gave it, by a blocklist of end users' lines that the reader chose, or by whose network
it is. "Not known" is a kind of its own (None): a name that says nothing makes nobody's line a home.
"""

from __future__ import annotations

from collections.abc import Iterable

from sekisho.facts.network import ReverseName
from sekisho.mail import domain
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.report import Network
from sekisho.tables import lines as table
from sekisho.tables.providers import SUBMISSION

if TYPE_CHECKING:
    from sekisho.facts.domains import Listing

ACCESS, MOBILE, HOSTING, MAIL_SERVICE = "access", "mobile", "hosting", "mail-service"
_LISTED_AS_ACCESS = "end-user-line"  # tables.blocklists
_MAX_NAME = 253  # characters (RFC 1035 §2.3.4)


class Line(NamedTuple):
    """A kind of line and by what it is known."""

    kind: str  # access | mobile | hosting | mail-service
    by: str  # name | list | network
    witness: str  # the name, the list's zone, or the network's owner


def of(ip: str, names: Iterable[ReverseName], listings: Iterable[Listing], network: Network | None) -> Line | None:
    """The kind of a canonical address's line; None where that is not known."""
    unsure = False
    for name in names:
        kind = of_name(name.name, ip)
        # A mail service's name is worth something to whoever would borrow it; nobody borrows that of a telephone line.
        if kind and (kind != MAIL_SERVICE or name.confirmed):
            return Line(kind, "name", name.name)
        unsure = unsure or kind == MAIL_SERVICE
    for listing in listings:
        if listing.listed and listing.meaning == _LISTED_AS_ACCESS:
            return Line(ACCESS, "list", listing.zone)
    if not unsure and network is not None and network.asn in table.HOSTING_NETWORKS:
        return Line(HOSTING, "network", network.name or f"AS{network.asn}")
    return None


def of_name(name: str, ip: str) -> str:
    """The kind of line that a reverse name says; "" where it says none. `ip`: the canonical address that has the name."""
    name = name.lower().rstrip(".")[:_MAX_NAME]
    above = _above(name)
    if above & table.HOSTING:
        return HOSTING
    if above & table.RELAYS:
        return MAIL_SERVICE
    own = domain.registrable(name)
    left = name[: len(name) - len(own)]
    words = {part.rstrip("0123456789") or part for part in left.replace(".", "-").split("-")}
    if words & table.FIXED_WORDS:
        return ""
    numbered = _carries(left, ip)
    if above & table.MOBILE:
        return MOBILE
    if (numbered and above & table.ACCESS_NUMBERED) or (sum(map(str.isdecimal, left)) >= 4 and above & table.ACCESS):
        return ACCESS
    if not numbered:
        return MAIL_SERVICE if own in SUBMISSION and not words & table.ACCESS_WORDS else ""
    for kind, known in ((MOBILE, table.MOBILE_WORDS), (HOSTING, table.HOSTING_WORDS), (ACCESS, table.ACCESS_WORDS)):
        if words & known:
            return kind
    return ""


def _above(name: str) -> set[str]:
    """The domains that a name lies below."""
    labels = name.split(".")
    return {".".join(labels[at:]) for at in range(1, len(labels))}


def _carries(left: str, ip: str) -> bool:
    """Whether a name's part left of the provider's own domain has the address in it: whole in one number (decimal or
    hexadecimal), its four octets side by side in any order, or its last two in either."""
    if ":" in ip:
        return _hexadecimal(ip) in left.replace("-", "").replace(".", "")
    octets = [int(part) for part in ip.split(".")]
    if len(octets) != 4:
        return False
    if bytes(octets).hex() in left or "".join(f"{octet:03d}" for octet in octets) in left:
        return True
    text = "".join(character if character.isdecimal() else " " for character in left)
    numbers = [int(part) if len(part) <= 3 else -1 for part in text.split()]
    ends, whole = (octets[2:], octets[2:][::-1]), sorted(octets)
    return any(numbers[at : at + 2] in ends or sorted(numbers[at : at + 4]) == whole for at in range(len(numbers) - 1))


def _hexadecimal(ip: str) -> str:
    """The first 48 bits of an IPv6 address, as names write them."""
    head = ip.partition("::")[0].split(":")[:3]
    return "".join(group.zfill(4) for group in head) if len(head) == 3 and all(head) else "-"
