"""The same message as another reader's program, list or mailbox provider would have kept it: other orders, other names, other hops."""

from __future__ import annotations

import ast
import random
import re
from functools import cache

from workbench import PACKAGE

from sekisho.engine import Analysis
from sekisho.mail import domain
from sekisho.mail.writers import confirmed_name

# What is written on the way, each above what was there before: its order says something (RFC 5321 section 4.4, RFC 8601, RFC 6376, RFC 8617).
TRACE = re.compile(
    rb"(received|return-path|resent-|authentication-results|arc-|dkim-|domainkey-|x-received|delivered-to)", re.I
)
OTHER = "mailhost.example"
FORMS = {
    "Postfix": "from {helo} ({name} [{ip}])\n\tby {by} (Postfix) with ESMTPS id 5C1E02A0F7\n\tfor <{to}>; {date}",
    "Exim": "from {name} ([{ip}] helo={helo})\n\tby {by} with esmtps (TLS1.3) (Exim 4.97)\n\tid 1sFvXk-0003Vz-1f\n\tfor {to}; {date}",
}


def fields(source: bytes) -> tuple[list[bytes], bytes]:
    """The header's fields, each with its folded lines, and the rest from the empty line on."""
    gap = re.search(rb"\r?\n\r?\n|\Z", source)
    assert gap is not None  # the end is always there
    return re.split(rb"\r?\n(?![ \t])", source[: gap.start()]), source[gap.start() :]


def name_of(field: bytes) -> bytes:
    """A field's name in lower case; of a line that is none, the line."""
    return field.partition(b":")[0].strip().lower()


def joined(some: list[bytes], rest: bytes) -> bytes:
    return (b"\r\n" if b"\r\n" in rest[:4] else b"\n").join(some) + rest


def shuffled(source: bytes, seed: int) -> bytes:
    """All but the trace fields in another order; what stands there several times keeps its own."""
    found, rest = fields(source)
    free = [
        at
        for at, field in enumerate(found)
        if b":" in field and not TRACE.match(field) and not field.startswith(b"From ")
    ]
    places = free[:]
    random.Random(seed).shuffle(places)
    by_name: dict[bytes, list[int]] = {}
    for place, at in zip(places, free, strict=True):
        by_name.setdefault(name_of(found[at]), []).append(place)
    out = found[:]
    for name, chosen in by_name.items():
        for place, at in zip(sorted(chosen), [at for at in free if name_of(found[at]) == name], strict=True):
            out[place] = found[at]
    return joined(out, rest)


@cache
def known_names() -> str:
    """Every plain text in the package's code, in lower case: a field that is not named there is read by nobody."""
    texts = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        texts += [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        texts += [
            node.value.decode("latin-1")
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, bytes)
        ]
    return "\n".join(texts).lower()


def renamed(source: bytes) -> bytes:
    """Each field that nobody reads under another name."""
    found, rest = fields(source)
    out = []
    for number, field in enumerate(found):
        name, colon, value = field.partition(b":")
        unknown = colon and not TRACE.match(name) and name.strip().lower().decode("latin-1") not in known_names()
        out.append(b"X-Qqz-%d:%s" % (number, value) if unknown and not field.startswith(b"From ") else field)
    return joined(out, rest)


def moved(source: bytes, analysis: Analysis, form: str) -> bytes | None:
    """The message as another machine of the reader's side took it from the same peer: one line, as another program writes it, in place of all
    of that side's, and the new name in its results. None where nothing was taken from a peer whose name was found true, where somebody
    logged in, and where the options name the machine."""
    route = analysis.facts.route
    entry = route.entry
    if entry is None or not entry.received.ip or entry.received.auth or analysis.facts.settings.trusted_authserv_ids:
        return None
    received = entry.received
    named = confirmed_name(received)
    if not named:
        return None
    by = "mx7." + (domain.registrable(received.by) or OTHER)
    # What is above www5134.sakura.ne.jp is a public suffix: its like is beside it.
    if domain.registrable(received.by) == received.by.lower():
        by = re.sub(r"[0-9]+", "7", received.by, count=1)
    date = received.raw.rpartition(";")[2].strip() or "Mon, 1 Jan 2024 00:00:00 +0000"
    to = received.recipient or f"reader@{OTHER}"
    line = FORMS[form].format(helo=received.helo or named, name=named, ip=received.ip, by=by, to=to, date=date)
    found, rest = fields(source)
    count = route.steps.index(entry) + 1
    mine = [at for at, field in enumerate(found) if name_of(field) == b"received"][:count]
    out = [field for at, field in enumerate(found) if at not in mine[:-1]]
    out[out.index(found[mine[-1]])] = b"Received: " + line.encode()
    for paper in analysis.facts.reports:
        old = paper.shown.authserv_id.encode()
        if paper.shown.trusted and old:
            out = [
                field.replace(old, by.encode(), 1) if name_of(field) == b"authentication-results" else field
                for field in out
            ]
    return joined(out, rest)
