"""A URL taken apart: every piece with the part it plays, and the pieces joined are the URL again.

Read as a browser would (WHATWG URL): backslashes are slashes, tabs and line ends vanish, user information ends at the last
`@`, an address may be written as one number. Nothing is fetched or resolved.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from sekisho.mail.domain import normalise, registrable, u_label
from sekisho.mail.ip import canonical
from sekisho.named import NamedTuple
from sekisho.report import Segment

MAX_URL = 4096  # characters looked at; browsers take more, readers don't
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_SPECIAL = frozenset({"http", "https", "ftp", "ws", "wss"})
_VANISHING = str.maketrans("", "", "\t\r\n")
_AROUND = "".join(map(chr, range(0x21)))  # C0 controls and the space; a wide or no-break space stays, as in a browser
_MAX_PORT = 65535
# What a mailing program fills in: without such a word it may be an API's template or a wiki's mark-up.
_FILLED_IN = r"(?=[\w .\-]{0,30}(?:mail|name|user|domain|recipient|subscriber|rand|b64|base64|phone|company|victim|link))[\w .\-]{2,42}"


# Patterns that many mails need none of are compiled at first use: together they cost more than reading a mail does.
@cache
def _placeholder() -> re.Pattern[str]:
    filled = _FILLED_IN
    return re.compile(
        rf"\{{\{{?{filled}\}}?\}}|\[\[?{filled}\]\]|%%{filled}%%|##{filled}##|%7B(?:%7B)?{filled}(?:%7D)?%7D",
        re.IGNORECASE,
    )


class Url(NamedTuple):
    """A URL in its parts. `host` is normalised; `domain` is the registrable domain, "" for addresses.

    Private suffixes count: the owner of customer.web.app is customer.web.app.
    """

    url: str
    scheme: str
    userinfo: str
    host: str
    ip: str
    domain: str
    port: str
    path: str
    query: str
    fragment: str
    segments: tuple[Segment, ...]
    opens: bool  # False: a browser refuses it (WHATWG URL §4.4: no host, a host that cannot be, no port); it is shown all the same

    @property
    def odd_ip(self) -> bool:
        """Whether the address is written in a way that hides it: one number, octal, hexadecimal, wide or escaped digits, IPv4 inside IPv6."""
        written = next((segment.text for segment in self.segments if segment.role == "ip"), "")
        return bool(self.ip) and (written.rstrip(".") != self.ip if ":" not in self.ip else written[:1] != "[")


@lru_cache(maxsize=256)  # a link is asked about in several places
def parse(text: str) -> Url | None:
    """The parts of an absolute URL; None when `text` has no scheme. Never raises."""
    url = text.strip(_AROUND).translate(_VANISHING)[:MAX_URL]
    match = _SCHEME.match(url)
    if match is None:
        return None
    scheme = match.group(1).lower()
    segments = [Segment(url[: match.end()], "scheme")]
    at = match.end()
    userinfo = host = ip = domain = port = ""
    opens = True
    if scheme in _SPECIAL or url.startswith("//", at):
        slashes = at
        while slashes < len(url) and url[slashes] in ("/\\" if scheme in _SPECIAL else "/"):
            slashes += 1
        segments[0] = Segment(url[:slashes], "scheme")
        stop = AUTHORITY_ENDS.search(url, slashes)
        end = stop.start() if stop else len(url)
        authority = url[slashes:end]
        userinfo, sign, hostport = authority.rpartition("@")
        if sign:
            segments.append(Segment(userinfo + sign, "userinfo"))
        name, port = _port(hostport)
        shown = unescape(name)
        host = normalise(shown)
        ip = _bracketed(host) if host[:1] == "[" else number_address(host)
        opens = _possible(host, ip) and _is_port(port) and shown == shown.strip()
        if ip:
            segments.append(Segment(name, "ip"))
        else:
            domain = registrable(host)
            segments.extend(_host_segments(name, domain))
        if port or len(name) < len(hostport):
            segments.append(Segment(hostport[len(name) :], "port"))
        at = end
    path, query, fragment = _rest(url[at:])
    for piece, role in ((path, "path"), (query, "query"), (fragment, "fragment")):
        segments.extend(_with_placeholders(piece, role))
    return Url(
        url,
        scheme,
        userinfo,
        host,
        ip,
        domain,
        port,
        path,
        query[1:],
        fragment[1:],
        tuple(s for s in segments if s.text),
        opens,
    )


def placeholders(text: str) -> list[str]:
    """Names in braces and the like that a mailing program was to fill in and did not: {EMAIL64}, [[-Email-]], %%name%%, ##email##."""
    return [match.group() for match in _placeholder().finditer(text)] if _may_hold_one(text) else []


def _may_hold_one(text: str) -> bool:
    return (
        "{" in text or "[" in text or ("%" in text and ("%%" in text or "%7B" in text or "%7b" in text)) or "##" in text
    )


def defang(url: Url) -> str:
    """The URL in a form that no program makes a link of: hxxps://w-support[.]jp/..."""
    scheme = url.scheme.replace("tt", "xx", 1) if url.scheme.startswith("http") else url.scheme + "[:]"
    out = []
    for segment in url.segments:
        if segment.role == "scheme":
            out.append(scheme + segment.text[len(url.scheme) :])
        elif segment.role in ("subdomain", "registrable", "ip", "imitation", "separator"):
            out.append(segment.text.replace(".", "[.]"))
        else:
            out.append(segment.text)
    written = "".join(out)
    if url.scheme in ("http", "https") and written.find("://", len(url.segments[0].text)) < 0:
        return written
    # A redirector's link holds another one, which must not be left alive.
    return re.sub(r"(?i)(h)tt(ps?://)|(ftp)(?=://)", _inert, written)


def _inert(match: re.Match[str]) -> str:
    return f"{match[1]}xx{match[2]}" if match[1] else f"{match[3]}[:]"


AUTHORITY_ENDS = re.compile(r"[/\\?#]")
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")


def unescape(text: str) -> str:
    """Percent-encoding undone (RFC 3986 §2.1); bytes that are no UTF-8 become U+FFFD. urllib.parse costs 4 ms to load."""
    if "%" not in text:
        return text
    return _ESCAPED.sub(lambda match: bytes((int(match.group(1), 16),)), text.encode("utf-8", "replace")).decode(
        "utf-8", "replace"
    )


def _port(hostport: str) -> tuple[str, str]:
    if hostport.startswith("["):
        name, bracket, rest = hostport.partition("]")
        if not bracket or (rest and (rest[0] != ":" or not (rest[1:].isascii() and (rest[1:] or "0").isdigit()))):
            return hostport, ""
        return name + bracket, rest[1:]
    name, _, port = hostport.rpartition(":")
    return (name, port) if name and (not port or (port.isascii() and port.isdigit())) else (hostport, "")


def _is_port(digits: str) -> bool:
    bare = digits.lstrip("0")
    return len(bare) <= 5 and int(bare or "0") <= _MAX_PORT


# WHATWG URL §3.1, forbidden domain code points; the brackets of an IPv6 address have been read by then.
_FORBIDDEN = frozenset(map(chr, range(0x21))) | frozenset("#/:<>?@[\\]^|%\x7f")


def _possible(host: str, ip: str) -> bool:
    """Whether a browser takes a host: an address, or a name without forbidden characters that does not end in a number."""
    if ip:
        return True
    if not host or not host.isascii() or not _FORBIDDEN.isdisjoint(host):
        return False
    labels = host.split(".")
    last = labels[-1]
    if last.isascii() and (last.isdigit() or (last[:2] == "0x" and all(c in "0123456789abcdef" for c in last[2:]))):
        return False
    return "xn--" not in host or not any(label.startswith("xn--") and not u_label(label) for label in labels)


def _bracketed(host: str) -> str:
    """The address of an IPv6 literal, "" where it is none; browsers take no zone."""
    inner = host[1:-1]
    if host[-1:] != "]" or ":" not in inner or not all(c in "0123456789abcdef:." for c in inner):
        return ""
    return canonical(inner)


def number_address(host: str) -> str:
    """IPv4 in the spellings that browsers take: one to four numbers, decimal, octal or hexadecimal (WHATWG URL §3.5)."""
    parts = host.split(".", 4)
    if len(parts) > 4 or not parts[-1][:1].isdigit():
        return ""
    values = [_number(part) for part in parts]
    last = values.pop()
    if last < 0 or last >= 256 ** (4 - len(values)) or any(not 0 <= value <= 255 for value in values):
        return ""
    total = last + sum(value << 8 * (3 - place) for place, value in enumerate(values))
    return ".".join(str(total >> shift & 255) for shift in (24, 16, 8, 0))


_DIGITS = {8: frozenset("01234567"), 10: frozenset("0123456789"), 16: frozenset("0123456789abcdefABCDEF")}
_MAX_DIGITS = 11  # of what fits into 32 bits, in octal


def _number(part: str) -> int:
    """One number of an address; -1 where it is none, or one that no address holds. int() alone would take 1_0 and 0o7."""
    base = 10
    if part[:2] in ("0x", "0X"):
        base, part = 16, part[2:] or "0"
    elif len(part) > 1 and part[0] == "0":
        base = 8
    if not part or not _DIGITS[base].issuperset(part):
        return -1
    bare = part.lstrip("0")
    return int(bare or "0", base) if len(bare) <= _MAX_DIGITS else -1


# What browsers take for the dot between labels (UTS #46), and its escapes.
_DOT = r"[.\u3002\uff0e\uff61]|%2e|%e3%80%82|%ef%bc%8e|%ef%bd%a1"


def _host_segments(name: str, domain: str) -> list[Segment]:
    """The host as it is written, cut where the registrable domain begins; uncut where that cannot be seen."""
    if not domain:
        return [Segment(name, "subdomain")]
    start = len(name) - len(domain)
    if name[start:].lower() == domain == domain.strip() and name.isascii() and "%" not in name:  # as most are written
        if not start:
            return [Segment(name, "registrable")]
        if start > 0 and name[start - 1] == ".":
            left = Segment(name[: start - 1], "subdomain")
            return [left, Segment(".", "separator"), Segment(name[start:], "registrable")]
    dots = [(match.start(), match.end()) for match in re.finditer(_DOT, name, re.IGNORECASE)]
    while dots and dots[-1][1] == len(name.rstrip(".")) + 1 <= len(name):
        dots.pop()  # the root's
    own = domain.count(".") + 1
    if len(dots) < own:
        return [Segment(name, "registrable")]
    start, end = dots[-own]
    if normalise(unescape(name[end:])) != domain:
        return [Segment(name, "registrable")]
    return [
        Segment(name[:start], "subdomain"),
        Segment(name[start:end], "separator"),
        Segment(name[end:], "registrable"),
    ]


def _rest(rest: str) -> tuple[str, str, str]:
    before, mark, fragment = rest.partition("#")
    path, question, query = before.partition("?")
    return path, question + query, mark + fragment


def _with_placeholders(piece: str, role: str) -> list[Segment]:
    if not _may_hold_one(piece):
        return [Segment(piece, role)]
    out: list[Segment] = []
    at = 0
    for match in _placeholder().finditer(piece):
        out.append(Segment(piece[at : match.start()], role))
        out.append(Segment(match.group(), "placeholder"))
        at = match.end()
    out.append(Segment(piece[at:], role))
    return out
