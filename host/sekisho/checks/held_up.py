"""The message lay for hours on the reader's own side."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.timing import HOUR
from sekisho.questions import Ask

_LONG = 4 * HOUR

CHECK = Check(
    "held-up",
    "info",
    {
        "en": Text(
            "It lay on your own side for {duration}",
            "{host} wrote its line {duration} before the next one on your side was written. The sender has no part in that.",
            "If you fetch your mail only now and then, that is all there is to it. Otherwise ask whoever runs {host}.",
        ),
        "ja": Text(
            "あなたの側で {duration}止まっていました",
            "{host} が行を書いてから、あなたの側で次の行が書かれるまでに {duration}かかっています。送り手とは関係ありません。",
            "たまにしかメールを取り込まないのであれば、そのためです。心当たりがなければ、{host} の管理者に尋ねてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for step, gap in zip(facts.route.steps, facts.timing.gaps, strict=True):
        if step.hop.standing == "proven" and gap is not None and gap.seconds is not None and gap.seconds > _LONG:
            yield CHECK.finding(step.field.anchor, host=step.received.by or "?", duration=gap.seconds)
