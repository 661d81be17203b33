"""A URL as lists of bad addresses know it: Safe Browsing's canonical form, and the host-suffix/path-prefix expressions of it.

https://developers.google.com/safe-browsing/reference/URLs.and.Hashing, which other lists can be compared by as well.
"""

from __future__ import annotations

import re

from sekisho.mail import url
from sekisho.mail.domain import registrable
from sekisho.mail.ip import canonical as address
from sekisho.named import NamedTuple

MAX_UNESCAPED = 100  # times that percent-encoding is undone; each makes the text shorter
MAX_HOSTS, MAX_PATHS = 4, 4  # besides the exact host, and besides the exact path
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]{0,20}):/{2,}")
_NAT64 = 0x64FF9B << 96  # RFC 6052 §2.1


class Canonical(NamedTuple):
    """`path` begins with a slash; `query` is None where there is no question mark. What no URL may hold is percent-encoded."""

    scheme: str
    host: str
    path: str
    query: str | None

    @property
    def exact(self) -> str:
        """Host, path and query: all that tells two pages apart."""
        return self.host + self.path + ("" if self.query is None else f"?{self.query}")


def canonical(text: str) -> Canonical:
    """The canonical form of a URL; http where it names no scheme. Never raises."""
    bare = text.strip(" \t\r\n").translate({9: None, 10: None, 13: None}).partition("#")[0][: url.MAX_URL]
    front, mark, query = bare.partition("?")
    front = front.replace("\\", "/")  # as browsers do
    match = _SCHEME.match(front)
    scheme, rest = (match.group(1).lower(), front[match.end() :]) if match else ("http", front)
    place, slash, path = rest.partition("/")
    authority = place.rpartition("@")[2]
    name = authority.partition("]")[0] + "]" if authority.startswith("[") else authority.partition(":")[0]
    return Canonical(
        scheme,
        _host(name),
        _escaped(_resolved(_unescaped(slash + path))),
        _escaped(_unescaped(query)) if mark else None,
    )


def expressions(text: str) -> tuple[str, ...]:
    """What stands for a URL in a list, the most exact first: at most five hosts, each with at most six paths."""
    known = canonical(text)
    if not known.host:
        return ()
    paths = [known.path] if known.query is None else [f"{known.path}?{known.query}", known.path]
    parts = known.path.split("/")[1:-1]
    paths += ["/" + "".join(f"{part}/" for part in parts[:count]) for count in range(min(len(parts) + 1, MAX_PATHS))]
    return tuple(dict.fromkeys(host + path for host in hosts(known.host) for path in paths))


def hosts(host: str) -> tuple[str, ...]:
    """A canonical host, and from its registrable domain upwards at most four names that it lies in."""
    own = registrable(host)
    if not own or not host.endswith(own):
        return (host,)
    labels = host.split(".")
    size = own.count(".") + 1
    above = [".".join(labels[-count:]) for count in range(size, min(len(labels), size + MAX_HOSTS))]
    return tuple(dict.fromkeys((host, *reversed(above))))


def _host(name: str) -> str:
    bare = _unescaped(name)
    try:
        decoded = bare.decode("utf-8")
    except UnicodeDecodeError:
        decoded = ""
    if not decoded.isascii():
        parsed = url.parse(f"http://{decoded}/")
        bare = (parsed.host if parsed else decoded).encode("utf-8", "replace")
    bare = re.sub(rb"\.{2,}", b".", bare.strip(b".").lower())
    written = bare.decode("latin-1")
    ip = address(written) or url.number_address(written)
    if not ip:
        return _escaped(bare)
    if ":" not in ip:
        return ip
    from ipaddress import IPv6Address

    number = int(IPv6Address(ip))
    if number >> 32 == _NAT64 >> 32:
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    return f"[{ip}]"


def _unescaped(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    for _ in range(MAX_UNESCAPED):
        found = _ESCAPED.sub(lambda match: bytes((int(match.group(1), 16),)), raw)
        if found == raw:
            break
        raw = found
    return raw


def _resolved(path: bytes) -> bytes:
    """Without `.`, `..` and empty segments (RFC 3986 §5.2.4, and runs of slashes)."""
    out: list[bytes] = []
    segments = path.split(b"/")
    for segment in segments:
        if segment == b"..":
            del out[-1:]
        elif segment not in (b"", b"."):
            out.append(segment)
    folder = segments[-1] in (b"", b".", b"..")
    return b"/" + b"/".join(out) + (b"/" if folder and out else b"")


def _escaped(raw: bytes) -> str:
    return "".join(chr(byte) if 32 < byte < 127 and byte not in b"#%" else f"%{byte:02X}" for byte in raw)
