"""Providers that hand each mail to a virus scanner of their own and take it back, over public addresses.

as-of 2026-11-22, by hand, from mail in public list archives (2019 to 2024): SAKURA's `www262` gives to `fsav411` and takes back,
Xserver's `sv1423` to `virusgw11`. SAKURA's servers of 2024-10 and later scan over their own loopback, which needs no table. None of
these names is a customer's to have: SAKURA's customers get names under sakura.ne.jp for their sites, but all their addresses lead back
to the shared server's own name; Xserver's get none under xserver.jp.
"""

from __future__ import annotations

# Domain: how its customers' mail servers are called, and its scanners; a number follows each.
_SCANNED = {"sakura.ne.jp": ("www", "fsav"), "xserver.jp": ("sv", "virusgw")}
_MOST_DIGITS = 6


def scans(by: str, peer: str) -> bool:
    """Whether a server that signs as `by` is a provider's mail server, and `peer` the name of that provider's own scanner."""
    server, _, at = by.lower().partition(".")
    scanner, _, home = peer.lower().partition(".")
    if at != home or at not in _SCANNED:
        return False
    names = _SCANNED[at]
    return _numbered(server, names[0]) and _numbered(scanner, names[1])


def provider(host: str) -> str:
    """The domain of the provider whose own mail server or scanner bears that name; "" for any other host, its customers' too.

    sakura.ne.jp is a public suffix, for the sites of its customers: by the Public Suffix List alone each server would be somebody else's.
    """
    label, _, at = host.lower().partition(".")
    return at if any(_numbered(label, name) for name in _SCANNED.get(at, ())) else ""


def _numbered(label: str, name: str) -> bool:
    number = label.removeprefix(name)
    return label.startswith(name) and number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS
