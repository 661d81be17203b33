"""A database of places or networks that the reader has: MaxMind's format, in the shapes of GeoLite2, DB-IP and ip-location-db.

https://maxmind.github.io/MaxMind-DB/. The C extension stays aside: pure Python cannot crash, and is fast enough for a mail.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from sekisho.questions import Answer

MAX_BYTES = 2 << 30
MAX_TEXT = 120


class DatabaseError(Exception):
    """A file that can't be used; the message says why."""


class Database:
    def __init__(self, path: Path) -> None:
        import maxminddb

        self._reader = maxminddb.open_database(str(path), maxminddb.MODE_MMAP)
        self._name = path.name[:MAX_TEXT]
        built = self._reader.metadata().build_epoch
        self._date = time.strftime("%Y-%m-%d", time.gmtime(built))

    def answer(self, ip: str) -> Answer | None:
        """One record as questions.Question has it, none where the file does not know the address; None when it is damaged there."""
        try:
            raw, length = self._reader.get_with_prefix_len(ip)
            record = _record(raw, ip, length) if isinstance(raw, Mapping) else None
        except Exception:  # a damaged file can make the reader raise anything
            return None
        return Answer((record,) if record else (), f"file:{self._name}", self._date)

    def close(self) -> None:
        self._reader.close()


_open: dict[str, tuple[tuple[int, int], Database | DatabaseError]] = {}  # path: (mtime, size) and what it held


def load(path: str) -> Database:
    """A file as a database, opened again when it has changed. Raises DatabaseError."""
    file = Path(path)
    try:
        status = file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        known = _open.get(path)
        if known is None or known[0] != stamp:
            if known is not None and isinstance(known[1], Database):
                known[1].close()
            known = _open[path] = (stamp, _made(file, status.st_size))
    except (OSError, ValueError) as error:
        raise DatabaseError(str(error)) from error
    if isinstance(known[1], DatabaseError):
        raise known[1]
    return known[1]


def _made(file: Path, size: int) -> Database | DatabaseError:
    if not file.is_file() or not 0 < size <= MAX_BYTES:
        return DatabaseError("no database")
    try:
        return Database(file)
    except Exception as error:  # as above
        return DatabaseError(f"{type(error).__name__}: {error}")


def _record(raw: Mapping[str, Any], ip: str, length: int) -> dict[str, Any] | None:
    country = raw.get("country")
    place = raw.get("location")
    traits = raw.get("traits")
    areas = raw.get("subdivisions")
    point = place if isinstance(place, Mapping) else raw
    lat, lon = _degrees(point.get("latitude"), 90), _degrees(point.get("longitude"), 180)
    owner = {**traits, **raw} if isinstance(traits, Mapping) else raw
    asn = _number(owner.get("autonomous_system_number") or owner.get("asn"))
    code = _text(country.get("iso_code")) if isinstance(country, Mapping) else _text(raw.get("country_code"))
    record = {
        "prefix": str(ip_network((ip_address(ip), length), strict=False)) if asn is not None else None,
        "asn": asn,
        "name": _text(owner.get("autonomous_system_organization") or owner.get("as_name")),
        "country": code.upper() if code and len(code) == 2 and code.isascii() and code.isalpha() else None,
        "region": _name(areas[0]) if isinstance(areas, list) and areas else _text(raw.get("state1")),
        "city": _name(raw.get("city")),
        "lat": lat if lon is not None else None,
        "lon": lon if lat is not None else None,
    }
    return record if record["country"] or asn is not None else None


def _name(value: Any) -> str | None:
    """{"names": {"en": ...}}, or the name itself."""
    names = value.get("names") if isinstance(value, Mapping) else None
    return _text(names.get("en")) if isinstance(names, Mapping) else _text(value)


def _text(value: Any) -> str | None:
    return " ".join(value[: 4 * MAX_TEXT].split())[:MAX_TEXT] or None if isinstance(value, str) else None


def _number(value: Any) -> int | None:
    """64500 or "AS64500"."""
    if isinstance(value, str) and len(value) < 13:
        value = int(bare) if (bare := value.upper().removeprefix("AS")).isdecimal() and bare.isascii() else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 32 else None


def _degrees(value: Any, most: int) -> float | None:
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        return None
    return round(degrees, 2) if -most <= degrees <= most else None
