"""Who keeps the register of an address or a domain: RDAP servers by IANA's bootstrap registries (RFC 9224), WHOIS servers
(RFC 3912) for top-level domains that have none. Loaded when a registry is asked, never for a look at a mail.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from ipaddress import ip_address, ip_network

from sekisho.named import TYPE_CHECKING
from sekisho.tables import newer

if TYPE_CHECKING:
    from typing import Any

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "registries.json")
WHOIS_ROOT = "whois.iana.org"  # knows the WHOIS server of every top-level domain

# as-of 2026-11-22; registries' own pages. Where IANA's bootstrap names no RDAP server.
_WHOIS = {
    "jp": "whois.jprs.jp",
    "kr": "whois.kr",
    "cn": "whois.cnnic.cn",
    "de": "whois.denic.de",
    "ru": "whois.tcinet.ru",
    "su": "whois.tcinet.ru",
    "eu": "whois.eu",
    "us": "whois.nic.us",
    "io": "whois.nic.io",
    "me": "whois.nic.me",
    "co": "whois.registry.co",
    "it": "whois.nic.it",
    "hk": "whois.hkirc.hk",
    "th": "whois.thnic.co.th",
    "in": "whois.registry.in",
    "mx": "whois.mx",
    "ro": "whois.rotld.ro",
    "tr": "whois.trabis.gov.tr",
    "kz": "whois.nic.kz",
}
# Registries of addresses: their WHOIS servers, for when RDAP fails.
_WHOIS_OF_REGISTRY = {
    "apnic": "whois.apnic.net",
    "ripencc": "whois.ripe.net",
    "arin": "whois.arin.net",
    "afrinic": "whois.afrinic.net",
    "lacnic": "whois.lacnic.net",
}
_REGISTRY_OF_HOST = {
    "apnic.net": "apnic",
    "ripe.net": "ripencc",
    "arin.net": "arin",
    "afrinic.net": "afrinic",
    "lacnic.net": "lacnic",
}


def rdap_of_address(ip: str) -> str | None:
    """The base URL of the RDAP server that knows an address; the longest prefix decides (RFC 9224 §5)."""
    address = ip_address(ip)
    best: tuple[int, str] | None = None
    for prefix, server in _prefixes(address.version):
        if address in prefix and (best is None or prefix.prefixlen > best[0]):
            best = (prefix.prefixlen, server)
    return best[1] if best else None


def rdap_of_domain(domain: str) -> str | None:
    """The base URL of the RDAP server of a domain's registry; the longest match of labels decides (RFC 9224 §4)."""
    servers = _domains()
    labels = domain.lower().split(".")
    return next((servers[name] for at in range(len(labels)) if (name := ".".join(labels[at:])) in servers), None)


def whois_of_domain(domain: str) -> str | None:
    """The WHOIS server of a top-level domain; None: ask WHOIS_ROOT."""
    return _WHOIS.get(domain.lower().rpartition(".")[2])


def registry_of(url: str) -> str:
    """Which of the five address registries a server belongs to, as ipwhois names them."""
    host = url.partition("//")[2].partition("/")[0].partition(":")[0].lower()
    return next((name for end, name in _REGISTRY_OF_HOST.items() if host == end or host.endswith("." + end)), "apnic")


def whois_of_registry(registry: str) -> str | None:
    return _WHOIS_OF_REGISTRY.get(registry)


def sizes() -> tuple[int, int, int]:
    """How many IPv4 prefixes, IPv6 prefixes and top-level domains are known."""
    ipv4, ipv6, dns = (sum(map(len, _table()[name].values())) for name in ("ipv4", "ipv6", "dns"))
    return ipv4, ipv6, dns


def reopen() -> None:
    """Read the file again at the next question."""
    for kept in (_table, _prefixes, _domains):
        kept.cache_clear()


def problem() -> str | None:
    """What is wrong with the table, None when it is well."""
    try:
        return None if all(sizes()) else "it is empty"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        return f"{type(fault).__name__}: {fault}"


def as_of() -> dict[str, str]:
    """The date of each of IANA's registries."""
    found: dict[str, str] = _table()["as_of"]
    return found


@lru_cache(maxsize=1)
def _table() -> Any:
    with open(TABLE, encoding="utf-8") as file:
        own = json.load(file)
    fetched = newer.file("registries", ".json")
    try:
        with open(fetched or "", encoding="utf-8") as file:
            other = json.load(file)
        whole = all(isinstance(other[name], dict) for name in ("ipv4", "ipv6", "dns"))
        return other if whole and other["as_of"]["dns"] > own["as_of"]["dns"] else own
    except (OSError, ValueError, KeyError, TypeError):
        return own


@lru_cache(maxsize=2)
def _prefixes(version: int) -> list[tuple[Any, str]]:
    found = _table()["ipv4" if version == 4 else "ipv6"]
    return [(ip_network(prefix), _base(server)) for server, prefixes in found.items() for prefix in prefixes]


@lru_cache(maxsize=1)
def _domains() -> dict[str, str]:
    return {tld: _base(server) for server, tlds in _table()["dns"].items() for tld in tlds}


def _base(server: str) -> str:
    return server if server.endswith("/") else server + "/"
