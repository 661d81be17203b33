"""The Date lies after the moment at which the reader's own side took the message in."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.timing import HOUR
from sekisho.questions import Ask

_WIDEST = 15 * HOUR  # a Date without a zone may be of any: UTC+14 is the furthest ahead
_DAY = 24 * HOUR

CHECK = Check(
    "date-in-future",
    "low",
    {
        "en": Text(
            "It is dated {duration} after it arrived",
            "Your own side took it in {duration} before the time that it gives as its Date. A computer whose clock or time zone is "
            "set wrongly does that, and so does a sender who wants to stay on top of a list sorted by date.",
            "Go by the time at which your side took it in, not by its Date.",
        ),
        "ja": Text(
            "届いた時刻より {duration}先の日付になっています",
            "あなたの側のサーバーは、メールに書かれた日付より {duration}前にこれを受け取っています。時計や時差の設定が狂った"
            "パソコンでも起こりますが、日付順の一覧でいちばん上に居座るためにわざと先の日付を書く送り手もいます。",
            "メールの日付ではなく、あなたの側が受け取った時刻を目安にしてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    timing, entry = facts.timing, facts.route.entry
    if timing.date_offset is None or timing.written is None or entry is None:
        return
    ahead = -timing.date_offset
    if ahead > (HOUR if timing.written.zoned else _WIDEST):
        yield CHECK.finding(
            "field:date", entry.field.anchor, severity="medium" if ahead > _DAY else "low", duration=ahead
        )
