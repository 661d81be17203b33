"""Five hundred hostile reports through everything that writes a report down: what comes out is only text.

The extension's pages have theirs in tests/extension/hostile.test.mjs, with the same reports.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from inert import PAINTERS, Report, coloured_terminal
from reports import reports

from sekisho.paint.export import ExportError

COUNT = 500


@pytest.mark.parametrize("painter", PAINTERS, ids=lambda painter: painter.__name__)
def test_nothing_of_a_report_acts(painter: Callable[[Report], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Markup, scripts, Markdown, terminal commands, formulas, directions and endless words stay words."""
    if painter is coloured_terminal:
        monkeypatch.setenv("FORCE_COLOR", "1")
    wrong, painted = [], 0
    for number, report in enumerate(reports(COUNT)):
        try:
            said = painter(report)
        except ExportError:  # of the few whose form is no report's any more
            continue
        painted += 1
        if said:
            wrong.append(f"report {number}: {said[:300]}")
    assert wrong == []
    assert painted > COUNT * 0.75
