"""What Linux can take from a process besides its resource limits: the network and other programs, by seccomp(2).

The filter answers EPERM to calls that open a socket or start a program, whatever calls them, a library in C too. On a
kernel or a processor for which this does not hold the process goes on with the other rings.
"""

from __future__ import annotations

import struct
from platform import machine

from sekisho.named import NamedTuple

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, EPERM = 0x7FFF0000, 0x00050000 | 1


class Processor(NamedTuple):
    """A processor's AUDIT_ARCH, and the numbers of the calls that are refused."""

    audit: int
    calls: tuple[int, ...]


# In the order: socket, socketpair, connect, bind, execve, execveat, fork and vfork where they are, ptrace, unlink(at), rename(at2), mkdir(at).
PROCESSORS = {
    "x86_64": Processor(0xC000003E, (41, 53, 42, 49, 59, 322, 57, 58, 101, 87, 263, 82, 264, 316, 83, 258)),
    "aarch64": Processor(0xC00000B7, (198, 199, 203, 200, 221, 281, 117, 35, 38, 276, 34)),
}
X32 = 0x40000000  # the other numbering of x86_64: refused as a whole


def program(processor: Processor) -> bytes:
    """The filter as instructions of classic BPF (seccomp(2), struct sock_filter)."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    refuse = len(processor.calls) + 1  # instructions from the first comparison of a call to the refusal

    def line(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    out = [line(load, 0, 0, 4), line(equal, 1, 0, processor.audit), line(answer, 0, 0, EPERM)]
    out += [line(load, 0, 0, 0), line(at_least, refuse, 0, X32)]
    out += [line(equal, refuse - 1 - place, 0, call) for place, call in enumerate(processor.calls)]
    out += [line(answer, 0, 0, ALLOW), line(answer, 0, 0, EPERM)]
    return b"".join(out)


def confine() -> bool:
    """Whether the filter is in force from now on."""
    processor = PROCESSORS.get(machine())
    if processor is None:
        return False
    try:
        import ctypes

        code = program(processor)
        held = ctypes.create_string_buffer(code, len(code))

        class Filter(ctypes.Structure):
            _fields_ = (("count", ctypes.c_ushort), ("code", ctypes.c_void_p))

        wanted = Filter(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
        control = ctypes.CDLL(None, use_errno=True).prctl
        control.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
        if control(PR_SET_NO_NEW_PRIVS, 1, None, 0, 0):
            return False
        return not control(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(wanted), 0, 0)
    except (ImportError, OSError, AttributeError):
        return False
