"""A domain of the message had only just been registered when it came.

Domains for fraud live for days: used soon after they are bought, reported, dropped. A new company's is young too, so that youth alone
never says danger; beside a well-known name it does, because those are not founded this week. A domain registered after the
message belonged to somebody else then, or to nobody: its age says nothing of it.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.domains import Domain, age
from sekisho.questions import Ask

CHECK = Check(
    "young-domain",
    "medium",
    {
        "en": Text(
            "{domain} is new: it was registered on {created}",
            "The number of days between that and this message: {days}. Domains for fraud are mostly used within days of buying them, and dropped "
            "soon after. New companies and new sites have young domains too.",
            "If it claims to be somebody you have known for longer, check by telephone or from your own bookmark before you click or answer.",
        ),
        "ja": Text(
            "{domain} は {created} に登録されたばかりのドメインです",
            "登録からこのメールが届くまで {days} 日です。詐欺に使うドメインの多くは、買ってすぐに使われ、じきに捨てられます。"
            "開業したての会社や新しいサイトのこともあります。",
            "以前からの知り合いや取引先を名乗るメールなら、リンクを開いたり返信したりする前に、電話やご自分のブックマークから確かめてください。",
        ),
    },
)

DAYS_HIGH, DAYS_MEDIUM, DAYS_LOW = 7, 30, 90


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for domain in facts.domains:
        created = (domain.registration or {}).get("created")
        days = age(created, facts.handed_over)
        # The registry's day and the hand-over's can be of two zones.
        if days is None or not -1 <= days <= DAYS_LOW:
            continue
        known = days <= DAYS_HIGH and _claims_to_be_known(facts, domain)
        severity = "high" if known else "medium" if days <= DAYS_MEDIUM else "low"
        yield CHECK.finding(
            *facts.places(domain),
            severity=severity,
            domain=domain.name,
            created=str(created)[:10],
            days=max(0, days),
        )


def _claims_to_be_known(facts: Facts, domain: Domain) -> bool:
    """Whether the message gives itself, or a link into the domain, a well-known name."""
    brand = facts.identity.brand
    if brand is not None and not brand.runs(domain.name):
        return True
    return any(seen.imitated is not None and seen.target.domain == domain.name for seen in facts.links.seen)
