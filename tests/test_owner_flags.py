"""The flags on the cards of the network block: each a word or two, never a colour alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbench import LOCALES, REPLAYS, SAMPLES, primitives, report_of


def flags(path: Path, locale: str = "en", **over: object) -> dict[str, list[str]]:
    """The badges of each card by what the card's first sentence begins with."""
    report = report_of(path, locale, **over)
    found: dict[str, list[str]] = {}
    for block in report["panel"]:
        if block["block"] == "network":
            for item in block["body"]:
                for entry in item.get("items", ()):
                    badges = [one["text"] for one in primitives(entry) if one["kind"] == "badge"]
                    found.setdefault(entry[0].get("text", "").partition(":")[0], []).extend(badges)
    return found


@pytest.mark.parametrize(
    ("mail", "card", "flag"),
    [
        ("home-line-sender/fires-dsl", "203.0.113.33", "Home or office line"),
        ("home-line-sender/fires-telephone", None, "Mobile line"),
        ("listed-sender/fires", "203.0.113.77", "On a blocklist (1)"),
        ("young-domain/fires-link-three-days-old", None, "3 days old"),
        ("unregistered-domain/fires-registry", None, "Not registered"),
    ],
)
def test_a_card_says_at_one_look_what_it_is(mail: str, card: str | None, flag: str) -> None:
    """Kind of line, blocklist, age: in words."""
    path = sorted(REPLAYS.glob(f"{mail}*.eml"))[0]
    found = flags(path)

    assert flag in (found[card] if card else [text for texts in found.values() for text in texts]), found


def test_a_data_centre_is_told_with_its_country_and_the_date_of_the_table() -> None:
    """The second article's server."""
    found = flags(next(sample for sample in SAMPLES if sample.stem == "kagoya"))["120.136.14.43"]

    assert found[:2] == ["Japan", "Data centre"]
    assert found[2].startswith("As of 20")


@pytest.mark.parametrize("locale", LOCALES)
def test_flags_are_short(locale: str) -> None:
    """Three stand in one line of a narrow popup."""
    for path in [*SAMPLES, *sorted(REPLAYS.glob("*-domain/*.eml")), *sorted(REPLAYS.glob("listed-*/*.eml"))]:
        for texts in flags(path, locale).values():
            assert [text for text in texts if not text or len(text) > 40] == []
            assert len(texts) == len(set(texts))
