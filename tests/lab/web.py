"""The web as far as visits of links need it: names that the lab's DNS knows, each with a public address behind which its server stands.

What a server says, a test tells it. Port 80 of every address leads to PLAIN; its log tells the hosts apart by their Host field.
"""

from __future__ import annotations

REBOUND = "192.175.48.30"  # what *.rebind.test is said to have at first
ADDRESSES = {
    "w-support.jp": "202.226.37.191",  # the second article's link
    "www.kagoya.jp": "192.175.48.10",  # plays the genuine site
    "login.web.test": "192.175.48.20",
    "hop.web.test": "192.175.48.21",
    "stranger.web.test": "192.175.48.22",
    "other.web.test": "192.175.48.23",
    "rebind.web.test": REBOUND,
}
STRANGER = "stranger.web.test"  # its certificate comes from an authority that nobody knows
OTHER = "other.web.test"  # its certificate is another's
PLAIN = "plain.web.test"  # speaks HTTP, for every name
