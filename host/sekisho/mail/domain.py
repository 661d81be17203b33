"""Host names: one spelling for comparing them, and the registrable domain that says whose they are (Public Suffix List)."""

from __future__ import annotations

from functools import lru_cache

from sekisho.mail.ip import canonical
from sekisho.tables import suffixes

MAX_HOST = 253
MAX_LABEL = 63
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
            return idna.encode(bare, uts46=True, transitional=False).decode("ascii").rstrip(".")
    except (idna.IDNAError, UnicodeError, ValueError, IndexError):
        pass  # no name that a resolver takes
    try:
        # What browsers take and registries don't, such as symbols: mapped, and each label encoded (UTS #46 §4).
        mapped = idna.uts46_remap(bare[:MAX_HOST], std3_rules=False, transitional=False).replace("\u3002", ".")
        if len(bare) <= MAX_HOST:
            return ".".join(map(suffixes.a_label, mapped.rstrip(".").split(".")))
    except (idna.IDNAError, UnicodeError, ValueError, IndexError):
        pass
    from sekisho.mail.normal import normalized  # most hosts are ASCII

    return normalized("NFKC", bare).replace("\u3002", ".").lower()


def unicode_form(host: str) -> str:
    """The host as a browser may show it: every A-label that some browser takes decoded, mixed scripts and all."""
    if "xn--" not in host:
        return host
    return ".".join(u_label(label) or label if label.startswith("xn--") else label for label in host.split("."))


def u_label(label: str) -> str:
    """What an A-label shows in a browser (RFC 3492, UTS #46), of one script or of several; "" where no browser takes it."""
    import idna

    try:
        decoded = label[4:MAX_LABEL].encode("ascii").decode("punycode")
        if idna.uts46_remap(decoded, std3_rules=False, transitional=False) != decoded or decoded.startswith("xn--"):
            return ""
        idna.check_bidi(decoded)
    except (idna.IDNAError, UnicodeError, ValueError, OverflowError, IndexError):
        return ""
    return "" if decoded.isascii() or suffixes.a_label(decoded) != label else decoded


def registrable(host: str) -> str:
    """The registrable domain of a host; "" for an address, a bare suffix or an unknown top-level domain.

    Private suffixes count: x.web.app belongs to x. Reserved names (RFC 2606) are read as if they could be registered, so
    that an example behaves like what it is an example of.
    """
    return _registrable(host, suffixes.edition()) if len(host) <= MAX_HOST else _looked_up(host)


@lru_cache(1024)
def _registrable(host: str, _edition: int) -> str:
    return _looked_up(host)


def _looked_up(host: str) -> str:
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
