"""Name servers of companies that show advertisements on unused domains, or offer them for sale.

as-of 2026-11-22, by hand, from the companies' own set-up pages and public lists of such servers. A domain stands here only
when it serves nothing else: registrars whose usual name servers also show a page for an empty domain are left out.
"""

from __future__ import annotations

from sekisho.mail import domain

# Registrable domains of name servers, and whole names where the same company also serves domains in use.
_SERVERS = frozenset(
    [
        *("sedoparking.com", "bodis.com", "parkingcrew.net", "parklogic.com", "cashparking.com", "dsredirection.com", "ztomy.com"),
        *("uniregistrymarket.link", "undeveloped.com", "dan.com", "afternic.com", "namefind.com", "hugedomains.com", "voodoo.com"),
        *("internettraffic.com", "rookdns.com", "trafficz.com", "namedrive.com", "fabulous.com", "this-domain-for-sale.com"),
        *("ns1.above.com", "ns2.above.com", "nsg1.namebrightdns.com", "nsg2.namebrightdns.com"),
    ]
)  # fmt: skip


def parks(server: str) -> bool:
    """Whether a name server (a host name) serves parked domains only."""
    name = domain.normalise(server)
    return name in _SERVERS or domain.registrable(name) in _SERVERS
