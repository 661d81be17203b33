"""What the message says of itself beside what is known of who handed it over."""

from __future__ import annotations

from sekisho.mail.date import days
from sekisho.panel import View, account, identity, lures, timing
from sekisho.panel.naming import mailbox, network, peer, place
from sekisho.panel.primitives import Primitive, fold, listing, sentence, table
from sekisho.panel.primitives import block as make
from sekisho.tables import atlas

MAX_SHOWN = 5  # addresses of one field
# Defects on our side, not of the mail.
NOT_REMEMBERED = "not-remembered"
FILE_UNREADABLE = "file-unreadable:"  # and the name of a file that the reader's settings name
_MONTH = 30.44  # days


def block(view: View) -> Primitive:
    """The facts block."""
    words, message, route = view.words, view.facts.message, view.facts.route
    rows = []
    for name, key in (("from", "facts.from"), ("reply-to", "facts.reply_to"), ("to", "facts.to")):
        shown = [mailbox(address, words) for address in message.addresses(name)]
        if shown:
            rows.append([words(key), ", ".join(shown[:MAX_SHOWN]) + (" …" if len(shown) > MAX_SHOWN else "")])
    for name, key in (("subject", "facts.subject"), ("return-path", "facts.return_path"), ("date", "facts.date")):
        text = message.unstructured(name)
        if text is not None:
            rows.append([words(key), text])
    when = timing.arrived(view.facts.timing, words, view.facts.settings.time_zone)
    if when is not None:
        rows.append([words("facts.arrived"), when])
    if route.entry is not None:
        rows.append([words("facts.origin"), peer(route.entry.received, words)])
        for key, text in (
            ("facts.network", network(route.entry.hop.network, words)),
            ("facts.place", place(route.entry.hop.network, words)),
        ):
            if text:
                rows.append([words(key), text])
        line = view.facts.line
        if line is not None:
            rows.append(
                [
                    words("facts.line"),
                    words(f"line.by.{line.by}", kind=words(f"line.{line.kind}"), witness=line.witness),
                ]
            )
    rows.append([words("facts.account"), account.decision(view.facts, words)])
    body: list[Primitive] = [
        table(rows),
        fold(words("facts.account-why"), [listing([[sentence(why)] for why in account.reasons(view.facts, words)])]),
    ]
    body += identity.sentences(view.facts, words)
    pressing = lures.sentences(view)
    if pressing is not None:
        body.append(pressing)
    zone = timing.zone(view.facts.timing, words)
    if zone is not None:
        body.append(sentence(zone))
    unread = [words.defect(code) for code in view.defects if not code.startswith((NOT_REMEMBERED, FILE_UNREADABLE))]
    if unread:
        body.append(sentence(words("facts.defects", defects=words("joiner").join(unread)), "warn"))
    if NOT_REMEMBERED in view.defects:
        body.append(sentence(words("facts.not-remembered"), "warn"))
    body += [
        sentence(words("facts.file-unreadable", name=code.removeprefix(FILE_UNREADABLE)), "warn")
        for code in view.defects
        if code.startswith(FILE_UNREADABLE)
    ]
    body.append(sentence(_tables(view), "muted"))
    if atlas.credits():
        body.append(fold(words("facts.credits"), [sentence(credit, "muted") for credit in atlas.credits()]))
    return make("facts", words("facts"), body)


def _tables(view: View) -> str:
    problem = atlas.problem(view.words.locale)
    as_of = atlas.as_of()
    if problem or as_of is None:
        return view.words("facts.no-tables", problem=problem or "?")
    months = _months(as_of, view.now)
    age = view.words("age.months", months=months) if months > 0 else view.words("age.fresh")
    return view.words("facts.asked" if view.lookups.asked else "facts.nobody", date=as_of, age=age)


def _months(as_of: str, now: int) -> int:
    """Whole months between an ISO 8601 date and `now`; 0 for a date that is none (a damaged table)."""
    year, month, day = as_of[:4], as_of[5:7], as_of[8:10]
    if not (year + month + day).isdecimal() or len(day) != 2 or not 1 <= int(month) <= 12:
        return 0
    return int((now / 86400 - days(int(year), int(month), int(day))) / _MONTH)
