"""A link's host has a name in which letters of several scripts stand together that nobody writes together."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "mixed-scripts",
    "medium",
    {
        "en": Text(
            "The link's host mixes letters of several scripts: “{shown}”",
            "Some letters of other scripts look exactly like Latin ones. A name that has both is as a rule made to be taken "
            "for another name; browsers show it as “{host}” for that reason. Japanese beside Latin letters is not meant.",
            "Don't trust how the name looks. Its owner is {owner}.",
        ),
        "ja": Text(
            "リンク先の名前「{shown}」に、異なる文字体系の文字が混ざっています",
            "別の文字体系には、英字とまったく同じ形に見える文字があります。両方が混ざった名前は、たいてい別の名前に"
            "見せかけるためのもので、ブラウザーもそのため「{host}」と表示します。日本語と英字の組み合わせは対象外です。",
            "名前の見た目を信用しないでください。持ち主は {owner} です。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        found = seen.shape.lookalike
        if found is not None and found.brand is None:
            yield CHECK.finding(f"link:{number}", shown=found.label, host=seen.target.host, owner=seen.target.domain)
