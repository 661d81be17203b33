"""Whom a message says it is from, held against who sent it, who signed for it and whose its links are.

A name that is merely mentioned is no claim. It is one as the sender's display name, as the heading of the subject, and as the
signature: the copyright line or the name that stands alone among the last lines. The reader's own provider comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sekisho.facts.carrier import Carrier, speaks_for
from sekisho.facts.companies import Shared
from sekisho.facts.identity import Identity
from sekisho.facts.links import Links
from sekisho.facts.lures import Lures
from sekisho.facts.own_provider import KINDS, OwnProvider
from sekisho.facts.route import Route
from sekisho.facts.vouched import Voucher
from sekisho.mail import domain as names
from sekisho.mail.folding import fold
from sekisho.mail.message import Message
from sekisho.mail.writers import confirmed_name
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.report import Address
from sekisho.tables import administrators, brands, trackers
from sekisho.tables.providers import OPERATORS, from_inside

if TYPE_CHECKING:
    from sekisho.facts.papers import Papers

# What a claim is made for.
ASKING = ("credentials", "account-suspended", "payment-failed", "parcel-held", "tax-or-fine", "mailbox-full")
OF_A_MAILBOX = ("mailbox-full", "credentials", "account-suspended")

MAX_LINES = 14  # last lines of a text in which a signature is looked for
MAX_LINE = 120
MAX_ALONE = 40  # characters of a line that says a name and hardly more
MAX_DOMAINS = 3
MAX_NAME = 300
_COPYRIGHT = ("©", "(c)", "copyright", "&copy;")
_SIGNS = (
    ("株式会社", "有限会社", "カスタマー", "サポート", "センター", "チーム", "事務局", "運営", "お問い合わせ", "窓口", "発行", "より", "team", "support", "customer", "service", "inc.", "ltd", "co.,", "gmbh", "security", "department")
)  # fmt: skip
_LIST_FOOTER = ("mailing list", "to unsubscribe send", "/listinfo/", "lists/list")
_AGAIN = ("re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "回复", "返信:", "転送:")
_OPEN, _CLOSE = "【[「『<《(", "】]」』>》)"


class Claim(NamedTuple):
    """A name that the message speaks under. `own`: what it is to the reader: provider (it keeps the reader's mailbox),
    mailboxes (it keeps mailboxes, and speaks under the reader's own domain), administrator, domain (the reader's own as a
    name); "" for anybody else."""

    name: str  # the brand's, or the words themselves
    written: str  # the words that claim it
    by: str  # name | subject | signature
    where: str  # field:from | field:subject | part:N
    brand: brands.Brand | None
    own: str


class Held(NamedTuple):
    """A claim held against the facts. `state`: genuine; elsewhere (address and server are others'); forged (the brand's own
    address, and the reader's side found it failing); unproven (the brand's own address, and nothing speaks for it)."""

    claim: Claim
    state: str
    host: str  # that handed it over: its name, else its address; "" where that is not known
    company: str  # who runs it; "" where that is not known
    domains: tuple[str, ...]  # where its links lead that are neither the brand's nor a service's that counts clicks
    backed: bool  # a link leads to the claimed one as well
    same: bool  # the first of those domains is known to be at that company, too
    pressed: tuple[str, ...]  # kinds of lures


class Evidence(NamedTuple):
    """Who vouches for whom, which service carried the message, and what speaks for the author's own domain."""

    vouched: tuple[Voucher, ...]
    carrier: Carrier | None
    papers: Callable[[], Papers]  # asked for where it matters


def read(
    message: Message,
    identity: Identity,
    route: Route,
    provider: OwnProvider,
    links: Links,
    lures: Lures,
    shared: Sequence[Shared],
    evidence: Evidence,
) -> Held | None:
    """The strongest claim of a message and what is known against it; None where it speaks for itself alone."""
    author = _author(message, identity)
    pressed = tuple(kind for kind in ASKING if lures.of(kind) is not None)
    claim = _claim(message, author, identity, provider, bool(pressed and links.seen))
    if claim is None:
        return None
    entry = route.entry
    host = (entry.received.rdns or entry.received.ip) if entry else ""
    company = ""
    if entry is not None:
        known = entry.hop.network
        named = names.registrable(confirmed_name(entry.received))  # who owns an address gives it any name
        company = OPERATORS.get(named, "") or (known.name or "" if known else "")
    domains, backed = _led_to(message, links, claim, author, provider)
    same = any(domains and one.domain == domains[0] and one.by == "network" and not one.crowd for one in shared)
    return Held(
        claim,
        _state(claim, author, identity, route, provider, evidence),
        host,
        company,
        domains,
        backed,
        same,
        pressed,
    )


# ------------------------------------------------------------------ who is claimed


def _author(message: Message, identity: Identity) -> Address | None:
    """The author as written before a mailing list put its own address there ("Name via List", RFC 7960 §4.1.2.1)."""
    author = identity.author
    if author is None or " via " not in author.name:
        return author
    name = author.name.partition(" via ")[0].strip(" '\"")
    for field in ("x-original-from", "reply-to"):
        for address in message.addresses(field):
            if address.domain and not names.same_organisation(address.domain, author.domain):
                return address._replace(name=name)
    return author._replace(name=name)


def _claim(
    message: Message, author: Address | None, identity: Identity, provider: OwnProvider, all_of_it: bool
) -> Claim | None:
    """The claims in the order of their weight; one of the reader's own provider goes before all others."""
    best: Claim | None = None
    for by, where, text, written in _said(message, author, all_of_it):
        claim = _of(by, where, text, written, author, identity, provider)
        if claim is not None and (best is None or (claim.own and not best.own)):
            best = claim
        if best is not None and best.own:
            break
    return best


def _said(message: Message, author: Address | None, all_of_it: bool) -> Iterator[tuple[str, str, str, str]]:
    """Who speaks: (by, where, folded, as written), the strongest first; subject and signature only where they can matter."""
    if author is not None and author.name:
        yield "name", "field:from", fold(author.name[:MAX_NAME]).text, author.name
    if not all_of_it:
        return
    subject = message.unstructured("subject") or ""
    heading = _heading(fold(subject[:MAX_NAME]).text)
    if heading:
        yield "subject", "field:subject", heading, heading
    known: set[str] = set()
    for part in message.texts:
        where = f"part:{part.part.number}"
        for line in _signature(part.text):
            if line not in known:  # of the plain text and the page: one is enough
                known.add(line)
                yield "signature", where, fold(line).text, line


def _heading(subject: str) -> str:
    """What stands in brackets at the head of a subject, or before a colon; of a list's prefix and an answer nothing."""
    subject = subject.strip()
    if subject.startswith(_AGAIN):
        return ""
    while subject[:1] and subject[0] in _OPEN:
        inside, closing, rest = subject[1:], -1, ""
        closing = min((at for sign in _CLOSE if (at := inside.find(sign)) >= 0), default=-1)
        if closing < 0:
            return ""
        inside, rest = inside[:closing].strip(), inside[closing + 1 :].strip()
        if brands.named_in(inside) is not None:
            return inside
        subject = rest
    head, colon, _ = subject.partition(":")
    return head if colon and len(head) <= MAX_ALONE else ""


def _signature(text: str) -> list[str]:
    """The last lines that a sender signs with: a copyright notice, or a name and hardly more."""
    lines = [line.strip() for line in text[-20 * MAX_LINE * MAX_LINES :].splitlines()]
    lines = [line for line in lines if line]
    cut = next((at for at, line in enumerate(lines) if any(sign in line.lower() for sign in _LIST_FOOTER)), len(lines))
    if cut > len(lines) - 5:
        lines = lines[:cut]
    out = []
    for line in lines[-MAX_LINES:]:
        lower = line.lower()
        notice = any(sign in lower for sign in _COPYRIGHT)
        alone = len(line) <= MAX_ALONE and (any(sign in lower for sign in _SIGNS) or len(line) <= MAX_ALONE // 2)
        if len(line) <= MAX_LINE and (notice or alone):
            out.append(line)
    return out


def _of(
    by: str, where: str, folded: str, written: str, author: Address | None, identity: Identity, provider: OwnProvider
) -> Claim | None:
    written = written.strip()[:MAX_LINE]
    if by == "name" and author is identity.author and (identity.brand is not None or folded == written.lower()):
        brand = identity.brand  # looked for already, and the words were not disguised
    else:
        brand = brands.named_in(folded)
    mine = author is not None and (author.address.lower() in identity.readers or provider.owns(author.domain))
    if brand is not None:
        own = "provider" if provider.runs(brand) else "mailboxes" if mine and brand.kind in KINDS else ""
        return Claim(brand.name, written, by, where, brand, own)
    if by == "subject":
        return None
    own_words = frozenset(word for name in provider.domains for word in name.replace("-", ".").split("."))
    if any(_names(folded, name) for name in provider.domains) and by == "name":
        return Claim(written, written, by, where, None, "domain")
    if administrators.speaks(folded, own_words):
        return Claim(written, written, by, where, None, "administrator")
    return None


def _names(folded: str, name: str) -> bool:
    """Whether a domain stands in a name as a word of its own, not in an address."""
    at = folded.find(name)
    if at < 0:
        return False
    before, after = folded[at - 1 : at] if at else "", folded[at + len(name) : at + len(name) + 1]
    return before not in ("@", ".", "-") and not (before.isascii() and before.isalnum()) and after not in (".", "-")


# ------------------------------------------------------------------ what is known against it


def _state(
    claim: Claim, author: Address | None, identity: Identity, route: Route, provider: OwnProvider, evidence: Evidence
) -> str:
    entry, brand = route.entry, claim.brand
    peer = confirmed_name(entry.received) if entry else ""
    if entry is not None:
        if provider.owns(peer) or peer.lower() in provider.servers - {""} or entry.received.auth:
            return "genuine"  # the reader's own server sent it, or somebody who logged in there: another question
        if claim.own and from_inside(entry.received.by, peer):
            return "genuine"
    organisation = names.registrable(author.domain) if author else ""
    if brand is None:
        if entry is None:
            return "genuine"  # it never left the reader's side
        return _of_author(evidence.papers()) if provider.owns(organisation) else "elsewhere"
    if brand.runs(organisation):
        if author is not None and identity.author is not None and author.address != identity.author.address:
            return "unproven"  # a list wrote itself into From: what it replaced is its word
        return "genuine" if brand.runs(names.registrable(peer)) else _of_author(evidence.papers())
    if claim.own == "mailboxes":
        return "elsewhere" if entry is not None else "genuine"
    if speaks_for(brand, evidence.vouched, evidence.carrier):
        return "genuine"
    return "elsewhere"


def _of_author(papers: Papers) -> str:
    return "genuine" if papers.passed else "forged" if papers.failed else "unproven"


def _led_to(
    message: Message, links: Links, claim: Claim, author: Address | None, provider: OwnProvider
) -> tuple[tuple[str, ...], bool]:
    """The domains of the links that are not the claimed one's, and whether some are. An imitation of it comes first."""
    lists = {
        names.registrable(piece.rpartition("@")[2].partition("/")[0].strip("<> "))
        for name in ("list-id", "list-post", "list-unsubscribe")
        for field in message.header.all(name)
        for piece in field.text[:1000].replace("//", "@").split(",")
    }
    found: dict[str, bool] = {}
    backed = False
    for seen in links.seen:
        name = seen.target.domain or seen.target.ip or seen.target.host
        if (claim.brand is not None and claim.brand.runs(name)) or provider.owns(name):
            backed = True
        elif name not in lists and not trackers.counts_clicks(name):
            imitates = seen.imitated is not None and claim.brand is not None and seen.imitated.name == claim.brand.name
            found[name] = found.get(name, False) or imitates
    ordered = sorted(found, key=lambda name: not found[name])
    return tuple(ordered[:MAX_DOMAINS]), backed
