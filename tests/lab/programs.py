"""The servers' programs: Debian's packages, unpacked under build/lab and not installed.

Installed, they would start on this machine's port 53, and its mail servers exclude each other. `python tests/lab/programs.py`
fetches what is missing; it needs apt-get and dpkg-deb, but neither root nor a clean machine. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "lab"

# One folder for each set: what may not stand beside each other (five packages are the one `mail-transport-agent`) does not.
SETS: Mapping[str, tuple[str, ...]] = {
    "dns": ("knot", "dnsdist", "unbound"),
    "postfix": ("postfix", "libsasl2-modules", "sasl2-bin"),
    "exim": ("exim4-daemon-light",),
    "opensmtpd": ("opensmtpd",),
    "imap": ("dovecot-imapd",),
    "sendmail": ("sendmail-bin", "sendmail-base", "sendmail-cf"),
}
ADVICE = f"fetch them with: {sys.executable} {Path(__file__).resolve()}"


class AbsentError(RuntimeError):
    """A program or a right of this machine that the lab cannot do without; says what to do."""


def folder(name: str) -> Path:
    """Where a set's packages lie unpacked; AbsentError when they do not."""
    path = FOLDER / name
    if not (path / "made-of").exists():
        raise AbsentError(f"The lab's {name} programs are not here ({path}); {ADVICE}")
    return path


def program(name: str, wanted: str) -> Path:
    """The path of one program of a set."""
    for place in ("usr/sbin", "usr/bin"):
        path = folder(name) / place / wanted
        if path.exists():
            return path
    raise AbsentError(f"The lab's {name} programs have no {wanted}; {ADVICE}")


def environment(name: str) -> dict[str, str]:
    """What a program of a set finds its libraries by."""
    libraries = sorted(str(path) for path in (folder(name) / "usr" / "lib").glob("*-linux-gnu*"))
    return {**os.environ, "LC_ALL": "C", "LD_LIBRARY_PATH": ":".join(libraries)}


def fetch(name: str) -> None:
    """Download one set with what it depends on and this machine lacks, and unpack it."""
    path = FOLDER / name
    key = hashlib.sha256(repr(SETS[name]).encode()).hexdigest()
    stamp = path / "made-of"
    if stamp.exists() and stamp.read_text("ascii") == key:
        return
    shutil.rmtree(path, ignore_errors=True)
    archives = path / "archives"
    (archives / "partial").mkdir(parents=True)
    print(f"== the lab's {name}: {' '.join(SETS[name])}", flush=True)
    # no lock and a cache of our own: nothing of the machine's is touched, so nobody has to be root
    own = ["-o", "Debug::NoLocking=1", "-o", f"Dir::Cache::archives={archives}", "-o", "APT::Sandbox::User="]
    words = ["apt-get", *own, "-q", "-y", "--no-install-recommends", "--download-only", "--reinstall", "install"]
    subprocess.run([*words, *SETS[name]], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    for package in sorted(archives.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", package, path], check=True)
    shutil.rmtree(archives)
    stamp.write_text(key, "ascii")


def main() -> int:
    absent = [name for name in ("apt-get", "dpkg-deb") if not shutil.which(name)]
    if absent:
        print(
            f"The lab's servers come as Debian packages, and there is no {' and no '.join(absent)} here",
            file=sys.stderr,
        )
        return 1
    try:
        for name in SETS:
            fetch(name)
    except subprocess.CalledProcessError as error:
        print(f"{error}; with root, `apt-get update` may help", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
