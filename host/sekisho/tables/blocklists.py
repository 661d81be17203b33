"""DNS blocklists that a reader can choose: what they list, what their answers mean, and on which terms they may be asked.

as-of 2026-11-22. From the lists' own pages. None is asked unless the reader names it.
"""

from __future__ import annotations

from sekisho.named import NamedTuple


class Blocklist(NamedTuple):
    """`subject`: ip or domain. `codes`: answer and its meaning, a key of the panel's words."""

    zone: str
    subject: str
    codes: dict[str, str]
    terms: str


LISTS = (
    Blocklist(
        "zen.spamhaus.org",
        "ip",
        {
            **{f"127.0.0.{last}": "spam-source" for last in (2, 3, 9)},
            **{f"127.0.0.{last}": "infected" for last in range(4, 8)},
            **{f"127.0.0.{last}": "end-user-line" for last in (10, 11)},
        },
        "https://www.spamhaus.org/blocklists/dnsbl-fair-use-policy/",
    ),
    Blocklist(
        "dbl.spamhaus.org",
        "domain",
        {
            "127.0.1.2": "spam-domain",
            "127.0.1.4": "phishing",
            "127.0.1.5": "malware",
            "127.0.1.6": "botnet",
            "127.0.1.102": "abused-spam",
            "127.0.1.103": "abused-redirector",
            "127.0.1.104": "abused-phishing",
            "127.0.1.105": "abused-malware",
            "127.0.1.106": "abused-botnet",
        },
        "https://www.spamhaus.org/blocklists/dnsbl-fair-use-policy/",
    ),
    Blocklist("bl.spamcop.net", "ip", {"127.0.0.2": "spam-source"}, "https://www.spamcop.net/bl.shtml"),
    Blocklist(
        "b.barracudacentral.org", "ip", {"127.0.0.2": "spam-source"}, "https://www.barracudacentral.org/rbl/how-to-use"
    ),
    Blocklist("multi.surbl.org", "domain", {}, "https://surbl.org/usage-policy"),
)
_SURBL = ((8, "phishing"), (16, "malware"), (64, "abused-spam"), (128, "spam-domain"))


def subject(zone: str) -> str | None:
    """What a list is asked about: ip or domain; None for a zone that is not known here."""
    return next((known.subject for known in LISTS if known.zone == zone), None)


def meaning(zone: str, code: str) -> str:
    """What an answer means; `listed` where the list does not say more."""
    known = next((known for known in LISTS if known.zone == zone), None)
    if known is None:
        return "listed"
    if zone == "multi.surbl.org":  # a bit mask in the last octet (https://surbl.org/lists)
        last = code.rpartition(".")[2]
        bits = int(last) if last.isdecimal() else 0
        return next((name for bit, name in _SURBL if bits & bit), "listed")
    return known.codes.get(code, "listed")
