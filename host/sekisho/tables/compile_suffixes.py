"""Pack the Public Suffix List into the table that suffixes.py maps.

The rules are read by tldextract from the list that publicsuffixlist carries: tldextract's own copy is older, and by
default it would fetch one.
"""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from sekisho.tables import suffixes

VERSION_LINE = re.compile(r"^// VERSION: (\d{4}-\d\d-\d\d)", re.MULTILINE)


def source() -> Path:
    """The list as it was published: a text file, dated in its head."""
    import publicsuffixlist

    return Path(publicsuffixlist.__file__).with_name("public_suffix_list.dat")


def rules(listing: Path) -> tuple[list[str], list[str]]:
    """ICANN's rules and the private ones, as the list writes them ("co.uk", "*.ck", "!www.ck")."""
    import tldextract

    reader = tldextract.TLDExtract(
        suffix_list_urls=(listing.resolve().as_uri(),), cache_dir=None, fallback_to_snapshot=False
    )
    reader("example.com")  # reads the list
    tries = reader._extractor
    assert tries is not None
    return sorted(set(tries.public_tlds)), sorted(set(tries.private_tlds))


def as_of(listing: Path) -> str:
    """The day the list was published (ISO 8601), "" where its head does not say."""
    found = VERSION_LINE.search(listing.read_text(encoding="utf-8")[:4096])
    return found[1] if found else ""


def nodes(icann: list[str], private: list[str]) -> dict[bytes, int]:
    """Every rule and every tail of one, by its name in A-labels, with the flags of suffixes.py."""
    flags: dict[bytes, int] = {}

    def mark(name: str, flag: int, in_icann: bool) -> None:
        key = ".".join(map(suffixes.a_label, name.split("."))).encode("ascii")
        flags[key] = flags.get(key, 0) | flag << suffixes.ALL | (flag if in_icann else 0)

    for listed, in_icann in ((icann, True), (private, False)):
        for rule in listed:
            first, _, rest = rule.partition(".")
            if first == "*":
                mark(rest, suffixes.WILD, in_icann)
            elif first.startswith("!"):
                mark(rule[1:], suffixes.EXCEPTION, in_icann)
            else:
                mark(rule, suffixes.KNOWN | suffixes.END, in_icann)
            while rest:
                mark(rest, suffixes.KNOWN, in_icann)
                rest = rest.partition(".")[2]
    return flags


def compile_table(listing: Path) -> bytes:
    """The table's bytes; the same list gives the same bytes."""
    flags = nodes(*rules(listing))
    ordered = sorted(flags, key=lambda name: (suffixes.hash_of(name), name))
    offsets = [0]
    for name in ordered:
        offsets.append(offsets[-1] + len(name))
    body = b"".join(
        (
            struct.pack(f"<{len(ordered)}I", *map(suffixes.hash_of, ordered)),
            struct.pack(f"<{len(offsets)}I", *offsets),
            bytes(flags[name] for name in ordered),
            *ordered,
        )
    )
    header = suffixes.HEADER.pack(
        suffixes.MAGIC, suffixes.FORMAT, len(ordered), offsets[-1], zlib.crc32(body), as_of(listing).encode("ascii")
    )
    return header + body
