"""From a private mailbox, and the answer goes to another private mailbox of another name."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "answers-other-mailbox",
    "medium",
    {
        "en": Text(
            "It came from one private mailbox, and answers go to another: {other}",
            "The sender's address is {address}; who answers writes to {other}. Anybody can open either in a minute, and neither tells who it is. Whoever sends "
            "from mailboxes that are soon closed has the answers collected in one that stays.",
            "Don't answer before you have asked the person you know in another way.",
        ),
        "ja": Text(
            "個人用の {address} から届いたのに、返信は別の個人用アドレス {other} に届きます",
            "どちらも誰でもすぐに作れるアドレスで、相手が誰かは分かりません。すぐ止められる捨てアドレスから大量に送り、返事だけを残しておく別のアドレスで集める手口によく見られます。",
            "お知り合いの名前でも、別の手段で本人に確かめるまで返信しないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    author = facts.identity.author
    other = facts.answers_other_mailbox
    if author is not None and other:
        yield CHECK.finding("field:reply-to", other=other, address=author.address)
