"""Host names: one spelling for comparing them, and the registrable domain that says whose they are (Public Suffix List)."""

from __future__ import annotations

from sekisho.mail.ip import canonical
from sekisho.tables import suffixes

MAX_HOST = 253


def normalise(host: str) -> str:
    """A host as A-labels in lower case without a trailing dot; what no resolver would take is only lower-cased.

    Full-width letters and the ideographic full stop are mapped as browsers do (UTS #46).
    """
    bare = host.strip().rstrip(".")
    if bare.isascii():
        return bare.lower()
    import idna  # 15 ms, and most mail never needs it

    try:
        if len(bare) <= MAX_HOST:
            return idna.encode(bare, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError, ValueError, IndexError):
        pass  # no name that a resolver takes
    import unicodedata

    return unicodedata.normalize("NFKC", bare).replace("\u3002", ".").lower()


def unicode_form(host: str) -> str:
    """The host as its owner writes it: A-labels decoded where that is valid."""
    if "xn--" not in host:
        return host
    import idna

    out = []
    for label in host.split("."):
        try:
            out.append(idna.decode(label) if label.startswith("xn--") else label)
        except (idna.IDNAError, UnicodeError, ValueError, IndexError):
            out.append(label)
    return ".".join(out)


def registrable(host: str) -> str:
    """The registrable domain of a host; "" for an address or a bare suffix. Private suffixes count: x.web.app belongs to x."""
    if not host or canonical(host):
        return ""
    name = normalise(host)
    # A longer name has no owner: no resolver takes it. Cut to length it would have another's.
    return suffixes.registrable_domain(name) if len(name) <= MAX_HOST else ""


def same_organisation(one: str, other: str) -> bool:
    """Whether two hosts have the same registrable domain. Equality only: no suffix and no substring matching, ever."""
    first = registrable(one)
    return bool(first) and first == registrable(other)
