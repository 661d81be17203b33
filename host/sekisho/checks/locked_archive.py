"""An archive that is locked with a password: no filter can look inside, and Sekisho can't either."""

import re
from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask
from sekisho.tables import file_types

CHECK = Check(
    "locked-archive",
    "low",
    {
        "en": Text(
            "“{file}” is locked with a password",
            "Nobody on the way could look inside, neither a virus scanner nor Sekisho. Some companies lock what they send; whoever sends malware does it, too, "
            "and then writes the password into the same mail.",
            "Open it only if you were expecting it, and ask for the password by another way than this mail.",
        ),
        "ja": Text(
            "「{file}」はパスワード付きです",
            "途中のウイルス検査でも、Sekisho でも、中身を確かめられません。パスワード付きで送る習慣の会社もありますが、"
            "ウイルスを送る側も同じ方法を使い、パスワードをメールに書き添えます。",
            "心当たりのあるファイルだけを開いてください。パスワードは、このメール以外の方法で確かめるのが確実です。",
        ),
    },
)
_WORDS = ("password", "passcode", "pass code", "pwd", "passwort", "mot de passe", "contraseña")


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    locked = [
        (number, file)
        for number, file in enumerate(facts.files)
        if file.attachment.encrypted and file.group not in (file_types.DOCUMENT, file_types.PDF)  # encrypted-document's
    ]
    if not locked:
        return
    severity = "medium" if _password_beside(facts) else "low"
    for number, file in locked:
        yield CHECK.finding(f"attachment:{number}", severity=severity, file=file.name.shown)


def _password_beside(facts: Facts) -> bool:
    """Whether the mail itself says the password. In a Japanese letter that is a widespread honest habit and weighs nothing."""
    text = "\n".join(part.text[:100_000] for part in facts.message.texts).lower()
    if re.search("[\u3040-\u30ff]", text):
        return False
    words = "|".join(map(re.escape, _WORDS))
    return bool(re.search(rf"(?:{words})[^\n]{{0,30}}?(?::|=|\bis\b|-)\s{{0,5}}\S{{3,}}", text))
