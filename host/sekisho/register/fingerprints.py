"""What a text's shingles leave in the register: a MinHash (Broder 1997) under the register's key, and the bands by which it is found.

Each band is made of three values of the signature: of two texts that share half of their shingles one band at least is the same in
more than half of the cases, of two that share a twentieth in one of a thousand.
"""

from __future__ import annotations

from _blake2 import blake2b
from collections.abc import Sequence

BANDS = 6
ROWS = 3  # values of a band
VALUES = 36  # of a signature; the share of equal ones is right to within 0.08 (one standard deviation)
WIDTH = 2  # bytes kept of a value
_HIGHEST = int.from_bytes(b"\x80\x00" * VALUES, "big")
_LOWER = int.from_bytes(b"\x7f\xff" * VALUES, "big")


def of(shingles: Sequence[str], key: bytes) -> tuple[bytes | None, tuple[int | None, ...]]:
    """The signature as it is kept, and its bands; of no shingles neither."""
    if not shingles:
        return None, (None,) * BANDS
    from rensa import RMinHash

    made = RMinHash(num_perm=VALUES, seed=int.from_bytes(key[:8], "big"))
    made.update(list(shingles))
    values = made.digest()
    packed = b"".join((value & 0xFFFF).to_bytes(WIDTH, "big") for value in values)
    full = [
        b"".join(value.to_bytes(4, "big") for value in values[at : at + ROWS]) for at in range(0, BANDS * ROWS, ROWS)
    ]
    return packed, tuple(int.from_bytes(blake2b(band, digest_size=6, key=key).digest(), "big") for band in full)


def likeness(one: bytes | None, other: object) -> float | None:
    """How much of their shingles two texts share, 0 to 1; None where one of them is too short to tell."""
    if one is None or not isinstance(other, bytes) or len(one) != len(other):
        return None
    # All values at once: of each that differs the highest bit is set, by itself or by what the sum carries into it.
    differing = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return 1 - (((differing & _LOWER) + _LOWER | differing) & _HIGHEST).bit_count() * WIDTH / len(one)
