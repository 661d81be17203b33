"""Links beyond those that are told apart, looked at quickly, so that none that imitates somebody is hidden in a flood of others.

Loaded when a mail has more links than that.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.facts import lookalikes
from sekisho.mail import domain
from sekisho.tables import brands

BITS = 21  # of a number of a place where it is noted that something was met
MAX_CLOSE = 1_000  # looked at closely
MAX_KEPT = 50
MAX_LENGTH = 600  # characters of a link
_HOST = re.compile(r"[a-z]{3,5}:[/\\]{0,20}([^/\\?#]{0,300})", re.IGNORECASE)
_WORDS = re.compile(r"[a-z0-9]+")


class _Met:
    """What has been met, in little room (a Bloom filter of two marks): of 20,000 fewer than one in a thousand is mistaken for another."""

    def __init__(self) -> None:
        self._marks = bytearray(1 << BITS - 3)

    def new(self, text: str) -> bool:
        marks, number, fresh = self._marks, hash(text), False
        for place in (number & (1 << BITS) - 1, number >> BITS & (1 << BITS) - 1):
            if not marks[place >> 3] >> (place & 7) & 1:
                marks[place >> 3] |= 1 << (place & 7)
                fresh = True
        return fresh


class Flood:
    """What has been seen of the links that were left out."""

    def __init__(self) -> None:
        self._links, self._hosts = _Met(), _Met()
        self._close = 0
        self.kept = 0  # counted by who keeps them

    def new(self, url: str) -> bool:
        """Whether a target is met for the first time."""
        return self._links.new(url)

    def suspected(self, url: str) -> bool:
        """Whether a link is worth taking apart: by a brand's domain in it, a name before an @, other scripts, or a name near a brand's."""
        if self._close >= MAX_CLOSE or self.kept >= MAX_KEPT:
            return False
        lower = url[:MAX_LENGTH].lower()
        match = _HOST.match(lower)
        if match is None:
            return False
        host = match[1]
        new = self._hosts.new(host)
        odd = new and ("@" in host or "%" in host or "xn--" in host or not host.isascii())
        found = odd or not _labels().isdisjoint(_WORDS.findall(lower)) or (new and _near(host))
        self._close += found
        return found


def _near(host: str) -> bool:
    name = host.partition(":")[0]
    return lookalikes.find(name, domain.registrable(name)) is not None


@cache
def _labels() -> frozenset[str]:
    """The first words of the brands' own domains; a link that imitates one has it."""
    return frozenset(
        word
        for brand in brands.all_brands()
        for name in brand.domains
        for word in _WORDS.findall(name.partition(".")[0])
    )
