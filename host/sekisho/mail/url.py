"""A URL taken apart: every piece with the part it plays, and the pieces joined are the URL again.

Read as a browser would (WHATWG URL): backslashes are slashes, tabs and line ends vanish, user information ends at the last
`@`, an address may be written as one number. Nothing is fetched or resolved.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.mail.domain import normalise, registrable
from sekisho.mail.ip import canonical
from sekisho.named import NamedTuple
from sekisho.report import Segment

MAX_URL = 4096  # characters looked at; browsers take more, readers don't
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]{0,20}):")
_SPECIAL = frozenset({"http", "https", "ftp", "ws", "wss"})
_VANISHING = str.maketrans("", "", "\t\r\n")
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
    """A URL in its parts. `host` is normalised; `domain` is the registrable domain, "" for addresses."""

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


def parse(text: str) -> Url | None:
    """The parts of an absolute URL; None when `text` has no scheme. Never raises."""
    url = text.strip().translate(_VANISHING)[:MAX_URL]
    match = _SCHEME.match(url)
    if match is None:
        return None
    scheme = match.group(1).lower()
    segments = [Segment(url[: match.end()], "scheme")]
    at = match.end()
    userinfo = host = ip = domain = port = ""
    if scheme in _SPECIAL or url.startswith("//", at):
        slashes = at
        while slashes < len(url) and url[slashes] in ("/\\" if scheme in _SPECIAL else "/"):
            slashes += 1
        segments[0] = Segment(url[:slashes], "scheme")
        end = next((place for place in range(slashes, len(url)) if url[place] in "/\\?#"), len(url))
        authority = url[slashes:end]
        userinfo, sign, hostport = authority.rpartition("@")
        if sign:
            segments.append(Segment(userinfo + sign, "userinfo"))
        name, port = _port(hostport)
        host = normalise(unescape(name))
        ip = canonical(host) or number_address(host)
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
    )


def placeholders(text: str) -> list[str]:
    """Names in braces and the like that a mailing program was to fill in and did not: {EMAIL64}, [[-Email-]], %%name%%, ##email##."""
    return [match.group() for match in _placeholder().finditer(text)] if _may_hold_one(text) else []


def _may_hold_one(text: str) -> bool:
    return any(sign in text for sign in ("{", "[", "%%", "##", "%7B", "%7b"))


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
    # A redirector's link holds another one, which must not be left alive.
    return re.sub(r"(?i)(h)tt(ps?://)|(ftp)(?=://)", _inert, "".join(out))


def _inert(match: re.Match[str]) -> str:
    return f"{match[1]}xx{match[2]}" if match[1] else f"{match[3]}[:]"


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
        close = hostport.find("]")
        if close > 0:
            return hostport[: close + 1], hostport[close + 2 :]
    name, _, port = hostport.rpartition(":")
    return (name, port) if name and (not port or port.isdigit()) else (hostport, "")


def number_address(host: str) -> str:
    """IPv4 in the spellings that browsers take: one to four numbers, decimal, octal or hexadecimal (WHATWG URL §3.5)."""
    parts = host.split(".")
    if not all(part.isascii() and part.isalnum() for part in parts):
        return ""  # int() would take 1_0, +1 and the digits of other scripts
    if not 1 <= len(parts) <= 4 or not parts[-1][:1].isdigit():
        return ""
    values = []
    for part in parts:
        try:
            if part[:2].lower() == "0x":
                values.append(int(part[2:] or "0", 16))
            elif len(part) > 1 and part[0] == "0":
                values.append(int(part, 8))
            else:
                values.append(int(part))
        except ValueError:
            return ""
        if len(part) > 40:
            return ""
    if any(value > 255 for value in values[:-1]) or values[-1] >= 256 ** (5 - len(values)):
        return ""
    total = values[-1] + sum(value << 8 * (3 - place) for place, value in enumerate(values[:-1]))
    return ".".join(str(total >> shift & 255) for shift in (24, 16, 8, 0))


def _host_segments(name: str, domain: str) -> list[Segment]:
    labels = name.rstrip(".").split(".")
    own = domain.count(".") + 1 if domain else len(labels)
    split = len(labels) - own
    if split <= 0 or not domain:
        return [Segment(name, "registrable" if domain else "subdomain")]
    head = ".".join(labels[:split])
    return [Segment(head, "subdomain"), Segment(".", "separator"), Segment(name[len(head) + 1 :], "registrable")]


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
