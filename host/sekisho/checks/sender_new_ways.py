"""A sender who has always written by the same way writes by another one now, and nobody vouches that it is the same sender.

Only proven messages make a habit (facts.history), so that a forger's mail changes nothing. People travel and companies change
their provider: where somebody vouches for the sender all the same, it weighs little, and a new network alone is no finding.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "sender-new-ways",
    "medium",
    {
        "en": Text(
            "This sender has always written from {country}; this message comes from elsewhere: {now}",
            "{messages} messages since {since} for which somebody vouched came through {usual}. This one came another way. "
            "A journey or a change of provider explains that; so does somebody else who uses the name or the mailbox.",
            "Before you act on it, ask the sender by a way that you already know, by telephone best.",
        ),
        "ja": Text(
            "これまで{country}から送ってきた差出人ですが、今回は別の場所からです({now})",
            "{since} 以降、本人のものと確認できたメール {messages} 通は {usual} から届いていました。今回は違います。"
            "旅行や契約先の変更でも起こりますが、名前やメールボックスを他人が使っている場合にも起こります。",
            "書かれていることをする前に、前から知っている番号に電話するなど、別の方法で本人に確かめてください。",
        ),
    },
)
MONTH = 30 * 86400  # seconds


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    found = facts.history
    if found is not None:
        behind = "behind-country" in found.news
        now, usual = (found.behind, "behind") if behind else (found.now, "ways")
        if found.usual is None or now is None or not (behind or "country" in found.news):
            return
        ways = found.usual.behind if usual == "behind" else found.usual.ways
        home = now.line in ("access", "mobile")
        entry = facts.route.entry
        yield CHECK.finding(
            "field:from",
            *([entry.field.anchor] if entry else []),
            severity="low"
            if found.vouched or facts.from_list or not (home or found.usual.messages >= 10)
            else "medium",
            now=now.name or now.country,
            country=ways[0][0].country,
            usual=[way.name for way, _ in ways[:2] if way.name] or [ways[0][0].country],
            messages=found.usual.messages,
            since=_month(found.usual.since),
        )


def _month(at: int) -> str:
    from sekisho.mail.date import iso

    return iso(at)[:7]
