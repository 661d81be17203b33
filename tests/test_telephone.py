"""Telephone numbers in a text."""

from __future__ import annotations

import pytest

from sekisho.facts.telephone import MAX_NUMBERS, numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call +1 (808) 555-0123 today.", "+1 (808) 555-0123"),
        ("Call us at 1-808-555-0199!", "1-808-555-0199"),
        ("お電話は 0120-123-456 まで", "0120-123-456"),
        ("(03)1234-5678", "(03)1234-5678"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
    ],
)
def test_a_number_is_found_as_it_is_written(text: str, found: str) -> None:
    """With its country and area codes."""
    assert numbers(text) == (found,)


@pytest.mark.parametrize(
    "text",
    ["2022-05-10 06:12:44", "192.0.2.10", "1234-5678-9012-3456-7890", "$1 234 567 890", "4111111111111111", "a1-222-333-4444", "1-2-3"],
)  # fmt: skip
def test_a_date_a_price_or_a_card_is_no_number(text: str) -> None:
    """Nobody would call it."""
    assert numbers(text) == ()


def test_a_text_of_nothing_but_numbers_is_bounded() -> None:
    """The first few are enough, each once."""
    text = " / ".join(f"0120-{number:03d}-456" for number in range(1000)) * 3

    assert len(numbers(text)) == MAX_NUMBERS
