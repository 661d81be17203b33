"""A throw-away home with a host that install.py's own code has set up, and ways to break and mend it."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from .mails import ROOT

sys.path.insert(0, str(ROOT))

import install

from sekisho import EXTENSION_ID as EXTENSION_ID
from sekisho import places

# without the switch for extensions: install.py --profile writes that itself, as for a real reader
DEMO_PREFS = {name: value for name, value in install.DEMO_PREFS.items() if name != install.PREF}


@contextlib.contextmanager
def said_to(file: Path) -> Iterator[None]:
    """Standard output, that of children too, goes to a file: a failing test need not show a whole installation."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with open(file, "wb") as log, contextlib.redirect_stdout(io.TextIOWrapper(log, "utf-8", write_through=True)):
            os.dup2(log.fileno(), 1)
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class FromSourceTree(install.Installation):
    """install.py's own run, every step of it, but for pip: the environment looks into the source tree.

    It saves the minute that downloading and building take; that part has its own test beside the installer's.
    """

    def install_host(self) -> None:
        assert self.environment
        site = next(self.environment.glob("lib/python3*/site-packages"))
        paths = sysconfig.get_paths()
        seen = dict.fromkeys([str(ROOT / "host"), paths["purelib"], paths["platlib"]])
        (site / "sekisho-source-tree.pth").write_text("\n".join(seen) + "\n", "utf-8")


class Home:
    """The home folder of a reader who has just run install.py."""

    def __init__(self, folder: Path, profile: Path, locale: str) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.machine = places.Machine("linux", folder, {})
        with said_to(folder.with_name("install.log")):
            FromSourceTree(self.machine, locale, profile).run()
        self.manifest = places.manifest_file(self.machine)
        self.launcher = places.launcher_file(self.machine)

    def hosts(self) -> list[int]:
        """The processes that Thunderbird has started through this home's manifest and that still live."""
        name, found = os.fsencode(self.manifest), []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (process / "cmdline").read_bytes().split(b"\0")
                state = (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
                if name in words and state != "Z":
                    found.append(int(process.name))
        return found

    def kill_hosts(self) -> None:
        """End them as a crash does: without a word."""
        for pid in self.hosts():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @contextlib.contextmanager
    def without_manifest(self) -> Iterator[None]:
        """As if the reader had the extension but had never run install.py."""
        aside = self.manifest.with_suffix(".aside")
        self.manifest.rename(aside)
        try:
            yield
        finally:
            aside.rename(self.manifest)

    @contextlib.contextmanager
    def launching(self, script: str) -> Iterator[None]:
        """Another program in the launcher's place."""
        kept = self.launcher.read_bytes()
        self.launcher.write_text(script, "utf-8")
        try:
            yield
        finally:
            self.launcher.write_bytes(kept)

    def fake(self, body: str) -> contextlib.AbstractContextManager[None]:
        """A host that misbehaves as the real one cannot be brought to: `body` is its Python, with `answer` at hand."""
        return self.launching(f"#!{sys.executable} -I\n{FAKE}{body}\n")

    def overheard(self, log: Path) -> contextlib.AbstractContextManager[None]:
        """The real host, with everything that it is told written down."""
        real = self.launcher.with_name("sekisho-host-itself")
        real.write_bytes(self.launcher.read_bytes())
        real.chmod(0o755)
        return self.launching(f'#!/bin/sh\ntee -a "{log}" | "{real}" "$@"\n')

    def hesitant(self) -> contextlib.AbstractContextManager[None]:
        """The real host, which hears the last of a large mail some seconds after the first: long enough to be caught between."""
        real = self.launcher.with_name("sekisho-host-itself")
        real.write_bytes(self.launcher.read_bytes())
        real.chmod(0o755)
        return self.launching(
            f'#!/bin/sh\n(dd bs=65536 count=8000000 iflag=count_bytes status=none; sleep 8; cat; true) | "{real}" "$@"\n'
        )

    @contextlib.contextmanager
    def halted(self) -> Iterator[None]:
        """The hosts stand still meanwhile."""
        halted = self.hosts()
        for pid in halted:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in halted:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def traced(self, log: Path) -> contextlib.AbstractContextManager[None]:
        """The real host, with every network call of it and its children written down."""
        real = self.launcher.with_name("sekisho-host-itself")
        real.write_bytes(self.launcher.read_bytes())
        real.chmod(0o755)
        return self.launching(f'#!/bin/sh\nexec strace -f -qq -e trace=network -o "{log}" "{real}" "$@"\n')


# Frames as PROTOCOL.md has them, in the fewest lines: a fake host must not share the code of the real one.
FAKE = """
import json, struct, sys
def asked():
    head = sys.stdin.buffer.read(4)
    if len(head) < 4:
        sys.exit()
    return json.loads(sys.stdin.buffer.read(struct.unpack("=I", head)[0]))
def answer(frame):
    data = json.dumps({"jsonrpc": "2.0", **frame}).encode()
    sys.stdout.buffer.write(struct.pack("=I", len(data)) + data)
    sys.stdout.buffer.flush()
"""
