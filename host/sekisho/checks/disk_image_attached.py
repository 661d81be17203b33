"""A disk image: opening it puts a drive with files into the computer, past the marks that warn of files from outside."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables.file_types import DISK_IMAGE

CHECK = Check(
    "disk-image-attached",
    "medium",
    {
        "en": Text(
            "“{file}” is a disk image",
            "Opening it adds a drive with files to your computer. Malware is sent this way because files on such a drive may lack the mark by which "
            "Windows warns of files from outside. Letters and invoices are not sent as disk images.",
            "Don't open it unless you were expecting exactly this file, and asked its sender by telephone.",
        ),
        "ja": Text(
            "「{file}」はディスクイメージです",
            "開くと、パソコンに新しいドライブが現れ、その中にファイルが入っています。外部から届いたファイルへの Windows の警告をすり抜けることがあり、"
            "ウイルスを送る手口に使われます。請求書や案内状をディスクイメージで送ることはありません。",
            "受け取る約束があり、差出人に電話で確かめたファイルでなければ、開かないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        if file.opens_as == DISK_IMAGE:
            yield CHECK.finding(f"attachment:{number}", file=file.name.shown)
