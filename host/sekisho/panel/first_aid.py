"""What to do where it has already happened: a closed fold with the steps for each thing that this mail could have led to."""

from __future__ import annotations

from sekisho.panel.advice import Case, keeps_mail
from sekisho.panel.primitives import Primitive, fold, heading, listing, sentence
from sekisho.panel.words import Words

# What the reader may have done, by what the mail was for.
_DONE = {
    "click": ("clicked",),
    "form": ("clicked",),
    "file": ("opened",),
    "pay": ("paid", "answered"),
    "cards": ("paid",),
    "extortion": ("paid", "answered"),
    "call": ("called",),
    "account": ("answered",),
    "removed": ("answered",),
    "answer": ("answered",),
}
_ORDER = ("clicked", "opened", "paid", "called", "answered")


def block(case: Case, words: Words) -> Primitive:
    """The fold. Steps by kind, then whom to ask for help."""
    done = {kind for what in case.does for kind in _DONE[what]}
    if "credentials" in case.lures:  # also where the link itself has gone
        done.add("clicked")
    kinds = [kind for kind in _ORDER if kind in done]
    body: list[Primitive] = []
    for kind in kinds:
        body += [heading(words(f"aid.{kind}")), listing([[sentence(text)] for text in _steps(kind, case, words)], True)]
    body.append(heading(words("aid.help")))
    desks = [
        "police",
        *(["consumer"] if done - {"opened"} else []),
        *(["ipa"] if done & {"clicked", "opened", "called"} else []),
    ]
    body.append(listing([[sentence(words(f"aid.help.{desk}"))] for desk in desks]))
    return fold(words("aid", done=words("aid.or").join(words(f"aid.{kind}.short") for kind in kinds)), body)


def _steps(kind: str, case: Case, words: Words) -> list[str]:
    brand = case.brand
    if kind == "clicked":
        steps = [
            words("aid.password", brand=brand.name, domain=brand.domains[0])
            if brand is not None
            else words("aid.password-administrator" if case.own else "aid.password-site"),
            words("aid.same-password"),
        ]
        if keeps_mail(brand) or case.own or "mailbox-full" in case.lures:
            steps.append(words("aid.mailbox"))
        steps.append(
            words("aid.bank", brand=brand.name) if brand is not None and brand.kind == "bank" else words("aid.card")
        )
        return [*steps, words("aid.only-clicked")]
    if kind == "opened":
        return [words("aid.unplug"), words("aid.scan"), words("aid.other-device")]
    if kind == "paid":
        first = "aid.cards" if "cards" in case.does else "aid.transfer"
        return [words(first), words("aid.keep")]
    if kind == "called":
        return [words("aid.hang-up"), words("aid.remote"), words("aid.card")]
    return [words("aid.no-more"), words("aid.told")]
