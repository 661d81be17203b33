"""Every link dissected: the true owner large, the imitation told apart."""

from __future__ import annotations

import re

from sekisho import gate
from sekisho.facts.reputation import SAFE_BROWSING
from sekisho.mail.wrappers import Layer
from sekisho.panel import View, visits
from sekisho.panel.naming import network, place
from sekisho.panel.primitives import Primitive, action, dissection, fold, listing, more, sentence
from sekisho.panel.primitives import block as make
from sekisho.panel.words import Words

MAX_SHOWN = 30
MAX_PAGES = 10  # domains
MAX_TEXTS = 5  # of one link
# As in the extension's pages.js: whoever runs them publishes what it knows of a domain, and does not visit it for the asking.
PAGES = (
    ("transparencyreport.google.com", "safe-browsing/search?url="),
    ("urlscan.io", "domain/"),
)
_A_LABELS = re.compile(r"[a-z0-9.\-]{1,253}")


def block(view: View) -> Primitive | None:
    """The links block, the suspicious ones first; None when there are no links."""
    words, links = view.words, view.facts.links
    if not links.seen:
        return None
    told = {where for finding in view.findings for where in finding.where}
    numbered = sorted(enumerate(links.seen), key=lambda pair: f"link:{pair[0]}" not in told)
    items = []
    for number, seen in numbered[:MAX_SHOWN]:
        note = words("links.imitation", imitation=seen.imitation) if seen.imitated else None
        owner = words("links.owner", domain=seen.target.domain or seen.target.host)
        segments = [{"text": segment.text, "role": segment.role} for segment in seen.target.segments]
        item: list[Primitive] = [dissection(seen.target.url, segments, owner, note, f"link:{number}")]
        item += [sentence(_wrapped(layer, words), "muted") for layer in seen.layers]
        shown = [text for text in seen.texts if text != seen.link.url][:MAX_TEXTS]
        item += [sentence(words("links.shown", text=text), "muted") for text in shown]
        if seen.kind == "form":
            item.append(sentence(words("links.form", domain=seen.target.domain or seen.target.host), "muted"))
        known = seen.link.network
        if known:
            item.append(
                sentence(words("links.network", ip=known.ip, network=network(known, words), place=place(known, words)))
            )
        for listed in view.facts.reputation[number]:
            if listed.listed and listed.zone not in view.facts.settings.blocklists:  # those stand with the domain
                key = "links.safebrowsing" if listed.zone == SAFE_BROWSING else "links.listed"
                said = words(key, list=listed.zone, meaning=words(f"meaning.{listed.meaning}"))
                item.append(sentence(said, "warn"))
        items.append(item + visits.under(view, number))
    body: list[Primitive] = [listing(items)]
    left = len(numbered) - len(items) + links.left_out
    if left:
        body.append(more(words("links.more", count=left)))
    return make("links", words("links"), body + _pages(view))


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
