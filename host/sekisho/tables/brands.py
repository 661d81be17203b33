"""The names people are deceived with, and where the real ones are at home. Data: brands.tsv, dated and sourced there."""

from __future__ import annotations

from operator import add

from sekisho.mail.normal import normalized
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.tables import made

if TYPE_CHECKING:
    from typing import Any

_SOURCES = ("brands.tsv", "brands.py")


class Name(NamedTuple):
    """A folded name to look for; `word` asks that no Latin letter, digit or part of an address stands beside it, `all` that
    nothing else is said: some are first names or plain words as well."""

    text: str
    word: bool
    all: bool


class Brand(NamedTuple):
    """`domains` are the company's alone, the best known first; in `shared` strangers have mailboxes or pages, so that they prove nothing."""

    name: str
    kind: str  # bank, card, shop, parcel, carrier, hosting, government ...
    names: tuple[Name, ...]
    domains: tuple[str, ...]
    shared: frozenset[str]

    def runs(self, domain: str) -> bool:
        """Whether a registrable domain is one of the brand's, whoever else may use it."""
        return domain in self.domains or domain in self.shared


KEY = 2  # letters by which a name is looked up, or the one that it has
_brands: tuple[Brand, ...] | None = None
_index: dict[str, list[_Row]] | None = None
_by_domain: dict[str, Brand] = {}


def all_brands() -> tuple[Brand, ...]:
    """Every brand, read at first use. A table that is missing gives none."""
    global _brands
    if _brands is None:
        _brands = tuple(
            Brand(name, kind, tuple(map(Name._make, names)), domains, shared)
            for name, kind, names, domains, shared in made.part("brands", _rows, *_SOURCES)
        )
        for brand in _brands:
            for domain in brand.domains:
                _by_domain.setdefault(domain, brand)
    return _brands


def named_in(text: str) -> Brand | None:
    """The brand whose name stands earliest in `text`, the longest of several there, whatever its case and width."""
    folded = _folded(text[:2000])
    names, every = _names(), all_brands()
    pairs = enumerate(map(add, folded, folded[1:] + " "))
    for at, pair in [one for one in pairs if one[1] in names or one[1][0] in names]:
        for key in (pair, pair[0]):
            for written, word, alone, brand in names.get(key, ()):
                if folded.startswith(written, at) and _stands(folded, at, at + len(written), word, alone):
                    return every[brand]
    return None


# (text, word, all) as in Name, and the brand's place in the table.
_Row = tuple[str, bool, bool, int]


def _names() -> dict[str, list[_Row]]:
    """All brands' names by their first letters, the longest first, and those of one length as the table has them."""
    global _index
    if _index is None:
        _index = made.part("brand-names", _indexed, *_SOURCES)
    return _index


def _indexed() -> dict[str, list[_Row]]:
    index: dict[str, list[_Row]] = {}
    for number, brand in enumerate(_rows()):
        for text, word, alone in brand[2]:
            index.setdefault(text[:KEY], []).append((text, word, alone, number))
    for rows in index.values():
        rows.sort(key=lambda row: -len(row[0]))
    return index


def of_domain(domain: str) -> Brand | None:
    """The brand that a registrable domain belongs to. Equality only."""
    all_brands()
    return _by_domain.get(domain)


def parts() -> list[tuple[str, Any, tuple[str, ...]]]:
    """What is made of this table when the package is built: name, content, sources."""
    return [("brands", _rows(), _SOURCES), ("brand-names", _indexed(), _SOURCES)]


def _rows() -> tuple[Any, ...]:
    """The rows of the table as Brand's fields; none where it is missing."""
    from sekisho.tables import rows  # an installed copy has them made

    out = []
    for line in rows.lines("brands.tsv"):
        if line.count("\t") != 4:
            continue
        name, kind, names, domains, shared = line.split("\t")
        found = tuple(_name(item) for item in names.split("|"))
        if not all(text for text, _, _ in found):
            continue  # damaged: it would stand in every text
        out.append((name, kind, found, tuple(domains.split("|")), frozenset(shared.split("|")) - {""}))
    return tuple(out)


def _name(written: str) -> tuple[str, bool, bool]:
    """The fields of a Name."""
    bare = written.lstrip("=")
    marks = len(written) - len(bare)
    return _folded(bare), marks > 0, marks > 1


def _folded(text: str) -> str:
    """One spelling for all widths and cases; ASCII needs no table of Unicode's."""
    return text.lower() if text.isascii() else normalized("NFKC", text).casefold()


_AROUND = " \t\"'.,!?:;-|/()[]【】「」<>®™"  # what may stand around a name that is all that is said
_BESIDE = frozenset("0123456789abcdefghijklmnopqrstuvwxyz@.-")


def _stands(folded: str, start: int, end: int, word: bool, alone: bool) -> bool:
    """Whether a name that is found at a place of a folded text may stand there."""
    if alone and folded.strip(_AROUND) != folded[start:end]:
        return False
    return not word or (folded[start - 1 : start] not in _BESIDE and folded[end : end + 1] not in _BESIDE)
