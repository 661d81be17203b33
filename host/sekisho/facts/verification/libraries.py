"""dkimpy and pyspf behind one door: imported when there is an answer to verify with, without clock and without network.

Neither was written for messages whose author wants them to hang, so each comes with what stands in the way:

- Both read the clock, for what is over or not yet. Here it stands still: expiry is told by when the message arrived.
- dkimpy takes blanks from line ends with a pattern that is quadratic in a run of them, makes one of several with one that needs
  fifty times the text's memory, and takes a signature's own value out of its field with one that is quadratic in line ends; the
  first two are replaced by ways of the same result, the third never sees such a field (signatures.unusual).
- pyspf asks the network in mid-flight; here it asks `Lookup`.
"""

from __future__ import annotations

from functools import cache

from sekisho.named import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Clock:
    """What both libraries take for the module `time`."""

    now = 0

    def time(self) -> int:
        return self.now


CLOCK = _Clock()


@cache
def dkimpy() -> Any:
    """The module `dkim`."""
    import logging

    import dkim
    import dkim.canonicalization

    logging.getLogger("dkimpy").disabled = True  # it writes down keys and signed text
    vars(dkim)["time"] = CLOCK
    vars(dkim.canonicalization)["strip_trailing_whitespace"] = without_trailing_blanks
    vars(dkim.canonicalization)["compress_whitespace"] = with_single_blanks
    return dkim


def without_trailing_blanks(content: bytes) -> bytes:
    """Blanks before each CRLF taken away (RFC 6376 §3.4.4); what follows the last CRLF stays."""
    lines = content.split(b"\r\n")
    return b"\r\n".join([*(line.rstrip(b" \t") for line in lines[:-1]), lines[-1]])


def with_single_blanks(content: bytes) -> bytes:
    """Each run of blanks made one space (RFC 6376 §3.4.4). A run of n takes log n looks."""
    content = content.replace(b"\t", b" ")
    while b"  " in content:
        content = content.replace(b"  ", b" ")
    return content


@cache
def pyspf() -> Any:
    """The module `spf`. Its `DNSLookup` is whatever `asking_by` has put there; without one nobody is asked."""
    import spf

    vars(spf)["time"] = CLOCK
    vars(spf)["DNSLookup"] = _nobody
    return spf


def asking_by(lookup: Callable[..., list[Any]]) -> Any:
    """pyspf, asking `lookup(name, type, strict, timeout)` until it is asked to ask another."""
    module = pyspf()
    module.DNSLookup = lookup
    return module


def _nobody(*_: object) -> list[Any]:
    raise LookupError("nobody to ask")
