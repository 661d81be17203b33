"""A link carries the address of one of the message's recipients: who opens it is known."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "link-knows-reader",
    "info",
    {
        "en": Text(
            "This link knows you: it carries {address}",
            "Whoever owns {owner} learns from it that this address was reached, and when somebody clicks. Newsletters do "
            "it to count readers; fraud does it to fill in your address on a false login page.",
            "If you don't trust the sender, don't click, not even on “uns"
            "ubscribe”: it tells them that somebody reads this address.",
        ),
        "ja": Text(
            "リンクにあなたのアドレス {address} が埋め込まれています",
            "{owner} の持ち主には、このアドレスにメールが届いたことと、いつクリックされたかが分かります。メールマガジンは読者"
            "を数えるため、詐欺は偽のログイン画面にあなたのアドレスを入れておくために使います。",
            "差出人を信用できない場合は、「配信停止」も含めてクリックしないでください。クリックすると、このアドレスが読まれていること"
            "が相手に伝わります。",
        ),
    },
)

MAX_PLACES = 20


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    knowing = [(number, seen) for number, seen in enumerate(facts.links.seen) if seen.shape.recipients]
    for _, seen in knowing[:1]:
        found = seen.shape.recipients[0]
        yield CHECK.finding(
            *(f"link:{number}" for number, _ in knowing[:MAX_PLACES]),
            address=found.address,
            owner=seen.target.domain or seen.target.host,
            form=found.form,
        )
