"""What else the header says of the road: Resent blocks, lines of a provider's inside, and fields that are only the sender's word."""

from __future__ import annotations

from sekisho.facts.submission import Statement
from sekisho.named import TYPE_CHECKING
from sekisho.panel import View
from sekisho.panel.naming import mailbox, moment
from sekisho.panel.primitives import Primitive, fold, sentence
from sekisho.panel.words import Words
from sekisho.report import Resent

if TYPE_CHECKING:
    from sekisho.facts.beside import InsideLine

MAX_SHOWN = 12


def notes(view: View) -> list[Primitive]:
    """A resending by the reader's own side as a sentence; all that is less sure in one fold."""
    words, beside = view.words, view.facts.beside
    resent = beside.resent if beside else ()
    proven = [sentence(_resent(one, words)) for one in resent if one.standing == "proven"]
    rest = [_resent(one, words) for one in resent if one.standing != "proven"]
    rest += [_claimed(one, words) for one in view.facts.route.statements if _merely_claimed(one)]
    rest += [_inside(one, words) for one in beside.inside] if beside else []
    if not rest:
        return proven
    folded = [sentence(text, "muted") for text in rest[:MAX_SHOWN]]
    return [*proven, fold(words("beside.more", count=len(rest)), folded)]


def _resent(one: Resent, words: Words) -> str:
    by = one.sender or next(iter(one.from_), None)
    who = mailbox(by, words) if by else words("facts.unnamed")
    whom = words("joiner").join(mailbox(address, words) for address in one.to[:3])
    key = f"beside.resent.{one.standing}" + ("-to" if whom else "")
    when = moment(one.date) if one.date else words("beside.undated")
    return words(key, who=who, to=whom, date=when)


def _inside(one: InsideLine, words: Words) -> str:
    date = moment(one.received.date.iso) if one.received.date else words("beside.undated")
    return words(f"beside.inside.{one.standing}", by=one.received.by or words("route.somebody"), date=date)


def _merely_claimed(one: Statement) -> bool:
    return one.shown.standing != "plausible" and not one.by_peer


def _claimed(one: Statement, words: Words) -> str:
    said = one.said
    if said.script:
        key = "beside.claimed-script-used" if said.ip else "beside.claimed-script"
        return words(key, field=said.field.raw_name, script=said.script, ip=said.ip)
    if said.account:
        return words("beside.claimed-account", field=said.field.raw_name, account=said.account)
    return words("beside.claimed-address", field=said.field.raw_name, ip=said.ip)
