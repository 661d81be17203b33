"""The package's modules out of one file, which is made when the package is built: a start asks the disk for two hundred files else.

Importing this puts a finder before Python's own. It must be the first import of a program. The code is that of the files beside
it, compiled as they are, and knows their places; without the file, or under another version of Python, they are imported
themselves. In a source tree there is none.
"""

from __future__ import annotations

import _imp
import marshal
import os
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

from sekisho.named import TYPE_CHECKING
from sekisho.tables import made

if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

PART = "modules"
_HERE = os.path.dirname(__file__)


class Finder:
    """A finder and loader (importlib's protocols) of what was made. `known`: name -> (whether it is a package, path from here, where
    its code begins in `code`, and its length)."""

    def __init__(self, known: dict[str, tuple[bool, str, int, int]], code: memoryview) -> None:
        self._known = known
        self._code = code

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        found = self._known.get(name)
        if found is None:
            return None
        package, place, _, _ = found
        file = os.path.join(_HERE, place)
        spec = ModuleSpec(name, self, origin=file, is_package=package)  # type: ignore[arg-type]
        if package:
            spec.submodule_search_locations = [os.path.dirname(file)]
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """With what importlib would put there, which takes it twice as long as all else that it does for a module: it looks for
        each name, and reckons where the byte code would lie."""
        module = ModuleType(spec.name)
        vars(module).update(__file__=spec.origin, __package__=spec.parent, __loader__=self, __spec__=spec)
        if spec.submodule_search_locations is not None:
            module.__path__ = spec.submodule_search_locations
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.has_location = True
        exec(self.get_code(module.__name__), vars(module))

    def get_code(self, name: str) -> CodeType:
        """As `python -m` asks for it."""
        _, place, start, length = self._known[name]
        code: CodeType = marshal.loads(self._code[start : start + length])
        _imp._fix_co_filename(code, os.path.join(_HERE, place))  # type: ignore[attr-defined]
        return code

    def is_package(self, name: str) -> bool:
        return self._known[name][0]


def load() -> int:
    """How many modules will come from there."""
    known: dict[str, tuple[bool, str, int, int]] = made.part(PART, dict)
    if known:
        sys.meta_path.insert(0, Finder(known, made.parts()["code"][1]))
    return len(known)


load()
