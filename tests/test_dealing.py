"""What the panel offers to do with all messages of a campaign at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import waves
from workbench import LOCALES, NOW

from sekisho import settings
from sekisho.engine import analyse
from sekisho.folders import REGISTER
from sekisho.mail.message import Message
from sekisho.memory import Memory
from sekisho.register import Register
from sekisho.report import as_json


def panel_of(sources: list[bytes], folder: Path, locale: str) -> dict[str, Any]:
    """The blocks of the last one's panel, when the others have passed before."""
    register = Register(str(folder / REGISTER))
    chosen = settings.read({"own_addresses": [f"info@{waves.OWN}"], "locale": locale})[0]
    for source in sources:
        message, memory = Message(source), Memory(register, "account1", 180)
        analysis = analyse(message, memory.recall(message), chosen, NOW)
        memory.teach(analysis)
    return {block["block"]: block["body"] for block in as_json(analysis.report)["panel"]}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_campaign_is_dealt_with_at_once(tmp_path: Path, locale: str) -> None:
    """Four buttons, each with its own words; the one that moves something says what it does not do."""
    found = [one for one in panel_of(waves.guessed(4), tmp_path, locale)["campaign"] if one["kind"] == "action"]
    assert [one["arguments"]["how"] for one in found] == ["first", "table", "select", "junk"]
    assert len({one["text"] for one in found}) == 4
    assert [bool(one["note"]) for one in found] == [False, False, False, True]


def test_a_series_is_not(tmp_path: Path) -> None:
    """A newsletter that somebody vouches for has no buttons to be rid of it."""
    head = "Authentication-Results: mx.office.example; dkim=pass header.d=letter.test; spf=pass smtp.mailfrom=letter.test\r\n"
    text = "Good morning,\r\n\r\nour shop in the old town has new bicycles, lamps and saddles, and repairs yours while you have a cup of coffee.\r\n"
    issues = [
        waves.mail(
            1_712_876_400 + number * 604_800,
            "News <news@letter.test>",
            f"info@{waves.OWN}",
            "Bicycles",
            text,
            "out.letter.test (203.0.113.9)",
            f"{number}@letter.test",
            head,
        )
        for number in range(4)
    ]
    block = panel_of(issues, tmp_path, "en")["campaign"]
    assert [one for one in block if one["kind"] == "action"] == []
