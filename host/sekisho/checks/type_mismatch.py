"""A file whose content is of another, more dangerous kind than its name and its declared type say."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables.file_types import ARCHIVE, DISK_IMAGE, DOCUMENT, HTML, IMAGE, MEDIA, PDF, PROGRAM, SHORTCUT, TEXT

# What a name promises, and what its content then must not be. A spreadsheet that is HTML, a picture of another format, a text that is
# called otherwise are everyday things.
_GRAVE = frozenset((PROGRAM, SHORTCUT, DISK_IMAGE))
_BROKEN = {
    PDF: _GRAVE | {HTML, ARCHIVE},
    IMAGE: _GRAVE | {HTML, ARCHIVE},
    MEDIA: _GRAVE | {HTML},
    DOCUMENT: _GRAVE,
    TEXT: _GRAVE,
}

CHECK = Check(
    "type-mismatch",
    "medium",
    {
        "en": Text(
            "“{file}” is not what its name says: it is {kind}",
            "The content is of another kind than the name promises, and of one that can do more. Programs and mail filters that go by the name let "
            "such a file through.",
            "Don't open it, and don't rename it to make it open.",
        ),
        "ja": Text(
            "「{file}」の中身は名前どおりではありません(実際は{kind})",
            "名前が示す種類とは違い、より多くのことができる種類の中身です。名前だけで判断するソフトやメールフィルターをすり抜けるために使われます。",
            "開かないでください。開けるように名前を変えることも避けてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        if file.group in _BROKEN.get(file.name.group, ()) and file.attachment.detected_type != "image/svg+xml":
            severity = "high" if file.group in _GRAVE else "medium"
            yield CHECK.finding(f"attachment:{number}", severity=severity, file=file.name.shown, kind=file.group)
