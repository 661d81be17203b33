"""Through the virus scanner of the reader's own provider: who wrote the line below it.

Three lines close the round: a server took the message back from its provider's scanner, whose name it confirmed; the scanner
says that it had the message from that very server; and right below that, the server says from whom. A scanner writes a line for whatever
passes it, so the one below the first is its own, whoever sent the message. Nothing further down is looked at: the customers of a
provider share its servers, and a program of theirs writes what it likes below the line by which it handed in.
"""

from __future__ import annotations

from collections.abc import Sequence

from sekisho.mail.ip import is_private
from sekisho.mail.received import Received
from sekisho.mail.writers import confirmed_name
from sekisho.tables.scanners import scans


def taken_from(lines: Sequence[Received], place: int) -> int:
    """The line that says from whom a server had what `lines[place]` took back from a scanner; `place` itself where none does.

    None does where a program on the server handed in: then it came from the provider's own machine, as `lines[place]` says.
    """
    line = lines[place]
    below = lines[place + 1 : place + 3]
    if line.auth or not scans(line.by, confirmed_name(line)) or not below:
        return place
    scanner, server = below[0], line.by.lower()
    if scanner.by.lower() != line.rdns.lower() or not _from_outside(scanner):
        return place
    if scanner.rdns.lower() != server:
        return place + 1  # the scanner itself took it in
    closes = len(below) > 1 and below[1].by.lower() == server and _from_outside(below[1])
    return place + 2 if closes else place


def _from_outside(line: Received) -> bool:
    return bool(line.ip) and line.relay and not is_private(line.ip)
