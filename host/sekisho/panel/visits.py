"""Under a link: the way to have it followed, with exactly what would be requested, and what came of it."""

from __future__ import annotations

from sekisho import gate
from sekisho.named import TYPE_CHECKING
from sekisho.panel import View
from sekisho.panel.naming import moment, network
from sekisho.panel.primitives import Primitive, action, fold, listing, sentence
from sekisho.questions import Failed, Question, Waiting

if TYPE_CHECKING:
    from sekisho.facts.visits import Visit


def under(view: View, number: int) -> list[Primitive]:
    """What stands below the link of that number; nothing where it cannot be followed, or must not be."""
    words, facts = view.words, view.facts
    request = facts.request_of(number)
    if not request.url:
        return [sentence(words("visit.host"), "muted")] if request.why == "host" else []
    if gate.judge(Question("visit", "link", request.url), facts.settings, by_reader=True) != gate.OPEN or not view.read:
        return []
    state = facts.visit_of(number)
    if isinstance(state, Waiting):
        return [sentence(words("visit.waiting"))]
    visit = facts.visits.get(number)
    if visit is not None:
        out = _told(view, visit)
        return out if visit.arrived else [*out, _offer(view, number, "visit.again")]
    if isinstance(state, Failed):
        reason = words(f"lookups.reason.{state.reason}")
        return [sentence(words("visit.failed", reason=reason), "muted"), _offer(view, number, "visit.again")]
    return [_offer(view, number, "visit.offer")]


def _offer(view: View, number: int, summary: str) -> Primitive:
    words, request = view.words, view.facts.request_of(number)
    cut = words("visit.cut", count=request.cut) if request.cut else words("visit.uncut")
    note = f"{words('visit.exactly')} {request.url} {cut} {words('visit.note')}"  # a value of a sentence would be shortened
    return fold(words(summary), [action(words("visit.do"), "ask_more", {"visit": [request.url]}, note)])


def _told(view: View, visit: Visit) -> list[Primitive]:
    from sekisho.facts.visits import STOPS  # loaded by now: there was a visit

    words, end = view.words, visit.ends_at
    out = [sentence(words("visit.ended", domain=end, count=len(visit.steps)), "strong")] if visit.arrived else []
    if not visit.arrived:
        reason = f"visit.outcome.{visit.outcome}" if visit.outcome in STOPS else f"lookups.reason.{visit.outcome}"
        out.append(sentence(words("visit.stopped", reason=words(reason)), "warn"))
    elif visit.outcome == "file":
        out.append(sentence(words("visit.outcome.file")))
    status = visit.steps[-1].status if visit.steps else None
    if status is not None and status >= 400:
        out.append(sentence(words("visit.error", status=status)))
    if visit.genuine is not None:
        out.append(sentence(words("visit.genuine", brand=visit.genuine.name), "warn"))
    if visit.title:
        out.append(sentence(words("visit.title", title=visit.title)))
    if visit.brands and visit.outcome == "page":
        names = words("visit.and").join(brand.name for brand in visit.brands)
        other = visit.claimed is not None and visit.claimed not in visit.brands
        key = "visit.brands.other" if other else "visit.brands"
        out.append(sentence(words(key, brands=names, claimed=visit.claimed.name if visit.claimed else "")))
    elif visit.title and visit.claimed is not None:
        out.append(sentence(words("visit.brands.none", claimed=visit.claimed.name)))
    if visit.asks:
        asked = words("visit.and").join(words(f"visit.asks.{name}") for name in visit.asks)
        out.append(sentence(words("visit.asks", what=asked, domain=end), "warn" if visit.owner is None else None))
    elif visit.outcome == "page":
        out.append(sentence(words("visit.asks.nothing"), "muted"))
    return [*out, fold(words("visit.chain", count=len(visit.steps)), [_chain(view, visit)])]


def _chain(view: View, visit: Visit) -> Primitive:
    words, items, before = view.words, [], False
    for step in visit.steps:
        item = [sentence(step.defanged, "strong")]
        said = [words(f"visit.how.{step.how}")] if step.how in ("redirect", "refresh", "meta", "script") else []
        if step.status is not None:
            said.append(words("visit.status", status=step.status))
        if step.ip:
            owner = network(step.network, words)
            said.append(words("visit.address", ip=step.ip, network=owner) if owner else step.ip)
        if said:
            item.append(sentence(words("visit.join").join(said), "muted"))
        if step.certificate:
            item.append(sentence(words(f"visit.certificate.{step.certificate}", host=step.host), "warn"))
        elif before and not step.secure:
            item.append(sentence(words("visit.downgraded"), "warn"))
        before = step.secure
        items.append(item)
    items[-1].append(sentence(words("visit.at", at=moment(visit.at, view.facts.settings.time_zone)), "muted"))
    return listing(items, ordered=True)
