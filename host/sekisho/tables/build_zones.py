"""Make zones.tsv: every offset from UTC that clocks of a country have shown, summer time included.

    pip install tzdata && python -m sekisho.tables.build_zones > host/sekisho/tables/zones.tsv

The PyPI package `tzdata` carries the IANA time zone database with its zone.tab, which names the zones of each country.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone

SINCE, UNTIL = 2000, 2028
_STEP = timedelta(days=3)  # no clock has been changed back sooner


def offsets(zone: str) -> set[int]:
    """Minutes east of UTC that a zone has shown from SINCE until UNTIL."""
    from zoneinfo import ZoneInfo

    info = ZoneInfo(zone)
    moment, end = datetime(SINCE, 1, 1, tzinfo=timezone.utc), datetime(UNTIL, 1, 1, tzinfo=timezone.utc)
    found = set()
    while moment < end:
        east = moment.astimezone(info).utcoffset()
        assert east is not None
        found.add(int(east.total_seconds() // 60))
        moment += _STEP
    return found


def rows(zone_tab: Iterable[str], shown: Callable[[str], set[int]]) -> list[str]:
    """The table's rows, one a country, from the lines of zone.tab and what each zone has `shown`."""
    countries: dict[str, set[int]] = {}
    for line in zone_tab:
        if line.strip() and not line.startswith("#"):
            country, _, zone = line.rstrip("\n").split("\t")[:3]
            countries.setdefault(country, set()).update(shown(zone))
    return [f"{country}\t{' '.join(map(str, sorted(countries[country])))}" for country in sorted(countries)]


def main() -> int:
    """Write the table to standard output."""
    import zoneinfo
    from importlib import resources

    zoneinfo.reset_tzpath(to=())  # the package's zones, not the system's
    package = resources.files("tzdata")
    version = (package / "__init__.py").read_text("utf-8").partition('IANA_VERSION = "')[2]
    print(
        "# Minutes east of UTC that clocks of a country or territory (ISO 3166-1 alpha-2) have shown, summer time included."
    )
    print(f"# as-of\t{version.partition(chr(34))[0]}, years {SINCE} to {UNTIL - 1}")
    print(
        "# source\tIANA time zone database (zone.tab), public domain, as packaged in PyPI tzdata; made by build_zones.py"
    )
    with (package / "zoneinfo" / "zone.tab").open(encoding="utf-8") as lines:
        print("\n".join(rows(lines, offsets)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
