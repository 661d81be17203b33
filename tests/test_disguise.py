"""What a mail disguises or hides, by amount and kind."""

from __future__ import annotations

import pytest

from sekisho.facts import disguise, wording
from sekisho.mail.message import Message


def message(text: str, kind: str = "plain") -> Message:
    """A message with one part."""
    return Message(f"From: a@a.example\nTo: b@b.example\nContent-Type: text/{kind}; charset=UTF-8\n\n{text}".encode())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("your p\u0430ssw\u043erd", 1),
        ("\u0410m\u0430zon \u0410mazon", 2),
        ("pass\u2060word ac\u200bcount", 2),
        ("アカ\ufe09ウント", 1),
        ("メ\u2064ルカ\u2061リ", 1),
        ("葛\U000e0100城", 0),
        ("辻\ufe00村", 0),
        ("extra\u00adordinary $4\ufeff4", 0),
        ("Москва and Anna", 0),
        ("5 \u03bcm, 3 k\u03a9, \u0394t", 0),
        ("❤\ufe0f👨\u200d👩", 0),
        ("\u200b\u200b\u200b\u200b", 0),
    ],
)
def test_a_word_is_salted_by_what_stands_inside_it(text: str, words: int) -> None:
    """Foreign letters that look alike and invisible characters count between letters, and nowhere else."""
    assert words == sum(salted.words for salted in disguise.salted(message(text)))


def test_a_salted_word_is_shown_as_it_reads() -> None:
    """The word in the finding has neither foreign nor invisible characters."""
    assert ["password"] == [salted.word for salted in disguise.salted(message("p\u0430ss\u200bw\u043erd"))]


@pytest.mark.parametrize("share", [0.1, 0.5, 2])
def test_hidden_text_counts_by_its_share(share: float) -> None:
    """A line of preview is not much; what is more than is seen, is."""
    seen, story = "word " * 200, "gull " * int(share * 200)
    found = disguise.hidden(message(f"<p>{seen}</p><div style='display:none'>{story}</div>", "html"))

    assert (share > disguise.HIDDEN_SHARE) == bool(found)


def test_what_is_shown_as_well_is_not_hidden() -> None:
    """A second layout for telephones repeats the first."""
    words = " ".join(f"word{number}" for number in range(200))

    assert [] == disguise.hidden(message(f"<p>{words}</p><div style='display:none'>{words}</div>", "html"))


@pytest.mark.parametrize("unit", ["a\u200b", "\u0430a", "カ-", "下记", "あ ", "b@b.example ", "\U000e0100"])
def test_a_large_text_gives_little(unit: str) -> None:
    """Whatever is repeated, the findings stay few."""
    given = message("これはテストです。" + unit * 100_000)

    assert len(disguise.salted(given)) <= 1
    assert len(wording.slips(given)) <= wording.MAX_SLIPS
    assert wording.greeted(given) is None
