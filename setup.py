"""Everything about the package stands in pyproject.toml; here only what building it does besides copying."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HOST = Path(__file__).resolve().parent / "host"


class BuildWithTables(build_py):
    """Copies the package, then makes the tables it maps (sekisho.tables.prepare) where the copy stands."""

    def run(self) -> None:
        if not self.editable_mode:
            # A module that has left the source must not come back from an earlier build: checks are found by folder.
            shutil.rmtree(Path(self.build_lib) / "sekisho", ignore_errors=True)
        super().run()
        sys.path.insert(0, str(HOST))
        from sekisho.tables.prepare import prepare

        package = HOST / "sekisho" if self.editable_mode else Path(self.build_lib) / "sekisho"
        prepare(package / "tables" / "data")
        if not self.editable_mode:
            # The outline of the world is in the source once, where the extension needs it.
            shutil.copy(HOST.parent / "extension" / "outline.js", package / "paint" / "outline.js")
        if not self.editable_mode:
            # By an interpreter of its own, from the copy: it reckons what the copy would otherwise reckon at every start.
            path = os.pathsep.join(filter(None, [str(package.parent), os.environ.get("PYTHONPATH", "")]))
            command = [sys.executable, "-m", "sekisho.tables.make", str(package / "tables" / "data"), "--modules"]
            subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": path})


setup(cmdclass={"build_py": BuildWithTables})
