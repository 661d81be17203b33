"""A language more is a folder more: made up here, it is spoken wherever the reader is spoken to."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from workbench import SAMPLES

from sekisho import cli, locales, places, session, settings
from sekisho.checks import modules
from sekisho.paint.export import export
from sekisho.panel import words
from sekisho.panel.words import Words

MAIL = next(path for path in SAMPLES if path.stem == "kagoya")
CACHED = (locales.languages, locales.text, words._sentences)
MARK = "«qx» "
LACKS = "self-spoof"  # a finding that language qx has no words for


@pytest.fixture
def third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """English with a mark before each sentence, as language `qx`; half of it is not there."""
    folder = tmp_path / "qx"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    english = locales.text("en", "panel")
    said = {key: MARK + english[key] for key in sorted(english) if key.startswith(("verdict.", "block.", "links."))}
    (folder / "panel.py").write_text(f"TEXT = {said!r}\n", "utf-8")
    texts = {one.check.id: tuple(MARK + part for part in one.check.texts["en"]) for one in modules()}
    texts.pop(LACKS)
    (folder / "findings.py").write_text(f"TEXT = {texts!r}\n", "utf-8")
    monkeypatch.setattr(locales, "__path__", [*locales.__path__, str(tmp_path)])
    for cached in CACHED:
        cached.cache_clear()
    yield "qx"
    monkeypatch.undo()
    for cached in CACHED:
        cached.cache_clear()
    for name in [name for name in sys.modules if name.startswith("sekisho.locales.qx")]:
        del sys.modules[name]


def test_the_languages_are_the_folders(third: str) -> None:
    assert ("en", "ja", third) == locales.languages()
    assert third == settings.read({"locale": "qx-QX"})[0].locale
    assert third == places.language(places.this_machine(), third)


@pytest.mark.parametrize(
    ("name", "code"),
    [("ja_JP.UTF-8", "ja"), ("ja", "ja"), ("en-GB", "en"), ("C.UTF-8", "en"), ("", "en"), ("de_DE", "en"), ("../en", "en"), ("jaq", "en")],
)  # fmt: skip
def test_a_locale_names_a_language(name: str, code: str) -> None:
    assert code == locales.spoken(name)


def test_the_panel_and_its_findings_speak_it(third: str) -> None:
    """What it has is said in it, what it lacks in English."""
    report = session.report(MAIL.read_bytes(), settings.read({"locale": third})[0])
    said = json.dumps(report["panel"], ensure_ascii=False)

    for one in report["findings"]:
        assert one["title"].startswith(MARK) == (one["id"] != LACKS), one
    assert {"brand-in-link", LACKS} <= {one["id"] for one in report["findings"]}
    assert MARK + Words("en")("verdict.danger") in said
    assert Words(third)("defect.html-cut") == Words("en")("defect.html-cut")


def test_a_finding_without_words_in_it_speaks_english(third: str) -> None:
    from sekisho.checks import text_of

    for one in modules():
        title = text_of(one.check, third).title
        assert title.startswith(MARK) == (one.check.id != LACKS)
        assert text_of(one.check, "ja") == one.check.texts["ja"]


def test_what_is_exported_speaks_it(third: str) -> None:
    chosen = settings.read({"locale": third})[0]
    report = session.report(MAIL.read_bytes(), chosen)
    for form in ("html", "markdown"):
        assert "qx" in export(report, form, chosen, 0, publication=False).text


def test_the_command_line_speaks_it(third: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", shown)
    cli.main(["analyse", str(MAIL), "--locale", third])
    shown.flush()
    assert MARK.strip() in shown.buffer.getvalue().decode("utf-8")


def test_without_a_folder_there_is_no_text() -> None:
    assert {} == locales.text("zz", "panel") == locales.text("en", "findings")
