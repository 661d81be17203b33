"""A mailing program's placeholder was never filled in: {EMAIL64} instead of the reader's address."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.mail.url import placeholders
from sekisho.questions import Ask

CHECK = Check(
    "unfilled-placeholder",
    "medium",
    {
        "en": Text(
            "Written by a mass-mailing kit: “{placeholder}” was left unfilled",
            "The program was to put your own data there, one mail an address, and did not. "
            "A person who writes to you, or a shop that knows you, has no such gap.",
            "Take it for what it is: one of many copies, not a message to you.",
        ),
        "ja": Text(
            "一斉送信ツールの差し込み記号「{placeholder}」が残ったままです",
            "宛先ごとの情報を差し込むはずの場所が埋められていません。あなた個人に宛てて書かれたメールではありません。",
            "大量にばらまかれたうちの一通として扱ってください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        for placeholder in seen.placeholders[:1] or _in_brackets(seen.target.host):
            yield CHECK.finding(f"link:{number}", placeholder=placeholder)
            return
    for placeholder in placeholders(facts.message.unstructured("subject") or "")[:1]:
        yield CHECK.finding("field:subject", placeholder=placeholder)


def _in_brackets(host: str) -> tuple[str, ...]:
    """A word where an address would stand: http://[Unsubscribe]. Between brackets browsers take IPv6 alone (RFC 3986 §3.2.2)."""
    word = host.strip("[]")
    return (f"[{word}]",) if host.startswith("[") and word.isalpha() and len(word) > 2 else ()
