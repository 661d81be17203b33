"""ISO 9660 volumes (ECMA-119), with Joliet's longer names where they are: what a double click shows as a drive."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sekisho.opening.entry import DamagedError, Entry

SECTOR = 2_048
_VOLUMES = 16  # sector of the first volume descriptor (ECMA-119 §6.7.1)
MAX_DIRECTORIES = 500
_JOLIET = (b"%/@", b"%/C", b"%/E")  # escape sequences of UCS-2 (ECMA-119 §8.5.6)
_FOLDER = 2  # a bit of the file flags (§9.1.6)


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """Every file of the volume, by its path."""
    root, joliet = _root(data)
    waiting = [(root, "")]
    known = {root}
    while waiting:
        (sector, size), path = waiting.pop()
        for name, folder, place in _records(data, sector, size, joliet):
            whole = f"{path}/{name}" if path else name
            if not folder:
                begin, length = place[0] * SECTOR, place[1]
                yield Entry(whole, length, length, False, partial(_read, data, begin, begin + length))
            elif place not in known and len(known) < MAX_DIRECTORIES:  # a directory may name one above it
                known.add(place)
                waiting.append((place, whole))


def _root(data: bytes) -> tuple[tuple[int, int], bool]:
    """Sector and size of the root directory, and whether its names are Joliet's."""
    found: tuple[tuple[int, int], bool] | None = None
    for number in range(_VOLUMES, _VOLUMES + 32):
        volume = data[number * SECTOR : (number + 1) * SECTOR]
        if volume[1:6] != b"CD001" or volume[0] == 255:
            break
        place = _both(volume, 158), _both(volume, 166)
        if volume[0] == 2 and volume[88:91] in _JOLIET:
            return place, True
        if volume[0] == 1 and found is None:
            found = place, False
    if found is None:
        raise DamagedError
    return found


def _records(data: bytes, sector: int, size: int, joliet: bool) -> Iterator[tuple[str, bool, tuple[int, int]]]:
    """A directory's records (§9.1): name, whether it is a directory, sector and size."""
    at, stop = sector * SECTOR, min(sector * SECTOR + size, len(data))
    while at < stop:
        length = data[at]
        if length < 34:  # the rest of a sector is empty
            at = (at // SECTOR + 1) * SECTOR
            continue
        record = data[at : at + length]
        at += length
        if len(record) < 34:
            break
        raw = record[33 : 33 + record[32]]
        if raw in (b"\0", b"\1"):
            continue  # itself and the one above
        name = raw.decode("utf-16-be" if joliet else "latin-1", "replace").partition(";")[0]
        yield name, bool(record[25] & _FOLDER), (_both(record, 2), _both(record, 10))


def _both(record: bytes, at: int) -> int:
    """A number in both byte orders (§7.3.3), of which the first counts."""
    return int.from_bytes(record[at : at + 4], "little")


def _read(data: bytes, start: int, stop: int, most: int) -> bytes:
    return data[start : min(stop, start + most)]
