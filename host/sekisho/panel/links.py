"""Every link dissected: the true owner large, the imitation told apart. Links of one owner are one card, the suspicious first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sekisho import gate
from sekisho.facts.links import INSIDE, Seen
from sekisho.facts.reputation import SAFE_BROWSING
from sekisho.mail.domain import unicode_form
from sekisho.mail.url import Url
from sekisho.mail.wrappers import Layer
from sekisho.named import NamedTuple
from sekisho.panel import View, visits
from sekisho.panel.naming import network, place
from sekisho.panel.primitives import Primitive, action, dissection, fold, listing, more, sentence, table
from sekisho.panel.primitives import block as make
from sekisho.panel.words import Words
from sekisho.report import SEVERITIES

MAX_OWNERS = 30
MAX_PLAIN = 3  # of them without a finding, that stand in the open
MAX_OPEN = 3  # links of one owner that stand in the open
MAX_SHOWN = 100
MAX_OFFERS = 30  # links that can be followed from here
MAX_PLACES = 30  # from which something is loaded
MAX_NAMED = 3  # of these in one line
MAX_PAGES = 10  # domains
MAX_TEXTS = 5  # of one link
# As in the extension's pages.js: whoever runs them publishes what it knows of a domain, and does not visit it for the asking.
PAGES = (
    ("transparencyreport.google.com", "safe-browsing/search?url="),
    ("urlscan.io", "domain/"),
)
_A_LABELS = re.compile(r"[a-z0-9.\-]{1,253}")
_LOADED = frozenset(("image", "media", "frame", "style"))
_NOTED = frozenset(("userinfo", "port", "ip", "imitation", "placeholder", "recipient", "nested", "token"))


class _Group(NamedTuple):
    """Links of one owner by their numbers: those in the open, and those like them."""

    owner: str
    told: bool  # a finding rests on one of them
    opened: list[int]
    folded: list[int]


def block(view: View) -> Primitive | None:
    """The links block; None when the message leads nowhere and loads nothing."""
    words, links = view.words, view.facts.links
    loaded = _loaded(view)
    if not links.seen:
        return make("links", words("links"), [sentence(words("links.none"), "muted"), *loaded]) if loaded else None
    groups = _groups(view)
    items: list[list[Primitive]] = []
    count = 0
    for group in groups[:MAX_OWNERS]:
        shown = (group.opened + group.folded)[: MAX_SHOWN - count]
        if shown:
            items.append(_item(view, group, shown, count))
        count += len(shown)
    first = sum(group.told for group in groups) + MAX_PLAIN
    if len(items) <= first + 1:
        first = len(items)  # a fold of one would hide more than it spares
    body: list[Primitive] = [listing(items[:first])]
    if items[first:]:
        names = [group.owner for group in groups[first : len(items)]]
        body.append(
            fold(words("links.others", count=len(names), owners=_named(names, words)), [listing(items[first:])])
        )
    missing = len(links.seen) - count + links.left_out
    if missing:
        body.append(more(words("links.more", count=missing)))
    return make("links", words("links"), [*body, *loaded, *_pages(view)])


def _owner(seen: Seen) -> str:
    return seen.target.domain or seen.target.ip or seen.target.host


def _groups(view: View) -> list[_Group]:
    """The owners, the one of the gravest finding first. Of links on which the same findings rest one stands in the open."""
    told: dict[str, list[tuple[int, str]]] = {}
    for finding in view.findings:
        for where in finding.where:
            told.setdefault(where, []).append((SEVERITIES.index(finding.severity), finding.id))
    rests = [told.get(f"link:{number}", []) for number in range(len(view.facts.links.seen))]
    weights = [max((weight for weight, _ in one), default=-1) for one in rests]
    owners: dict[str, list[int]] = {}
    for number in sorted(range(len(rests)), key=lambda number: -weights[number]):
        owners.setdefault(_owner(view.facts.links.seen[number]), []).append(number)
    out = []
    for owner, numbers in owners.items():
        opened: dict[frozenset[str], int] = {}
        for number in numbers:
            opened.setdefault(frozenset(name for _, name in rests[number]), number)
        first = [number for names, number in opened.items() if names][:MAX_OPEN] or numbers[:1]
        folded = [number for number in numbers if number not in first]
        out.append(_Group(owner, weights[numbers[0]] >= 0, first, folded))
    return out


def _item(view: View, group: _Group, shown: list[int], before: int) -> list[Primitive]:
    """One owner: its name above the first of its links, what is like them in a fold."""
    out: list[Primitive] = []
    together: list[list[Primitive]] = []
    for position, number in enumerate(shown):
        card = _card(view, number, position == 0)
        if before + position < MAX_OFFERS or number in view.facts.visits:
            card += visits.under(view, number)
        if number in group.opened:
            out += card
        else:
            together.append(card)
    if together:
        out.append(fold(view.words("links.same", count=len(group.folded)), [listing(together)]))
    return out


def _card(view: View, number: int, named: bool) -> list[Primitive]:
    words, seen = view.words, view.facts.links.seen[number]
    link, target = seen.link, seen.target
    owner, host = _owner(seen), unicode_form(target.host)
    if target.domain and unicode_form(target.domain) != target.domain:
        owner = words("links.owner.unicode", domain=owner, shown=unicode_form(target.domain))
    segments = _segments(target, words)
    struck = any(segment["role"] == "imitation" for segment in segments)
    note = words("links.imitation", imitation=seen.imitation) if seen.imitation and not struck else None
    said: list[Primitive] = [dissection(target.url, segments, owner if named else "", note, f"link:{number}")]
    said += [sentence(text, tone) for text, tone in _origin(view, seen)]
    said += [sentence(_wrapped(layer, words), "muted") for layer in seen.layers]
    misleads = any(f.id == "text-and-target" and f"link:{number}" in f.where for f in view.findings)
    shown = "links.shown.hidden" if seen.hidden else "links.shown"
    for text in [text for text in seen.texts if text != link.url][:MAX_TEXTS]:
        said.append(sentence(words(shown, text=text), "warn" if misleads else "muted"))
    if host != target.host:
        said.append(sentence(words("links.unicode", written=target.host, shown=host)))
    if target.odd_ip:
        written = next(segment.text for segment in target.segments if segment.role == "ip")
        said.append(sentence(words("links.number", written=written, ip=target.ip)))
    for found in seen.shape.recipients[:1]:
        if found.form != "plain":
            said.append(sentence(words("links.recipient", address=found.address)))
    known = link.network
    if known and named:
        about = [what for what in (network(known, words), place(known, words)) if what]
        if about:
            said.append(sentence(words("links.network", ip=known.ip, known=words("links.and").join(about))))
    for listed in view.facts.reputation[number]:
        if listed.listed and listed.zone not in view.facts.settings.blocklists:  # those stand with the domain
            key = "links.safebrowsing" if listed.zone == SAFE_BROWSING else "links.listed"
            meaning = words(f"meaning.{listed.meaning}")
            said.append(sentence(words(key, list=listed.zone, meaning=meaning), "warn"))
    return said


def _segments(target: Url, words: Words) -> list[Primitive]:
    """The pieces with what each notable one is, said at the first of its kind."""
    told: set[str] = set()
    out: list[Primitive] = []
    for segment in target.segments:
        noted = segment.role in _NOTED or (segment.role == "subdomain" and "." in segment.text)
        note = words(f"segment.{segment.role}") if noted and segment.role not in told else None
        told.add(segment.role)
        out.append({"text": segment.text, "role": segment.role, "note": note})
    return out


def _origin(view: View, seen: Seen) -> Iterator[tuple[str, str | None]]:
    """Where a link was found, if not in words that the reader sees and clicks, and the tones to say it in."""
    words, owner = view.words, _owner(seen)
    if seen.kind in INSIDE:
        name = next((f.name.shown for f in view.facts.files if f.attachment.where == seen.link.where), "")
        yield words(f"links.from.{seen.kind}", file=name or words("attachments.unnamed")), None
    elif seen.kind == "form":
        yield words("links.form", owner=owner), "warn"
    elif seen.kind == "refresh":
        yield words("links.refresh"), "warn"
    elif _is_calendar(view, seen.link.where):
        yield words("links.from.calendar"), None
    if seen.hidden:
        yield words("links.hidden"), None


def _is_calendar(view: View, where: str) -> bool:
    return any(
        text.part.content_type == "text/calendar" and f"part:{text.part.number}" == where
        for text in view.facts.message.texts
    )


def _loaded(view: View) -> list[Primitive]:
    """What is only loaded, in one line: it leads nowhere, but tells its owners that the message was opened."""
    words = view.words
    places: dict[str, int] = {}
    unseen = 0
    for link in view.facts.links.loaded:
        if link.kind in _LOADED:
            name = link.registrable_domain or link.host
            places[name] = places.get(name, 0) + 1
            unseen += link.hidden
    if not places:
        return []
    names = sorted(places, key=lambda name: -places[name])
    body = [sentence(words("links.loaded.note"))]
    if unseen:
        body.append(sentence(words("links.loaded.unseen", count=unseen)))
    body.append(table([[name, words("links.loaded.count", count=places[name])] for name in names[:MAX_PLACES]]))
    if len(names) > MAX_PLACES:
        body.append(more(words("links.loaded.more", count=len(names) - MAX_PLACES)))
    return [fold(words("links.loaded", count=len(names), places=_named(names, words)), body)]


def _named(names: list[str], words: Words) -> str:
    return words("links.and").join(names[:MAX_NAMED]) + (" …" if len(names) > MAX_NAMED else "")


def _wrapped(layer: Layer, words: Words) -> str:
    """Who wrapped a link, and what is known of what is inside."""
    if layer.target:
        return words(f"links.wrapped.{layer.kind}", vendor=layer.vendor)
    if layer.said:
        return words("links.wrapped.said", vendor=layer.vendor, domain=layer.said)
    return words("links.wrapped.untold", vendor=layer.vendor)


def _pages(view: View) -> list[Primitive]:
    """Public pages about the links' domains, to be opened in the browser: only the registrable domain is passed on."""
    words, settings = view.words, view.facts.settings
    domains = [name for name in dict.fromkeys(seen.target.domain for seen in view.facts.links.seen) if name]
    actions = [
        action(
            words("links.page", domain=domain, site=host),
            "open_page",
            {"url": f"https://{host}/{path}{domain}"},
            words("links.page.note", site=host),
        )
        for domain in [name for name in domains if _A_LABELS.fullmatch(name) and not gate.own(name, settings)][
            :MAX_PAGES
        ]
        for host, path in PAGES
    ]
    return [fold(words("links.pages"), actions)] if actions else []
