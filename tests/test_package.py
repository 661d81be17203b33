"""`pip install .` alone, where nothing else is installed: pip builds apart from all else, and the command is complete."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from workbench import ROOT, report_of

NEEDED = ("host", "extension/outline.js", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "NOTICE")
MAIL = ROOT / "host" / "sekisho" / "samples" / "kagoya.eml"  # it has an HTML part
PACKED = "from sekisho.tables import made\nfor name in made.part('modules', dict): print(name)"


def output(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
    return done.stdout


def test_pip_alone_gives_the_whole_command(tmp_path: Path) -> None:
    """The tables are made, every module is packed with them, and a mail's report is that of the source tree."""
    source, environment = tmp_path / "source", tmp_path / "environment"
    for name in filter(None, output("git", "-C", ROOT, "ls-files", "-z", *NEEDED).split("\0")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    output(sys.executable, "-m", "venv", environment)
    programs = environment / "bin"
    output(programs / "pip", "install", "-q", "--progress-bar", "off", source)

    made, kept = json.loads(output(programs / "sekisho", "analyse", "--json", MAIL)), report_of(MAIL)
    assert made["verdict"] == kept["verdict"]
    assert [link["url"] for link in made["links"]] == [link["url"] for link in kept["links"]] != []
    checks = {f"sekisho.checks.{file.stem}" for file in (source / "host/sekisho/checks").glob("[!_]*.py")}
    packed = set(output(programs / "python", "-c", PACKED).split())
    assert {"sekisho.mail.html.lexbor", *checks} <= packed
