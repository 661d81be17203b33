"""Host names: one spelling for comparing them, and the registrable domain that says whose they are (Public Suffix List)."""

from __future__ import annotations

from sekisho.mail.ip import canonical
from sekisho.tables import suffixes

MAX_HOST = 253
_RESERVED = (".example", ".test", ".invalid")


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
    """The registrable domain of a host; "" for an address, a bare suffix or an unknown top-level domain.

    Private suffixes count: x.web.app belongs to x. Reserved names (RFC 2606) are read as if they could be registered, so
    that an example behaves like what it is an example of.
    """
    if not host or canonical(host):
        return ""
    name = normalise(host)
    if len(name) > MAX_HOST:
        return ""  # no resolver takes it, so it has no owner; cut to length it would have another's
    found = suffixes.registrable_domain(name)
    if not found and name.endswith(_RESERVED):
        labels = name.rsplit(".", 2)
        return ".".join(labels[-2:]) if labels[-2] else ""
    return found


def same_organisation(one: str, other: str) -> bool:
    """Whether two hosts have the same registrable domain. Equality only: no suffix and no substring matching, ever."""
    first = registrable(one)
    return bool(first) and first == registrable(other)
