"""What lists say of the links: blocklists of domains, Safe Browsing, the files that the reader downloaded.

A list that was not asked, or did not answer, says nothing here: that is never "not listed".
"""

from __future__ import annotations

from collections.abc import Mapping

from sekisho import gate
from sekisho.facts.domains import Domain, Listing
from sekisho.facts.links import Links, Seen
from sekisho.mail.digest import sha256
from sekisho.mail.ip import is_global
from sekisho.questions import Ask, Question
from sekisho.settings import Settings

SAFE_BROWSING = "safebrowsing"
MAX_PREFIXES = 200  # of one message: a letter full of links is not asked about to its end
_MEANINGS = {
    "SOCIAL_ENGINEERING": "phishing",
    "MALWARE": "malware",
    "UNWANTED_SOFTWARE": "unwanted-software",
    "POTENTIALLY_HARMFUL_APPLICATION": "harmful-application",
}


def collect(links: Links, domains: tuple[Domain, ...], settings: Settings, ask: Ask) -> tuple[tuple[Listing, ...], ...]:
    """For each link what the lists say of it."""
    known = {domain.name: domain.listings for domain in domains}
    asked: set[str] = set()
    return tuple(
        (*known.get(seen.target.domain, ()), *_local(seen, settings, ask), *_safe_browsing(seen, settings, ask, asked))
        for seen in links.seen
    )


def _local(seen: Seen, settings: Settings, ask: Ask) -> tuple[Listing, ...]:
    answer = ask(Question("lists", "url", seen.target.url)) if settings.lists else None
    return tuple(
        Listing(str(record["list"]), bool(record["listed"]), str(record["note"]))
        for record in (answer.records if answer else ())
        if isinstance(record, Mapping)
    )


def _safe_browsing(seen: Seen, settings: Settings, ask: Ask, asked: set[str]) -> tuple[Listing, ...]:
    """Google's word on a link; none while one of its hashes is open and no other is listed."""
    host = seen.target.host
    if not settings.safe_browsing_key or (
        not is_global(seen.target.ip) if seen.target.ip else gate.own(host, settings)
    ):
        return ()
    from sekisho.mail import url_expressions  # nobody without a key needs it

    hashes = [sha256(text.encode("ascii")) for text in url_expressions.expressions(seen.target.url)]
    prefixes = {one[:8] for one in hashes}
    if len(asked | prefixes) > MAX_PREFIXES:
        return ()
    asked |= prefixes
    answers = [(one, ask(Question("safebrowsing", "prefix", one[:8]))) for one in hashes]
    for one, answer in answers:
        for record in answer.records if answer else ():
            if isinstance(record, Mapping) and record.get("hash") == one:
                return (Listing(SAFE_BROWSING, True, _MEANINGS.get(str(record.get("threat")), "listed")),)
    return (Listing(SAFE_BROWSING, False, ""),) if answers and all(answer for _, answer in answers) else ()
