"""A file that runs as a program when it is opened."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables.file_types import PROGRAM, SCRIPT

CHECK = Check(
    "program-attached",
    "high",
    {
        "en": Text(
            "“{file}” is a program",
            "Opening it does not show anything: it runs it, with all the rights that you have on this computer. "
            "Companies don't send invoices, delivery notes or forms as programs.",
            "Don't open it. If somebody you know wanted to send you a program, ask them by telephone whether they did.",
        ),
        "ja": Text(
            "「{file}」はプログラムです",
            "開くと、中身が表示されるのではなく、プログラムとしてあなたの権限で実行されます。"
            "請求書や納品書、申請書をプログラムで送ってくる会社はありません。",
            "開かないでください。知り合いからのメールなら、本当に送ったのかを電話で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        if file.opens_as in (PROGRAM, SCRIPT):
            yield CHECK.finding(f"attachment:{number}", file=file.name.shown)
