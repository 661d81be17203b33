"""DMARC: whether what was verified belongs to the author's domain, and what that domain asks receivers to do (RFC 7489).

Two ways to a domain's policy stand behind one function: RFC 7489's (the author's domain, then its organisational domain by the
Public Suffix List, §6.6.3), and the tree walk of its successor (draft-ietf-dmarc-dmarcbis §4.10), which asks up from label to label.
"""

from __future__ import annotations

from sekisho.facts.verification.sender_policy import Spf
from sekisho.facts.verification.signatures import Dkim
from sekisho.mail import domain
from sekisho.mail.dkim import tags
from sekisho.named import NamedTuple
from sekisho.questions import Ask, Question

LIST, WALK = "list", "walk"
MAX_WALK = 8  # queries of a tree walk
POLICIES = ("none", "quarantine", "reject")


class Policy(NamedTuple):
    """`policy` "" : the domain publishes none; None: that is not known. `domain`: where the record stands."""

    policy: str | None
    domain: str
    subdomains: str  # sp=
    strict_dkim: bool  # adkim=s
    strict_spf: bool  # aspf=s
    percent: int
    organisation: str  # as the way to it tells; "" where it is not known


class Dmarc(NamedTuple):
    """pass, fail, none (no policy), unknown. `aligned`: which of spf and dkim speak for the author's domain."""

    result: str
    reason: str
    domain: str
    policy: str | None
    policy_domain: str
    aligned: tuple[str, ...]


def evaluate(author: str, spf: Spf | None, dkim: tuple[Dkim, ...], ask: Ask, way: str = LIST) -> Dmarc:
    """The result for the author's domain (RFC 7489 §6.6.2)."""
    name = domain.normalise(author)
    found = discover(name, ask, way)
    organisation = found.organisation or domain.registrable(name)
    aligned = []
    open_ = []
    if spf is not None:
        if spf.result == "pass" and _aligned(name, organisation, spf.domain, found.strict_spf, ask, way):
            aligned.append("spf")
        elif spf.result in ("unknown", "temperror"):
            open_.append("spf")
    for one in dkim:
        if one.result == "pass" and _aligned(name, organisation, one.domain, found.strict_dkim, ask, way):
            aligned.append("dkim")
            break
    else:
        if any(one.result in ("unknown", "temperror") for one in dkim):
            open_.append("dkim")
    if found.policy is None:
        result, reason = "unknown", "not-asked"
    elif not found.policy:
        result, reason = "none", "no-record"
    elif aligned:
        result, reason = "pass", ""
    elif open_:
        result, reason = "unknown", "not-asked"
    else:
        result, reason = "fail", "not-aligned" if _passed(spf, dkim) else "nothing-passed"
    return Dmarc(result, reason, name, found.policy, found.domain, tuple(aligned))


def discover(name: str, ask: Ask, way: str = LIST) -> Policy:
    """The policy that holds for an author's domain."""
    return _walked(name, ask) if way == WALK else _listed(name, ask)


def _listed(name: str, ask: Ask) -> Policy:
    organisation = domain.registrable(name)
    own = _record(name, ask)
    if own:
        return _policy(own, name, name, organisation)
    if organisation and organisation != name:
        above = _record(organisation, ask)
        if above:
            # A subdomain that could not be asked about may have a policy of its own; its organisation's is the best that is known.
            return _policy(above, organisation, name, organisation)
        own = None if above is None else own
    return Policy(None if own is None else "", "", "", False, False, 100, organisation)


def _walked(name: str, ask: Ask) -> Policy:
    labels = name.split(".")
    places = [labels] + [labels[at:] for at in range(max(1, len(labels) - MAX_WALK + 1), len(labels))]
    records: list[tuple[str, dict[str, str]]] = []
    known = True
    for place in places[:MAX_WALK]:
        at = ".".join(place)
        record = _record(at, ask)
        known = known and record is not None
        if record:
            records.append((at, record))
            if record.get("psd") in ("y", "n"):
                break
    organisation = _organisation(name, records)
    if not records:
        return Policy("" if known else None, "", "", False, False, 100, organisation)
    first = records[0]
    holder = first if first[0] == name else next((one for one in records if one[0] == organisation), records[-1])
    return _policy(holder[1], holder[0], name, organisation)


def _organisation(name: str, records: list[tuple[str, dict[str, str]]]) -> str:
    """The organisational domain among the records of a walk (dmarcbis §4.10.2)."""
    for at, record in records:
        if record.get("psd") == "n":
            return at
        if record.get("psd") == "y" and at != name:
            below = name[: -len(at) - 1].rsplit(".", 1)[-1]
            return f"{below}.{at}"
    return min((at for at, _ in records), key=lambda at: at.count("."), default="") if records else name


def _policy(record: dict[str, str], at: str, name: str, organisation: str) -> Policy:
    stated = record.get("p", "").lower()
    below = record.get("sp", stated).lower()
    wanted = stated if at == name else below
    percent = record.get("pct", "100")
    return Policy(
        policy=wanted if wanted in POLICIES else "none",  # RFC 7489 §6.6.3: an unreadable one asks for nothing
        domain=at,
        subdomains=below if below in POLICIES else "",
        strict_dkim=record.get("adkim", "r").lower() == "s",
        strict_spf=record.get("aspf", "r").lower() == "s",
        percent=min(int(percent), 100) if percent.isdecimal() and len(percent) < 4 else 100,
        organisation=organisation,
    )


def _record(name: str, ask: Ask) -> dict[str, str] | None:
    """The tags of a domain's record; {} where it has none (or several, §6.6.3), None where that is not known."""
    answer = ask(Question("dns", "TXT", f"_dmarc.{name}"))
    if answer is None:
        return None
    found = [
        text
        for text in answer.records
        if isinstance(text, str) and text.replace(" ", "").lower().startswith("v=dmarc1")
    ]
    return tags(found[0]) if len(found) == 1 else {}


def _aligned(name: str, organisation: str, other: str, strict: bool, ask: Ask, way: str) -> bool:
    """Identifier alignment (RFC 7489 §3.1): the same name, or the same organisational domain."""
    if not other:
        return False
    if strict or name == other:
        return name == other
    theirs = discover(other, ask, WALK).organisation if way == WALK else domain.registrable(other)
    return bool(organisation) and organisation == theirs


def _passed(spf: Spf | None, dkim: tuple[Dkim, ...]) -> bool:
    return (spf is not None and spf.result == "pass") or any(one.result == "pass" for one in dkim)
