"""A drawing (SVG) that is a page: it holds a script, or a page inside."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.facts.pages import EMBEDDED, PASSWORD, SCRIPT, SMUGGLING
from sekisho.questions import Ask

CHECK = Check(
    "script-in-picture",
    "medium",
    {
        "en": Text(
            "The picture “{file}” holds a program",
            "An SVG file looks like a picture, but a browser runs the script in it or shows the page in it. Drawings that people send hold neither.",
            "Don't open it in a browser, and type nothing into what it shows.",
        ),
        "ja": Text(
            "画像「{file}」にはプログラムが入っています",
            "SVG は画像に見えますが、ブラウザーで開くと中のスクリプトが実行され、中のページが表示されます。普通にやり取りされる図に、そのようなものは入っていません。",
            "ブラウザーで開かず、表示された画面にも何も入力しないでください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for number, file in enumerate(facts.files):
        drawing = file.attachment.detected_type == "image/svg+xml" or file.name.extension in ("svg", "svgz")
        if drawing and file.page & {SCRIPT, EMBEDDED, SMUGGLING, PASSWORD}:
            severity = "high" if file.page & {SMUGGLING, PASSWORD} else "medium"
            yield CHECK.finding(f"attachment:{number}", severity=severity, file=file.name.shown)
