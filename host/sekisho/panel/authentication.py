"""The authentication block: who vouches for the sender, whether that counts, and what was verified here, in plain words.

Right papers say who sent a message, never that it is honest.
"""

from __future__ import annotations

from sekisho import gate
from sekisho.mail import domain
from sekisho.mail.date import iso
from sekisho.named import TYPE_CHECKING
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, action, fold, heading, listing, sentence, table
from sekisho.panel.primitives import block as make
from sekisho.questions import REGISTRY, SENDER, level

if TYPE_CHECKING:
    from sekisho.facts.verification import Verified
    from sekisho.facts.verification.dmarc import Dmarc
    from sekisho.facts.verification.sender_policy import Spf
    from sekisho.facts.verification.signatures import Arc, Dkim
    from sekisho.mail.fields import Header

MAX_REPORTED = 12  # fields
MAX_RESULTS = 12  # of one field
MAX_SIGNED = 60  # names of fields in the table
_OPEN = ("unknown", "temperror")
_BAD_SPF = ("fail", "softfail", "permerror")


def block(view: View) -> Primitive | None:
    """The authentication block; None while too little has been read to say anything."""
    verified, words = view.facts.verified, view.words
    if not view.read:
        return None
    body: list[Primitive] = []
    if verified is None:
        body += _nobody_asked(view)
    else:
        body += _verified(view, verified)
    body += _reported(view)
    body += _seals(view)
    if verified is not None:
        differing = [[sentence(said, "warn")] for said in _differences(view)]
        if differing:
            body += [heading(words("papers.differs")), listing(differing)]
        body += _technical(view, verified)
    return make("authentication", words("papers"), body)


def _nobody_asked(view: View) -> list[Primitive]:
    """Offline: what the message carries, and how to have it checked."""
    words = view.words
    signers = _signers(view.facts.message.header)
    carried = words("papers.carried", domains=words("joiner").join(signers)) if signers else words("papers.unsigned")
    return [
        sentence(carried),
        sentence(words("papers.nobody-asked")),
        action(words("papers.ask"), "ask_more", {"privacy": REGISTRY}, words("lookups.more.registry.note")),
    ]


def _signers(header: Header) -> list[str]:
    if not header.first("dkim-signature"):
        return []
    from sekisho.mail.dkim import signatures

    return [*dict.fromkeys(one.domain for one in signatures(header) if one.domain)]


# ------------------------------------------------------------------ what was verified here


def _verified(view: View, verified: Verified) -> list[Primitive]:
    words = view.words
    items: list[list[Primitive]] = []
    if verified.dmarc is not None:
        items.append(_dmarc(view, verified.dmarc))
    items += [_signature(view, one) for one in verified.dkim]
    if not verified.dkim and view.facts.message.complete:
        items.append([sentence(words("papers.unsigned"))])
    if verified.spf is not None:
        items.append(_server(view, verified.spf))
    if verified.arc is not None:
        items.append(_chain(view, verified.arc))
    if not items:
        return [sentence(words("papers.nothing-to-check"))]
    out = [heading(words("papers.here", date=_day(view.now))), listing(items)]
    if verified.dmarc is not None and verified.dmarc.result == "pass":
        out.append(sentence(words("papers.not-honest"), "muted"))
    return out


def _dmarc(view: View, one: Dmarc) -> list[Primitive]:
    words = view.words
    if one.result == "pass":
        by = "both" if len(one.aligned) > 1 else one.aligned[0]
        return [sentence(words(f"papers.dmarc.pass.{by}", domain=one.domain), "strong")]
    if one.result == "fail":
        said = [sentence(words(f"papers.dmarc.fail.{one.reason}", domain=one.domain), "warn")]
    elif one.result == "none":
        said = [sentence(words("papers.dmarc.none", domain=one.domain))]
        if one.aligned:
            said.append(sentence(words(f"papers.dmarc.none.{one.aligned[0]}", domain=one.domain)))
    else:
        return [sentence(words("papers.dmarc.unknown", domain=one.domain))]
    if one.policy:
        said.append(sentence(words(f"papers.policy.{one.policy}", domain=one.policy_domain)))
    return said


def _signature(view: View, one: Dkim) -> list[Primitive]:
    words = view.words
    values = {"domain": one.domain or "?", "date": _day(view.now), "bits": one.bits or 0}
    if one.result == "pass":
        mine = _of_author(view, one.domain)
        said = [sentence(words("papers.dkim.pass" if mine else "papers.dkim.pass.other", **values), anchor=one.where)]
        if one.beyond:
            said.append(sentence(words("papers.dkim.beyond", length=one.length, beyond=one.beyond), "warn"))
        if one.testing:
            said.append(sentence(words("papers.dkim.testing", **values), "muted"))
        return said
    reason = _why_open(view, one.domain) if one.reason == "not-asked" else one.reason
    tone = "warn" if one.result in ("fail", "policy") else None
    return [sentence(words(f"papers.dkim.{reason}", **values), tone, one.where)]


def _server(view: View, one: Spf) -> list[Primitive]:
    words = view.words
    values = {"domain": one.domain or "?", "ip": one.ip}
    if one.result == "unknown":
        return [sentence(words(f"papers.spf.{_why_open(view, one.domain)}", **values))]
    key = f"papers.spf.{one.result}" + (".no-domain" if one.reason == "no-domain" else "")
    said = [sentence(words(key, **values), "warn" if one.result in _BAD_SPF else None)]
    if one.result == "pass" and not _of_author(view, one.domain):
        said.append(sentence(words("papers.spf.other", **values), "muted"))
    return said


def _chain(view: View, one: Arc) -> list[Primitive]:
    words = view.words
    sealers = words("joiner").join(name or "?" for name in reversed(one.sealers))
    reason = _why_open(view, one.sealers[0] if one.sealers else "") if one.reason == "not-asked" else one.reason
    key = f"papers.arc.{reason or one.result}"
    return [sentence(words(key if words.has(key) else "papers.arc.seal-broken", sealers=sealers))]


def _why_open(view: View, name: str) -> str:
    """Why a question about a domain has no answer: it is under way, the domain is the reader's own, the level withholds it, or
    there is nobody who asks."""
    if view.lookups.waiting:
        return "waiting"
    if name and gate.own(name, view.facts.settings):
        return "own"
    return "withheld" if any(level(question) == SENDER for question in view.wanted) else "unasked"


def _of_author(view: View, name: str) -> bool:
    mine = view.facts.identity.organisation
    return bool(mine) and domain.registrable(name) == mine


# ------------------------------------------------------------------ what others reported


def _reported(view: View) -> list[Primitive]:
    words = view.words
    fields = view.facts.authentication.reported[:MAX_REPORTED]
    if not fields:
        return [heading(words("papers.reported")), sentence(words("papers.reported.none"))]
    items = []
    for field in fields:
        by = field.authserv_id or words("papers.reported.unnamed")
        results = field.results[:MAX_RESULTS]
        if not results:
            key = "papers.reported.counts" if field.trusted else _not_counted(field.standing)
            items.append([sentence(words(key, by=by, results=words("papers.reported.nothing")), "muted")])
        # One field can hold both: what the reader's server says of signatures counts, of a forwarder's address it does not.
        for standing in dict.fromkeys(one["standing"] for one in results):
            same = [one for one in results if one["standing"] == standing]
            said = words("joiner").join(f"{one['method']}={one['result']}" for one in same)
            counts = bool(same[0]["counted"])
            key = "papers.reported.counts" if counts else _not_counted(standing)
            items.append([sentence(words(key, by=by, results=said), None if counts else "muted")])
    return [heading(words("papers.reported")), listing(items)]


def _not_counted(standing: str) -> str:
    return "papers.reported.not" if standing == "below" else f"papers.reported.not.{standing}"


def _differences(view: View) -> list[str]:
    """Where a report that counts and the result from here are not the same, and how that comes about."""
    words, out = view.words, []
    for one in view.facts.papers.differences:
        if one.reason == "not-asked":
            continue  # it stands above that this was not checked here
        values = {"by": one.by or words("papers.reported.unnamed"), "domain": one.domain, "result": one.reported}
        if one.method == "dkim":
            reason = "broken-since" if one.reason in ("body-changed", "header-changed") else one.reason
            out.append(words(f"papers.differs.{reason}", **values))
        elif "pass" in (one.reported, one.here):
            out.append(words(f"papers.differs.{one.method}", **values, here=one.here))
    return [*dict.fromkeys(out)]


def _seals(view: View) -> list[Primitive]:
    """Signatures of the author's own program, and a logo: that they are there, and that nobody verified them. (What is closed
    is said beside the verdict: it was not looked at.)"""
    from sekisho.mail import own_seals

    return [
        sentence(view.words(f"papers.seal.{seal.kind}"), "muted", seal.where)
        for seal in own_seals.find(view.facts.message)
        if not seal.closed
    ]


# ------------------------------------------------------------------ the technical table


def _technical(view: View, verified: Verified) -> list[Primitive]:
    words = view.words
    rows = [
        ["DKIM", one.result, _reason(view, one.reason), one.domain, f"{one.selector}._domainkey"]
        for one in verified.dkim
    ]
    if verified.spf is not None:
        spf = verified.spf
        rows.append(["SPF", spf.result, _reason(view, spf.reason), spf.domain, f"{spf.identity} {spf.ip}"])
    if verified.dmarc is not None:
        dmarc = verified.dmarc
        policy = f"p={dmarc.policy} ({dmarc.policy_domain})" if dmarc.policy else ""
        rows.append(["DMARC", dmarc.result, _reason(view, dmarc.reason), dmarc.domain, policy])
    if verified.arc is not None:
        arc = verified.arc
        names = words("joiner").join(arc.sealers)
        rows.append(["ARC", arc.result, _reason(view, arc.reason), names, f"i={arc.instances}"])
    if not rows:
        return []
    columns = [words(f"papers.column.{name}") for name in ("method", "result", "reason", "domain", "more")]
    body: list[Primitive] = [table(rows, columns)]
    for one in verified.dkim:
        body += [heading(words("papers.signature", domain=one.domain or "?")), table(_row_of(view, one))]
    if verified.spf is not None and verified.spf.record:
        body += [heading(words("papers.record", domain=verified.spf.domain)), sentence(verified.spf.record)]
    return [fold(words("papers.technical"), body)]


def _row_of(view: View, one: Dkim) -> list[list[str]]:
    words = view.words
    shown = {
        "selector": one.selector,
        "algorithm": one.algorithm,
        "bits": str(one.bits or ""),
        "signed": ", ".join(one.signed[:MAX_SIGNED]),
        "oversigned": ", ".join(one.oversigned[:MAX_SIGNED]),
        "length": "" if one.length is None else str(one.length),
        "time": "" if one.time is None else _moment(one.time),
        "expires": "" if one.expires is None else _moment(one.expires),
        "testing": words("papers.yes") if one.testing else "",
    }
    return [[words(f"papers.row.{name}"), value] for name, value in shown.items() if value]


def _reason(view: View, code: str) -> str:
    return view.words(f"papers.reason.{code}") if code else ""


def _day(now: int) -> str:
    return iso(now)[:10]


def _moment(seconds: int) -> str:
    """Seconds since 1970 as a date; a number that no clock has stays a number."""
    return iso(seconds)[:19].replace("T", " ") + " UTC" if seconds < 1 << 33 else str(seconds)
