"""What SECURITY.md promises of the whole program, and that what it names is there."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_install import install, machine
from test_native import MAIN, PATIENCE, START, frame, frames, hello, message, the_answer
from workbench import HOST, PACKAGE, ROOT, SAMPLES

import sekisho
from sekisho import native

DOCUMENT = (ROOT / "SECURITY.md").read_text("utf-8")
NAMED = re.compile(r"`((?:tests|host|extension|manifest|\.ci)/[\w./-]+|[\w.-]+\.(?:py|lock|md|json))(?:::([\w \-]+))?`")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


# ---- The document -----------------------------------------------------------------------------------------------------


def named_in(text: str) -> list[tuple[str, str]]:
    """Files that a text names in code marks, each with the test named in it, or ""."""
    return NAMED.findall(text)


def absent(path: str, test: str) -> bool:
    """Whether the file, or the test in it, is not there."""
    file = ROOT / path
    if not file.exists():
        return True
    if not test:
        return False
    text = file.read_text("utf-8")
    if file.suffix == ".py":
        return test not in {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    return f'"{test}' not in text


def rows(text: str) -> Iterator[str]:
    """The rows of the tables that have a column "shown by", without their heads."""
    shown = False
    for line in text.splitlines():
        if not line.startswith("|"):
            shown = False
        elif "shown by" in line:
            shown = True
        elif shown and not line.startswith("|--"):
            yield line


def test_what_the_document_names_is_there() -> None:
    """No test was renamed, no file moved, without the document hearing of it."""
    assert len(named_in(DOCUMENT)) > 60
    assert [] == [f"{path}::{test}" for path, test in named_in(DOCUMENT) if absent(path, test)]


def test_every_row_names_a_test_or_says_that_none_does() -> None:
    """Who attacks, what stops it, and what shows that it does."""
    found = list(rows(DOCUMENT))

    assert len(found) > 30
    assert [] == [row for row in found if not any("test" in path for path, _ in named_in(row.rpartition("|")[0]))]


def test_a_name_that_rots_is_seen() -> None:
    """The three ways in which one can."""
    rotten = "| `tests/no.py` | `tests/test_security.py::test_no` | `tests/extension/hostile.test.mjs::no such title` |"

    assert 3 == len([1 for path, test in named_in(rotten) if absent(path, test)])
    assert not absent("tests/test_security.py", "test_a_name_that_rots_is_seen")


def test_the_readmes_lead_there() -> None:
    """In both languages."""
    for name in ("README.md", "README.ja.md"):
        assert "(SECURITY.md)" in (ROOT / name).read_text("utf-8")


# ---- Nothing but the installed package decides what runs ----------------------------------------------------------------

SPY = "import os\nwith open({told!r}, 'a') as _told:\n    _told.write(__name__ + '\\n')\n"
VICTIMS = (
    "json",
    "sekisho",
    "sitecustomize",
    "usercustomize",
    "zipfile",
    "struct",
    "argparse",
    "posix",
    "mmap",
    "selectolax",
)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A launcher as the installer writes it, for an environment that has this package and its libraries."""
    environment = tmp_path / "env"
    venv.EnvBuilder(symlinks=os.name != "nt").create(environment)
    (packages,) = environment.rglob("site-packages")
    (packages / "here.pth").write_text(f"{HOST}\n{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    here = machine("windows" if os.name == "nt" else "linux", tmp_path)
    launcher = tmp_path / ("host.bat" if os.name == "nt" else "host")
    launcher.write_bytes(install.launcher_text("sekisho-host", environment, here))
    launcher.chmod(0o755)
    return launcher


def poisoned(folder: Path) -> tuple[Path, dict[str, str]]:
    """A folder of modules that tell when they are loaded, and an environment that points there in every way Python knows."""
    folder.mkdir()
    told = folder / "told"
    for name in VICTIMS:
        (folder / f"{name}.py").write_text(SPY.format(told=str(told)))
    user = folder / ".local" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    user.mkdir(parents=True)
    (user / "usercustomize.py").write_text(SPY.format(told=str(told)))
    names = (
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONUSERBASE",
        "PYTHONPLATLIBDIR",
        "PYTHONPYCACHEPREFIX",
        "HOME",
        "XDG_DATA_HOME",
    )
    variables = {**dict.fromkeys(names, str(folder)), "PYTHONSTARTUP": str(folder / "json.py"), "PYTHONINSPECT": "1"}
    variables |= {"PYTHONBREAKPOINT": "json.loads", "PYTHONWARNINGS": "error::json.X", "PYTHONPROFILEIMPORTTIME": "1"}
    return told, {**os.environ, **variables}


def talk(
    command: list[str], sent: list[Any], look: Callable[[int], None] = lambda pid: None, **options: Any
) -> list[Any]:
    """The frames of a host that is told these and left in peace until it has answered the last; then `look` may see to its process."""
    last = max(one["id"] for one in sent if isinstance(one, dict) and "id" in one)
    said: list[Any] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options) as host:
        assert host.stdin and host.stdout
        host.stdin.write(b"".join(map(frame, sent)))
        host.stdin.flush()
        while not (said and said[-1].get("id") == last) and (head := host.stdout.read(4)):
            said += frames(head + host.stdout.read(int.from_bytes(head, sys.byteorder)))
        look(host.pid)
        host.stdin.close()
        try:
            assert host.wait(PATIENCE) == 0  # it leaves by itself when the input ends, whatever it has opened
        finally:
            host.kill()
    return said


def test_neither_folder_nor_environment_has_a_word_in_what_the_host_loads(tmp_path: Path, installed: Path) -> None:
    """Started as Thunderbird does, in a folder full of traps; the process that opens files is started too."""
    told, environment = poisoned(tmp_path / "traps")
    mail = (ROOT / "tests" / "replays" / "archive-trap" / "fires-same-bytes.eml").read_bytes()
    command = [str(installed), "manifest.json", sekisho.EXTENSION_ID]

    said = talk(command, [hello(1), *message(2, mail)], env=environment, cwd=tmp_path / "traps")

    report = [one["params"]["report"] for one in said if one.get("method") == "report"][-1]
    assert the_answer(said, 1)["result"]["host"] == sekisho.__version__
    assert "done" in {attachment["opened"] for attachment in report["attachments"]}
    assert not told.exists()


def test_nor_in_what_the_update_loads(tmp_path: Path) -> None:
    """`sekisho update` is started by the host, where Thunderbird has put it; here it is only asked for its help."""
    told, environment = poisoned(tmp_path / "traps")

    done = subprocess.run(
        [*native.update_command("en"), "--help"],
        capture_output=True, text=True, check=True, timeout=PATIENCE, env=environment, cwd=tmp_path / "traps",
    )  # fmt: skip

    assert "usage: sekisho update" in done.stdout
    assert not told.exists()


def test_the_traps_would_tell(tmp_path: Path) -> None:
    """The same folder and environment, and an interpreter that is not isolated."""
    told, environment = poisoned(tmp_path / "traps")
    for name in ("PYTHONHOME", "PYTHONPLATLIBDIR"):  # with these no interpreter would start at all
        del environment[name]

    subprocess.run([sys.executable, "-c", "import json"], env=environment, cwd=tmp_path / "traps", timeout=PATIENCE)

    assert told.exists()


def test_another_extension_is_not_served() -> None:
    """Thunderbird says who starts a host; a manifest that names others as well gets them no further."""
    for who, status in ((sekisho.EXTENSION_ID, 0), ("other@example", 1)):
        done = subprocess.run(
            [sys.executable, "-I", "-c", START + MAIN, "manifest.json", who],
            input=frame(hello(1)), capture_output=True, timeout=PATIENCE,
        )  # fmt: skip
        assert (status, bool(status == 0)) == (done.returncode, bool(done.stdout))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_host_listens_to_nobody() -> None:
    """Its pipes are all there is: no socket of any kind, when it has looked at a mail and opened its files."""
    mail = (ROOT / "tests" / "replays" / "archive-trap" / "fires-same-bytes.eml").read_bytes()
    held: list[str] = []

    def look(pid: int) -> None:
        children = " ".join(one.read_text() for one in Path(f"/proc/{pid}/task").glob("*/children")).split()
        assert children
        held.extend(os.readlink(one) for each in (pid, *children) for one in Path(f"/proc/{each}/fd").iterdir())

    talk([sys.executable, "-I", "-c", START + MAIN], message(1, mail), look)

    assert [] == [one for one in held if one.startswith("socket:")]
    assert any(one.startswith("pipe:") for one in held)


# ---- What no source of the program may hold -------------------------------------------------------------------------------

# What runs data, or opens a door, by the name that is called. A module that may is in MAY.
RUNS_DATA = frozenset({"eval", "exec", "__import__", "popen", "mktemp", "bind", "listen", "start_server"})
UNPACKS = frozenset(
    {"pickle", "shelve", "marshal", "cloudpickle", "dill", "yaml", "code", "codeop", "ctypes", "socketserver"}
)
MAY = {
    "host/sekisho/tables/made.py": {"marshal"},  # reads what the build made, beside its byte code
    "host/sekisho/tables/make.py": {"marshal"},
    "host/sekisho/modules.py": {"marshal", "exec"},
    "host/sekisho/patterns.py": {"marshal"},
    "host/sekisho/named.py": {"eval"},  # a function of as many parameters as a class of ours has fields
    "host/sekisho/locales/__init__.py": {"__import__"},  # of a language whose folder is there
    "host/sekisho/opening/linux.py": {"ctypes"},  # the filter that takes system calls away
}


def doors(source: str) -> set[str]:
    """What of the two lists above a source calls or imports, and processes that are started with a shell or an interpreter that is not
    isolated."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in RUNS_DATA or ast.unparse(node.func) == "os.system":
                found.add(name)
            found |= {"shell" for word in node.keywords if word.arg == "shell"}
        elif isinstance(node, ast.List) and [ast.unparse(one) for one in node.elts[:1]] == ["sys.executable"]:
            if ast.unparse(node.elts[1]) != "'-I'":
                found.add("an interpreter that is not isolated")
        elif isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names} & UNPACKS
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").partition(".")[0]} & UNPACKS
    return found


def test_no_module_runs_what_it_reads() -> None:
    """Nothing evaluates, unpickles or loads code from data, starts a shell, guesses a temporary name or listens."""
    found = {path.relative_to(ROOT).as_posix(): doors(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}

    assert {name: MAY.get(name, set()) for name in found} == found


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "import pickle",
        "from marshal import loads",
        "os.system(text)",
        "subprocess.run(text, shell=True)",
        "tempfile.mktemp()",
        "server.bind(('', 1))",
        "[sys.executable, '-m', 'sekisho']",
    ],
)
def test_a_door_is_seen(source: str) -> None:
    """Each of them, so that the test above can fail."""
    assert doors(source)


def test_no_other_extension_is_heard() -> None:
    """The extension takes messages and connections of its own pages alone, and lends no file to any page."""
    scripts = {path.name: path.read_text("utf-8") for path in (ROOT / "extension").glob("*.js")}
    manifest = json.loads((ROOT / "extension" / "manifest.json").read_text("utf-8"))

    assert any("runtime.onMessage.addListener" in text for text in scripts.values())
    assert [] == [
        name
        for name, text in scripts.items()
        if re.search(r"on(Message|Connect)External|\bpostMessage\([^)]*\"\*\"", text)
    ]
    assert not {"externally_connectable", "web_accessible_resources", "host_permissions", "content_scripts"} & set(
        manifest
    )
    assert manifest["content_security_policy"]["extension_pages"].startswith("default-src 'none'; script-src 'self';")


# ---- A terminal ------------------------------------------------------------------------------------------------------------

HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202ename"


def said_by(*arguments: str) -> str:
    """All that the command prints."""
    command = [sys.executable, "-m", "sekisho", *arguments]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(HOST), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        timeout=PATIENCE,
    )
    return (done.stdout + done.stderr).decode("utf-8").replace("\r\n", "\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_a_file_name_commands_no_terminal(tmp_path: Path) -> None:
    """Of a mail that is there, of one that is not, of a folder; by each command that names it."""
    mail = tmp_path / f"{HOSTILE}.eml"
    mail.write_bytes(SAMPLES[0].read_bytes())
    lost = str(tmp_path / f"{HOSTILE}.lost")
    commands = (
        ["analyse", str(mail)],
        ["analyse", lost],
        ["analyse", str(mail), "--settings", lost],
        ["analyse", str(mail), "--answers", str(mail)],
        ["analyse", str(mail), "--visit", "link:99"],
        ["export", lost, "--format", "html"],
        ["scan", str(tmp_path)],
        ["scan", lost],
        ["scan", str(mail), "--csv", f"{lost}/x"],
    )

    for command in commands:
        said = said_by(*command)
        assert said, command
        assert not UNSEEN.search(said), (command, said)


def test_a_subject_commands_no_terminal(tmp_path: Path) -> None:
    """In the panel, and in the lines and the overview of a scan."""
    for number in range(4):
        source = f"Message-ID: <{number}@x.example>\nFrom: {HOSTILE} <a{HOSTILE}@b.example>\nSubject: {HOSTILE}\n\nhttp://x.example/{HOSTILE}\n"
        (tmp_path / f"{number}.eml").write_bytes(source.encode())

    for command in (["analyse", str(tmp_path / "0.eml")], ["scan", str(tmp_path)]):
        assert not UNSEEN.search(said_by(*command)), command
