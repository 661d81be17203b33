"""Every finding against its folder of mails. A new check needs a module and a folder, and no line here."""

import ast
import json
import string
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from workbench import (
    FRAMES,
    LOCALES,
    PACKAGE,
    REPLAYS,
    SAMPLES,
    failures,
    mails,
    name,
    primitives,
    replays,
    wrong,
)
from workbench import report_of as report_anew

from sekisho import checks
from sekisho.checks import Module
from sekisho.report import SEVERITIES

MODULES = checks.modules()
FOLDERS = sorted(folder.name for folder in REPLAYS.iterdir() if folder.is_dir())


@cache
def _report_text(mail: Path, locale: str) -> str:
    return json.dumps(report_anew(mail, locale))


def report_of(mail: Path, locale: str = "en") -> dict[str, Any]:
    """A mail's report, made once: a dozen tests look at each, and may change what they get."""
    made: dict[str, Any] = json.loads(_report_text(mail, locale))
    return made


by_mail = pytest.mark.parametrize("mail", replays(), ids=name)
by_any_mail = pytest.mark.parametrize("mail", mails(), ids=name)
by_locale = pytest.mark.parametrize("locale", LOCALES)
by_check = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.check.id)


def test_every_check_has_its_folder_and_every_folder_its_check() -> None:
    """A finding's id is its file's name and its folder's."""
    files = sorted(path.stem.replace("_", "-") for path in (PACKAGE / "checks").glob("[!_]*.py"))

    assert files == sorted(module.check.id for module in MODULES)
    assert files == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("kind", ["fires", "quiet"])
def test_a_finding_has_mails_of_both_kinds(folder: str, kind: str) -> None:
    """There is a mail in which it must be found, and one in which it must not."""
    assert list((REPLAYS / folder).glob(f"{kind}*.eml"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_holds_nothing_that_no_test_reads(folder: str) -> None:
    """A mail's name says what it is for; settings and answers lie beside a mail of their name."""
    names = {path.name for path in (REPLAYS / folder).iterdir()}
    known = {
        f"{mail.stem}{ending}"
        for mail in (REPLAYS / folder).glob("*.eml")
        if mail.stem.startswith(("fires", "quiet"))
        for ending in (".eml", ".settings.json", ".answers.json")
    }

    assert set() == names - known


@by_mail
def test_a_finding_appears_where_it_should_and_nowhere_else(mail: Path) -> None:
    """It is found in fires*, and not in quiet*."""
    found = mail.parent.name in {finding["id"] for finding in report_of(mail)["findings"]}

    assert mail.stem.startswith("fires") == found


@by_any_mail
@by_locale
def test_a_report_is_of_its_published_form(mail: Path, locale: str) -> None:
    """The report of every mail passes the JSON Schema, in every language."""
    assert [] == wrong(report_of(mail, locale))


@by_any_mail
def test_nothing_fails_on_the_way(mail: Path) -> None:
    """No check and no block of the panel fails."""
    assert [] == failures(report_of(mail))


@by_any_mail
def test_evidence_points_at_something(mail: Path) -> None:
    """Where a finding says it was seen, the panel has an anchor or the report an entry."""
    report = report_of(mail)
    anchors = {item.get("anchor") for block in report["panel"] for item in primitives(block["body"])}
    anchors |= {f"part:{number}" for number in range(1000)}

    assert set() == {place for finding in report["findings"] for place in finding["where"]} - anchors


@by_any_mail
def test_the_pieces_of_a_link_are_the_link(mail: Path) -> None:
    """A link's segments joined are its URL, in the report and in the panel."""
    report = report_of(mail)
    shown = [item for block in report["panel"] for item in primitives(block["body"]) if item["kind"] == "dissection"]

    for link in [*report["links"], *shown]:
        assert link["url"] == "".join(segment["text"] for segment in link["segments"])


@by_any_mail
def test_a_language_changes_words_and_nothing_else(mail: Path) -> None:
    """Findings, their places, the level and the route are the same in every language."""
    one, other = (report_of(mail, locale) for locale in LOCALES)

    for report in (one, other):
        for finding in report["findings"]:
            del finding["title"], finding["why"], finding["advice"]
        for hop in report["hops"]:
            del hop["why"]
        del report["panel"], report["verdict"]["headline"], (report["origin"] or {"why": ""})["why"]
    assert one == other


@by_any_mail
def test_no_sentence_keeps_a_field_unfilled(mail: Path) -> None:
    """What a finding says has its values in it."""
    for locale in LOCALES:
        for finding in report_of(mail, locale)["findings"]:
            texts = {check.id: check.texts[locale] for check, _ in MODULES}[finding["id"]]
            for text, said in zip(texts, (finding["title"], finding["why"], finding["advice"]), strict=True):
                for _, field, _, _ in string.Formatter().parse(text):
                    assert field is None or f"{{{field}}}" not in said


@by_check
def test_sentences_use_only_the_values_carried(module: Module) -> None:
    """A field of a sentence is a value that every finding of its check carries, in every language."""
    carried = _values_carried(module)
    for text in module.check.texts.values():
        for sentence in text:
            fields = {field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None}
            assert set() == fields - carried


@by_check
def test_sentences_are_written_in_every_language(module: Module) -> None:
    """Title, why and advice are there in each language, and they are not those of another."""
    assert set(LOCALES) == set(module.check.texts)
    for english, japanese in zip(module.check.texts["en"], module.check.texts["ja"], strict=True):
        assert english.strip() and japanese.strip()
        assert english != japanese
        assert any("\u3040" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff" for character in japanese)


@by_check
def test_a_severity_is_one_of_four(module: Module) -> None:
    """A check weighs as one of the report's severities."""
    assert module.check.severity in SEVERITIES


def test_the_panels_words_are_the_same_in_every_language() -> None:
    """Every sentence of the panel exists in both languages, with the same fields."""
    from sekisho.locales.en import panel as en
    from sekisho.locales.ja import panel as ja

    assert set(en.TEXT) == set(ja.TEXT)
    for key, english in en.TEXT.items():
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in (english, ja.TEXT[key])
        ]
        assert (key, fields[0]) == (key, fields[1])


def test_the_panel_has_every_sentence_that_it_says() -> None:
    """A sentence that some module asks for by its name is there."""
    from sekisho.locales.en import panel as en

    asked = {
        constant.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "words" and node.args
        for constant in _choices(node.args[0])
    }

    assert len(asked) > 50
    assert set() == asked - set(en.TEXT)


def _choices(given: ast.expr) -> list[ast.Constant]:
    """The plain texts that an argument may be: itself, or both sides of a condition."""
    if isinstance(given, ast.IfExp):
        return [*_choices(given.body), *_choices(given.orelse)]
    return [given] if isinstance(given, ast.Constant) else []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
@by_locale
def test_a_kept_frame_is_unchanged(sample: Path, locale: str, snapshots: bool) -> None:
    """What the reader of a sample is told changes only when somebody means it to (`pytest --snapshots`)."""
    kept = FRAMES / f"{sample.stem}.{locale}.json"
    report = report_of(sample, locale)
    if snapshots:
        kept.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")

    assert json.loads(kept.read_text("utf-8")) == report


def test_no_frame_is_kept_of_a_sample_that_has_gone() -> None:
    """Every kept frame has its sample; the extension's own examples aside."""
    kept = {path.name for path in FRAMES.glob("*.json") if not path.name.startswith("example-")}

    assert {f"{sample.stem}.{locale}.json" for sample in SAMPLES for locale in LOCALES} == kept


def _values_carried(module: Module) -> set[str]:
    """The values that every `CHECK.finding(...)` of a check's source passes."""
    source = (PACKAGE / "checks" / f"{module.check.id.replace('-', '_')}.py").read_text("utf-8")
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "finding"
    ]
    given = [{keyword.arg for keyword in call.keywords if keyword.arg} - {"severity"} for call in calls]

    assert given
    return set.intersection(*given)
