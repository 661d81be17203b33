"""What the options page shows of this computer, as primitives: the tables and their dates, what the register holds, what doctor finds.

Nothing here is asked for while a mail is looked at.
"""

from __future__ import annotations

import os
import time

from sekisho import ages, folders
from sekisho.named import TYPE_CHECKING
from sekisho.panel.primitives import Primitive, action, fold, listing, marked, sentence, span, table
from sekisho.panel.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_HEAD = 600  # characters at the head of a table's file in which its date stands
_MARK = "as-of"


def data(locale: str) -> list[Primitive]:
    """The tables and their dates."""
    words, column = Words(locale), 1 if locale == "ja" else 0
    found = ages.ages(int(time.time() // 86400))
    rows = [
        [
            ages.TITLES[one.table][column],
            one.date or words("care.missing"),
            words("care.old") if one.old else "",
        ]
        for one in found
    ]
    body: list[Primitive] = [table(rows, [words("care.table"), words("care.date"), words("care.remark")])]
    said = ages.notice(int(time.time() // 86400), locale)
    if said is not None:
        body += [sentence(said["text"], "warn"), *_command(said["command"], words)]
    else:
        body.append(sentence(words("care.fresh"), "muted"))
    made = sorted(_by_hand().items())
    if made:
        shown = [[name, date] for name, date in made]
        body.append(
            fold(
                words("care.by-hand", count=len(made)),
                [sentence(words("care.by-hand-why")), table(shown, [words("care.table"), words("care.date")])],
            )
        )
    return body


def register(locale: str) -> list[Primitive]:
    """What is remembered, in numbers: the register holds no words."""
    from sekisho.register import RegisterError, look

    words = Words(locale)
    path = folders.own_register()
    try:
        size = look(path)
    except RegisterError as error:
        return [sentence(words("care.register-bad", problem=error), "warn")]
    if size is None or not size.messages:
        return [sentence(words("care.register-none"))]
    kilobytes = -(-size.bytes // 1024)
    said = words("care.register", messages=size.messages, accounts=size.accounts, size=kilobytes)
    return [sentence(said), marked([span(path)])]


def check_up(locale: str) -> list[Primitive]:
    """What `sekisho doctor` finds: first what is to be mended, each with its command or step, then what is right."""
    from sekisho import doctor, places

    words = Words(locale)
    lines = list(doctor.run(places.this_machine(), locale))
    wrong = [line for line in lines if not line.ok]
    right = [[sentence(line.text)] for line in lines if line.ok]
    body: list[Primitive] = [
        sentence(words("care.wrong", count=len(wrong)) if wrong else words("care.right"), "warn" if wrong else "strong")
    ]
    if wrong:
        body.append(listing([[sentence(one.text), *(_command(one.mend, words) if one.mend else ())] for one in wrong]))
    body.append(fold(words("care.in-order", count=len(right)), [listing(right)]))
    return body


def _command(command: str, words: Words) -> list[Primitive]:
    return [marked([span(command)]), action(words("care.copy"), "copy", {"text": command})]


def _by_hand() -> dict[str, str]:
    """The tables that come with a version of the program: name -> date."""
    return dict(_dated(os.path.join(os.path.dirname(__file__), "tables")))


def _dated(folder: str) -> Iterator[tuple[str, str]]:
    for name in os.listdir(folder):
        base, _, ending = name.rpartition(".")
        if ending not in ("py", "tsv") or base.startswith(("build_", "compile_")):
            continue
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                head = file.read(MAX_HEAD)
        except OSError:
            continue
        date = head.partition(_MARK)[2].lstrip()[:10]
        if date[:4].isdecimal() and date[4:5] == "-":
            yield base, date
