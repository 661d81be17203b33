"""One sentence or a few, with names in them: who a message says it is from, through whom it came, whose its links are.

Each part is left out where it is not known. What the sender wrote stands in quotes or after "it says"; a server's name is told only
where its writer confirmed it, else its address: the owner of an address may give it any name.
"""

from __future__ import annotations

from collections.abc import Sequence

from sekisho.facts import Facts
from sekisho.mail import domain as names
from sekisho.mail.writers import confirmed_name
from sekisho.panel import account, no_mail
from sekisho.panel.words import Words
from sekisho.report import Address, Finding
from sekisho.tables import mailbox_providers
from sekisho.tables.providers import OPERATORS

MAX_NAME = 60  # characters of a name that the sender chose
MAX_ADDRESS = 80
MAX_HOST = 40  # beyond these a host is told by its end, which says whose it is
MAX_DOMAINS = 3
# Findings that hold whom a message says it is from against the facts: what they found is one sentence.
_CLAIMS = frozenset({"own-provider-claimed", "brand-elsewhere", "brand-claimed", "brand-in-link", "self-spoof"})


def headline(
    facts: Facts, level: str, words: Words, findings: Sequence[Finding] = (), reasons: Sequence[str] = ()
) -> str:
    """What the verdict says first. `reasons`: the ids of those findings that count most."""
    if not facts.message.source:
        return words("headline.empty")
    used = _logged_in(facts, words)
    said = []
    claim = "" if used or _CLAIMS.isdisjoint(reasons) else _claim(facts, words)
    if claim:
        said.append(claim)
    else:
        said += [_author(facts, level, words), used or _handed_over(facts, words)]
        said += _links(facts, level, words, _warned(findings, reasons))
    if level != "clear" and facts.answers is not None and any(one.id == "answers-elsewhere" for one in findings):
        said.append(words("headline.answers", address=_cut(facts.answers.address, MAX_ADDRESS)))
    if level == "clear":
        said.append(words("headline.clear-some" if reasons else "headline.clear"))
    return (" " if words.locale != "ja" else "").join(filter(None, said))


def plain(text: str, most: int = MAX_NAME) -> str:
    """What a stranger wrote, fit for a sentence: one line without characters that don't show, cut."""
    shown = "".join(one if one.isprintable() else " " if one.isspace() else "" for one in text[: most * 10])
    return _cut(" ".join(shown.split()), most)


def host(name: str) -> str:
    """A host name or domain as a sentence has room for; its end says whose it is."""
    if len(name) <= MAX_HOST:
        return name
    end = name[1 - MAX_HOST :]
    return "…" + end[end.find(".") if "." in end else 0 :]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


# ------------------------------------------------------------------ who it says it is


def _author(facts: Facts, level: str, words: Words) -> str:
    author = facts.identity.author
    if author is None:
        return words("headline.nobody")
    same = facts.account.state == "used" and author.address.lower() == (facts.account.address or "").lower()
    who = _who(author._replace(address="") if same and author.name else author, words)  # the next sentence has it
    if author.address and author.address.lower() in (*facts.identity.readers, *facts.settings.own_addresses):
        return words("headline.from-you" if level == "clear" else "headline.says-you", who=who)
    if level != "clear":
        return words("headline.says-from", who=who)
    organisation = facts.identity.organisation
    if organisation and facts.papers.passed and not mailbox_providers.shared(organisation):
        return words("headline.vouched", who=who, domain=host(organisation))
    return words("headline.from", who=who)


def _who(author: Address, words: Words) -> str:
    name, address = plain(author.name), plain(author.address, MAX_ADDRESS)
    if not name or name.lower() == address.lower():
        return words("headline.who-address", address=address) if address else words("facts.unnamed")
    return words("headline.who", name=name, address=address) if address else words("headline.who-name", name=name)


def _claim(facts: Facts, words: Words) -> str:
    """Whom it says it is from, through whom it was sent and whose its links are, in one sentence; "" where that is not known."""
    held = facts.claim
    through = _through(facts, words)
    if held is None or held.state == "genuine" or not through:
        return ""
    name = plain(held.claim.name)
    claimed = {
        "provider": words("headline.your-provider" if facts.provider.told else "headline.claimed", name=name),
        "administrator": words("headline.administrator"),
        "domain": words("headline.own-domain", name=name),
    }.get(held.claim.own, words("headline.claimed", name=name))
    company, domains = held.company, [host(one) for one in held.domains]
    if not domains:
        return words("headline.claim", claimed=claimed, through=through)
    if len(domains) > 1:
        return words("headline.claim-links", claimed=claimed, through=through, domains=words("links.and").join(domains))
    if held.same and company:
        return words("headline.claim-link-same", claimed=claimed, through=through, domain=domains[0], company=company)
    return words("headline.claim-link", claimed=claimed, through=through, domain=domains[0])


# ------------------------------------------------------------------ through whom it came


def _logged_in(facts: Facts, words: Words) -> str:
    """That a mailbox was used by somebody else, where that is at least fairly sure; else ""."""
    used = facts.account
    if used.state != "used" or used.confidence == "low":
        return ""
    key = "headline.own-account-used" if used.whose == "reader" else "headline.account-used"
    return words(key, **account.values(facts, words))


def _handed_over(facts: Facts, words: Words) -> str:
    through = _through(facts, words)
    if not through:
        other = no_mail.kind(facts)
        return words(f"headline.{other}" if other else "headline.sent-unknown")
    return words("headline.list" if mailing_list(facts) else "headline.sent", through=through)


def _through(facts: Facts, words: Words) -> str:
    """Who runs the server that handed it over, in which country, and which it is: Xserver, Japan (sv742.xserver.jp)."""
    entry = facts.route.entry
    if entry is None:
        return ""
    confirmed, known = confirmed_name(entry.received), entry.hop.network
    shown = host(confirmed) or entry.received.ip or host(plain(entry.received.rdns))
    if not shown or known is None:
        return shown
    company = OPERATORS.get(names.registrable(confirmed), "") or known.name or ""
    country = words.country(known.country) if known.country else ""
    if company and country:
        return words("headline.through", company=company, country=country, host=shown)
    return words("headline.through-company", company=company, host=shown) if company else shown


def mailing_list(facts: Facts) -> str:
    """The organisation of the mailing list that handed it over, by the list's own field and the server's confirmed name; else ""."""
    entry, named = facts.route.entry, facts.message.unstructured("list-id")
    header = facts.message.header  # newsletters have a List-Id too; only to a list can be written
    if entry is None or not named or not (header.first("list-post") or header.first("x-mailing-list")):
        return ""
    organisation = names.registrable(confirmed_name(entry.received))
    listed = named.rpartition("<")[2].rstrip("> \t\r\n")[-MAX_ADDRESS * 4 :]
    return organisation if organisation and names.registrable(listed) == organisation else ""


# ------------------------------------------------------------------ where its links lead


def _warned(findings: Sequence[Finding], reasons: Sequence[str]) -> frozenset[str]:
    """The places that the reasons rest on."""
    return frozenset(place for one in findings if one.id in reasons for place in one.where)


def _links(facts: Facts, level: str, words: Words, warned: frozenset[str]) -> list[str]:
    """Whose its links are: those that a reason rests on first, a mailing list's own (its footer's) last."""
    owners: dict[str, bool] = {}
    addresses: set[str] = set()
    for number, seen in enumerate(facts.links.seen):
        owner = seen.target.domain or seen.target.ip or seen.target.host
        if owner:
            owners[owner] = owners.get(owner, False) or f"link:{number}" in warned
            if not seen.target.domain and seen.target.ip:
                addresses.add(owner)
    home = mailing_list(facts)
    found = sorted(owners, key=lambda owner: (not owners[owner], owner == home))
    shown = [host(owner) for owner in found]
    if not found:
        return []
    if len(found) > MAX_DOMAINS:
        return [words("headline.links-more", domains=words("links.and").join(shown[:2]), total=len(shown))]
    if len(found) > 1:
        return [words("headline.links", domains=words("links.and").join(shown))]
    if found[0] in addresses:
        return [words("headline.link-address", ip=found[0])]
    if found[0] == facts.identity.organisation:
        return [words("headline.link-own", domain=shown[0])]
    said = [words("headline.link", domain=shown[0])]
    company = next((one.company for one in facts.shared if one.by == "network" and not one.crowd), "")
    if company and level != "clear":
        said.append(words("headline.same-company", company=company))
    return said
