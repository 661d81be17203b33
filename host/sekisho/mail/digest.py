"""SHA-256 of bytes (FIPS 180-4), without OpenSSL where a mail is small: loading it takes 3 ms of a cold start.

The interpreter's own implementation is ten times slower, so what is large goes to hashlib.
"""

from __future__ import annotations

import sys

LARGE = 200_000  # bytes: 1.5 ms of the interpreter's own


def sha256(data: bytes) -> str:
    """64 hexadecimal digits."""
    if len(data) < LARGE and "hashlib" not in sys.modules:
        try:
            if sys.version_info >= (3, 12):
                from _sha2 import sha256 as own  # what hashlib falls back to without OpenSSL
            else:
                from _sha256 import sha256 as own  # type: ignore[import-not-found]
        except ImportError:  # an interpreter without it, as those are that have to follow FIPS 140
            pass
        else:
            digest: str = own(data).hexdigest()
            return digest
    from hashlib import sha256 as quick

    return quick(data).hexdigest()
