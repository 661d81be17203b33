"""Large mail providers: how their servers sign a Received line, and from whose word a line below the checkpoint gains.

as-of 2026-11-22. Edges: measured on mailboxes kept by the providers named (Outlook, Gmail, Proton). Domains of servers: the
providers' own published names.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sekisho.named import NamedTuple


class Provider(NamedTuple):
    """`signs`: how its servers name themselves after `by`; `edge`: those of them that take mail from outside; `inside`: how the
    addresses begin from which they hand on to each other."""

    signs: re.Pattern[str]
    edge: re.Pattern[str]
    inside: re.Pattern[str]


_NOWHERE = re.compile(r"(?!)")  # no line of theirs inside names an address that is not a private one
# They hand a message on inside over public addresses, so "the first public address" is often the provider itself.
EDGES = (
    Provider(
        re.compile(r"[\w.\-]+\.(?:outlook|office365|exchangelabs)\.com"),
        re.compile(r"[\w.\-]+\.mail\.protection\.outlook\.com"),
        # Exchange Online, as Microsoft publishes it for Microsoft 365, and as seen in 2,851 of 2,855 lines; Azure's are 2603:10?0.
        re.compile(r"2603:10[0-9a-d]6:|2a01:111:f40[0-3]:"),
    ),
    Provider(
        re.compile(r"[\w.\-]+\.google\.com|2002:a[0-9a-f]{2}:[0-9a-f:]+"), re.compile(r"mx\.google\.com"), _NOWHERE
    ),
    Provider(re.compile(r"[\w.\-]+\.protonmail\.ch"), re.compile(r"mailin\d*\.protonmail\.ch"), _NOWHERE),
)

# Registrable domains of servers whose operators write their Received lines honestly and log their customers in.
SUBMISSION = frozenset(
    ["google.com", "outlook.com", "office365.com", "amazonses.com", "sendgrid.net", "mailgun.org", "mailgun.net", "mandrillapp.com", "mcsv.net", "sparkpostmail.com", "yahoo.com", "yahoo.co.jp", "icloud.com", "apple.com", "gmx.net", "web.de", "t-online.de", "orange.fr", "protonmail.ch", "zoho.com", "fastmail.com", "messagingengine.com", "xserver.jp", "sakura.ne.jp", "kagoya.net", "lolipop.jp", "heteml.jp", "gmoserver.jp", "onamae.ne.jp", "conoha.io", "muumuu-mail.com", "coreserver.jp", "biglobe.ne.jp", "ocn.ad.jp", "ocn.ne.jp", "nifty.com", "so-net.ne.jp", "plala.or.jp", "dion.ne.jp", "docomo.ne.jp", "au.com", "ezweb.ne.jp", "softbank.jp", "i.softbank.jp", "iij.ad.jp", "iij4u.or.jp", "iijmio-mail.jp", "asahi-net.or.jp", "ovh.net", "mail.ru", "163.com", "126.com"]
)  # fmt: skip

# Networks of clouds from which mail programs and services log in for their users, whatever country those sit in.
CLOUDS = frozenset([8075, 15169, 396982, 14618, 16509, 714, 6185])  # Microsoft, Google (2), Amazon (2), Apple (2)

# Registrable domain of a server: who runs it, for a reader. Names as their owners write them.
OPERATORS = {
    "xserver.jp": "Xserver",
    "sakura.ne.jp": "SAKURA internet",
    "kagoya.net": "KAGOYA",
    "lolipop.jp": "LOLIPOP!",
    "heteml.jp": "heteml",
    "gmoserver.jp": "GMO",
    "biglobe.ne.jp": "BIGLOBE",
    "ocn.ad.jp": "OCN",
    "ocn.ne.jp": "OCN",
    "plala.or.jp": "Plala",
    "nifty.com": "@nifty",
    "so-net.ne.jp": "So-net",
    "docomo.ne.jp": "NTT docomo",
    "au.com": "au",
    "ezweb.ne.jp": "au",
    "dion.ne.jp": "au",
    "softbank.jp": "SoftBank",
    "yahoo.co.jp": "Yahoo! JAPAN",
    "iij.ad.jp": "IIJ",
    "iij4u.or.jp": "IIJ",
    "securemx.jp": "IIJ",
    "asahi-net.or.jp": "ASAHI Net",
    "outlook.com": "Microsoft",
    "office365.com": "Microsoft",
    "exchangelabs.com": "Microsoft",
    "google.com": "Google",
    "gmail.com": "Google",
    "yahoo.com": "Yahoo",
    "icloud.com": "Apple",
    "me.com": "Apple",
    "apple.com": "Apple",
    "amazonses.com": "Amazon",
    "amazonaws.com": "Amazon",
    "gmx.net": "GMX",
    "web.de": "WEB.DE",
    "t-online.de": "Telekom",
    "protonmail.ch": "Proton",
    "messagingengine.com": "Fastmail",
    "messagelabs.com": "Broadcom",
}


@lru_cache(256)  # a mailbox has few servers, and each line is asked about more than once
def signing(by: str) -> Provider | None:
    """The provider whose servers sign as this host (lower case)."""
    return next((known for known in EDGES if known.signs.fullmatch(by)), None)


def from_inside(by: str, peer: str) -> bool:
    """Whether a large provider's server took a message from that provider itself: it lets only its own users in there.

    `peer`: the name that `by` looked up and found true; "" if it did not.
    """
    provider = signing(by.lower())
    return provider is not None and (
        provider.edge.fullmatch(by.lower()) is None or provider.signs.fullmatch(peer.lower()) is not None
    )
