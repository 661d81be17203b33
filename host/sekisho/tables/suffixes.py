"""Public suffixes: which part of a host name was registered by somebody.

The table is the Public Suffix List (publicsuffix.org) as compile_suffixes.py packed it; the walk is that of
tldextract, so that both give one answer. Nothing but the standard library, mapped on first use.
"""

from __future__ import annotations

import os
import struct
import zlib
from bisect import bisect_left

from sekisho.tables import mapped, newer

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "suffixes.bin")

# Magic, format, nodes, length of the names, CRC-32 of all behind this header, date of the list (ISO 8601, ASCII).
# Then per node, sorted by the hash: its hash, where its name starts, its flags; then the names.
HEADER = struct.Struct("<8sIIII12s")
MAGIC = b"SKSUFFIX"
FORMAT = 1

# A node is a rule or the tail of one ("uk" and "co.uk" for "co.uk"). The low four bits are for the registries' list
# (ICANN) alone, the high four for the whole: two trees, since a private rule may stand below a registry's wildcard.
KNOWN, END, WILD, EXCEPTION = 1, 2, 4, 8
ALL, ICANN = 4, 0b1111  # the shift for the one, the mask for the other

# RFC 3490 §3.1: what stands for a dot in a name typed with an input method.
_DOTS = str.maketrans("。．｡", "...")
MAX_HOST = 2048  # no host name has more than 253 octets; longer text is not worth splitting


def hash_of(name: bytes) -> int:
    """32 bits that find a node's name; two names may share them, so the reader compares the names as well."""
    return zlib.crc32(name)


class _Table:
    def __init__(self, path: str) -> None:
        data = mapped.open_table(path, HEADER)
        magic, version, count, names, checksum, as_of = HEADER.unpack_from(data)
        if magic != MAGIC:
            raise mapped.TableError(mapped.FOREIGN)
        if version != FORMAT:
            raise mapped.TableError(mapped.VERSION)
        if len(data) != HEADER.size + count * 9 + 4 + names:
            raise mapped.TableError(mapped.TRUNCATED)
        view = memoryview(data)
        if zlib.crc32(view[HEADER.size :]) != checksum:
            raise mapped.TableError(mapped.DAMAGED)
        hashes = HEADER.size
        offsets = hashes + count * 4
        flags = offsets + count * 4 + 4
        self.hashes = mapped.numbers(view, hashes, "I", count)
        self.offsets = mapped.numbers(view, offsets, "I", count + 1)
        self.flags = view[flags : flags + count]
        self.names = view[flags + count :]
        self.as_of = as_of.rstrip(b"\0").decode("ascii")

    def node(self, name: str) -> int:
        """The flags of a node, 0 where the list has none of that name (dotted, A-labels)."""
        try:
            key = name.encode("ascii")
        except UnicodeEncodeError:
            return 0
        wanted = hash_of(key)
        at = bisect_left(self.hashes, wanted)
        while at < len(self.hashes) and self.hashes[at] == wanted:
            if self.names[self.offsets[at] : self.offsets[at + 1]] == key:
                return self.flags[at]
            at += 1
        return 0


_NAME = {"en": "The table of public suffixes", "ja": "公開サフィックスの表"}
_EFFECT = {
    "en": "domains are guessed from their last two labels",
    "ja": "ドメインは末尾の二つのラベルから推測します",
}

_table: _Table | None = None
_fault: str | None = None
_opened: tuple[str, str | None] | None = None
_openings = 0


def _open() -> _Table | None:
    global _table, _fault, _opened, _openings
    if _opened is None or _opened[0] != TABLE or _opened[1] != newer.FOLDER:
        _opened = TABLE, newer.FOLDER
        _openings += 1
        _table, _fault = mapped.newest(_Table, TABLE, newer.file("suffixes", ".bin"))
    return _table


def _labels(host: str) -> list[str]:
    host = host.translate(_DOTS).strip().rstrip(".").lower()
    if not host or len(host) > MAX_HOST or host[0] == "[" or ":" in host:
        return []
    return host.split(".")


def _is_ipv4(labels: list[str]) -> bool:
    return len(labels) == 4 and all(label.isascii() and label.isdigit() and len(label) <= 3 for label in labels)


def a_label(label: str) -> str:
    """The A-label (RFC 5890 §2.3.2.1) of a label that is already normalised, as the list's own labels are."""
    if label.isascii():
        return label
    try:
        return "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:  # a lone surrogate
        return label


def _suffix_at(labels: list[str], private: bool) -> int:
    """Where the public suffix starts in the labels; their number where there is none."""
    count = len(labels)
    table = _open()
    if table is None:
        return count - 1 if count > 1 and not _is_ipv4(labels) else count
    found, name, above = count, "", 0
    for at in range(count - 1, -1, -1):
        label = a_label(labels[at])
        name = f"{label}.{name}" if name else label
        flags = table.node(name) >> ALL if private else table.node(name) & ICANN
        if flags & KNOWN:
            above = flags
            if flags & END:
                found = at
        elif above & WILD:
            return at + 1 if flags & EXCEPTION else at
        else:
            break
    return found


def public_suffix(host: str, private: bool = True) -> str:
    """The public suffix of a host name: "co.jp" of "www.example.co.jp".

    `host` is a bare lower-case host name, of A-labels or of Unicode labels in normal form (as `idna.encode(...,
    uts46=True)` or its reverse leaves them: full-width letters are not folded here). A trailing dot and the
    ideographic full stops (。．｡) are understood. The answer keeps the form of the labels, with plain dots.

    With `private` the list's second part counts as well, where hosting companies name what their customers own
    ("github.io"); without it only the registries' part does.

    "" when there is none: an address, an empty name, an unknown top-level domain. Never raises.
    """
    labels = _labels(host)
    return ".".join(labels[_suffix_at(labels, private) :])


def registrable_domain(host: str, private: bool = True) -> str:
    """The public suffix and the label before it: "example.co.jp" of "www.example.co.jp".

    Takes what `public_suffix` takes. "" when there is none: an address, a bare public suffix, a single label, an
    unknown top-level domain. Without a table (see `problem`) the last two labels. Never raises.
    """
    labels = _labels(host)
    at = _suffix_at(labels, private)
    if at == len(labels) or at == 0 or not labels[at - 1]:
        return ""
    return ".".join(labels[at - 1 :])


def edition() -> int:
    """Another number whenever the file has been read again: what was remembered of its answers holds no longer."""
    if _opened is None or _opened[0] != TABLE or _opened[1] != newer.FOLDER:
        _open()
    return _openings


def size() -> int:
    """How many rules and tails of rules there are."""
    table = _open()
    return len(table.hashes) if table else 0


def reopen() -> None:
    """Read the file again at the next question."""
    global _opened
    _opened = None


def as_of() -> str | None:
    """The date of the list (ISO 8601), None without a table."""
    table = _open()
    return table.as_of if table else None


def problem(locale: str = "en") -> str | None:
    """What is wrong with the table and how to mend it, in English or Japanese; None when it is well."""
    _open()
    return mapped.sentence(_fault, _NAME, _EFFECT, locale) if _fault else None
