"""The Japanese has slips that a translation program makes, or who copies letters by their looks."""

from collections.abc import Iterator

from sekisho.checks import Check, Seen, Text
from sekisho.facts import Facts, wording
from sekisho.questions import Ask

CHECK = Check(
    "odd-japanese",
    "low",
    {
        "en": Text(
            "Its Japanese has slips that no Japanese company makes: “{slips}”",
            "Chinese forms of characters, a hyphen for a long vowel, terms that only a translation program knows: the text was not written "
            "where it says it comes from.",
            "If it speaks in a Japanese company's name, don't believe it. A foreign correspondent may well write so.",
        ),
        "ja": Text(
            "日本の会社なら書かない、不自然な日本語があります:「{slips}」",
            "中国の字体、「ー」の代わりのハイフン、機械翻訳でしか見ない言い回しなどがあります。名乗っている会社が書いた文章とは考えにくいものです。",
            "日本の会社を名乗っているなら信用しないでください。海外の取引先からのメールであれば、あり得ることです。",
        ),
    },
)


def find(facts: Facts, ask: Ask) -> Iterator[Seen]:
    slips = wording.slips(facts.message)
    if slips:
        severity = None if len(slips) > 1 else "info"
        yield CHECK.finding(
            *dict.fromkeys(slip.where for slip in slips), severity=severity, slips=[slip.written for slip in slips]
        )
