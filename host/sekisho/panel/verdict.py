"""The verdict: a level, one sentence with names in it, at most five reasons, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from sekisho.facts import Facts
from sekisho.panel import View, account
from sekisho.panel.primitives import Primitive, fold, heading, listing, sentence
from sekisho.panel.primitives import block as make
from sekisho.panel.words import Words
from sekisho.report import Finding

# Findings that hold whom a message says it is from against the facts: what they found is one sentence.
_CLAIMS = frozenset({"own-provider-claimed", "brand-elsewhere", "brand-claimed", "brand-in-link", "self-spoof"})


def headline(facts: Facts, level: str, words: Words, reasons: Sequence[str] = ()) -> str:
    """One to three sentences: who it says it is, who really handed it over, whom its links belong to. `reasons`: the findings
    that count most."""
    if not facts.message.source:
        return words("headline.empty")
    if not _CLAIMS.isdisjoint(reasons) and not _logged_in(facts, words):
        told = _claim(facts, words)
        if told:
            return told
    said = []
    author = facts.identity.author
    if facts.identity.brand is not None:
        said.append(words("headline.says", brand=facts.identity.brand.name))
    elif author is not None:
        said.append(words("headline.says-from", name=author.name or author.address))
    said.append(_logged_in(facts, words) or _sent(facts, words))
    domains = list(dict.fromkeys(seen.target.domain or seen.target.ip or seen.target.host for seen in facts.links.seen))
    if len(domains) == 1:
        said.append(words("headline.link", domain=domains[0]))
        company = next((one.company for one in facts.shared if one.by == "network" and not one.crowd), "")
        if company and level != "clear":
            said.append(words("headline.same-company", company=company))
    elif 1 < len(domains) <= 3:
        said.append(words("headline.links", domains=words("links.and").join(domains)))
    if level == "clear":
        said.append(words("headline.clear-some" if reasons else "headline.clear"))
    return (" " if words.locale != "ja" else "").join(said)


def _claim(facts: Facts, words: Words) -> str:
    """Whom it says it is from, through whom it was sent and whose its links are, in one sentence; "" where that is not known."""
    held = facts.claim
    if held is None or held.state == "genuine" or not held.host:
        return ""
    claimed = {
        "provider": words("headline.your-provider", name=held.claim.name) if facts.provider.told else held.claim.name,
        "administrator": words("headline.administrator"),
        "domain": words("headline.own-domain", name=held.claim.name),
    }.get(held.claim.own, held.claim.name)
    company = held.company
    through = words("headline.through", company=company, host=held.host) if company else held.host
    if not held.domains:
        return words("headline.claim", claimed=claimed, through=through)
    if len(held.domains) > 1:
        return words(
            "headline.claim-links", claimed=claimed, through=through, domains=words("links.and").join(held.domains)
        )
    (domain,) = held.domains
    if held.same and company:
        return words("headline.claim-link-same", claimed=claimed, through=through, domain=domain, company=company)
    return words("headline.claim-link", claimed=claimed, through=through, domain=domain)


def _logged_in(facts: Facts, words: Words) -> str:
    """That a mailbox was used by somebody else, where that is at least fairly sure; else ""."""
    used = facts.account
    if used.state != "used" or used.confidence == "low":
        return ""
    key = "headline.own-account-used" if used.whose == "reader" else "headline.account-used"
    return words(key, **account.values(facts, words))


def _sent(facts: Facts, words: Words) -> str:
    entry = facts.route.entry
    if entry is None:
        return words("headline.sent-unknown")
    host = entry.received.rdns or entry.received.ip
    known = entry.hop.network
    if known and known.name and known.country:
        return words("headline.sent-network", host=host, network=known.name, country=words.country(known.country))
    return words("headline.sent", host=host)


def block(view: View) -> Primitive:
    """The verdict block."""
    words, verdict = view.words, view.verdict
    body: list[Primitive] = [sentence(verdict.headline, "strong")]
    if not view.read:
        body.append(sentence(words("verdict.still-reading"), "muted"))
    elif not view.facts.message.complete:
        body.append(sentence(words("verdict.incomplete", size=view.facts.message.size), "warn"))
    reasons = [finding for finding in (_first(view.findings, name) for name in verdict.reasons) if finding]
    if reasons:
        body.append(heading(words("verdict.reasons")))
        body.append(listing([_reason(finding, words) for finding in reasons]))
        body.append(heading(words("verdict.do")))
        body.append(listing([[sentence(text)] for text in dict.fromkeys(finding.advice for finding in reasons)]))
    besides = list(
        {finding.id: finding for finding in reversed(view.findings) if finding.id not in verdict.reasons}.values()
    )
    if besides:
        listed = [_reason(finding, words) for finding in reversed(besides)]
        body.append(fold(words("verdict.besides", count=len(listed)), [listing(listed)]))
    some = "-some" if verdict.level == "clear" and reasons else ""
    return make("verdict", words(f"verdict.{verdict.level}{some}"), body, verdict.level)


def _reason(finding: Finding, words: Words) -> list[Primitive]:
    return [sentence(finding.title, "strong"), sentence(finding.why)]


def _first(findings: tuple[Finding, ...], name: str) -> Finding | None:
    return next((finding for finding in findings if finding.id == name), None)
