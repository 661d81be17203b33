"""Make what is read at start instead of being reckoned (tables.made).

    python -m sekisho.tables.make DIRECTORY [--modules]

With `--modules` the package's own code goes in as well: for a copy that nobody edits (setup.py).
A program of its own, started anew for it: it has to see every regular expression being compiled.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import importlib
import marshal
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any

from sekisho.locales import languages
from sekisho.tables import made

# The floors that a look at a mail loads; what is below has its own libraries, and starts later.
FLOORS = ("mail", "tables", "locales", "facts", "checks", "panel")
PROGRAMS = ("sekisho.engine", "sekisho.session", "sekisho.frames", "sekisho.native", "sekisho.scan")
BEFORE = frozenset(
    f"sekisho.{name}" for name in ("named", "modules", "patterns", "tables", "tables.made", "tables.make")
)
Compiled = tuple[Any, ...]


def recorded() -> dict[tuple[str | bytes, int], Compiled]:
    """Every pattern that the package compiles at import, or in a function without arguments that is declared to return one."""
    compiler: Any = getattr(re, "_compiler", None) or importlib.import_module("sre_compile")
    ours, theirs = compiler.compile, _sre.compile
    found: dict[tuple[str | bytes, int], Compiled] = {}
    seen: list[Compiled] = []

    def noted(*arguments: Any) -> Any:
        seen.append(arguments)
        return theirs(*arguments)

    def compile_(pattern: Any, flags: int = 0) -> Any:
        compiler._sre.compile = noted
        try:
            compiled = ours(pattern, flags)
        finally:
            compiler._sre.compile = theirs
        if isinstance(pattern, (str, bytes)):
            text, all_flags, code, groups, index, names = seen.pop()
            plain = [int(word) for word in code]  # some are constants with a name, which cannot be marshalled
            found[pattern, int(flags)] = (text, int(all_flags), plain, groups, dict(index), tuple(names))
        return compiled

    compiler.compile = compile_
    re.purge()
    for module in modules():
        for value in list(vars(module).values()):
            wrapped = getattr(value, "__wrapped__", None)
            if wrapped is None or wrapped.__code__.co_argcount:
                continue
            if str(wrapped.__annotations__.get("return", "")).startswith("re.Pattern"):
                value()
    _looks()
    return found


def _looks() -> None:
    """A look at each sample, for the patterns that stand in the middle of a function."""
    import sekisho
    from sekisho.session import report
    from sekisho.settings import Settings

    importlib.import_module("logging")  # what asks the world loads it
    for sample in sorted(Path(sekisho.__path__[0], "samples").glob("*.eml")):
        for locale in languages():
            report(sample.read_bytes(), Settings(locale=locale))


def modules() -> list[Any]:
    """The modules of the pure floors and the programs that read mail, each imported. Programs that make tables are left out."""
    import sekisho

    names = [
        module.name
        for floor in FLOORS
        for module in pkgutil.walk_packages([str(Path(sekisho.__path__[0], floor))], f"sekisho.{floor}.")
        if not module.name.rpartition(".")[2].startswith(
            ("build_", "compile_", "check_", "make", "prepare", "packing", "dbip")
        )
    ]
    return [importlib.import_module(name) for name in [*sorted(names), *PROGRAMS]]


def code() -> dict[str, tuple[bool, str, bytes]]:
    """The modules that have been loaded by now, compiled, but for those that are needed to read this."""
    import sekisho

    root = Path(sekisho.__path__[0])
    found = {}
    for name in sorted(name for name in sys.modules if name.startswith("sekisho.") and name not in BEFORE):
        path = Path(str(sys.modules[name].__file__))
        place = str(path.relative_to(root))
        compiled = compile(path.read_bytes(), place, "exec", dont_inherit=True)
        found[name] = (path.name == "__init__.py", place, marshal.dumps(compiled))
    return found


def make(with_modules: bool) -> bytes:
    """The file's content."""
    compiled = {
        key: marshal.dumps(arguments) for key, arguments in recorded().items()
    }  # before anything else is imported
    from sekisho import checks
    from sekisho.facts import lookalikes, lures
    from sekisho.tables import brands

    parts: dict[str, tuple[int | None, bytes]] = {}
    parts["patterns"] = (made.checksum(), marshal.dumps((int(_sre.MAGIC), compiled)))
    for name, content, sources in (*brands.parts(), *lookalikes.parts(), *lures.parts()):
        parts[name] = (made.checksum(*sources), marshal.dumps(content))
    for name, content, stamp in checks.parts():
        parts[name] = (stamp, marshal.dumps(content))
    if with_modules:
        importlib.import_module("sekisho.cli")
        places: dict[str, tuple[bool, str, int, int]] = {}
        every = bytearray()
        for name, (package, place, body) in code().items():
            places[name] = (package, place, len(every), len(body))
            every += body
        parts["modules"] = (made.checksum(), marshal.dumps(places))
        parts["code"] = (made.checksum(), bytes(every))
    return made.packed(parts)


def main(arguments: list[str]) -> int:
    directory, *options = arguments
    content = make("--modules" in options)  # before anything that has patterns of its own is imported
    from sekisho.tables.prepare import replace

    replace(Path(directory) / made.NAME, content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
