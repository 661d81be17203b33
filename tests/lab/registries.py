"""What the lab's registries answer, before any fault; the files are in registries/."""

from __future__ import annotations

import ipaddress
import json
import re
import urllib.parse
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .faults import RDAP
from .replies import Reply

FOLDER = Path(__file__).parent / "registries"
TEST = "rdap.registry.test"
JST = timezone(timedelta(hours=9))

# RDAP: where a server's paths begin.
BASES = {
    "rdap.arin.net": "/registry",
    "rdap.db.ripe.net": "",
    "rdap.apnic.net": "",
    "rdap.lacnic.net": "/rdap",
    "rdap.afrinic.net": "/rdap",
    "jpnic.rdap.apnic.net": "",
    "krnic.rdap.apnic.net": "",
    "twnic.rdap.apnic.net": "",
    "rdap.verisign.com": "",  # and below it /com/v1, /net/v1
    "rdap.publicinterestregistry.org": "/rdap",
    "rdap.registrar.test": "",
    TEST: "",
}
IANA = "data.iana.org"
# Answer only what a test tells them.
TOLD = ("safebrowsing.googleapis.com", "download.db-ip.com", "publicsuffix.org")
# Whose networks are kept by another: RFC 7480 section 5.2 has them say so with a redirect.
REFERRALS = {
    "rdap.arin.net": {
        "192.175.48.0/24": "https://rdap.apnic.net",
        "192.52.193.0/25": "https://rdap.afrinic.net/rdap",
        "192.52.193.128/25": "https://rdap.lacnic.net/rdap",
        "198.51.100.0/25": "https://rdap.lacnic.net/rdap",
        "198.51.100.128/25": "https://rdap.afrinic.net/rdap",
    },
    "rdap.apnic.net": {
        "120.136.8.0/21": "https://jpnic.rdap.apnic.net",
        "202.226.36.0/22": "https://jpnic.rdap.apnic.net",
        "203.0.113.64/26": "https://krnic.rdap.apnic.net",
        "192.175.48.64/26": "https://krnic.rdap.apnic.net",
        "203.0.113.128/26": "https://twnic.rdap.apnic.net",
        "192.175.48.128/26": "https://twnic.rdap.apnic.net",
    },
}
# RFC 9224. The blocks are IANA's own where these exist; .test is the lab's.
BOOTSTRAP = {
    "dns": [
        [["com"], ["https://rdap.verisign.com/com/v1/"]],
        [["net"], ["https://rdap.verisign.com/net/v1/"]],
        [["org"], ["https://rdap.publicinterestregistry.org/rdap/"]],
        [["test"], [f"https://{TEST}/"]],
    ],
    "ipv4": [
        [["27.0.0.0/8", "120.0.0.0/8", "202.0.0.0/8", "203.0.0.0/8"], ["https://rdap.apnic.net/"]],
        [["84.0.0.0/8"], ["https://rdap.db.ripe.net/"]],
        [["192.0.0.0/8", "198.0.0.0/8"], ["https://rdap.arin.net/registry/", "http://rdap.arin.net/registry/"]],
    ],
    "ipv6": [
        [["2001:c00::/23"], ["https://rdap.apnic.net/"]],
        [["2620::/23"], ["https://rdap.arin.net/registry/"]],
    ],
    "asn": [
        [["131072-132095", "23552-24575"], ["https://rdap.apnic.net/"]],
        [["3320-3320"], ["https://rdap.db.ripe.net/"]],
    ],
}

# WHOIS: a server's character set where it is not UTF-8.
CHARSETS = {"whois.nic.ad.jp": "iso2022_jp_ext"}
WHOIS = tuple(sorted(path.name for path in (FOLDER / "whois").iterdir()))
MOMENT = re.compile(r"@([+-]\d+) days(/?)@")


class Asked(NamedTuple):
    """What a WHOIS query is about, in lower case, and whether the answer is to be in English alone."""

    about: str
    english: bool


def rdap(host: str, path: str) -> Reply:
    """The answer to GET of a path (decoded, without the query)."""
    if host == IANA:
        return _bootstrap(path)
    if host in TOLD:
        return _not_found()
    path = re.sub(r"^/(com|net)/v1", "", path) if host == "rdap.verisign.com" else path
    if not path.startswith(BASES[host] + "/"):
        return _not_found()
    kind, _, about = path[len(BASES[host]) + 1 :].partition("/")
    about = about.lower() if kind == "domain" else about
    fault = RDAP.get(about.removesuffix(".test")) if host == TEST and kind == "domain" else None
    if fault:
        return fault
    if kind == "ip":
        onward = _containing(REFERRALS.get(host, {}), about)
        if onward:
            base = REFERRALS[host][onward]
            return Reply(b"", 302, (("Location", f"{base}/ip/{about}"),))
    text = _read(FOLDER / "rdap" / host / kind, about, ".json")
    return Reply(_filled(text, about).encode()) if text else _not_found()


def whois(host: str, query: str, charset: str | None = None) -> Reply:
    """The answer to a line without its end, in the character set given or the server's own."""
    about, english = read_query(query)
    folder = FOLDER / "whois" / host
    top_level = about.rpartition(".")[2] if host == "whois.iana.org" and not _address(about) else about
    text = (_read(folder, top_level, ".e.txt") if english else None) or _read(folder, top_level, ".txt")
    text = text or (folder / "_none.txt").read_text("utf-8")
    charset = charset or CHARSETS.get(host, "utf-8")
    return Reply(_filled(text, about).replace("\n", "\r\n").encode(charset, "replace"))


def read_query(query: str) -> Asked:
    """The last word: before it stand flags and keywords (`-B`, `n +`, `domain`, `DOM`), after it /e at the Japanese ones."""
    words = query.lower().split() or [""]
    name, slash, rest = words[-1].rpartition("/")
    english = slash == "/" and rest == "e"
    return Asked((name if english else words[-1]).removeprefix("="), english)


def _bootstrap(path: str) -> Reply:
    name = path.removeprefix("/rdap/").removesuffix(".json")
    if path != f"/rdap/{name}.json" or name not in BOOTSTRAP:
        return _not_found()
    return Reply(bootstrap(name))


def bootstrap(name: str) -> bytes:
    """The file of IANA's that says who answers: dns, ipv4, ipv6 or asn."""
    about = {"description": "RDAP bootstrap file of the lab", "publication": "2026-11-22T00:00:00Z", "version": "1.0"}
    return json.dumps({**about, "services": BOOTSTRAP[name]}).encode("ascii")


def _not_found() -> Reply:
    body = {"errorCode": 404, "title": "Not Found", "description": ["The server has no information about this object."]}
    return Reply(json.dumps({"rdapConformance": ["rdap_level_0"], **body}).encode("ascii"), 404)


def _read(folder: Path, about: str, ending: str) -> str | None:
    """The file of that name, of the smallest network around that address, or of anything."""
    if not folder.is_dir() or ("/" in about and not _address(about)):
        return None
    networks = _networks(folder, ending)
    network = _containing(networks, about)
    names = (networks[network],) if network else (f"{about}{ending}", f"_any{ending}")
    return next((path.read_text("utf-8") for path in (folder / name for name in names) if path.is_file()), None)


@cache
def _networks(folder: Path, ending: str) -> dict[str, str]:
    """Network -> file name."""
    names = [path.name for path in folder.iterdir() if re.fullmatch(rf"[0-9a-f.-]+_\d+{re.escape(ending)}", path.name)]
    return {name.removesuffix(ending).replace("-", ":").replace("_", "/"): name for name in names}


def _address(about: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """An address (as a network of one) or a network."""
    try:
        return ipaddress.ip_network(urllib.parse.unquote(about), strict=False)
    except ValueError:
        return None


def _containing(networks: dict[str, str], about: str) -> str | None:
    """The smallest of these networks that holds the address."""
    asked = _address(about)
    if asked is None:
        return None
    around = [
        network
        for network in map(ipaddress.ip_network, networks)
        if network.version == asked.version
        and int(network.network_address) <= int(asked.network_address)
        and int(asked.broadcast_address) <= int(network.broadcast_address)
    ]
    return str(max(around, key=lambda network: network.prefixlen)) if around else None


def _filled(text: str, about: str) -> str:
    now = datetime.now(timezone.utc)

    def moment(found: re.Match[str]) -> str:
        then = now + timedelta(days=int(found[1]))
        return f"{then.astimezone(JST):%Y/%m/%d}" if found[2] else f"{then:%Y-%m-%dT%H:%M:%SZ}"

    return MOMENT.sub(moment, text.replace("@name@", about).replace("@NAME@", about.upper()))
