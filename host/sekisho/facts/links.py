"""Every link of the readable parts, taken apart: whose it is, and what in it only pretends to be somebody's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from sekisho.facts.identity import Identity
from sekisho.mail import domain, text_links, url, wrappers
from sekisho.mail.html import LEADING, HtmlLink
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.report import Link, Network
from sekisho.tables import brands

if TYPE_CHECKING:
    from sekisho.facts import shape
    from sekisho.facts.flood import Flood

MAX_LINKS = 200  # told apart; a reader looks at far fewer
MAX_LOADED = 100
MAX_SCRIPTS = 20
MAX_SCRIPT = 200  # characters kept of one
MAX_WORDS = 20  # texts of one target that name a place

_SCRIPTS = ("javascript", "vbscript", "data")
_VANISHING = str.maketrans("", "", "\t\r\n")

INSIDE = frozenset({"qr", "pdf", "office"})  # kinds of links in files that were opened


class Seen(NamedTuple):
    """A link with its parts, and the brand whose domain stands where it means nothing in it or in what it leads to."""

    link: Link
    url: url.Url  # as it is written in the mail
    target: url.Url  # where it leads, as far as can be told offline: `url` itself, or the last of link.unwrapped
    imitated: brands.Brand | None
    imitation: str  # that domain as it is written
    imitation_role: str  # path | subdomain | registrable
    placeholders: tuple[str, ...]
    layers: tuple[wrappers.Layer, ...]  # the services that the link is wrapped in, outermost first
    kind: str  # of `mail.html.LEADING`, or of INSIDE
    hidden: bool  # a reader does not see what carries it
    shape: shape.Shape  # of where it leads, with what the wrapping carries of its reader
    texts: tuple[
        str, ...
    ]  # what it is shown as: the first text, and those with a dot of the same target wherever it is met again
    fields: tuple[str, ...]  # of a form: what is typed into it (mail.html.forms)


class Script(NamedTuple):
    """A link that leads to no place but carries what happens: javascript:, vbscript:, data:."""

    url: str
    scheme: str
    media_type: str  # of data:, "text/plain" where it has none (RFC 2397)
    where: str


class Links(NamedTuple):
    """`seen` is where a click, a form or the part itself leads; `loaded` what it only loads or names, pictures mostly."""

    seen: tuple[Seen, ...]
    loaded: tuple[Link, ...]
    left_out: int  # of those that lead
    scripts: tuple[Script, ...]


def collect(
    message: Message,
    identity: Identity,
    network: Callable[[str], Network | None],
    inside: Iterable[tuple[str, list[HtmlLink]]] = (),
) -> Links:
    """The links in the order a reader meets them, each target once. mailto: and the like are no links to a place.

    `inside`: those in the files of the message, each with its part."""
    out: list[Seen] = []
    loaded: list[Link] = []
    scripts: list[Script] = []
    people = _People(message, identity)
    known: dict[tuple[str, bool], int] = {}  # target, whether it leads there: its place in `out`, or -1
    flood: Flood | None = None
    left_out = sum(part.left_out for part in message.texts)
    for anchor, found in (*_written(message), *inside):
        for one in found:
            leads = one.kind in LEADING or one.kind in INSIDE
            key = one.url, leads
            place = known.get(key)
            if place is not None:
                if place >= 0:
                    out[place] = _again(out[place], one)
                continue
            full = len(out if leads else loaded) >= (MAX_LINKS if leads else MAX_LOADED)
            if len(one.url) >= url.MAX_URL and leads and "link-cut" not in message.defects:
                message.defects.append("link-cut")
            if full:
                if not leads:
                    continue
                if flood is None:
                    from sekisho.facts.flood import Flood

                    flood = Flood()
                if not flood.new(one.url) or not one.url[:6].lower().startswith(("http:", "https:", "ftp:")):
                    continue
                parsed = url.parse(one.url) if flood.suspected(one.url) else None
                seen = _seen(parsed, one, anchor, people.made(), network) if parsed and parsed.host else None
                if seen is not None and (seen.imitated or seen.shape.lookalike or seen.shape.pretended):
                    flood.kept += 1
                    known[key] = len(out)
                    out.append(seen)
                else:
                    left_out += 1
                continue
            known[key] = -1
            script = _script(one.url, anchor) if leads else None
            if script is not None:
                if len(scripts) < MAX_SCRIPTS:
                    scripts.append(script)
                continue
            parsed = url.parse(one.url)
            if parsed is None or parsed.scheme not in ("http", "https", "ftp") or not parsed.host:
                continue
            seen = _seen(parsed, one, anchor, people.made(), network)
            if leads:
                known[one.url, leads] = len(out)
                out.append(seen)
            else:
                loaded.append(seen.link)
    return Links(tuple(out), tuple(loaded), left_out, tuple(scripts))


def _written(message: Message) -> Iterator[tuple[str, Iterable[HtmlLink]]]:
    """Each readable part's links: those of its mark-up, then those of its text."""
    for part in message.texts:
        yield f"part:{part.part.number}", chain(part.links, (HtmlLink(text, "") for text in text_links.each(part.text)))


def _again(seen: Seen, one: HtmlLink) -> Seen:
    """A target met once more: in sight, in other words or as a form, all of which a reader may act upon."""
    if seen.hidden and not one.hidden:
        seen = seen._replace(hidden=False, link=seen.link._replace(hidden=False))
    text = one.text
    if len(seen.texts) < MAX_WORDS and any(dot in text for dot in ".。．") and text not in seen.texts:
        seen = seen._replace(texts=(*seen.texts, text))
    if one.kind == "form" and seen.kind == "link":
        seen = seen._replace(kind="form", link=seen.link._replace(kind="form"))
    return seen._replace(fields=seen.fields or one.fields) if one.fields else seen


def _script(written: str, anchor: str) -> Script | None:
    lower = written[:MAX_SCRIPT].lstrip().translate(_VANISHING).lower()
    scheme = next((name for name in _SCRIPTS if lower.startswith(name + ":")), "")
    if not scheme:
        return None
    media = lower[5:].partition(",")[0].partition(";")[0].strip() or "text/plain" if scheme == "data" else ""
    return Script(written[:MAX_SCRIPT], scheme, media, anchor)


class _People:
    """Whose addresses links are searched for, made at the first link."""

    def __init__(self, message: Message, identity: Identity) -> None:
        self._message, self._identity = message, identity
        self._made: shape.People | None = None

    def made(self) -> shape.People:
        if self._made is None:
            from sekisho.facts import shape  # a mail without links needs none of it
            from sekisho.mail import url_contents

            author = self._identity.author.address.lower() if self._identity.author else ""
            readers = sorted(self._identity.readers)
            named = [one.address for field in ("to", "cc") for one in self._message.addresses(field)]
            others = [address for address in named if address.lower() not in (author, *readers)]
            self._made = shape.People(url_contents.people(readers), url_contents.people(others))
        return self._made


def _seen(
    parsed: url.Url, one: HtmlLink, anchor: str, people: shape.People, network: Callable[[str], Network | None]
) -> Seen:
    from sekisho.facts import shape

    layers = wrappers.undo(parsed)
    unwrapped = tuple(layer.target for layer in layers if layer.target)
    target = unwrapped[-1] if unwrapped else parsed
    imitated = shape.imitation(target)
    found = shape.of(target, people)
    target = target._replace(segments=shape.marked(target, found, imitated))
    if unwrapped:
        outer = shape.of(parsed, people)
        parsed = parsed._replace(segments=shape.marked(parsed, outer, None))
        found = found._replace(
            pretended=found.pretended or outer.pretended, recipients=found.recipients or outer.recipients
        )
    else:
        parsed = target
    link = Link.__new__(  # as named.NamedTuple says
        Link,
        url=parsed.url,
        defanged=url.defang(parsed),
        text=one.text or None,
        scheme=parsed.scheme,
        host=parsed.host,
        display_host=domain.unicode_form(parsed.host),
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
    placeholders = tuple(segment.text for segment in parsed.segments if segment.role == "placeholder")
    return Seen(
        link,
        parsed,
        target,
        imitated.brand if imitated else None,
        imitated.written if imitated else "",
        imitated.role if imitated else "",
        placeholders,
        layers,
        one.kind,
        one.hidden,
        found,
        (one.text,) if one.text else (),
        one.fields,
    )
