"""Services that put a site's own name, dots or hyphens, left of their domain, for whoever owns that site: caches, translators, CDNs.

As of 2026-11-22, written by hand from the services' own documentation.
"""

MIRRORS = frozenset(
    {
        "akadns.net",
        "akamaiedge.net",
        "akamaized.net",
        "ampproject.org",
        "azureedge.net",
        "cdn.ampproject.org",
        "edgekey.net",
        "edgesuite.net",
        "translate.goog",
    }
)
