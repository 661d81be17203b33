"""Starts a program in a network namespace of its own, with nothing but loopback: `python apart.py PROGRAM ARGS...`.

As a program it needs root (CLONE_NEWNET); as a module it says whether this machine allows that, and lets a thread of
the test run open a connection inside.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
SIOCSIFFLAGS = 0x8914
IFF_UP = 1

T = TypeVar("T")


def libc_call(name: str, *arguments: int) -> None:
    """A function of the C library that Python 3.10 has no name for; OSError when it fails."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments):
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def allowed() -> str | None:
    """None when this machine lets us have a network namespace, else its reason."""
    done = subprocess.run([sys.executable, __file__, "true"], capture_output=True, check=False)
    return None if done.returncode == 0 else done.stderr.decode("utf-8", "replace").strip().splitlines()[-1]


def inside(pid: int, act: Callable[[], T]) -> T:
    """What `act` gives when it runs in the network of that process; a socket made there stays there."""
    given: list[T] = []
    failed: list[BaseException] = []

    def enter() -> None:  # the namespace is the thread's: it ends with it
        try:
            with open(f"/proc/{pid}/ns/net", "rb") as network:
                libc_call("setns", network.fileno(), CLONE_NEWNET)
            given.append(act())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return given[0]


def main(command: list[str]) -> None:
    libc_call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a test run that is killed leaves nothing behind
    libc_call("unshare", CLONE_NEWNET)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
