"""A sender's domain that is written to be taken for one of the reader's own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sekisho.facts.lookalikes import distance
from sekisho.mail.domain import registrable, u_label
from sekisho.named import NamedTuple
from sekisho.tables import confusables

MIN_NEAR = 5  # letters of an own name that another spelling is looked for of
MIN_TWO = 10  # from which two changes are near
MAX_LABEL = 63
# What a firm's own parts and servers are called: the own name beside one of these says "us", beside another word it may be anybody's name.
PARTS = frozenset(
    ["account", "accounting", "accounts", "admin", "auth", "billing", "ceo", "cloud", "corp", "finance", "group", "help", "helpdesk", "holdings", "hr", "inc", "info", "intl", "invoice", "invoices", "it", "jinji", "japan", "jp", "keiri", "kk", "login", "ltd", "mail", "notice", "office", "online", "payment", "payments", "payroll", "portal", "secure", "security", "server", "service", "services", "soumu", "sso", "staff", "support", "team", "update", "verify", "vpn", "web", "webmail"]
)  # fmt: skip


class NearOwn(NamedTuple):
    """`kind`: same-look (other letters that look the same), near (a letter more, less, other or swapped), part (the own name with
    the word of a firm's own part, or all of a name of several words), words (the own name among other words), inside (the whole own domain as a part of another's host), suffix (the own name under another ending)."""

    kind: str
    own: str  # the reader's own domain
    other: str  # the sender's


def find(host: str, own: Iterable[str]) -> NearOwn | None:
    """The likeness of a sender's host with one of the reader's registrable domains; None where there is none, or where it is one."""
    other = registrable(host)
    domains = sorted(own)
    if not other or other in domains:
        return None
    found = [near for near in (_near(host.lower(), other, mine) for mine in domains) if near is not None]
    return min(found, key=lambda near: _ORDER.index(near.kind), default=None)


_ORDER = ("same-look", "inside", "near", "part", "suffix", "words")


def _near(host: str, other: str, mine: str) -> NearOwn | None:
    label, own = _shown(other), _shown(mine)
    if f".{mine}." in f".{host}.":
        return NearOwn("inside", mine, other)
    if len(own) < MIN_NEAR:
        return None
    if label == own:
        return NearOwn("suffix", mine, other)
    bones, wanted = confusables.skeleton(label), confusables.skeleton(own)
    if bones == wanted:
        return NearOwn("same-look", mine, other)
    kind = _among(bones.split("-"), wanted.split("-"))
    if kind:
        return NearOwn(kind, mine, other)
    if abs(len(bones) - len(wanted)) <= 2 and len(own) > MIN_NEAR:
        far = distance(bones, wanted)
        if far == 1 or (far == 2 and len(own) >= MIN_TWO):
            return NearOwn("near", mine, other)
    return None


def _among(words: list[str], own: list[str]) -> str:
    """How the words of the own name stand among those of another: part, words, or "" where they don't."""
    for start in range(len(words) - len(own) + 1):
        if words[start : start + len(own)] == own:
            rest = {*words[:start], *words[start + len(own) :]}
            return "part" if len(own) > 1 or not rest.isdisjoint(_parts()) else "words"
    return ""


@cache
def _parts() -> frozenset[str]:
    return frozenset(map(confusables.skeleton, PARTS))


def _shown(domain: str) -> str:
    label = domain.partition(".")[0][:MAX_LABEL]
    return u_label(label) or label if label.startswith("xn--") else label
