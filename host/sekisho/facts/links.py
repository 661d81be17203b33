"""Every link of the readable parts, taken apart: whose it is, and what in it only pretends to be somebody's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from sekisho.mail import domain, text_links, url, wrappers
from sekisho.mail.html import LEADING, HtmlLink
from sekisho.mail.message import Message
from sekisho.named import NamedTuple
from sekisho.report import Link, Network, Segment
from sekisho.tables import brands

MAX_LINKS = 500  # told apart; a reader looks at far fewer
MAX_SEEN = 20_000
MAX_LOADED = 100
MAX_NAMES = 100  # host names looked at in one path
MAX_LABELS = 6  # no brand's domain has more
_HOST_IN_PATH = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})\.){1,8}[A-Za-z]{2,24}")

INSIDE = frozenset({"qr", "pdf", "office"})  # kinds of links in files that were opened


class Seen(NamedTuple):
    """A link with its parts, and the brand whose domain stands where it means nothing in it or in what it leads to."""

    link: Link
    url: url.Url  # as it is written in the mail
    target: url.Url  # where it leads, as far as can be told offline: `url` itself, or the last of link.unwrapped
    imitated: brands.Brand | None
    imitation: str  # that domain as it is written
    imitation_role: str  # path | subdomain
    placeholders: tuple[str, ...]
    layers: tuple[wrappers.Layer, ...]  # the services that the link is wrapped in, outermost first
    kind: str  # of `mail.html.LEADING`, or of INSIDE
    hidden: bool  # a reader does not see what carries it


class Links(NamedTuple):
    """`seen` is where a click, a form or the part itself leads; `loaded` what it only loads or names, pictures mostly."""

    seen: tuple[Seen, ...]
    loaded: tuple[Link, ...]
    left_out: int  # of those that lead


def collect(
    message: Message, network: Callable[[str], Network | None], inside: Iterable[tuple[str, list[HtmlLink]]] = ()
) -> Links:
    """The links in the order a reader meets them, each target once. mailto: and the like are no links to a place.

    `inside`: those in the files of the message, each with its part."""
    out: list[Seen] = []
    loaded: list[Link] = []
    known: dict[tuple[str, bool], int] = {}  # target, whether it leads there: its place in `out`, or -1
    left_out = sum(part.left_out for part in message.texts)
    for anchor, found in (*_written(message), *inside):
        for one in found[:MAX_SEEN]:
            leads = one.kind in LEADING or one.kind in INSIDE
            place = known.get((one.url, leads))
            if place is not None:
                if place >= 0 and out[place].hidden and not one.hidden:
                    out[place] = _shown(out[place])
                continue
            known[one.url, leads] = -1
            if len(out if leads else loaded) >= (MAX_LINKS if leads else MAX_LOADED):
                left_out += leads and one.url[:6].lower().startswith(("http:", "https:", "ftp:"))
                continue
            parsed = url.parse(one.url)
            if parsed is None or parsed.scheme not in ("http", "https", "ftp") or not parsed.host:
                continue
            seen = _seen(parsed, one, anchor, network)
            if leads:
                known[one.url, leads] = len(out)
                out.append(seen)
            else:
                loaded.append(seen.link)
    return Links(tuple(out), tuple(loaded), left_out)


def _written(message: Message) -> Iterator[tuple[str, list[HtmlLink]]]:
    """Each readable part's links: those of its mark-up, then those of its text."""
    for part in message.texts:
        found = [*part.links, *(HtmlLink(text, "") for text in text_links.find(part.text))]
        yield f"part:{part.part.number}", found


def _shown(seen: Seen) -> Seen:
    """A link that was met out of sight, met again where it is seen."""
    return seen._replace(hidden=False, link=seen.link._replace(hidden=False))


def _seen(parsed: url.Url, one: HtmlLink, anchor: str, network: Callable[[str], Network | None]) -> Seen:
    layers = wrappers.undo(parsed)
    unwrapped = tuple(layer.target for layer in layers if layer.target)
    target = unwrapped[-1] if unwrapped else parsed
    brand, written, role = _imitation(target)
    if brand:
        target = target._replace(segments=_marked(target.segments, written, role))
        parsed = parsed if unwrapped else target
    link = Link(
        url=parsed.url,
        defanged=url.defang(parsed),
        text=one.text or None,
        scheme=parsed.scheme,
        host=parsed.host,
        registrable_domain=parsed.domain or None,
        path=parsed.path,
        segments=parsed.segments,
        where=anchor,
        kind=one.kind,
        hidden=one.hidden,
        unwrapped=tuple(inner.url for inner in unwrapped),
        network=network(target.ip) if target.ip else None,
        registration=None,
        reputation=(),
    )
    found = tuple(segment.text for segment in parsed.segments if segment.role == "placeholder")
    return Seen(link, parsed, target, brand, written, role, found, layers, one.kind, one.hidden)


def _imitation(parsed: url.Url) -> tuple[brands.Brand | None, str, str]:
    """A brand's own domain in the path or left of another's registrable domain: the second article's trick."""
    owner = brands.of_domain(parsed.domain)
    for match in islice(_HOST_IN_PATH.finditer(parsed.path), MAX_NAMES):
        before = parsed.path[: match.start()]
        if not before.endswith(("/", ".", "-", "_")) or before.endswith("//"):
            continue  # part of a Message-ID, of an escape, or a whole URL handed to a redirector: another matter
        brand = brands.of_domain(domain.registrable(match.group().lower()))
        if brand is not None and brand is not owner:
            return brand, match.group(), "path"
    if parsed.domain and parsed.host.endswith("." + parsed.domain):
        labels = parsed.host[: -len(parsed.domain) - 1].split(".")
        for start in range(len(labels)):
            for end in range(min(len(labels), start + MAX_LABELS), start + 1, -1):
                written = ".".join(labels[start:end])
                brand = brands.of_domain(written)
                if brand is not None and brand is not owner:
                    return brand, written, "subdomain"
    return None, "", ""


def _marked(segments: tuple[Segment, ...], written: str, role: str) -> tuple[Segment, ...]:
    """The segments with the imitation cut out as one of its own."""
    out: list[Segment] = []
    done = False
    for segment in segments:
        at = segment.text.lower().find(written.lower()) if segment.role == role and not done else -1
        if at < 0:
            out.append(segment)
            continue
        done = True
        end = at + len(written)
        pieces = ((segment.text[:at], role), (segment.text[at:end], "imitation"), (segment.text[end:], role))
        out.extend(Segment(text, part) for text, part in pieces if text)
    return tuple(out)
