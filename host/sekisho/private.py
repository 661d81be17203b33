"""Folders and files for their user alone, whatever the umask, and whatever stood there before.

Standard library only, and of that as little as can be: a host needs it before its first report.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

OTHERS = 0o077


def folder(path: str) -> None:
    """Make a folder and what is missing above it, each 0700; from one that is there, take what others may do in it.

    Raises OSError: PermissionError where it belongs to another user, who could put anything into it."""
    with suppress(FileExistsError):
        _make(path)
    about = os.stat(path)
    if not stat.S_ISDIR(about.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    if os.name == "nt":  # the user's own folder, guarded by its access list
        return
    if os.geteuid() != 0 and about.st_uid not in (os.geteuid(), 0):
        raise PermissionError(errno.EPERM, "the folder belongs to another user", path)
    if about.st_mode & OTHERS:
        with suppress(OSError):  # a file system without rights, or one that only root may change
            os.chmod(path, stat.S_IMODE(about.st_mode) & ~OTHERS)


def file(path: str) -> None:
    """Make a file (0600) in a folder that is its user's; from one that is there, take what others may do with it. What another
    user has put there, a link too, is removed: it would take what is written to where that user reads it. Raises OSError."""
    if os.name != "nt":
        with suppress(FileNotFoundError):
            about = os.lstat(path)
            if about.st_uid != os.stat(os.path.dirname(path)).st_uid:
                os.unlink(path)
            elif stat.S_ISREG(about.st_mode) and about.st_mode & OTHERS:
                os.chmod(path, stat.S_IMODE(about.st_mode) & ~OTHERS)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def written(path: str, anew: bool) -> int:
    """A file that the user named, to be read and written by nobody else; `anew`: emptied. A descriptor. Raises OSError: PermissionError
    for another user's file, which that user could read."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
    number = os.open(path, flags, 0o600)
    try:
        about = os.fstat(number)
        if os.name != "nt" and stat.S_ISREG(about.st_mode):
            if os.geteuid() not in (0, about.st_uid):
                raise PermissionError(errno.EPERM, "the file belongs to another user", path)
            if about.st_mode & OTHERS:
                os.fchmod(number, stat.S_IMODE(about.st_mode) & ~OTHERS)
        if anew and stat.S_ISREG(about.st_mode):
            os.ftruncate(number, 0)
    except BaseException:
        os.close(number)
        raise
    return number


def _make(path: str) -> None:
    try:
        os.mkdir(path, 0o700)
    except FileNotFoundError:
        above = os.path.dirname(path)
        if above == path:
            raise
        with suppress(FileExistsError):
            _make(above)
        os.mkdir(path, 0o700)
