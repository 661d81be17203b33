"""Names in a link's host that are made to be taken for a brand's: other scripts' letters, near spellings, a brand's domain with other dots.

Loaded when a mail has a link. A label is held against the brands' own labels; how many brands there are costs nothing.
"""

from __future__ import annotations

from functools import cache, lru_cache

from sekisho.mail.domain import u_label
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.tables import brands, confusables, made, mirrors, suffixes

if TYPE_CHECKING:
    from typing import Any

MIN_NEAR = 6  # letters of a brand's label that another spelling is looked for of: shorter ones are near to too much
MIN_TWO = 10  # letters from which two changes are near
MIN_EAST = 3  # letters of a name that is not ASCII
MIN_WORD = 5
MAX_LABEL = 63
ALIKE = 4  # letters at the beginning that rule out the rest


class Lookalike(NamedTuple):
    """What a host imitates. `kind`: homograph (looks the same, other letters), spelling (`rn` for `m`, `0` for `o`), near (a letter
    more, less, other or swapped), name (the name itself with other words, in somebody else's domain), mixed (letters of scripts that
    nobody writes together; no brand)."""

    kind: str
    brand: brands.Brand | None
    label: str  # as a browser shows it
    of: str  # the brand's own label; "" for mixed


@lru_cache(1024)  # many links have one host
def find(host: str, domain: str) -> Lookalike | None:
    """The strongest lookalike in the label that was registered, for mixed scripts in any label; None for a brand's own domain."""
    if not domain or brands.of_domain(domain) is not None:
        return None
    label = domain.split(".", 1)[0]
    shown = u_label(label) or label if label.startswith("xn--") else label
    found = _of_label(shown[:MAX_LABEL])
    if found is not None and found.brand is not None and found.brand.runs(domain):
        found = None
    if found is not None and found.kind != "name":
        return found
    if "xn--" in host:
        for other in host.split("."):
            written = u_label(other) if other.startswith("xn--") else ""
            if written and confusables.mixed(written):
                return Lookalike("mixed", None, written, "")
    return found


@lru_cache(1024)
def _of_label(label: str) -> Lookalike | None:
    own, near = _known()
    best: Lookalike | None = None
    whole = confusables.skeleton(label)
    for piece in dict.fromkeys([label, *label.split("-")]):
        bones = confusables.skeleton(piece) if piece != label else whole
        known = own.get(bones)
        if known is not None:
            brand, written = known
            if piece == written:
                # Alone it may be the brand's own under another suffix; a label that is no name of it may be any word.
                if piece != label and any(name.text == piece for name in brand.names):
                    best = best or Lookalike("name", brand, label, written)
                continue
            return Lookalike("spelling" if piece.isascii() else "homograph", brand, label, written)
    if whole in own:
        return None
    if len(label) < MIN_NEAR - 1 or not _may_be_near(whole, near):
        return best
    letters = set(whole)
    for bones, (brand, written) in own.items():
        most = 2 if len(written) >= MIN_TWO else 1
        # A change takes a letter away and brings another at most.
        if (
            len(written) < MIN_NEAR
            or abs(len(whole) - len(bones)) > most
            or len(letters.symmetric_difference(bones)) > 2 * most
        ):
            continue
        if written.isascii() and 0 < distance(whole, bones) <= most:
            return Lookalike("near", brand, label, written)
    return best


def _may_be_near(bones: str, near: dict[int, str]) -> bool:
    """Whether a skeleton, or what is left of it without one letter, is a brand's label with at most one letter taken out."""
    if f"\n{bones}\n" in near.get(len(bones), ""):
        return True
    known = near.get(len(bones) - 1, "")
    # All but the first few begin alike.
    last = len(bones) if f"\n{bones[:ALIKE]}" in known else min(ALIKE, len(bones))
    return any(f"\n{bones[:at]}{bones[at + 1 :]}\n" in known for at in range(last))


Known = tuple[brands.Brand, str]
_SOURCES = ("brands.tsv", "brands.py", "confusables.py", "../facts/lookalikes.py")


@cache
def _known() -> tuple[dict[str, Known], dict[int, str]]:
    """The skeletons of the brands' labels and names; and those of the labels with at most one letter taken out, by their length,
    each on a line."""
    own, near = made.part("lookalikes", _numbered, *_SOURCES)
    every = brands.all_brands()
    return {bones: (every[number], label) for bones, (number, label) in own.items()}, near


def parts() -> list[tuple[str, Any, tuple[str, ...]]]:
    """What is made of the brands when the package is built: name, content, sources."""
    return [("lookalikes", _numbered(), _SOURCES)]


def _numbered() -> tuple[dict[str, tuple[int, str]], dict[int, str]]:
    """As _known, with a brand's place in the table."""
    own: dict[str, tuple[int, str]] = {}
    near: set[str] = set()
    for number, brand in enumerate(brands.all_brands()):
        labels = {(suffixes.registrable_domain(domain) or domain).partition(".")[0] for domain in brand.domains}
        for label in sorted(label for label in labels if len(label) >= MIN_NEAR - 1):
            bones = confusables.skeleton(label)
            own.setdefault(bones, (number, label))
            if len(label) >= MIN_NEAR:
                near.update(_shorter(bones))
        for name in brand.names:
            if not name.text.isascii() and len(name.text) >= MIN_EAST and " " not in name.text:
                own.setdefault(confusables.skeleton(name.text), (number, name.text))
    lengths = sorted({len(bones) for bones in near})
    lines = {length: sorted(bones for bones in near if len(bones) == length) for length in lengths}
    return own, {length: "\n" + "\n".join(found) + "\n" for length, found in lines.items()}


def _shorter(bones: str) -> list[str]:
    return [bones, *(bones[:at] + bones[at + 1 :] for at in range(len(bones)))]


def distance(one: str, other: str) -> int:
    """Letters to put in, take out, change or swap with a neighbour (optimal string alignment) until both are equal."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


def rewritten_domain(host: str, domain: str) -> tuple[brands.Brand, int, int] | None:
    """A brand's whole domain in a host that is not its own, hyphens for dots or not: (brand, start, end in the host).

    `amazon.co.jp.a.example`, `amazon.co.jp-verify.example`, `www-amazon-co-jp.example`.
    """
    return _rewritten(host, domain, suffixes.edition())


@lru_cache(1024)
def _rewritten(host: str, domain: str, _edition: int) -> tuple[brands.Brand, int, int] | None:
    if domain in mirrors.MIRRORS or domain.partition(".")[2] in mirrors.MIRRORS:
        return None
    # What strangers put on a brand's machines is no imitation of it, nor is its own name under a country's suffix.
    owners = (brands.of_domain(domain), brands.of_domain(suffixes.registrable_domain(host, private=False)))
    own = len(host) - len(domain) if domain else len(host)
    name_ends = own + len(domain.partition(".")[0])
    labels: list[tuple[int, int]] = []
    start = 0
    for at, character in enumerate(host + "."):
        if character in ".-_":
            labels.append((start, at))
            start = at + 1
    domains, most, longest = _domains()
    for first in range(len(labels)):
        for last in range(min(len(labels), first + most) - 1, first, -1):
            begin, end = labels[first][0], labels[last][1]
            brand = domains.get(host[begin:end].translate(_HYPHENS)) if end - begin <= longest else None
            if brand is None or brand in owners or (begin >= own and end > name_ends):
                continue
            if not _short(host[begin:end]):
                return brand, begin, end
    return None


@cache
def _domains() -> tuple[dict[str, brands.Brand], int, int]:
    """The brands' domains with hyphens for dots, the most labels that one has, and the length of the longest."""
    domains = {domain.replace(".", "-"): brand for brand in brands.all_brands() for domain in brand.domains}
    return domains, max((name.count("-") + 1 for name in domains), default=0), max(map(len, domains), default=0)


_HYPHENS = str.maketrans("._", "--")


def _short(written: str) -> bool:
    """`me-com`, `au-com`: with hyphens these are words that mean something else."""
    return ("-" in written or "_" in written) and len(written.translate(_HYPHENS).partition("-")[0]) < MIN_WORD
