"""Answers would go to another organisation than the sender's address names."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, own_side
from sekisho.questions import Ask

CHECK = Check(
    "answers-elsewhere",
    "info",
    {
        "en": Text(
            "Answers would go to {other}, not to {address}",
            "Who answers writes to {other}: another domain than the sender's address has. {reading} Newsletters, lists and forms do that for good "
            "reasons; so does whoever borrows an address and wants to read the answers himself.",
            "Look at the address before you send an answer.",
        ),
        "ja": Text(
            "返信は {address} ではなく {other} に届きます",
            "返信すると、差出人のアドレスとは別のドメインの {other} に届きます。{reading}メールマガジン、メーリングリスト、フォームなどでは普通のことですが、"
            "他人のアドレスを騙って返事だけ自分で読もうとする場合にも使われます。",
            "返信する前に、宛先を確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author, answers = facts.identity.author, facts.answers
    if author is None or answers is None or answers.reading == "list":
        return
    yield CHECK.finding(
        "field:reply-to",
        severity=_severity(facts, answers.reading),
        other=answers.address,
        address=author.address,
        reading=answers.reading,
    )


def _severity(facts: Facts, reading: str) -> str:
    entry = facts.route.entry
    if (
        reading == "free"
        and entry is not None
        and own_side.whose(facts) in ("address", "domain")
        and (facts.papers.passed or own_side.handed_over(facts, entry))
    ):
        return "info"  # the own site's form writes in the reader's name, and wants the answer to reach whoever filled it in
    return {"claimed": "medium", "free": "medium", "free-named": "low", "free-list": "low"}.get(reading, "info")
