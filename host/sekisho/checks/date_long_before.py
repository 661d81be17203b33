"""The Date lies days before the oldest line of the route that can be believed."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.timing import HOUR
from sekisho.mail.date import parse
from sekisho.questions import Ask

_LONG = 48 * HOUR

CHECK = Check(
    "date-long-before",
    "low",
    {
        "en": Text(
            "It is dated {duration} before it set out",
            "The oldest line of its route that can be believed is {duration} younger than its Date. A message that waited in an outbox "
            "looks like that; so does one that was made ready long ago, or an old one that somebody sends again to other people.",
            "Don't take what it says for news: if it asks you for something, ask the sender yourself by telephone.",
        ),
        "ja": Text(
            "送り出された時刻より {duration}前の日付になっています",
            "経路のうち信じられるいちばん古い行は、メールの日付より {duration}後のものです。送信トレイに残っていただけのこともありますが、"
            "前もって用意しておいたメールや、古いメールを別の人に送り直したものもこうなります。",
            "書かれていることを最新の話だと思わないでください。何かを頼まれているなら、差出人に電話で確かめましょう。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    timing = facts.timing
    if timing.handed_in is None or timing.written is None or facts.route.entry is None:
        return
    # Whoever hands an old message on dates it anew, and keeps its Date (RFC 5322 §3.6.6).
    resent = parse(facts.message.unstructured("resent-date") or "")
    waited = timing.handed_in - (max(resent.epoch - timing.written.epoch, 0) if resent else 0)
    if waited > _LONG:
        line = facts.route.steps[timing.oldest].field.anchor
        yield CHECK.finding("field:date", line, duration=timing.handed_in)
