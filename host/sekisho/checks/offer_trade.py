"""The text offers goods or services to anybody: a manufacturer, an agency, a developer of websites."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "offer-trade",
    "low",
    {
        "en": Text(
            "A stranger offers goods or services",
            "It says “{sentence}”. Such letters go to thousands of addresses that somebody bought or collected. Some come from "
            "real firms, many lead to a payment in advance, and an answer shows that your address is read.",
            "If you did not ask for it, don't answer and don't ask to be removed. Look the firm up by yourself before you order or "
            "pay anything.",
        ),
        "ja": Text(
            "面識のない相手からの売り込みです",
            "本文には「{sentence}」とあります。買い取られたり集められたりしたアドレスへ一斉に送られる営業メールの書き方です。"
            "実在の会社のこともありますが、前払いだけさせて届かないものもあり、返信すると、読まれているアドレスだと相手に分かります。",
            "心当たりがなければ返信せず、配信停止の依頼も送らないでください。取引するなら、会社をご自身で調べてからにしましょう。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("offer-trade")
    if said is not None:
        yield CHECK.finding(*said.where, severity="medium" if said.ways > 1 else None, sentence=said.sentence)
