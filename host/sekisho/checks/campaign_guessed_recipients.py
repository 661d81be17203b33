"""The same message came under many names of the reader's own domain, most of which nobody there has: whoever sent it guesses them.

A newsletter whose sender is vouched for is left alone, and so is one that goes to the people who are really there.
"""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "campaign-guessed-recipients",
    "medium",
    {
        "en": Text(
            "{messages} messages like this one went to {recipients} addresses of your domain, {unknown} of which none of your accounts has",
            "They differ in names, links and small words, and in nothing else. Who writes to addresses that don't exist has no list of people, "
            "but tries the names that companies usually have.",
            "Delete them together; one complaint is enough for all. If colleagues can receive such mail too, tell them.",
        ),
        "ja": Text(
            "同じ内容のメール {messages} 通が、あなたの側の {recipients} 個のアドレスに届き、うち {unknown} 個は存在を確認できません",
            "名前やリンク、細かな言葉が違うだけで、中身は同じです。存在しないアドレスにまで送るのは、名簿を持たず、会社にありそうな名前を片端から試しているためです。"
            "{unknown} 個は、登録されたアカウントのどれにも当てはまらないアドレスの数です。",
            "まとめて削除してかまいません。通報は代表の 1 通で足ります。同じメールが同僚にも届きそうなら、知らせておきましょう。",
        ),
    },
)
LEAST = 5  # messages, and addresses
MANY = 20  # messages


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    found = facts.campaign
    if found is not None:
        recipients, unknown = len(found.recipients), found.unknown
        if found.proven or min(found.messages, recipients) < LEAST or unknown * 2 < recipients or unknown < 3:
            return
        yield CHECK.finding(
            "field:to",
            "field:subject",
            *(["field:from"] if found.to_self else []),
            severity="high" if found.messages >= MANY and found.to_self * 2 > found.messages else "medium",
            messages=found.messages,
            recipients=recipients,
            unknown=unknown,
        )
