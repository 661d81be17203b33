"""A link holds characters of which nothing is seen, or that turn its order round."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "unseen-in-link",
    "low",
    {
        "en": Text(
            "The link holds invisible characters ({characters})",
            "Such characters make a link look like another one, or cut words so that filters do not find them. Inside a "
            "path they can also have come in by copying and pasting.",
            "Look at the owner, {owner}, not at what the link seems to say.",
        ),
        "ja": Text(
            "リンクに目に見えない文字({characters})が入っています",
            "見えない文字は、リンクを別のものに見せたり、フィルターが語句を見つけられないようにしたりするために使われます。パスの中に"
            "ある場合は、コピーと貼り付けで紛れ込んだだけのこともあります。",
            "リンクの見た目ではなく、持ち主 {owner} を見て判断してください。",
        ),
    },
)

OVERRIDES = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"  # they begin a stretch that is shown in another order (UAX #9)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        shape = seen.shape
        if shape.unseen:
            turned = any(f"U+{ord(sign):04X}" in shape.unseen for sign in OVERRIDES)
            yield CHECK.finding(
                f"link:{number}",
                severity="high" if turned or shape.unseen_in_host else "low",
                characters=", ".join(shape.unseen),
                owner=seen.target.domain or seen.target.host,
            )
