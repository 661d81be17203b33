"""A code in a picture leads to a page: a link that no mail filter sees, opened on a telephone."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "qr-link",
    "low",
    {
        "en": Text(
            "A QR code in the mail leads to {host}",
            "The address stands in a picture, where mail filters seldom look, and it is opened on a telephone, which shows little of "
            "it. Many companies use such codes honestly; so do people who collect passwords.",
            "Look at where it leads, here, before you scan it. If it should be your bank or a service you use, open that as you always do.",
        ),
        "ja": Text(
            "メール内の QR コードは {host} につながっています",
            "アドレスが画像の中にあるため迷惑メールの検査を通り抜けやすく、読み取るスマートフォンではアドレスの全体が見えにくくなります。"
            "まともな会社も使いますが、パスワードを盗む手口にもよく使われます。",
            "読み取る前に、リンク先をここで確かめてください。銀行やご利用中のサービスを名乗っているなら、いつもの方法で開いてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, seen in enumerate(facts.links.seen):
        if seen.kind == "qr":
            yield CHECK.finding(f"link:{number}", seen.link.where, host=seen.target.host)
