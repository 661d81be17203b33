"""What to do now: one to three short imperatives, in the order of use, chosen by what the message presses for and what was found.

Each finding's own advice stays with the finding. At most two things are not to be done, and one is to be done instead.
"""

from __future__ import annotations

from sekisho.facts.own_provider import KINDS
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.panel import View
from sekisho.panel.headline import plain
from sekisho.panel.words import Words
from sekisho.tables import brands

if TYPE_CHECKING:
    from sekisho.report import Address
    from sekisho.tables.brands import Brand

MAX_STOPS = 2
_FILES = frozenset(
    [
        "archive-trap",
        "archive-with-program",
        "disguised-name",
        "disk-image-attached",
        "document-acts",
        "encrypted-document",
        "external-template",
        "html-attachment",
        "locked-archive",
        "office-macros",
        "pdf-actions",
        "program-attached",
        "script-in-picture",
        "shortcut-attached",
        "type-mismatch",
    ]
)

_HARMLESS = frozenset(
    {"text/plain", "application/pgp-signature", "application/pkcs7-signature", "message/delivery-status"}
)
_PROGRAMS = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply"})


class Case(NamedTuple):
    """What kind of mail it is, as far as that decides what to do.

    `does`: what the reader could do or have done: click, form, file, removed (a file), pay, cards, call, answer, extortion, account; `brand`: who is
    imitated; `own`: as in `facts.brand_claim.Claim`; `name`: as whom it speaks; `file`, `number`, `account`: which one.
    """

    level: str
    does: tuple[str, ...]
    lures: frozenset[str]
    brand: Brand | None
    own: str
    name: str
    file: str
    number: str
    account: str
    whose: str  # the account: reader | fellow | stranger


def case(view: View) -> Case:
    """What a message at caution or danger calls for."""
    facts = view.facts
    ids = {finding.id for finding in view.findings}
    lures = frozenset(name.removeprefix("lure-") for name in ids if name.startswith("lure-"))
    file = _file(view, ids, lures)
    number = _number(view, lures) if not facts.links.seen else ""
    used = facts.account if not ids.isdisjoint(("account-used", "fellow-account-used", "own-account-used")) else None
    own, brand = _claimed(view)
    author = facts.identity.author
    yourself = author is not None and author.address.lower() in (*facts.identity.readers, *facts.settings.own_addresses)
    does = [
        ("account", used is not None),
        ("extortion", "extortion" in lures and (brand is None or facts.lures.ransom)),
        ("cards", "gift-cards" in lures),
        ("pay", not lures.isdisjoint(("bank-details-changed", "invoice", "money-offered", "prize"))),
        ("file", bool(file)),
        ("removed", "removed-by-gateway" in ids and not file),
        ("form", "form-in-mail" in ids),
        ("click", bool(facts.links.seen)),
        ("call", bool(number)),
    ]
    found = [name for name, so in does if so]
    return Case(
        level=view.verdict.level,
        does=tuple(found) or ("answer",),
        lures=lures,
        brand=brand,
        own=own,
        name="" if author is None or yourself else _called(author),
        file=file,
        number=number,
        account=(used.address or "") if used else "",
        whose=(used.whose or "") if used else "",
    )


def steps(case: Case, words: Words) -> list[str]:
    """The sentences, at least one."""
    stops = [_stop(what, case, words) for what in case.does]
    out = list(dict.fromkeys(filter(None, stops)))[:MAX_STOPS]
    out.append(_instead(case, words))
    return out


def _stop(what: str, case: Case, words: Words) -> str:
    """What is not to be done, in a sentence; "" for a mailbox that is used: what to do is said there."""
    wait = "" if case.level == "danger" else "-yet"
    if what == "account":
        return ""
    if what == "file":
        return words(f"do.file{wait}", file=case.file)
    if what == "call":
        return words("do.call", number=case.number)
    if what == "pay" and not case.lures.isdisjoint(("money-offered", "prize")):
        return words("do.offer")
    if what in ("click", "pay", "answer"):
        return words(f"do.{what}{wait}")
    return words(f"do.{what}")


def _instead(case: Case, words: Words) -> str:
    """What is to be done."""
    if case.account:
        key = {"reader": "do.own-password", "fellow": "do.tell-fellow"}.get(case.whose, "do.tell-owner")
        return words(key, account=case.account)
    if "extortion" in case.does:
        return words("do.leaked")
    if case.own in ("administrator", "domain"):
        return words("do.administrator")
    if case.brand is not None:
        key = "do.parcel" if "parcel-held" in case.lures else "do.bookmark"
        return words(key, brand=case.brand.name, domain=case.brand.domains[0])
    if not case.lures.isdisjoint(("money-offered", "prize")):
        return words("do.delete")
    if "tax-or-fine" in case.lures:
        return words("do.authority")
    personal = not case.lures.isdisjoint(("errand", "gift-cards", "bank-details-changed", "invoice"))
    key = "do.ask" if personal else "do.known-way"
    return words(f"{key}-name", name=case.name) if case.name else words(key)


# ------------------------------------------------------------------ who, which file, which number


def _claimed(view: View) -> tuple[str, Brand | None]:
    """What the claimed one is to the reader, and the brand that is imitated."""
    held = view.facts.claim
    if held is not None and held.state != "genuine":
        return held.claim.own, held.claim.brand
    for finding in view.findings:
        named = finding.values.get("brand")
        if isinstance(named, str) and finding.severity in ("medium", "high"):
            brand = next((one for one in brands.all_brands() if one.name == named), None)
            if brand is not None:
                return "", brand
    return "", None


def _called(author: Address) -> str:
    """The sender's name, where it is one that somebody could be asked by; "" for an address and for a program's."""
    name, local = plain(author.name), author.address.partition("@")[0].lower()
    return "" if local in _PROGRAMS or not name or any(sign in name for sign in "@_<") else name


def _file(view: View, ids: set[str], lures: frozenset[str]) -> str:
    """The file that is not to be opened: one that a finding names, else any that the mail presses to open."""
    for finding in view.findings:
        if finding.id in _FILES and isinstance(finding.values.get("file"), str):
            return plain(finding.values["file"])
    for one in view.facts.attachments:
        kind = one.content_type
        if one.removed_by_gateway is None and one.filename and not kind.startswith("image/") and kind not in _HARMLESS:
            return plain(one.filename)
    return ""


def _number(view: View, lures: frozenset[str]) -> str:
    """A telephone number that a mail without links gives where it speaks of money or of an account; "" for none."""
    if lures.isdisjoint(("invoice", "payment-failed", "account-suspended", "credentials", "prize", "tax-or-fine")):
        return ""
    from sekisho.facts import telephone

    return next((number for part in view.facts.message.texts for number in telephone.numbers(part.text)), "")


def keeps_mail(brand: Brand | None) -> bool:
    """Whether that company keeps mailboxes, whose thief can let mail be forwarded."""
    return brand is not None and brand.kind in KINDS
