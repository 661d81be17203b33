"""The names people are deceived with, and where the real ones are at home. Data: brands.tsv, dated and sourced there."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import NamedTuple


class Brand(NamedTuple):
    name: str
    patterns: tuple[re.Pattern[str], ...]
    domains: frozenset[str]


_brands: tuple[Brand, ...] | None = None
_by_domain: dict[str, Brand] = {}


def all_brands() -> tuple[Brand, ...]:
    """Every brand, read at first use. A table that is missing gives none."""
    global _brands
    if _brands is None:
        _brands = _read(os.path.join(os.path.dirname(__file__), "brands.tsv"))
        for brand in _brands:
            for domain in brand.domains:
                _by_domain.setdefault(domain, brand)
    return _brands


def named_in(text: str) -> Brand | None:
    """The brand whose name stands earliest in `text`, whatever its case and width."""
    folded = unicodedata.normalize("NFKC", text[:2000]).casefold()
    best: tuple[int, Brand] | None = None
    for brand in all_brands():
        for pattern in brand.patterns:
            match = pattern.search(folded)
            if match and (best is None or match.start() < best[0]):
                best = match.start(), brand
    return best[1] if best else None


def of_domain(domain: str) -> Brand | None:
    """The brand that a registrable domain belongs to. Equality only."""
    all_brands()
    return _by_domain.get(domain)


def _read(path: str) -> tuple[Brand, ...]:
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return ()
    out = []
    for line in lines:
        if line.startswith("#") or line.count("\t") != 2:
            continue
        name, names, domains = line.split("\t")
        out.append(Brand(name, tuple(_pattern(item) for item in names.split("|")), frozenset(domains.split("|"))))
    return tuple(out)


def _pattern(name: str) -> re.Pattern[str]:
    folded = unicodedata.normalize("NFKC", name.lstrip("=")).casefold()
    text = re.escape(folded)
    return re.compile(rf"(?<![0-9a-z@.\-]){text}(?![0-9a-z@.\-])" if name.startswith("=") else text)
