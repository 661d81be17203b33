"""The names people are deceived with, and where the real ones are at home. Data: brands.tsv, dated and sourced there."""

from __future__ import annotations

import os
import unicodedata

from sekisho.named import NamedTuple


class Name(NamedTuple):
    """A folded name to look for; `word` asks that no Latin letter, digit or part of an address stands beside it."""

    text: str
    word: bool


class Brand(NamedTuple):
    name: str
    names: tuple[Name, ...]
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
        for wanted in brand.names:
            at = _find(folded, wanted)
            if at >= 0 and (best is None or at < best[0]):
                best = at, brand
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
        out.append(Brand(name, tuple(_name(item) for item in names.split("|")), frozenset(domains.split("|"))))
    return tuple(out)


def _name(written: str) -> Name:
    return Name(unicodedata.normalize("NFKC", written.removeprefix("=")).casefold(), written.startswith("="))


_BESIDE = frozenset("0123456789abcdefghijklmnopqrstuvwxyz@.-")


def _find(folded: str, wanted: Name) -> int:
    """The first place of a name in a folded text; -1 when it is not there."""
    at = folded.find(wanted.text)
    while at >= 0 and wanted.word:
        end = at + len(wanted.text)
        if folded[at - 1 : at] not in _BESIDE and folded[end : end + 1] not in _BESIDE:
            break
        at = folded.find(wanted.text, at + 1)
    return at
