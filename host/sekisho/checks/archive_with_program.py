"""An archive that holds a program, a script or a shortcut."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables.file_types import PROGRAM, RUNS

FEW = 10  # files; software and its sources come in larger packages

CHECK = Check(
    "archive-with-program",
    "high",
    {
        "en": Text(
            "“{file}” holds a program: {member}",
            "Programs are packed into archives to get past mail filters. Opening the file in it runs it, with all the rights that you have on this computer.",
            "Don't open the file in the archive. If somebody you know wanted to send you a program, ask them by telephone whether they did.",
        ),
        "ja": Text(
            "「{file}」の中にプログラムが入っています: {member}",
            "メールフィルターを避けるために、プログラムを圧縮ファイルに入れて送る手口があります。中のファイルを開くと、あなたの権限で実行されます。",
            "中のファイルを開かないでください。知り合いからのメールなら、本当に送ったのかを電話で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        running = [member for member in file.members if member.opens_as in RUNS]
        if running and file.opens_as != PROGRAM:  # a program that is an archive (.jar, .apk) is said to be one already
            member = next((one for one in running if one.name.tricks), running[0])
            severity = "high" if len(file.members) <= FEW or member.name.tricks else "low"
            yield CHECK.finding(
                f"attachment:{number}", severity=severity, file=file.name.shown, member=member.name.shown
            )
