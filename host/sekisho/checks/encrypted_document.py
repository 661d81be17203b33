"""A document that opens only with a password: nobody on its way could look into it."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "encrypted-document",
    "low",
    {
        "en": Text(
            "“{file}” opens only with a password",
            "What is in it could be checked neither here nor by any mail filter. Banks and authorities send such documents; so do "
            "people who have something to hide from filters, with the password in the same mail.",
            "Open it only if you expected it, and if the password reached you in another way than by this mail.",
        ),
        "ja": Text(
            "「{file}」を開くにはパスワードが必要です",
            "中身は、ここでも途中のどの検査でも確かめられていません。銀行や役所も使いますが、検査を逃れるために同じメールにパスワードを書いて送る手口もあります。",
            "届く予定があり、パスワードがこのメールとは別の方法で伝えられた場合だけ開いてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for file in facts.opened:
        if any(one.get("password") for one in file.of("encrypted")):
            yield CHECK.finding(file.anchor, file=file.name)
