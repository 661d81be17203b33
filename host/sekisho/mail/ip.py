"""IP addresses as mail writes them, and whether an address is one that the world can have given to somebody.

IPv4 is done here because it is on the way of every start; the standard library's reader is loaded for IPv6 only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_V4 = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})", re.ASCII)
# Nine addresses in ten are written as they are compared: no octet has a zero in front; no group of an IPv6 address is 0 or in
# upper case, and one `::` between them stands for two groups at least (RFC 5952 §4).
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_USUAL_V4 = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}")
_GROUP = r"[1-9a-f][0-9a-f]{0,3}"
_USUAL_V6 = re.compile(rf"{_GROUP}(?::{_GROUP}){{0,4}}::{_GROUP}(?::{_GROUP}){{0,4}}")
_V6 = re.compile(r"[0-9A-Fa-f:]{2,39}(?:\d{1,3}(?:\.\d{1,3}){3})?", re.ASCII)

# Addresses that only ever mean "inside here". Documentation ranges (RFC 5737) are not among them: examples use them as the world.
_INSIDE = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
)
# IANA IPv4 Special-Purpose Address Registry, not globally reachable, and multicast (RFC 5771); (first, last).
_SPECIAL_V4 = tuple(
    (sum(int(part) << shift for part, shift in zip(net.split("."), (24, 16, 8, 0), strict=True)), 32 - size)
    for net, size in (
        ("0.0.0.0", 8), ("10.0.0.0", 8), ("100.64.0.0", 10), ("127.0.0.0", 8), ("169.254.0.0", 16), ("172.16.0.0", 12),
        ("192.0.0.0", 24), ("192.0.2.0", 24), ("192.88.99.0", 24), ("192.168.0.0", 16), ("198.18.0.0", 15), ("198.51.100.0", 24),
        ("203.0.113.0", 24), ("224.0.0.0", 3),
    )
)  # fmt: skip
_INSIDE_V4 = tuple(
    (
        sum(int(part) << shift for part, shift in zip(net.partition("/")[0].split("."), (24, 16, 8, 0), strict=True)),
        32 - int(net.partition("/")[2]),
    )
    for net in _INSIDE
)


@lru_cache(1024)  # each of a message is asked about some ten times
def canonical(text: str) -> str:
    """The address in its usual spelling, "" when `text` is none.

    Takes away brackets, an `IPv6:` tag (RFC 5321 §4.1.3), a zone id and the IPv4-mapped form (RFC 4291 §2.5.5.2).
    """
    if ":" not in text:
        if _USUAL_V4.fullmatch(text):
            return text
        if text[:1].isalpha():
            return ""  # most of what is asked about is a host name
    elif text == "::1" or (1 < text.count(":") < 7 and _USUAL_V6.fullmatch(text)):
        return text
    bare = text.strip().strip("[]").strip()
    if bare[:5].lower() == "ipv6:":
        bare = bare[5:]
    bare = bare.partition("%")[0]
    if ":" not in bare:
        match = _V4.fullmatch(bare)
        return ".".join(str(int(part)) for part in match.groups()) if match and _octets(match) else ""
    if bare[:7].lower() == "::ffff:" and _V4.fullmatch(bare[7:]):
        return canonical(bare[7:])
    if not _V6.fullmatch(bare):
        return ""
    from ipaddress import AddressValueError, IPv6Address

    try:
        address = IPv6Address(bare)
    except (AddressValueError, ValueError):
        return ""
    return str(address.ipv4_mapped or address)


def number(ip: str) -> int:
    """A canonical IPv4 address as a number."""
    first, second, third, fourth = ip.split(".")
    return int(first) << 24 | int(second) << 16 | int(third) << 8 | int(fourth)


@lru_cache(256)  # asked by everybody who wants to know something of an address
def is_global(ip: str) -> bool:
    """Whether a canonical address is one that is routed on the Internet (and so has an owner to name)."""
    if not ip:
        return False
    if ":" not in ip:
        value = number(ip)
        return all(value >> bits != base >> bits for base, bits in _SPECIAL_V4)
    if 0x2003 <= int(ip.partition(":")[0] or "0", 16) < 0x3FFF:
        return True  # global unicast, and nothing in between is special (IANA IPv6 Special-Purpose Address Registry)
    from ipaddress import IPv6Address

    address = IPv6Address(ip)
    return address.is_global and not address.is_multicast


def upper_half(ip: str) -> int:
    """The first 64 bits of a canonical IPv6 address."""
    head, _, tail = ip.partition("::")
    left, right = head.split(":") if head else [], tail.split(":") if tail else []
    number = 0
    for group in [*left, *["0"] * (8 - len(left) - len(right)), *right][:4]:
        number = number << 16 | int(group, 16)
    return number


# Addresses that are somebody's word for another one, or lead nowhere (IANA IPv6 Special-Purpose Address Registry): first, prefix length.
_NOT_THE_WORLD_V6 = ((0x2001 << 112, 23), (0x20010DB8 << 96, 32), (0x2002 << 112, 16), (0x3FFF << 112, 20))
_AZURE_HOST = "168.63.129.16"  # a public number, answered by the machine that a virtual one runs on


def is_reachable(ip: str) -> bool:
    """Whether a canonical address may be connected to as one of the world's. Narrower than `is_global`: in IPv6 only global unicast
    (RFC 4291 §2.4), without NAT64 (64:ff9b::/96), 6to4, Teredo and documentation, by which a server could name a machine inside."""
    if ":" not in ip:
        return is_global(ip) and ip != _AZURE_HOST
    from ipaddress import IPv6Address

    value = int(IPv6Address(ip))
    return value >> 125 == 1 and all(value >> (128 - size) != base >> (128 - size) for base, size in _NOT_THE_WORLD_V6)


@lru_cache(256)
def is_private(ip: str) -> bool:
    """Whether a canonical address is one of a network's own inside: private use, loopback, link-local, shared (RFC 1918, 6598, 4193)."""
    if ":" not in ip:
        value = number(ip)
        return any(value >> bits == base >> bits for base, bits in _INSIDE_V4)
    first = int(ip.partition(":")[0] or "0", 16)
    return ip == "::1" or first >> 9 == 0xFC00 >> 9 or first >> 7 == 0xFE80 >> 7


def never_given(ip: str) -> bool:
    """Whether a canonical address is one that nobody's machine can have: multicast, reserved for the future, benchmarks (RFC 5771, 1112, 2544)."""
    if not ip or ":" in ip:
        return ip.startswith("ff")
    return int(ip.partition(".")[0]) >= 224 or ip.startswith(("198.18.", "198.19."))


def in_networks(ip: str, networks: Sequence[str]) -> bool:
    """Whether a canonical address is in a list of networks, SpamAssassin's way: short forms (`10/8`, `192.168.`), `!` takes out, the
    first that holds decides. What is no network holds nothing."""
    for written in networks:
        if _holds(written.removeprefix("!").strip(), ip):
            return not written.startswith("!")
    return False


def _holds(network: str, ip: str) -> bool:
    if ":" in network or ":" in ip:
        from ipaddress import ip_address, ip_network

        try:
            return ip_address(ip) in ip_network(network.strip("[]"), strict=False)
        except ValueError:
            return False
    base, _, size = network.partition("/")
    octets = base.rstrip(".").split(".")
    if (
        not 1 <= len(octets) <= 4
        or not all(octet.isascii() and octet.isdigit() and int(octet) < 256 for octet in octets if octet)
        or "" in octets
    ):
        return False
    if size and not (size.isascii() and size.isdigit() and int(size) <= 32):
        return False
    bits = 32 - (int(size) if size else 8 * len(octets))
    return number(ip) >> bits == number(".".join([*octets, *["0"] * (4 - len(octets))])) >> bits


def is_loopback(ip: str) -> bool:
    return ip.startswith("127.") or ip == "::1"


def _octets(match: re.Match[str]) -> bool:
    return all(int(part) < 256 for part in match.groups())
