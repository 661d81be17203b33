"""The message has no Date, or one that is no date."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "no-date",
    "low",
    {
        "en": Text(
            "It has no date that can be read",
            "Every mail program writes the date into what it sends. Here it is missing, or is no date at all: the message was put "
            "together by something else.",
            "Go by the time at which your side took it in.",
        ),
        "ja": Text(
            "読み取れる日付がありません",
            "メールソフトは必ず送信日時を書き込みますが、このメールにはそれがないか、日付になっていません。普通のメールソフト以外のもので作られています。",
            "あなたの側が受け取った時刻を目安にしてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    if facts.timing.written is None and facts.route.steps:
        field = facts.message.header.first("date")
        yield CHECK.finding(field.anchor if field else facts.route.steps[0].field.anchor)
