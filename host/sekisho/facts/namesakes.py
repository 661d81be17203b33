"""Whether anything bears the name that a message is sent under: its address, the pages it leads to, or what it says of them.

Whoever writes in a name of his own has it in his domain, or says somewhere whose the domain is. A name, an address and links that have
nothing to do with each other are what bought lists, rented domains and used mailboxes look like. Letters that domains are not
written in can't be held against one: then nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import normalize

from sekisho.facts.identity import Identity
from sekisho.facts.links import Links, Seen
from sekisho.facts.vouched import Voucher
from sekisho.mail.folding import fold
from sekisho.mail.message import Message
from sekisho.named import NamedTuple
from sekisho.tables import brands, mailbox_providers, role_words, senders, shared_hosts, shorteners, trackers

MAX_TEXT = 1 << 16  # folded characters of one part that are searched for a domain's name
MAX_LEADS = 50  # links that are looked at
MIN_LEAFLET = 2  # links of one: what it offers, and how to be rid of it
MIN_WORD = 3  # letters of a word that can be found in a domain
MIN_PIECE = 4  # letters of a word that part of a domain's name is made of
COVERED = 0.7  # of a domain's letters are words of the text: it is spelt out there
MAX_LABEL = 63

_KINDS = ("link", "form", "area")
# How names with letters that ASCII has not are written in domains, both ways.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_PAIRS = (("oe", "o"), ("ae", "a"), ("ue", "u"))


class Strange(NamedTuple):
    """A name that nothing bears. `hosts`: where the links lead, most met first; `chosen`: the name stands in what anybody may choose,
    the part before the @ or a label below the domain; `leaflet`: pictures, and links to one owner alone, as nobody writes a letter;
    `links`: the places of those links."""

    name: str
    domain: str
    hosts: tuple[str, ...]
    chosen: bool
    leaflet: bool
    links: tuple[int, ...]


def read(
    message: Message, identity: Identity, links: Links, vouched: tuple[Voucher, ...], own: set[str]
) -> Strange | None:
    """None where something bears the name, or where that can't be told: a private mailbox, a name in other letters, no links of a page.

    `own`: the reader's own registrable domains, in which colleagues write under names of their own."""
    author, organisation = identity.author, identity.organisation
    if author is None or not organisation or not identity.name or organisation in own:
        return None
    if mailbox_providers.personal(organisation):
        return None
    if not any(part.links and part.part.content_type == "text/html" for part in message.texts):
        return None  # a letter: people write with addresses of any name
    leads = list(_leads(links, organisation))
    if not leads or _beyond_domains().search(identity.name):
        return None
    words = _words(_plain(identity.name))
    telling = [_squeezed(word)[:MIN_PIECE] for word in words if len(word) >= MIN_WORD and word not in role_words.ROLES]
    initials = "".join(word[0] for word in words)
    sender = _label(author.domain, organisation)
    labels = {sender, *(_label(seen.target.host, seen.target.domain) for _, seen in leads)}
    if not telling or any(_bears(label, telling, initials) for label in labels):
        return None
    if any(voucher.by != "spf" and _bears(voucher.organisation, telling, initials) for voucher in vouched):
        return None
    hosts = dict.fromkeys(seen.target.host for _, seen in leads)
    chosen = any(_bears(place, telling, initials) for place in (author.address, *hosts))
    if chosen and _of_a_service(author.domain, organisation):
        return None
    said = _Said(message, identity.name)
    named = {sender, *(_label(seen.target.host, seen.target.domain) for _, seen in leads if not _anybodys(seen))}
    if any(said.names(label, initials) for label in named):
        return None
    leaflet = _is_leaflet(message, leads)
    return Strange(identity.name, author.domain, tuple(hosts), chosen, leaflet, tuple(number for number, _ in leads))


def elsewhere(message: Message, identity: Identity, links: Links, vouched: tuple[Voucher, ...]) -> tuple[int, ...]:
    """The links of a leaflet, where all lead to one owner that is not the sender and that neither the sender's name, the address nor the text names.

    Nothing is said where a proof names the sender's organisation: then these are its own affair."""
    author, organisation = identity.author, identity.organisation
    if author is None or not organisation or any(voucher.organisation == organisation for voucher in vouched):
        return ()
    if not any(part.links and part.part.content_type == "text/html" for part in message.texts):
        return ()
    leads = list(_leads(links, organisation))
    if not _is_leaflet(message, leads) or leads[0][1].target.domain == organisation:
        return ()
    if _beyond_domains().search(identity.name):
        return ()
    _, first = leads[0]
    target = first.target
    if (
        not target.domain
        or _anybodys(first)
        or _of_a_service(target.host, target.domain)
        or shared_hosts.shared(target.host)
    ):
        return ()
    words = _words(_plain(identity.name))
    telling = [_squeezed(word)[:MIN_PIECE] for word in words if len(word) >= MIN_WORD and word not in role_words.ROLES]
    label, own = _label(target.host, target.domain), _label(author.domain, organisation)
    initials = "".join(word[0] for word in words)
    # The address may name what the name does not, and the other way round: shop@lantern.example, links at lantern-news.example.
    if not telling or _bears(target.host, [*telling, _squeezed(_plain(own))[:MIN_PIECE]], initials):
        return ()
    return () if _Said(message, identity.name).names(label, initials) else tuple(number for number, _ in leads)


def _is_leaflet(message: Message, leads: list[tuple[int, Seen]]) -> bool:
    owners = {seen.target.domain or seen.target.host for _, seen in leads}
    return len(leads) >= MIN_LEAFLET and len(owners) == 1 and any(part.images for part in message.texts)


def _leads(links: Links, organisation: str) -> Iterator[tuple[int, Seen]]:
    """The links of pages that lead somewhere of their own: not the pages of a well-known company beside them, nor what a service hides."""
    found = 0
    for number, seen in enumerate(links.seen):
        target = seen.target
        if seen.kind not in _KINDS or (seen.layers and not seen.link.unwrapped) or not (target.domain or target.ip):
            continue
        brand = brands.of_domain(target.domain)
        known = brand is not None and target.domain != organisation and not brand.runs(organisation)
        if known and not _anybodys(seen):
            continue
        found += 1
        if found > MAX_LEADS:
            return
        yield number, seen


def _label(host: str, registrable: str) -> str:
    """What a domain was named: its registered label, or the one below a domain that strangers share."""
    if registrable and (mailbox_providers.shared(registrable) or shared_hosts.shared(registrable)):
        below = host.lower().removesuffix(registrable).rstrip(".").rpartition(".")[2]
        if below:
            return below[:MAX_LABEL]
    return (registrable or host).partition(".")[0][:MAX_LABEL]


def _anybodys(seen: Seen) -> bool:
    """Whether a link's host is named by nobody who writes: a shortener, a page among strangers', a counter of clicks."""
    target = seen.target
    return (
        shorteners.of(target.host, target.domain) is not None
        or bool(shared_hosts.anybodys(target.host, target.path))
        or trackers.counts_clicks(target.domain)
    )


def _of_a_service(host: str, registrable: str) -> bool:
    """Whether a sender's domain is that of a service which sends for others: the name can only stand before it."""
    return trackers.counts_clicks(registrable) or senders.service(host, registrable) is not None


def _plain(text: str) -> str:
    """Folded, and in the letters of a domain."""
    return _number().sub("0", text.lower()) if text.isascii() else _in_ascii(fold(text).text)


def _in_ascii(folded: str) -> str:
    if folded.isascii():
        return folded
    return normalize("NFKD", folded.translate(_LETTERS)).encode("ascii", "ignore").decode("ascii")


def _squeezed(text: str) -> str:
    """Letters and digits alone, without the second letter of what stands for one."""
    return _singled(_between().sub("", text))


def _singled(text: str) -> str:
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


def _bears(name: str, telling: list[str], initials: str) -> bool:
    """Whether a word of the sender's name, or its beginning, stands in a domain or an address; or its initials do."""
    where = _squeezed(_plain(name))
    if len(initials) >= MIN_WORD and initials in where:
        return True
    return any(word in where for word in telling)


class _Said:
    """What the message says in sight, read when it is first asked: most names are borne out by less."""

    def __init__(self, message: Message, name: str) -> None:
        texts = [_plain(name), _plain(message.unstructured("subject") or "")]
        texts += [_in_ascii(part.folded.text[:MAX_TEXT]) for part in message.texts]
        # What only writes an address out names nobody.
        said = _singled(
            " ".join([piece for text in texts for piece in text.split() if "@" not in piece and "://" not in piece])
        )
        words = _words(said)
        self._words = set(words)
        self._letters = "".join(words)

    def names(self, label: str, initials: str) -> bool:
        """Whether the text says a domain's name, whole or the longer pieces of it, or is spelt of words of the text."""
        plain = _plain(label)
        pieces = [_squeezed(piece) for piece in _words(plain) if len(piece) >= MIN_PIECE]
        whole = _squeezed(plain)
        if len(whole) < MIN_PIECE:
            return whole in self._words or whole in initials
        return whole in self._letters or any(piece in self._letters for piece in pieces) or self._spelt(whole)

    def _spelt(self, label: str) -> bool:
        covered = at = 0
        while at < len(label):
            for end in range(len(label), at + MIN_PIECE - 1, -1):
                if label[at:end] in self._words:
                    covered += end - at
                    at = end
                    break
            else:
                at += 1
        return covered >= COVERED * len(label)


# A blank for what is of no word.
_WORDS_ALONE = bytes(code if chr(code) in "abcdefghijklmnopqrstuvwxyz0123456789" else 32 for code in range(256))


def _words(plain: str) -> list[str]:
    """The runs of letters and digits in ASCII."""
    return plain.encode("ascii").translate(_WORDS_ALONE).decode("ascii").split()


@cache
def _between() -> re.Pattern[str]:
    return re.compile("[^a-z0-9]+")


@cache
def _number() -> re.Pattern[str]:
    return re.compile("[0-9]+")


@cache
def _beyond_domains() -> re.Pattern[str]:
    """Letters that stand for no Latin ones: Greek to Thai and the like, Japanese, Chinese, Korean."""
    return re.compile("[\u0370-\u1cff\u1f00-\u1fff\u2e80-\ua6ff\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f]")
