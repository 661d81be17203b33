"""What name servers hold for mails that a test signs: keys in every state, and SPF and DMARC records."""

from __future__ import annotations

from signing import Key, ed25519, rsa

DOMAIN = "papers.test"
UNIQUE = "u-7f3a"  # a selector that nobody else has
_KEYS: dict[str, tuple[str, ...]] = {
    "s1024": (rsa(1024).record,),
    "s2048": (rsa().record,),
    "k1": (ed25519().record,),
    "k2": ("v=DKIM1; k=rsa; p=",),
    "key1": (rsa(1024).record,),  # mails of before were signed with the larger key
    "s2": ("google-site-verification=0123456789abcdef", rsa().record),
    "key2": (rsa(1024).record, rsa().record),
    UNIQUE: (rsa().record,),
}
_POLICY = "v=spf1 include:_spf.host.papers.test a:mail.papers.test exists:%{l}._s.papers.test -all"


def texts(*records: str) -> str:
    """TXT records as a zone has them: strings of at most 255 octets each."""
    lines = []
    for record in records:
        pieces = [record[at : at + 255] for at in range(0, len(record), 255)]
        lines.append("TXT " + " ".join(f'"{piece}"' for piece in pieces))
    return "\n".join(lines)


def at(name: str, *records: str) -> str:
    """The lines of a zone that give a name TXT records."""
    return "".join(f"{name} {line}\n" for line in texts(*records).splitlines())


def key_at(selector: str, key: Key) -> str:
    return at(f"{selector}._domainkey", key.record)


def zone() -> str:
    """papers.test; the selector `k3` has no key."""
    return (
        "@ NS ns.lab.test.\n"
        + at("@", _POLICY)
        + at("_dmarc", "v=DMARC1; p=reject")
        + at("_spf.host", "v=spf1 ip4:192.0.2.0/24 ?all")
        + "mail A 192.31.196.77\n"
        + "hanako._s A 127.0.0.2\n"
        + at("bounce", "v=spf1 ip4:192.31.196.10 -all")
        + "".join(at(f"{selector}._domainkey", *records) for selector, records in _KEYS.items())
        + "selector1._domainkey CNAME papers.keys.host\n"
        + at("papers.keys.host", rsa().record)
    )
