"""Sekisho's own folders on the reader's machine, as plain text: the native host needs one before anything heavy is loaded.

Standard library only, and of that as little as can be. Nothing here writes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

NAME = "sekisho"
TABLES = "tables"  # the folder of newer tables in the data folder
REGISTER = "register.sqlite"  # the register's file in the data folder


def system() -> str:
    """linux | macos | windows: what runs this; every other Unix is as good as Linux."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def home(environ: Mapping[str, str]) -> str:
    """The home folder; an empty HOME (a bare service) means the one the user database names."""
    if environ.get("HOME") or sys.platform == "win32":
        return os.path.expanduser("~")
    import pwd

    return pwd.getpwuid(os.getuid()).pw_dir


def data(system: str, home: str, environ: Mapping[str, str]) -> str:
    """Where Sekisho lives: environment, launchers, the extension's file, the register."""
    if system == "windows":
        return f"{windows(home, environ, 'LOCALAPPDATA', 'Local')}/{NAME}"
    if system == "macos":
        return f"{home}/Library/Application Support/{NAME}"
    return f"{xdg(home, environ, 'XDG_DATA_HOME', '.local/share')}/{NAME}"


def cache(system: str, home: str, environ: Mapping[str, str]) -> str:
    """What may be thrown away at any time. On Windows it is a part of the data folder."""
    if system == "windows":
        return f"{data(system, home, environ)}/cache"
    if system == "macos":
        return f"{home}/Library/Caches/{NAME}"
    return f"{xdg(home, environ, 'XDG_CACHE_HOME', '.cache')}/{NAME}"


def own_tables() -> str:
    """Where `sekisho update` of the user who runs this puts the tables that it fetched."""
    return os.path.normpath(f"{data(system(), home(os.environ), os.environ)}/{TABLES}")


def own_register() -> str:
    """The register of the user who runs this."""
    return os.path.normpath(f"{data(system(), home(os.environ), os.environ)}/{REGISTER}")


def xdg(home: str, environ: Mapping[str, str], variable: str, default: str) -> str:
    """A base folder of the XDG Base Directory Specification; a relative path is to be ignored."""
    named = environ.get(variable, "")
    return named if os.path.isabs(named) else f"{home}/{default}"


def windows(home: str, environ: Mapping[str, str], variable: str, default: str) -> str:
    """A known folder of Windows, or where it is when nobody has moved it."""
    return environ.get(variable, "") or f"{home}/AppData/{default}"
