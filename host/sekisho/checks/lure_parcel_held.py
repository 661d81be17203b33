"""The text says that a parcel could not be delivered, is held or costs a fee."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-parcel-held",
    "info",
    {
        "en": Text(
            "It says that a parcel is waiting or could not be delivered",
            "It says “{sentence}”. Carriers do write such mails. A small fee or an address to confirm is also "
            "how card numbers are asked for.",
            "Look the number of the parcel up on the carrier's own page, typed by yourself.",
        ),
        "ja": Text(
            "荷物の不在・保留・配送料について書かれています",
            "本文には「{sentence}」とあります。運送会社からの連絡でもよくある内容ですが、"
            "少額の手数料や住所確認を口実にカード番号を入力させる手口でもあります。",
            "運送会社の公式サイトをご自分で開き、送り状番号で調べてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("parcel-held")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
