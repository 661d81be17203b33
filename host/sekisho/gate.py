"""The gate: whether a question may be asked at all. Every question passes here, and nowhere else is it decided.

The level is the question's own (questions.level); what the reader chose is in the settings. The reader's own domains and
addresses that are not global are nobody's business, at any level.
"""

from __future__ import annotations

from sekisho.mail import domain
from sekisho.mail.ip import canonical, is_global, is_reachable
from sekisho.questions import LEVELS, OFFLINE, Question, level
from sekisho.settings import Settings

OPEN, WITHHELD, NEVER = "open", "withheld", "never"


def judge(question: Question, settings: Settings, by_reader: bool = False) -> str:
    """`open`: it may be asked. `withheld`: not at the level the reader chose. `never`: at none.

    `by_reader`: the reader has asked for exactly this. No level opens a visit of a link, and no level is needed for one.
    """
    if question.kind == "visit":
        if not _may_be_visited(question.name, settings):
            return NEVER
        return OPEN if by_reader else WITHHELD
    needed = level(question)
    if needed == OFFLINE:
        return OPEN
    subject = question.name
    address = canonical(subject)
    if address and not is_global(address):
        return NEVER
    if not address and question.kind != "safebrowsing" and own(subject, settings):
        return NEVER
    if question.kind == "blocklist" and question.type not in settings.blocklists:
        return NEVER
    return OPEN if LEVELS.index(needed) <= LEVELS.index(settings.privacy) else WITHHELD


def _may_be_visited(link: str, settings: Settings) -> bool:
    from sekisho.mail import url

    parsed = url.parse(link)
    if (
        parsed is None
        or not parsed.opens
        or parsed.scheme not in ("http", "https")
        or not parsed.host
        or parsed.userinfo
    ):
        return False
    return is_reachable(parsed.ip) if parsed.ip else "." in parsed.host and not own(parsed.host, settings)


def own(host: str, settings: Settings) -> bool:
    """Whether a name lies in one of the reader's own domains, whatever stands left of it."""
    names = (
        *settings.own_domains,
        *settings.incoming_servers,
        *(address.rpartition("@")[2] for address in settings.own_addresses),
    )
    if not names:
        return False
    labels = host.split(".")
    tails = {".".join(labels[place:]) for place in range(len(labels))}
    return any(name in tails or (domain.registrable(name) or name) in tails for name in names if name)
