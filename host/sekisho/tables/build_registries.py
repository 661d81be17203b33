"""Makes data/registries.json: which registry's RDAP server answers for which addresses and domains (RFC 9224).

    python -m sekisho.tables.build_registries NETADDR_WHEEL RDAP_CLIENT_TGZ

IPv4 and IPv6 from IANA's registries as the PyPI package netaddr carries them; top-level domains from IANA's dns.json as the npm
package rdap-client carries it, corrected by the table below. All of it is IANA's, who publish it for everybody's use.
`sekisho update` fetches the newer ones from the publisher.
"""

import json
import sys
import tarfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

NAMESPACE = "{http://www.iana.org/assignments}"
TARGET = Path(__file__).parent / "data" / "registries.json"
# Operators that have moved all their domains to one server since that copy was made (their own announcements).
RENAMED = ("https://rdap.donuts.co/", "https://rdap.afilias-srs.net/", "https://rdap.afilias.info/")
IDENTITY_DIGITAL = "https://rdap.identitydigital.services/rdap/"
# What has moved since that copy was made, seen in IANA's file of 2026-01-30.
MOVED = {
    "https://rdap.blog.fury.ca/rdap/": ("blog",),
    "https://rdap.ca.fury.ca/rdap/": ("ca",),
    "https://ccrdap.twnic.tw/tw/": ("tw",),
    "https://ccrdap.twnic.tw/taiwan/": ("xn--kpry57d",),
    "https://rdap.cctld.uz/": ("uz",),
    "https://pubapi.registry.google/rdap/": ("app", "dev", "page", "new", "zip", "mov", "foo", "google", "how", "soy"),
}


def addresses(wheel: zipfile.ZipFile, name: str) -> dict[str, list[str]]:
    """RDAP server: prefixes, of one of IANA's address registries."""
    found: dict[str, list[str]] = {}
    for record in ElementTree.fromstring(wheel.read(f"netaddr/ip/{name}.xml")).iter(f"{NAMESPACE}record"):
        prefix = record.findtext(f"{NAMESPACE}prefix") or ""
        server = record.findtext(f"{NAMESPACE}rdap/{NAMESPACE}server") or ""
        if server.startswith("https://"):
            if ":" not in prefix:
                prefix = f"{int(prefix.partition('/')[0])}.0.0.0/8"
            found.setdefault(server, []).append(prefix.lower())
    return found


def domains(archive: tarfile.TarFile) -> dict[str, list[str]]:
    """RDAP server: top-level domains."""
    member = archive.extractfile("package/dist/rdap-servers.json")
    if member is None:
        raise SystemExit("rdap-servers.json is not in that archive")
    servers = {
        tld.lower(): next((url for url in urls if url.startswith("https://")), urls[0])
        for tlds, urls in json.load(member)
        for tld in tlds
    }
    servers = {tld: IDENTITY_DIGITAL if url.startswith(RENAMED) else url for tld, url in servers.items()}
    servers.update({tld: url for url, tlds in MOVED.items() for tld in tlds})
    found: dict[str, list[str]] = {}
    for tld, url in sorted(servers.items()):
        found.setdefault(url, []).append(tld)
    return found


def main(arguments: list[str]) -> None:
    """Write the table."""
    with zipfile.ZipFile(arguments[0]) as wheel, tarfile.open(arguments[1]) as archive:
        table = {
            "as_of": {"ipv4": "2023-12-18", "ipv6": "2021-07-18", "dns": "2023-02-14"},
            "ipv4": addresses(wheel, "ipv4-address-space"),
            "ipv6": addresses(wheel, "ipv6-unicast-address-assignments"),
            "dns": domains(archive),
        }
    TARGET.write_text(json.dumps(table, indent=0, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
