"""A link shows one address and leads to another's."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, shown
from sekisho.facts.links import Seen as Link
from sekisho.questions import Ask
from sekisho.tables import brands, shorteners, trackers

CHECK = Check(
    "text-and-target",
    "medium",
    {
        "en": Text(
            "The text shows {shown}, the link leads to {owner}",
            "What a link shows is only text that the sender typed. The page that opens belongs to {owner}, and {shown} has nothing "
            "to do with it as far as the message tells.",
            "If you want to go to {shown}, type it yourself or use your bookmark.",
        ),
        "ja": Text(
            "表示は {shown} ですが、リンク先は {owner} です",
            "リンクの表示文字は、送り手が自由に書けます。開くページの持ち主は {owner} で、{shown} との関係はこのメールからは確かめられません。",
            "{shown} を見たいときは、アドレスを自分で入力するか、ブックマークから開いてください。",
        ),
    },
)
# Only governments and banks get names below these.
_RESERVED_FOR_FEW = (
    ".go.jp",
    ".lg.jp",
    ".gov",
    ".mil",
    ".gov.uk",
    ".gouv.fr",
    ".gov.au",
    ".go.kr",
    ".bank",
    ".bank.in",
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    told = set()
    for number, seen in enumerate(facts.links.seen):
        if any(layer.target is None for layer in seen.layers):
            continue  # who wrapped it knows where it leads
        owner = seen.target.domain or seen.target.host
        for named in dict.fromkeys(map(shown.place, seen.texts)):
            if not named or named == owner or (named, owner) in told:
                continue
            brand = brands.of_domain(named)
            if brand is not None and brand.runs(owner):
                continue
            severity = _severity(facts, seen, named, owner, brand is not None)
            if severity:
                told.add((named, owner))
                yield CHECK.finding(f"link:{number}", severity=severity, shown=named, owner=owner)


def _severity(facts: Facts, seen: Link, named: str, owner: str, known: bool) -> str:
    """ "" for what newsletters do: their service counts clicks, and the text names the company that they are from."""
    organisation = facts.identity.organisation
    own = named == organisation
    # The reader's own server says that the mail is from the domain it claims, or took it from that domain's server.
    vouched = bool({"authenticated", "own-server"} & set(facts.account.reasons))
    if trackers.counts_clicks(owner) or shorteners.of(seen.target.host, owner) is not None:
        return "" if own else "low"
    if known or any(f".{named}".endswith(ending) for ending in _RESERVED_FOR_FEW):
        return "low" if own and vouched else "high"
    if owner == organisation or (own and vouched):
        return "low"
    return "low" if _leads_on(seen, named) else "medium"


def _leads_on(seen: Link, named: str) -> bool:
    """Whether the link says that it leads on to what the text shows, as a shop guide's do that count. Only its word: it excuses no name that
    is worth imitating."""
    return named in seen.target.query[:2000].lower().replace("%2e", ".")
