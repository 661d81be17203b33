"""The text says that a mailbox or a cloud storage is full, or that messages are waiting."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts
from sekisho.questions import Ask

CHECK = Check(
    "lure-mailbox-full",
    "info",
    {
        "en": Text(
            "It says that a mailbox or storage is full, or that messages are held back",
            "It says “{sentence}”. Mail programs and providers show this themselves when it is so. As a mail it "
            "is among the commonest ways to a false login page.",
            "Look in your mailbox or at your provider itself, not through this mail.",
        ),
        "ja": Text(
            "メールボックスや保存容量がいっぱい、またはメールが保留中と書かれています",
            "本文には「{sentence}」とあります。本当にそうであれば、メールソフトや事業者の画面にも表示されます。"
            "偽のログイン画面へ誘う文句としてよく使われます。",
            "このメールのリンクは使わず、ご利用のメールや事業者の画面で確かめてください。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    said = facts.lures.of("mailbox-full")
    if said is not None:
        yield CHECK.finding(*said.where, sentence=said.sentence)
