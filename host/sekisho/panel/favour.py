"""What was verified in a message's favour, and who vouches for it: short facts, never a verdict.

A message with warnings gets the same facts with what they do not prove. `PARTS` is the place for what others know in its favour, such
as how this sender has always written: a function from the view to sentences.
"""

from __future__ import annotations

from sekisho.mail import domain as names
from sekisho.mail.writers import confirmed_name
from sekisho.panel import View
from sekisho.panel.headline import host, mailing_list
from sekisho.panel.headline import plain as named
from sekisho.tables import brands, mailbox_providers, shared_hosts

MAX_SENTENCES = 4


def sentences(view: View) -> list[str]:
    """At most MAX_SENTENCES, those that say most of the sender first."""
    return [text for part in PARTS for text in part(view)][:MAX_SENTENCES]


def _vouched(view: View) -> list[str]:
    """Who vouches for the author's domain, whose that is, and what it does not prove."""
    words, facts = view.words, view.facts
    organisation, papers = facts.identity.organisation, facts.papers
    ways = dict.fromkeys(voucher.by for voucher in papers.vouches if voucher.by != "host")
    if not ways:
        return []
    way = "dkim" if "dkim" in ways else "dmarc" if "dmarc" in ways else "spf"
    shown = host(organisation)
    who = words("favour.here") if _here(view, way) else words("favour.reported")
    said = words(f"favour.{way}", domain=shown, who=who)
    joined = " " if words.locale != "ja" else ""
    brand = brands.of_domain(organisation)
    if mailbox_providers.shared(organisation) or shared_hosts.shared(organisation):
        return [said + joined + words("favour.anybody", domain=shown)]
    if brand is not None:
        return [said + joined + words("favour.brand", domain=shown, brand=brand.name)]
    return [said + joined + words("favour.only-domain")]


def _here(view: View, way: str) -> bool:
    """Whether it was verified on this computer, not only reported by the reader's own side."""
    known, organisation = view.facts.verified, view.facts.identity.organisation
    if known is None:
        return False
    results = [*known.dkim] if way == "dkim" else [known.dmarc if way == "dmarc" else known.spf]
    return any(
        one is not None and one.result == "pass" and names.registrable(one.domain) == organisation for one in results
    )


def _own_server(view: View) -> list[str]:
    """That the mailing list's, or the author's own domain's, server handed it over, where no better proof says so."""
    facts = view.facts
    listed = mailing_list(facts)
    if listed:
        return [view.words("favour.list", domain=host(listed))]
    entry, organisation = facts.route.entry, facts.identity.organisation
    if entry is None or not organisation or facts.papers.passed or view.verdict.level != "clear":
        return []
    if mailbox_providers.shared(organisation) or names.registrable(confirmed_name(entry.received)) != organisation:
        return []
    return [view.words("favour.own-server", domain=host(organisation), host=host(confirmed_name(entry.received)))]


def _trusted(view: View) -> list[str]:
    """That the reader named this sender as known; said only where the sender's domain is proven, since an address can be borrowed."""
    author = view.facts.identity.author
    if author is None or not view.facts.settings.trusted_senders:
        return []
    known = {author.address.lower(), author.domain.lower(), names.registrable(author.domain)} - {""}
    if known.isdisjoint(view.facts.settings.trusted_senders):
        return []
    key = "favour.trusted" if view.facts.papers.passed else "favour.trusted-unproven"
    return [view.words(key, address=named(author.address, 80))]


def _known(view: View) -> list[str]:
    """That the reader has this sender in the address book, or has written to it; an address can be borrowed, so with the same limit."""
    author, known = view.facts.identity.author, view.facts.known
    if author is None or not known:
        return []
    key = f"favour.known.{known[0]}"
    return [view.words(key if view.facts.papers.vouches else f"{key}-unproven", address=named(author.address, 80))]


def _relay(view: View) -> list[str]:
    """That a relay which the reader named handed it on."""
    route = view.facts.route
    step = next((step for step in route.steps[: route.boundary + 1] if step.hop.trust == "relay"), None)
    if step is None or view.verdict.level != "clear" or not step.received.by:
        return []
    return [view.words("favour.relay", relay=host(step.received.by))]


PARTS = (_vouched, _own_server, _trusted, _known, _relay)
