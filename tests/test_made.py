"""What is reckoned when the package is built is what would be reckoned at start."""

from __future__ import annotations

import json
import marshal
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from workbench import HOST, SAMPLES, facts_of, mails

from sekisho import checks
from sekisho.facts import lookalikes, lures
from sekisho.questions import Ask
from sekisho.tables import brands, made


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file, made as the build of the package makes it."""
    folder = tmp_path_factory.mktemp("made")
    command = [sys.executable, "-m", "sekisho.tables.make", str(folder)]
    subprocess.run(command, check=True, env={"PYTHONPATH": str(HOST)})
    return folder


@pytest.fixture
def parts(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The parts as a look reads them."""
    monkeypatch.setattr(made, "NAME", str(directory / made.NAME))
    made.parts.cache_clear()
    yield made.parts()
    made.parts.cache_clear()


def never() -> Any:
    raise AssertionError("reckoned again")


def test_tables(parts: Any) -> None:
    """Every part is what its table gives, and is taken while its files are the same."""
    for name, content, sources in (*brands.parts(), *lookalikes.parts(), *lures.parts()):
        assert content == made.part(name, never, *sources), name
        assert content == made.part(name, lambda content=content: content, "lures_en.py", "no such file")
    assert {"patterns", "brands", "brand-names", "checks", "lookalikes", "lures-en", "lures-ja", "lures-zh"} == set(
        parts
    )


def test_a_check_that_is_left_out_had_nothing_to_say(parts: Any) -> None:
    """Over all replays: with what was made, as many findings as without."""
    ((_, needed, stamp),) = checks.parts()
    assert needed == made.part("checks", never, stamp=stamp)
    assert len(needed) > 30
    left_out = set()
    for mail in mails():
        facts = facts_of(mail)
        for name, need in needed.items():
            if not checks._called_for(need, facts):
                left_out.add(name)
                assert [] == list(import_module(f"sekisho.checks.{name}").find(facts, Ask({}))), (mail, name)
    assert left_out == set(needed)


def test_patterns(parts: Any) -> None:
    """Each is found by its text and flags, and finds what the one finds that is compiled anew."""
    import _sre

    magic, stored = marshal.loads(parts["patterns"][1])
    assert _sre.MAGIC == magic
    assert len(stored) > 100
    probe = (SAMPLES[0].read_bytes() + b"\n\x00\xff")[:20_000]
    for (text, flags), packed in stored.items():
        arguments = marshal.loads(packed)
        kept, anew = _sre.compile(*arguments), re.compile(text, flags)
        assert (anew.pattern, anew.flags, anew.groups, anew.groupindex) == (
            kept.pattern, kept.flags, kept.groups, kept.groupindex
        )  # fmt: skip
        over: Any = probe if isinstance(text, bytes) else probe.decode("utf-8", "replace")
        assert [found.span() for found in anew.finditer(over)] == [found.span() for found in kept.finditer(over)]


def test_a_damaged_file_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs time and nothing else."""
    whole = made.packed({"brands": (made.checksum(), marshal.dumps(1))})
    for content in (b"", b"\xff", b"garbage", marshal.dumps([1]), whole[:-1], whole + b"x", b"\xff" * 4 + whole):
        (tmp_path / "made.bin").write_bytes(content)
        monkeypatch.setattr(made, "NAME", str(tmp_path / "made.bin"))
        made.parts.cache_clear()
        assert {} == made.parts()
    (tmp_path / "made.bin").write_bytes(made.packed({"brands": (made.checksum(), b"\xff garbage")}))
    made.parts.cache_clear()
    assert "anew" == made.part("brands", lambda: "anew")
    made.parts.cache_clear()


def test_a_program_takes_them_first(directory: Path) -> None:
    """The patterns lie where `re` looks before anything of ours has been compiled."""
    program = (
        f"import sekisho.tables.made as made; made.NAME = {str(directory / made.NAME)!r}\n"
        "import sekisho.patterns, re, sys, importlib, json\n"
        "kept = getattr(re, '_cache2', None) or re._cache\n"
        "before = len(kept.stored)\n"
        "compiler = importlib.import_module('re._compiler' if sys.version_info >= (3, 11) else 'sre_compile')\n"
        "compiler.compile = None\n"  # whoever compiles now fails
        "import sekisho.facts, sekisho.mail.received\n"
        "print(before > 100 and before - len(kept.stored) > 10)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(HOST)}
    )
    assert "True\n" == done.stdout, done.stderr


def test_modules_come_out_of_the_file(tmp_path: Path) -> None:
    """A look with them says what a look without them says; each knows its place, and an error shows its line."""
    command = [sys.executable, "-m", "sekisho.tables.make", str(tmp_path), "--modules"]
    subprocess.run(command, check=True, env={"PYTHONPATH": str(HOST)})
    program = (
        "import json, sys, traceback\n"
        "import sekisho.tables.made as made\n"
        "if len(sys.argv) > 2: made.NAME = sys.argv[2]\n"
        "import sekisho.modules, sekisho.patterns\n"
        "from sekisho.session import report\n"
        "from sekisho.settings import Settings\n"
        "said = report(open(sys.argv[1], 'rb').read(), Settings())\n"
        "import sekisho.facts, sekisho.mail.html\n"
        "try: sekisho.mail.html.parse(None)\n"
        "except TypeError: where = traceback.format_exc()\n"
        "kinds = sorted({type(module.__spec__.loader).__name__ for name, module in sys.modules.items()\n"
        "                if name.startswith('sekisho.facts')})\n"
        "print(json.dumps([said, kinds, sekisho.facts.__file__, list(sekisho.facts.__path__), where]))\n"
    )
    for mail in SAMPLES:
        plain, quick = (
            json.loads(
                subprocess.run(
                    [sys.executable, "-c", program, str(mail), *more],
                    capture_output=True,
                    check=True,
                    env={"PYTHONPATH": str(HOST)},
                ).stdout
            )
            for more in ([], [str(tmp_path / made.NAME)])
        )
        assert ["SourceFileLoader"] == plain.pop(1)
        assert ["Finder"] == quick.pop(1)
        assert plain == quick
        assert "source[:MAX_SOURCE]" in quick[-1]
