"""An Office file holds a program: a macro, which may run by itself."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "office-macros",
    "medium",
    {
        "en": Text(
            "“{file}” contains a macro, a program inside the document",
            "A macro can do with your computer what you can. Macros named {auto} start without a further click once "
            "“Enable content” has been pressed; one without such a name waits to be started.",
            "Don't press “Enable content”. If you expected this file, ask the sender by telephone, or ask for it without macros.",
        ),
        "ja": Text(
            "「{file}」にはマクロ(文書に埋め込まれたプログラム)が入っています",
            "マクロは、あなたのパソコンであなたと同じことができます。{auto} という名前のマクロは「コンテンツの有効化」を押すと自動的に動き出し、"
            "そうした名前のないものは実行されるのを待っています。",
            "「コンテンツの有効化」は押さないでください。心当たりのあるファイルでも、電話で確かめるか、マクロなしで送ってもらいましょう。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    for file in facts.opened:
        macros = file.of("macro")
        auto = sorted({str(name) for macro in macros for name in macro.get("auto") or ()})
        if macros:
            yield CHECK.finding(
                file.anchor, severity="high" if auto else None, file=file.name, auto=auto or ["AutoOpen", "Auto_Open"]
            )
