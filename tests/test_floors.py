"""The floors of the house: each imports only from floors above it, and below the engine nobody knows the world."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from workbench import HOST, PACKAGE, SAMPLES

# DESIGN section 2. A module's floor is that of the longest name here that it is or lies in.
FLOORS = {
    "sekisho": 1,  # versions
    "sekisho.named": 1,
    "sekisho.modules": 1,
    "sekisho.collecting": 1,
    "sekisho.patterns": 1,
    "sekisho.mail": 1,
    "sekisho.tables": 1,
    "sekisho.locales": 1,
    "sekisho.questions": 1,
    "sekisho.report": 1,
    "sekisho.settings": 1,
    "sekisho.gate": 1,
    "sekisho.tables.make": 7,  # runs when the package is built
    "sekisho.facts": 2,
    "sekisho.checks": 3,
    "sekisho.panel": 3,
    "sekisho.verdict": 3,
    "sekisho.engine": 4,
    "sekisho.lookup": 5,
    "sekisho.register": 5,
    "sekisho.opening": 5,
    "sekisho.private": 5,
    "sekisho.folders": 5,
    "sekisho.session": 6,
    "sekisho.memory": 6,
    "sekisho.frames": 6,
    "sekisho.mailboxes": 6,
    "sekisho.profile": 6,
    "sekisho.scan": 6,
    "sekisho.scan.command": 7,
    "sekisho.letters": 7,
    "sekisho.native": 7,
    "sekisho.cli": 7,
    "sekisho.__main__": 7,
    "sekisho.paint": 7,
    "sekisho.doctor": 7,
    "sekisho.update": 7,
    "sekisho.ages": 7,
    "sekisho.care": 7,
    "sekisho.client": 7,
    "sekisho.places": 7,
}
ENGINE = 4
# Programs that make tables; they run when the package is built, never in a look at a mail, and may use the clock.
BUILDERS = frozenset(
    f"sekisho.tables.{name}"
    for name in (
        "build_atlas",
        "build_registries",
        "build_zones",
        "check_atlas",
        "compile_suffixes",
        "dbip",
        "make",
        "packing",
        "prepare",
    )
)
THE_WORLD = frozenset(
    {"socket", "ssl", "http", "urllib.request", "threading", "asyncio", "time", "datetime", "random", "subprocess"}
    | {"_socket", "_ssl", "_thread", "concurrent", "multiprocessing", "selectors", "secrets", "smtplib", "ftplib"}
    | {"dns", "ipwhois", "tldextract", "publicsuffixlist", "maxminddb", "requests", "urllib3", "httpx", "aiohttp"}
    | {"PIL", "zxingcpp", "pypdf", "olefile"}  # in the opening process alone
    | {"dkim", "spf", "whois", "geoip2", "checkdmarc", "mailsuite"}
)
NEVER_LOADED = (
    *("dns", "ipwhois", "tldextract", "publicsuffixlist", "maxminddb", "requests"),
    *("PIL", "zxingcpp", "pypdf", "olefile", "zipfile"),
    *("asyncio", "socket", "_socket", "ssl", "_ssl", "http.client", "urllib.request", "typing"),
)


class Import(NamedTuple):
    """One import statement's target, as a dotted name; `line` where it stands."""

    module: str
    target: str
    line: int


def modules(folder: Path) -> dict[str, Path]:
    """Every module of the package, by its dotted name."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, source: str, known: set[str], package: bool = False) -> Iterator[Import]:
    """What a module imports, wherever the statement stands; `from a import b` is a.b where that is a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(name, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = name.split(".")[: len(name.split(".")) - node.level + package]
                base = ".".join([*above, *([base] if base else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield Import(name, full if full in known or full in THE_WORLD else base, node.lineno)


def floor(name: str) -> int:
    """The floor a module of ours lives on."""
    parts = name.split(".")
    for length in range(len(parts), 1, -1):
        if (above := ".".join(parts[:length])) in FLOORS:
            return FLOORS[above]
    return FLOORS[name] if name == "sekisho" else 0


def misplaced(found: list[Import]) -> list[str]:
    """Imports from a floor below the importer's own."""
    return [
        f"{one.module}:{one.line} (floor {floor(one.module)}) imports {one.target} (floor {floor(one.target)})"
        for one in found
        if one.target.partition(".")[0] == "sekisho" and floor(one.target) > floor(one.module)
    ]


def worldly(found: list[Import]) -> list[str]:
    """Imports of the network, the clock, chance or other processes at or above the engine."""
    return [
        f"{one.module}:{one.line} imports {one.target}"
        for one in found
        if floor(one.module) <= ENGINE
        and one.module not in BUILDERS
        and one.target not in DOORS.get(one.module, ())
        and any(one.target == name or one.target.startswith(name + ".") for name in THE_WORLD)
    ]


def cycles(found: list[Import], known: set[str]) -> list[list[str]]:
    """Modules that import each other at their own import, in a ring. Imports inside functions close none."""
    graph: dict[str, set[str]] = {name: set() for name in known}
    for one in found:
        if one.target in known and one.target != one.module:
            graph[one.module].add(one.target)
    rings = []
    state: dict[str, int] = {}

    def visit(name: str, path: list[str]) -> None:
        state[name] = 1
        for target in sorted(graph[name]):
            if state.get(target) == 1:
                rings.append([*path[path.index(target) :], target])
            elif target not in state:
                visit(target, [*path, target])
        state[name] = 2

    for name in sorted(graph):
        if name not in state:
            visit(name, [name])
    return rings


def at_import(source: str) -> str:
    """A module's source with the bodies of its functions emptied: what runs when it is imported."""

    class Emptied(ast.NodeTransformer):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
            node.body = [ast.Pass()]
            return node

        visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]  # noqa: N815

    return ast.unparse(Emptied().visit(ast.parse(source)))


# Libraries that know the world behind one door, which is opened when there is an answer (DESIGN decision 1).
DOORS = {"sekisho.facts.verification.libraries": frozenset({"dkim", "spf", "dkim.canonicalization"})}

MODULES = modules(PACKAGE)
SOURCES = {name: path.read_text("utf-8") for name, path in MODULES.items()}
KNOWN = set(MODULES)
IMPORTS = [
    one for name, source in SOURCES.items() for one in imports(name, source, KNOWN, MODULES[name].name == "__init__.py")
]


def test_every_module_has_a_floor() -> None:
    """A new module of the package says where in the house it lives."""
    assert [] == [name for name in MODULES if not floor(name)]


def test_imports_go_up() -> None:
    """No module imports from a floor below its own."""
    assert [] == misplaced(IMPORTS)


def test_the_pure_floors_load_no_typing() -> None:
    """NamedTuple and TYPE_CHECKING come from sekisho.named; whatever else typing has stands below `if TYPE_CHECKING`."""
    for name, source in SOURCES.items():
        if floor(name) <= ENGINE and name not in BUILDERS:
            run = [node for node in ast.parse(source).body if isinstance(node, (ast.Import, ast.ImportFrom))]
            assert "typing" not in {getattr(node, "module", None) or node.names[0].name for node in run}, (
                f"{name}: take NamedTuple from sekisho.named"
            )


def test_the_pure_floors_do_not_know_the_world() -> None:
    """At or above the engine nothing imports the network, the clock, chance, threads or other processes."""
    assert [] == worldly(IMPORTS)


def test_no_module_imports_itself_in_a_ring() -> None:
    """There is no import cycle."""
    at_start = [
        one
        for name, source in SOURCES.items()
        for one in imports(name, at_import(source), KNOWN, MODULES[name].name == "__init__.py")
    ]

    assert [] == cycles(at_start, KNOWN)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("sekisho.mail.words", "from sekisho.facts import Facts"),
        ("sekisho.mail.words", "from ..facts import Facts"),
        ("sekisho.facts.links", "import sekisho.checks"),
        ("sekisho.facts.links", "def late():\n    from sekisho import panel"),
        ("sekisho.checks.self_spoof", "from sekisho.engine import analyse"),
        ("sekisho.engine", "from sekisho.session import report"),
        ("sekisho.session", "from sekisho.native import main"),
        ("sekisho.report", "from sekisho import verdict"),
    ],
)
def test_an_import_that_goes_down_is_seen(module: str, source: str) -> None:
    """The test of floors finds a violation, however it is written."""
    assert 1 == len(misplaced(list(imports(module, source, KNOWN))))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("sekisho.mail.words", "import socket"),
        ("sekisho.mail.words", "from urllib import request"),
        ("sekisho.mail.words", "from urllib.request import urlopen"),
        ("sekisho.tables.atlas", "from datetime import datetime"),
        ("sekisho.facts.links", "def late():\n    import dns.resolver"),
        ("sekisho.checks.self_spoof", "if True:\n    import time as clock"),
        ("sekisho.panel.facts", "import asyncio.events"),
        ("sekisho.engine", "from threading import Lock"),
        ("sekisho.engine", "import concurrent.futures, random"),
    ],
)
def test_an_import_of_the_world_is_seen(module: str, source: str) -> None:
    """The test of purity finds a violation, however it is written."""
    assert worldly(list(imports(module, source, KNOWN)))


def test_the_world_may_be_known_below_the_engine() -> None:
    """What lies below the pure floors may use the clock and the network."""
    assert [] == worldly(list(imports("sekisho.session", "import time, socket", KNOWN)))


def test_a_ring_is_seen() -> None:
    """The test of cycles finds one of three modules."""
    ring = [Import("a", "b", 1), Import("b", "c", 1), Import("c", "a", 1), Import("a", "d", 1)]

    assert [["a", "b", "c", "a"]] == cycles(ring, {"a", "b", "c", "d"})


def test_an_offline_look_loads_nothing_of_the_network() -> None:
    """After an analysis neither a socket nor any library that looks things up is in the process, imported or not used."""
    program = (
        "import sys\n"
        "from sekisho.engine import analyse\n"
        "from sekisho.mail.message import Message\n"
        "from sekisho.settings import Settings\n"
        "for path in sys.argv[1:]:\n"
        "    for locale in ('en', 'ja'):\n"
        "        with open(path, 'rb') as file:\n"
        "            analyse(Message(file.read()), {}, Settings(locale=locale), 0)\n"
        f"print(sorted(set({NEVER_LOADED!r}) & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", program, *map(str, SAMPLES)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(HOST)})

    assert "[]\n" == done.stdout
