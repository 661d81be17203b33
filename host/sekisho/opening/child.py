"""The child that opens files: one request, one answer, over its standard input and output, until the input ends.

Before the first byte of a mail arrives it gives up what it does not need: the network, other programs, files to write,
memory without end. What the platform lacks of that is made up for by the next ring: Python's own audit hook refuses the
same things on every platform, and the parent kills at a deadline.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
from importlib import import_module

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

HEAD = struct.Struct(">II")  # length of the reader's name, length of the content
LENGTH = struct.Struct(">I")
MAX_ANSWER = 1 << 20  # bytes of the JSON that goes back
MEMORY = 768 << 20  # bytes of address space; what a message needs is a fraction of it
PROCESSOR_SECONDS = 8  # of one file
MAX_FILES = 32  # open at a time: the pipes, and a module that is being imported
FORBIDDEN = (
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.spawn", "os.posix_spawn", "os.system", "os.startfile"),
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"),
    *("shutil.", "webbrowser.", "urllib.", "ftplib.", "http.", "smtplib.", "winreg.", "pty.", "os.kill"),
)


def main() -> None:
    """Serve requests until the input ends. An answer is {"records": [...]} or {"failed": reason}."""
    output = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not look like an answer
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(output, os.O_BINARY)
    source = os.fdopen(0, "rb", closefd=False)
    confine()
    while len(head := source.read(HEAD.size)) == HEAD.size:
        named, size = HEAD.unpack(head)
        reader, data = source.read(named).decode("ascii"), source.read(size)
        _more_time()
        body = json.dumps(answer(reader, data)).encode("utf-8", "replace")
        if len(body) > MAX_ANSWER:
            body = b'{"failed":"too-large"}'
        del data
        _write(output, LENGTH.pack(len(body)) + body)


def answer(reader: str, data: bytes) -> dict[str, Any]:
    """What a reader says of a content, or why it says nothing."""
    try:
        return {"records": import_module(f"sekisho.opening.{reader}").read(data)}
    except MemoryError:
        return {"failed": "too-large"}
    except (Exception, RecursionError):  # a reader's fault costs this file alone; tests demand that there is none
        return {"failed": "malformed"}


def confine() -> None:
    """Give up what opening a file does not need. For good: nothing here can be taken back."""
    import encodings.cp437  # ZIP's names; and what else a reader is going to need after the doors are shut  # noqa: F401

    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, MAX_FILES),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(ValueError, OSError):  # macOS knows RLIMIT_AS and refuses it
                resource.setrlimit(what, (most, most))
    if sys.platform == "linux":
        from sekisho.opening import linux

        linux.confine()
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        _, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITING):
            raise PermissionError("nothing is written here")
    elif event.startswith(FORBIDDEN):
        raise PermissionError(f"{event} is not needed to open a file")


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _more_time() -> None:
    """Each file has its own processor time; the process is killed when it is used up."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + PROCESSOR_SECONDS + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _write(output: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(output, view) :]
