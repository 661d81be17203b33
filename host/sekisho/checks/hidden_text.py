"""The HTML holds much text that nobody sees."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, disguise
from sekisho.questions import Ask

CHECK = Check(
    "hidden-text",
    "medium",
    {
        "en": Text(
            "It holds text that you don't see: “{sample}”",
            "{letters} letters are there and hidden, beside {seen} that are shown, and say something else. A line of preview is usual; stories "
            "and foreign mails are put in to make a filter believe in a harmless letter.",
            "Judge the mail by what it shows and where it leads, and don't click in it.",
        ),
        "ja": Text(
            "画面に表示されない文章が含まれています:「{sample}」",
            "表示される {seen} 文字に対し、まったく別の文章が {letters} 文字分隠されています。一覧用の短い前書きなら普通ですが、"
            "無関係な文章は、検査をすり抜けて無害なメールに見せるためのものです。",
            "見えている内容とリンク先だけで判断し、クリックはしないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for hidden in disguise.hidden(facts.message):
        severity = None if hidden.letters > hidden.seen else "low"
        yield CHECK.finding(
            hidden.where, severity=severity, sample=hidden.sample, letters=hidden.letters, seen=hidden.seen
        )
