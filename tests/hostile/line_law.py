"""The law of Received lines: whatever they hold they are read, learnt from, walked and weighed, and what is said of one stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sekisho.facts import checkpoint, claims
from sekisho.facts.edges import NOTHING, Edges, Learner, chain, outside
from sekisho.mail import queue_id, received, writers
from sekisho.mail.ip import canonical
from sekisho.mail.received import MAX_LENGTH, Received
from sekisho.settings import Settings

_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{2,45}")
_VERDICTS = (None, queue_id.AGREES, queue_id.CONTRADICTS, queue_id.IMPOSSIBLE)
READERS = (
    Settings(),
    Settings(own_addresses=("me@example.org",), incoming_servers=("imap.example.org",), relays=("relay.example.net", "192.0.2.50")),
    Settings(own_domains=("example.org", "gmail.com"), relays=("example.net",)),
    Settings(trusted_networks=("203.0.113.0/24", "10/8", "!198.51.100.7"), msa_networks=("192.0.2.",)),
)  # fmt: skip


def broken(bodies: Sequence[str], settings: Settings = READERS[0], learnt: bool = False) -> list[str]:
    """What these fields, newest first, break of the law; an exception says it itself."""
    lines = [received.parse(body) for body in bodies]
    faults = [fault for line in lines for fault in _line(line)]
    edges = _learnt(lines) if learnt else NOTHING
    found = checkpoint.find(lines, settings, edges)
    offered = checkpoint.may_be_relay(lines, found, settings, edges)
    weighed = claims.weigh(lines, found.hop)
    verdicts = [one.contradicted for one in weighed]
    if not -1 <= found.first <= found.hop < max(1, len(lines)) or (found.hop < 0) != (found.rule == checkpoint.NOWHERE):
        faults.append(f"a checkpoint that is none: {found}")
    if found.hop >= 0 and not lines[found.hop].ip:
        faults.append("a checkpoint without an address")
    if offered and found.hop < 0:
        faults.append("a relay where nobody handed over")
    if len(weighed) != len(lines) or verdicts != sorted(verdicts) or any(verdicts[: found.hop + 1]):
        faults.append(f"verdicts that no evidence gives: {verdicts}")
    return faults


def _line(line: Received) -> list[str]:
    faults = []
    raw = line.raw
    if raw != " ".join(raw.split()) or len(raw) > MAX_LENGTH:
        faults.append("a line that is not unfolded")
    if any(not isinstance(value, str) for value in line[1:12]):
        faults.append("a part that is no text")
    if line.ip and line.ip != canonical(line.ip):
        faults.append(f"an address that is none: {line.ip}")
    if line.ip and line.ip not in map(canonical, _ADDRESS.findall(raw)) and not _with_port(line.ip, raw):
        faults.append(f"an address that does not stand in the line: {line.ip}")
    for role, span in received.spans(line).items():
        if not 0 <= span.start < span.end <= len(raw):
            faults.append(f"a mark outside of the line: {role} {span}")
        elif role == "address" and canonical(raw[span.start : span.end]) != line.ip:
            faults.append("a mark on another address")
        elif role in ("helo", "rdns") and raw[span.start : span.end] != (line.helo if role == "helo" else line.rdns):
            faults.append(f"a mark on another name: {role}")
    if writers.confirmed_name(line) not in ("", line.rdns) or (writers.named(line) and writers.named(line) != writers.writer(line)):  # fmt: skip
        faults.append("a writer that is two")
    clock = queue_id.read(line)
    if (clock and clock.verdict) not in _VERDICTS:
        faults.append("a clock that says nothing known")
    return faults


def _with_port(ip: str, raw: str) -> bool:
    """Whether an address stands in a line with what belongs to its writing: a port, or zeros in front of its octets."""
    return any(canonical(found.partition(":")[0].rstrip(".")) == ip for found in _ADDRESS.findall(raw)) or any(
        canonical(found[at:].rstrip(".")) == ip for found in _ADDRESS.findall(raw) for at in range(len(found))
    )


def _learnt(lines: Sequence[Received]) -> Edges:
    """What a mailbox of such messages teaches, each from another stranger."""
    learner = Learner()
    for number in range(20, 40):
        learner.add(chain([line._replace(ip=f"{number}.1.2.3", rdns="") if outside(line) else line for line in lines]))
    return learner.edges()
