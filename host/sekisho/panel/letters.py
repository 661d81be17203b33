"""To whom the message can be reported, why them, and the buttons that draft the letters.

Offered where something was found: a complaint about a message in which nothing was would hit honest senders. Nothing is sent: a
button opens a draft in the reader's own compose window.
"""

from __future__ import annotations

from sekisho.named import TYPE_CHECKING
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, action, fold, listing, sentence
from sekisho.questions import REGISTRY, SENDER, level

if TYPE_CHECKING:
    from sekisho.facts.recipients import Missing, Recipient

MAX_MISSING = 6


def parts(view: View) -> list[Primitive]:
    """One closed fold with everybody who can stop it; none where there is nothing to complain of."""
    if view.verdict.level == "clear" or not view.read:
        return []
    from sekisho.facts import recipients

    words = view.words
    known = recipients.find(view.facts, view.findings)
    found = [one for one in known.found if one.roles[0] not in ("owner", "provider")]  # they have a place of their own
    if not found and not known.missing:
        return []
    body: list[Primitive] = []
    if found:
        body.append(sentence(words("letters.how")))
        body.append(action(words("letters.mask"), "mask", {}, words("letters.mask.note")))
        body.append(listing([_item(view, one) for one in found]))
    body += _missing(view, known.missing)
    return [fold(words("letters", count=len(found)) if found else words("letters.none"), body)]


def of_all(view: View) -> list[Primitive]:
    """The same about every message of one kind with this one, as a fold of the campaign's block: one letter to each for all of them."""
    if view.verdict.level == "clear" or not view.read:
        return []
    from sekisho.facts import recipients

    words = view.words
    every = recipients.find(view.facts, view.findings).found
    found = [one for one in every if one.roles[0] not in ("owner", "provider")]
    if not found:
        return []
    rows = [
        [
            sentence(words("letters.who", name=one.name or one.address, address=one.address), "strong"),
            *drafts(view, one, campaign=True),
        ]
        for one in found
    ]
    return [fold(words("letters.all", count=len(found)), [sentence(words("letters.all.how")), listing(rows)])]


def drafts(view: View, recipient: Recipient, *, campaign: bool = False) -> list[Primitive]:
    """Buttons for the letter to a recipient, the recipient's language first."""
    languages = dict.fromkeys((recipient.language, "ja", "en"))
    about = {"campaign": True} if campaign else {}
    return [
        action(
            view.words(f"letters.draft.{language}"),
            "draft",
            {"recipient": recipient.address, "language": language, **about},
        )
        for language in languages
    ]


def _item(view: View, recipient: Recipient) -> list[Primitive]:
    """One of them: name and address, what they can do, where the address is from."""
    from sekisho.facts.recipients import CONVENTION

    words = view.words
    said = [
        words(f"letters.role.{case.role}", subject=case.subject, name=recipient.name)
        for case in {one.role: one for one in reversed(recipient.cases)}.values()
    ]
    key = "convention" if recipient.source == CONVENTION else "source" if recipient.at else "source.undated"
    return [
        sentence(words("letters.who", name=recipient.name or recipient.address, address=recipient.address), "strong"),
        *(sentence(one) for one in reversed(said)),
        sentence(words(f"letters.{key}", source=recipient.source, at=recipient.at[:10]), "muted"),
        *drafts(view, recipient),
    ]


def _missing(view: View, missing: tuple[Missing, ...]) -> list[Primitive]:
    """Those of whom no address is known, and the way to ask for it where nobody has been asked."""
    words = view.words
    out: list[Primitive] = []
    for one in missing[:MAX_MISSING]:
        named = "named" if one.case.by else "unnamed"
        state = "none" if one.asked else "open"
        role = words(f"letters.the.{one.case.role}", subject=one.case.subject)
        out.append(sentence(words(f"letters.missing.{state}.{named}", role=role, name=one.case.by), "muted"))
    open_ = [question for question in view.wanted if level(question) != SENDER]
    if open_ and any(not one.asked for one in missing) and not view.lookups.waiting:
        out.append(action(words("letters.ask"), "ask_more", {"privacy": REGISTRY}, words("lookups.more.registry.note")))
    return out
