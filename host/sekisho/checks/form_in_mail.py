"""The letter has fields to type into, and sends what is typed to somebody."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.links import Seen as Link
from sekisho.mail.html.forms import SECRETS
from sekisho.questions import Ask
from sekisho.tables import brands, trackers

CHECK = Check(
    "form-in-mail",
    "high",
    {
        "en": Text(
            "The mail itself has fields to fill in ({named}), and sends them to {owner}",
            "What is typed into a mail goes to {owner} at once, without a page whose address you could check. Hardly anybody honest asks for "
            "anything secret this way.",
            "Type nothing into it. If you have business with the sender, open the site from your own bookmark.",
        ),
        "ja": Text(
            "メールの中に入力欄({named})があり、入力した内容は {owner} に送られます",
            "メールの中で入力した内容は、アドレスを確かめられるページを経ずに、そのまま {owner} に渡ります。まともな会社が、"
            "メールの中で秘密の情報を入力させることはまずありません。",
            "何も入力しないでください。用件に心当たりがあれば、ご自分のブックマークからサイトを開いて確かめてください。",
        ),
    },
)
FEW = 2  # fields for words: one alone is a search or a subscription


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        if seen.kind != "form":
            continue
        severity = _severity(facts, seen)
        if severity:
            asked = [name for name in SECRETS if name in seen.fields] or ["text"]
            owner = seen.target.domain or seen.target.host
            named = [f"visit.asks.{name}" for name in asked]
            yield CHECK.finding(f"link:{number}", severity=severity, named=named, owner=owner)


def _severity(facts: Facts, seen: Link) -> str:
    """ "" for what newsletters have: a search, a subscription, a survey at their own place."""
    organisation = facts.identity.organisation
    owner = seen.target.domain or seen.target.host
    known = brands.of_domain(organisation)
    own = owner == organisation or (known is not None and known.runs(owner))
    if any(name in seen.fields for name in SECRETS):
        vouched = bool({"authenticated", "own-server"} & set(facts.account.reasons))
        return "medium" if own and vouched else "high"
    return "" if own or seen.fields.count("text") < FEW or trackers.counts_clicks(owner) else "low"
