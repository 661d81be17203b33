"""What a link's own form gives away: a name before the @, a name that only looks like a brand's, who is told apart by it.

Loaded when a mail has a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice

from sekisho.facts import lookalikes
from sekisho.mail import domain, url, url_contents
from sekisho.named import NamedTuple
from sekisho.report import Segment
from sekisho.tables import brands

MAX_HOST = 253
MAX_NAMES = 100  # host names looked at in one path
_TAIL = ("path", "query", "fragment", "placeholder")


@cache
def _host_in_path() -> re.Pattern[str]:
    return re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})\.){1,8}[A-Za-z]{2,24}")


class Shape(NamedTuple):
    pretended: str  # what stands before the @ as if it were the host; "" where nothing does
    lookalike: lookalikes.Lookalike | None
    recipients: tuple[url_contents.Found, ...]  # addresses of this message's readers that the link carries
    unseen: tuple[str, ...]  # code points in the link of which nothing is seen: U+202E
    unseen_in_host: bool


class People(NamedTuple):
    """Whose addresses are looked for. `others` are in To or Cc and may be a list's: in a link of their own domain they are no reader's."""

    readers: tuple[url_contents.Person, ...]
    others: tuple[url_contents.Person, ...]


def of(link: url.Url, people: People) -> Shape:
    """The shape of one link."""
    unseen, in_host = _unseen(link)
    return Shape(pretended(link), lookalikes.find(link.host, link.domain), _recipients(link, people), unseen, in_host)


def pretended(link: url.Url) -> str:
    """The host that user information is made to look like (`https://paypal.com@a.example/`); "" for credentials and an address."""
    if "." not in link.userinfo and "%" not in link.userinfo:
        return ""
    # Escaped, a whole link may stand there: https://paypal.com%2Flogin@a.example/
    whole = url.unescape(link.userinfo).rpartition("//")[2].strip()
    written = next((whole[:at] for at in range(len(whole)) if whole[at] in ":/\\?#"), whole)[:MAX_HOST]
    if "." not in written or "@" in written:
        return ""
    lower = written.lower()
    known = lower.startswith("www.") or domain.registrable(lower) or lookalikes.rewritten_domain(lower, "")
    return written if known else ""


def _tail(link: url.Url) -> list[tuple[int, str]]:
    """Path, query and fragment with their signs, and where each begins."""
    at = 0
    for segment in link.segments:
        if segment.role in _TAIL:
            break
        at += len(segment.text)
    out = []
    for text, sign in ((link.path, ""), (link.query, "?"), (link.fragment, "#")):
        if sign and link.url[at : at + 1] != sign:
            continue
        out.append((at, sign + text))
        at += len(sign + text)
    return out


def _recipients(link: url.Url, people: People) -> tuple[url_contents.Found, ...]:
    others = tuple(
        person for person in people.others if domain.registrable(person.address.rpartition("@")[2]) != link.domain
    )
    known = people.readers + others
    if not known:
        return ()
    found = []
    for at, text in _tail(link):
        if len(text) >= url_contents.MIN_TEXT:
            found += [
                one._replace(start=one.start + at, end=one.end + at) for one in url_contents.addresses(text, known)
            ]
    return tuple(found)


def _unseen(link: url.Url) -> tuple[tuple[str, ...], bool]:
    if link.url.isascii():
        return (), False
    from sekisho.tables.confusables import invisible

    found: dict[str, None] = {}
    in_host = False
    for segment in link.segments:
        for character in segment.text:
            if not character.isascii() and invisible(character):
                found[f"U+{ord(character):04X}"] = None
                in_host = in_host or segment.role not in _TAIL
    return tuple(found), in_host


def marked(link: url.Url, shape: Shape, imitated: Imitation | None) -> tuple[Segment, ...]:
    """The link's segments with what was found in them cut out: imitation, recipient, nested, token."""
    spans = [url_contents.Span(one.start, one.end, "recipient") for one in shape.recipients]
    tail = _tail(link)
    for at, text in tail:
        for span in (*url_contents.tokens(text), *url_contents.nested(text)):
            spans.append(span._replace(start=span.start + at, end=span.end + at))
    if shape.pretended:
        at = link.url.find(link.userinfo)
        end = at + len(link.userinfo.partition(":")[0])
        written = link.userinfo.find(shape.pretended)  # -1 where it is escaped
        if written >= 0:
            at += written
            end = at + len(shape.pretended)
        spans.append(url_contents.Span(at, end, "imitation"))
    if imitated is not None:
        spans.append(url_contents.Span(imitated.start, imitated.end, "imitation"))
    return _cut(link.segments, spans) if spans else link.segments


_RANK = {"token": 1, "nested": 2, "placeholder": 3, "recipient": 4, "imitation": 5}
_WHOLE = ("scheme", "registrable", "separator", "ip", "port")


def _cut(segments: Sequence[Segment], spans: list[url_contents.Span]) -> tuple[Segment, ...]:
    """Segments cut at the spans. Where two claim a place the one that says more has it; the owner stays whole."""
    spans.sort(key=lambda span: _RANK[span.role])
    out: list[Segment] = []
    at = 0
    for segment in segments:
        end = at + len(segment.text)
        over = [span for span in spans if span.start < end and span.end > at]
        if not over or segment.role in _WHOLE:
            out.append(segment)
        else:
            over = [span for span in over if _RANK[span.role] > _RANK.get(segment.role, 0)]
            borders = {at, end}
            for span in over:
                borders.update((max(span.start, at), min(span.end, end)))
            places = sorted(borders)
            start, role = at, ""
            for place, following in zip(places, [*places[1:], None], strict=True):
                here = "" if following is None else segment.role
                for span in over if following is not None else ():
                    if span.start <= place and (following or end) <= span.end:
                        here = span.role
                if here != role:
                    if place > start:
                        out.append(Segment(segment.text[start - at : place - at], role))
                    start, role = place, here
        at = end
    return tuple(out)


@cache
def _endings() -> tuple[str, ...]:
    """What the brands' domains end in."""
    return tuple({"." + name.rpartition(".")[2] for brand in brands.all_brands() for name in brand.domains})


def _may_hold_one(path: str) -> bool:
    """Whether a brand's domain can stand in a path."""
    if "." not in path:
        return False
    lower = path.lower()
    return any(ending in lower for ending in _endings())


class Imitation(NamedTuple):
    """A brand's domain that stands where it means nothing. `start` and `end`: its place in the link, equal where that cannot be told."""

    brand: brands.Brand
    written: str
    role: str  # path | subdomain | registrable
    start: int
    end: int


def imitation(link: url.Url) -> Imitation | None:
    """A brand's own domain in the path or in a host that is another's: the second article's trick."""
    owner = brands.of_domain(link.domain)
    for match in islice(_host_in_path().finditer(link.path), MAX_NAMES) if _may_hold_one(link.path) else ():
        before = link.path[: match.start()]
        if not before.endswith(("/", ".", "-", "_")) or before.endswith("//"):
            continue  # part of a Message-ID, of an escape, or a whole URL handed to a redirector: another matter
        known = brands.of_domain(domain.registrable(match.group().lower()))
        if known is not None and known is not owner:
            at = _tail(link)[0][0]
            return Imitation(known, match.group(), "path", at + match.start(), at + match.end())
    found = lookalikes.rewritten_domain(link.host, link.domain)
    if found is None:
        return None
    brand, start, end = found
    written = link.host[start:end]
    own = len(link.host) - len(link.domain) if link.domain else len(link.host)
    role = "subdomain" if start < own else "registrable"
    at = link.url.lower().find(link.host)
    return Imitation(brand, written, role, at + start, at + end) if at >= 0 else Imitation(brand, written, role, 0, 0)
