"""Lists of bad addresses that the reader downloaded: read from disk, compared here. Nothing is sent to anybody.

| file | told by | what it says |
|---|---|---|
| URLhaus, CSV or text (abuse.ch) | its comments | malware; `offline` in the CSV: historical |
| OpenPhish's community feed | its name, feed.txt or one with `openphish` | phishing |
| JPCERT/CC phishurl-list, CSV | its first line, date,URL,description | historical: nobody looks at the sites again |
| hosts file, list of domains | its lines | listed: it does not say why |
| any other text with a URL a line | its lines | listed |
"""

from __future__ import annotations

import csv
import re
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from sekisho.mail import domain, url_expressions
from sekisho.named import NamedTuple
from sekisho.questions import Answer
from sekisho.tables import shared_hosts

MAX_BYTES = 64 << 20  # of one file
MAX_ENTRIES = 1_000_000
MAX_LINE = 8192
HEAD = 4096
_USUAL = re.compile(
    r"https?://([a-z0-9][a-z0-9.\-]{1,250}[a-z0-9])"
    r"(/(?:[A-Za-z0-9_~\-]+(?:[./][A-Za-z0-9_~\-]+)*/?)?(?:\?[A-Za-z0-9_~.=&/:;+\-]*)?)"
)
_HOST = re.compile(r"[a-z0-9_\-]{1,63}(?:\.[a-z0-9_\-]{1,63}){1,30}")
_JPCERT = re.compile(r"\s*\"?date\"?\s*,\s*\"?url\"?\s*,", re.IGNORECASE)
_SINKS = frozenset({"0.0.0.0", "127.0.0.1", "::", "::1"})
_BESIDE = {"phishing": "beside-phishing", "malware": "beside-malware"}


class ListError(Exception):
    """A file that can't be used as a list; the message says why."""


class Entry(NamedTuple):
    url: str  # or a host
    meaning: str
    whole: bool  # it stands for everything under that host


class List(NamedTuple):
    """One file. Addresses are kept as eight bytes of a hash, sorted, by what they mean."""

    name: str
    at: str  # when the file was written; ISO 8601
    addresses: Mapping[str, array[int]]

    def meaning(self, exact: str, host: str) -> str:
        """What it says of an address, the address itself before its host; "" for nothing."""
        above = url_expressions.hosts(host)
        for meaning, known in self.addresses.items():
            if not meaning.startswith("beside-") and (
                _has(known, exact) or any(_has(known, f"{one}/*") for one in above)
            ):
                return meaning
        if not shared_hosts.shared(host):
            return next(
                (
                    meaning
                    for meaning, known in self.addresses.items()
                    if meaning.startswith("beside-") and _has(known, host)
                ),
                "",
            )
        return ""


_read: dict[str, tuple[tuple[int, int], List | ListError]] = {}  # path: (mtime, size) and what it held


def load(path: str) -> List:
    """A file as a list, read again when it has changed. Raises ListError."""
    file = Path(path)
    try:
        status = file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        known = _read.get(path)
        if known is None or known[0] != stamp:
            known = _read[path] = (stamp, _taken(file, status.st_size, status.st_mtime))
    except (OSError, ValueError) as error:
        raise ListError(getattr(error, "strerror", None) or str(error)) from error
    if isinstance(known[1], ListError):
        raise known[1]
    return known[1]


def answer(found: list[List], url: str) -> Answer:
    """What each list says of a link: {"list", "listed", "note"}."""
    address = url_expressions.canonical(url)
    records = []
    for one in found:
        meaning = one.meaning(address.exact, address.host)
        records.append({"list": one.name, "listed": bool(meaning), "note": meaning})
    return Answer(tuple(records), "lists", min(one.at for one in found))


def _taken(file: Path, size: int, written: float) -> List | ListError:
    if not file.is_file():
        return ListError("not a file")
    if size > MAX_BYTES:
        return ListError(f"larger than {MAX_BYTES >> 20} MiB")
    raw = file.read_bytes()[:MAX_BYTES]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16", "replace")
    elif b"\0" in raw[:HEAD]:
        return ListError("not text: unpack it first")
    else:
        text = raw.decode("utf-8-sig", "replace")
    kind, name = _kind(file.name, text[:HEAD])
    gathered: dict[str, set[int]] = {}
    count = 0
    for entry in _entries(kind, text):
        count += 1
        if count > MAX_ENTRIES:
            break
        exact, host = _form(entry.url)
        if not host:
            continue
        gathered.setdefault(entry.meaning, set()).add(_short(f"{host}/*" if entry.whole else exact))
        if beside := _BESIDE.get(entry.meaning):
            gathered.setdefault(beside, set()).add(_short(host))
    if not gathered:
        return ListError("no addresses in it")
    order = sorted(gathered, key=lambda meaning: meaning == "historical")
    at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(written))
    return List(name, at, {meaning: array("Q", sorted(gathered[meaning])) for meaning in order})


def _kind(name: str, head: str) -> tuple[str, str]:
    """Which list it is, and how it is called."""
    if "urlhaus" in head.lower():
        return "urlhaus", "URLhaus"
    if _JPCERT.match(head):
        return "jpcert", "JPCERT/CC"
    if name.lower() == "feed.txt" or "openphish" in name.lower():
        return "openphish", "OpenPhish"
    return "plain", name[:100]


def _entries(kind: str, text: str) -> Iterator[Entry]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line, start = text[start : min(end, start + MAX_LINE)].strip(), end + 1
        if not line or line[0] in "#!;":
            continue
        if kind == "jpcert":
            row = _row(line)
            if len(row) > 1 and "://" in row[1]:
                yield Entry(row[1], "historical", False)
        elif kind == "urlhaus":
            row = _row(line) if line[0] == '"' else ["", "", line]
            if len(row) > 2 and "://" in row[2]:
                yield Entry(row[2], "historical" if row[3:4] == ["offline"] else "malware", False)
        elif "://" in line:
            yield Entry(line.split()[0], "phishing" if kind == "openphish" else "listed", False)
        else:
            words = line.lower().partition("#")[0].split()
            named = words[1:] if words and words[0] in _SINKS else words[:1]
            yield from (Entry(host, "listed", True) for host in named if _HOST.fullmatch(host))


def _row(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _form(address: str) -> tuple[str, str]:
    """Exact form and host; the usual address without the long way."""
    match = _USUAL.fullmatch(address)
    if match and ".." not in match.group(1) and not match.group(1).rpartition(".")[2][0].isdigit():
        return match.group(1) + match.group(2), match.group(1)
    if "://" not in address:
        return address, domain.normalise(address)
    found = url_expressions.canonical(address)
    return found.exact, found.host


def _short(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _has(known: array[int], text: str) -> bool:
    wanted = _short(text)
    place = bisect_left(known, wanted)
    return place < len(known) and known[place] == wanted
