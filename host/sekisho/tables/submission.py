"""Mail providers that note in a header field who handed a message in to them, and how their servers are told from their customers'.

as-of 2026-11-22. A provider stands here when its own servers were seen to write the field in real mail (public list archives and
the mail that Sekisho was measured on; the years beside it), and to write it whenever they take mail that way: a customer who
brings a field of his own then makes it two, and of two none is believed.
"""

from __future__ import annotations

import re

from sekisho.mail import domain
from sekisho.named import NamedTuple


class Writer(NamedTuple):
    """`peers`: the names of its outgoing servers, whole, which no customer's machine has. `fields`: what they write. `signs`: how
    its servers sign, beside the names of its own domain. `logins`: those of them that take mail from logged-in customers only,
    without saying so. `silent`: it writes one line, which records no customer; what stands below is the customer's own. `until`:
    seconds since 1970 from which on it writes the fields no more; 0 where it still does."""

    peers: str
    fields: frozenset[str]
    signs: str = ""
    logins: str = ""
    silent: bool = False
    until: int = 0


_COREMAIL = r"ajax-webmail-[\w\-]+"  # its webmail: `from account$163.com ( [address] ) by ajax-webmail-... (Coremail)`
_MAILRU = r"[\w\-]+\.(?:[im]\.)?smailru\.net"

WRITERS = {
    # Beside "with mapi", until June 2021 (seen 2019-2021); since then none in 130 mails of its customers.
    "outlook.com": Writer(
        r"[\w\-]+\.outbound\.protection\.outlook\.com", frozenset(["x-originating-ip"]), until=1_625_097_600
    ),
    "biglobe.ne.jp": Writer(
        r"(?:mta|rcpt)[\w\-]*\.biglobe\.ne\.jp", frozenset(["x-biglobe-sender"]), silent=True
    ),  # seen 2001-2025
    # The account in whose name the line's address had logged in (seen 2019).
    "yahoo.co.jp": Writer(r"[\w\-]+\.(?:bullet\.)?mail\.[\w.]+\.yahoo\.co\.jp", frozenset(["x-apparently-from"])),
    "nifty.com": Writer(r"con\w+-\d+\.nifty\.com", frozenset(["x-nifty-srcip"])),  # seen 2018-2022
    # PHP on these hosting servers adds the fields to what a web form sends (seen 2017-2022).
    "onamae.ne.jp": Writer(r"mailgw[\w\-]*\.onamae\.ne\.jp", frozenset(["x-php-script", "x-php-filename"])),
    "heteml.jp": Writer(r"users\d+\.\w+\.heteml\.jp", frozenset(["x-php-originating-script"])),
    "lolipop.jp": Writer(r"[\w\-]+\.phy\.lolipop\.jp", frozenset(["x-php-originating-script"])),
    "orange.fr": Writer(
        r"smtp\w*\.smtpout\.orange\.fr", frozenset(["x-me-ip"]), signs=r"mwinf\w+", logins=r"mwinf\w+"
    ),  # seen 2020
    # Mailboxes behind a proxy: the line has the proxy's address, the field the customer's (seen 2021-2025).
    "ovh.net": Writer(
        r"[\w.\-]+\.mail-out\.ovh\.net",
        frozenset(["x-ovh-clientip", "authentication-results"]),
        signs=r"garm\.ovh|[\w\-]+\.mxp\d+\.local",
        logins=r"[\w\-]+\.mxp\d+\.local",
    ),
    # Authentication-Results with the login (seen 2022-2025).
    "mail.ru": Writer(r"[\w\-]+\.(?:[im]\.)?mail\.ru|" + _MAILRU, frozenset(["authentication-results"]), signs=_MAILRU),
    "163.com": Writer(
        r"[\w\-]+\.(?:mail|qiye)\.163\.com", frozenset(["x-originating-ip"]), signs=_COREMAIL, logins=_COREMAIL
    ),  # seen 2020-2025
    "126.com": Writer(r"[\w\-]+\.mail\.126\.com", frozenset(["x-originating-ip"]), signs=_COREMAIL, logins=_COREMAIL),
}

# Registrable domains of mailboxes for which SPF names the provider's own servers and nothing of its customers': a pass proves the peer.
MAILBOXES = frozenset(
    [
        "gmail.com", "googlemail.com", "outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "live.com", "live.jp", "msn.com", "icloud.com",
        "me.com", "mac.com", "yahoo.com", "yahoo.co.jp", "biglobe.ne.jp", "nifty.com", "ocn.ne.jp", "so-net.ne.jp", "plala.or.jp", "docomo.ne.jp",
        "au.com", "ezweb.ne.jp", "softbank.ne.jp", "gmx.net", "gmx.de", "web.de", "t-online.de", "orange.fr", "mail.ru", "163.com", "126.com",
        "zoho.com", "fastmail.com", "protonmail.com",
    ]
)  # fmt: skip

# Inside addresses of providers whose servers hand on to each other under a name that nobody looked up.
INSIDE = {"outlook.com": ("2603:1096::/32", "2603:10a6::/32", "2603:10b6::/32", "2603:10c6::/32", "2603:10d6::/32")}

# A customer's line or rented server under its provider's domain: three numbers of an address, or a label that says so.
_CUSTOMER = (
    r"(?:^|[^0-9])\d{1,3}[\-.x]\d{1,3}[\-.x]\d{1,3}(?:[^0-9]|$)|(?:^|[a-z])\d{9,12}\.|(?:^|\.)p\d{3,}-"
    r"|(?:^|[.\-])(?:ap|ppp|ppp-bb|ipoe|vs|vir|vps|dyn|dynamic|dhcp|pool|[av]?dsl|ftth|mobile|abo|dip|static|rev|cust|customer)(?=[.\-]|\d+\.)"
)


def is_customers(name: str) -> bool:
    """Whether a looked-up name is one that providers give to their customers' lines and machines, by what stands left of the
    provider's own domain."""
    own = domain.registrable(name)
    return re.search(_CUSTOMER, name.lower()[: len(name) - len(own)]) is not None
