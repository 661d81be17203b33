"""What follows from the bytes. `Facts` gathers it for one message; every check reads from here."""

from __future__ import annotations

from functools import cached_property

from sekisho.facts import (
    account,
    attachments,
    authentication,
    companies,
    domains,
    identity,
    lines,
    links,
    network,
    removed,
    reputation,
    route,
    timing,
    vouched,
    zones,
)
from sekisho.facts.edges import NOTHING, Edges
from sekisho.mail.message import Message
from sekisho.mail.writers import confirmed_name
from sekisho.named import TYPE_CHECKING
from sekisho.questions import ALIKE, HISTORY, KNOWN, LEARNT_EDGES, OFFLINE, Ask, Question, State
from sekisho.report import Account, Attachment, Authentication, Network
from sekisho.settings import Settings

if TYPE_CHECKING:
    from sekisho.facts.answers import Answers
    from sekisho.facts.beside import Beside
    from sekisho.facts.brand_claim import Held
    from sekisho.facts.campaign import Campaign
    from sekisho.facts.carrier import Carrier
    from sekisho.facts.history import History
    from sekisho.facts.lures import Lures
    from sekisho.facts.namesakes import Strange
    from sekisho.facts.opened import Opened
    from sekisho.facts.own_provider import OwnProvider
    from sekisho.facts.papers import Papers
    from sekisho.facts.sender_name import SenderName
    from sekisho.facts.sighting import Sighting
    from sekisho.facts.trusted import Trusted
    from sekisho.facts.verification import Verified
    from sekisho.facts.visits import Visit
    from sekisho.mail.html import HtmlLink
    from sekisho.mail.impersonal import Impersonal
    from sekisho.tables.brands import Brand


class Facts:
    """All that is known of one message. Parts are computed once, in the order they need each other.

    `line`: the kind of line that handed the message over; None where that is not known."""

    def __init__(self, message: Message, settings: Settings, ask: Ask) -> None:
        self.message = message
        self.settings = settings
        self._ask = ask
        self._networks: dict[str, Network | None] = {}
        self.route = route.walk(message, settings, self.network, _edges(ask))
        self.beside = _beside(message, self.route)
        self.timing = timing.measure(self.route, message)
        self.identity = identity.read(message, settings, self.route)
        self.zone = zones.elsewhere(
            self.timing, self.route, self.identity.author.domain if self.identity.author else ""
        )
        self.opened = _opened(message, ask)
        self.links = links.collect(message, self.identity, self.network, _links_inside(self.opened))
        self.domains = domains.collect(message, self.identity, self.route, self.links, settings, self.network, ask)
        self.reputation = reputation.collect(self.links, self.domains, settings, ask)
        self._requests: dict[int, Impersonal] = {}
        self.visits: dict[int, Visit] = self._visits()
        self.removed = removed.collect(message)
        self.files = attachments.collect(message, ask)
        self.attachments: tuple[Attachment, ...] = removed.marked(
            tuple(file.attachment for file in self.files), self.removed
        )
        self.reports = authentication.read(message, self.route, settings)
        self.verified = _verified(message, self.identity, self.route, settings, ask)
        self.authentication = Authentication(
            tuple(paper.shown for paper in self.reports),
            self.verified.shown() if self.verified else {"spf": {}, "dkim": [], "dmarc": {}, "arc": {}},
        )
        self.said = tuple(one for paper in self.reports for one in paper.said if one.counts)
        self.account: Account = account.decide(
            message, settings, self.route, self.identity, self.said, self.network, self.line_of
        )
        self.vouched = vouched.collect(self.said, self.verified, self.route)
        self.line = self._line_of_entry()
        self.shared = companies.shared(self.domains, self.route)
        self.elsewhere = companies.elsewhere(self.identity, self.domains, self.route, self.line)

    @cached_property
    def lures(self) -> Lures:
        """What the message presses for."""
        from sekisho.facts import lures

        return lures.read(self.message)

    @cached_property
    def papers(self) -> Papers:
        """Whose word there is for the claimed sender's domain, and what speaks against it."""
        from sekisho.facts import papers

        return papers.collect(
            self.message, self.identity, self.route, self.said, self.verified, self.vouched, self.account
        )

    @cached_property
    def trusted(self) -> Trusted | None:
        """Whether the author is one whom the reader trusts; without a list of them its reader is not loaded."""
        if not self.settings.trusted_senders:
            return None
        from sekisho.facts import trusted

        return trusted.find(self.settings.trusted_senders, self.identity, self.papers, self.account)

    @cached_property
    def carrier(self) -> Carrier | None:
        """The service that sent the message for somebody, where a proof names it."""
        if not self.vouched:
            return None
        from sekisho.facts import carrier

        return carrier.recognise(self.vouched, self.identity)

    @cached_property
    def from_list(self) -> str:
        """Whether a mailing list wrote itself into From: proven, claimed or ""."""
        header = self.message.header
        if not header.first("list-id") and not header.first("list-post") and " via " not in self.identity.name:
            return ""
        from sekisho.facts import carrier

        return carrier.from_list(self.message, self.identity, self.vouched, self.route)

    @cached_property
    def sighting(self) -> Sighting:
        """What the register is told of the message."""
        from sekisho.facts import sighting

        return sighting.of(
            self.message,
            self.settings,
            self.identity,
            self.route,
            self.links,
            proven=bool(self.papers.vouches),
            vouched=self.vouched,
            own=self.provider.domains,
            attachments=self.attachments,
            removed=self.removed,
            network=self.network,
            line_of=self.line_of,
        )

    @cached_property
    def campaign(self) -> Campaign | None:
        """The messages of one kind with this one; None where the register knows none."""
        answer = self._ask(ALIKE)
        if answer is None or not answer.records:
            return None
        from sekisho.facts import campaign

        return campaign.read(self.sighting, answer.records, self.settings)

    @cached_property
    def history(self) -> History | None:
        """What is remembered of the sender; None where nothing is, or nobody remembers."""
        answer = self._ask(HISTORY)
        if answer is None or not answer.records:
            return None
        from sekisho.facts import history

        return history.read(self.sighting, answer.records, self.settings)

    @cached_property
    def known(self) -> tuple[str, ...]:
        """From where the reader knows the address in From (facts.known.WAYS); () where nothing says so."""
        answer, author = self._ask(KNOWN), self.identity.author
        if author is None or (answer is None and (self.history is None or not self.history.written)):
            return ()
        from sekisho.facts import known

        return known.read(author.address.lower(), answer.records if answer else (), self.history)

    @cached_property
    def provider(self) -> OwnProvider:
        """Who keeps the reader's mailbox."""
        from sekisho.facts import own_provider

        return own_provider.find(self.settings, self.route, self.identity, self.domains)

    @cached_property
    def claim(self) -> Held | None:
        """Whom the message speaks as, held against who sent it."""
        from sekisho.facts import brand_claim

        return brand_claim.read(
            self.message,
            self.identity,
            self.route,
            self.provider,
            self.links,
            self.lures,
            self.shared,
            brand_claim.Evidence(self.vouched, self.carrier, lambda: self.papers),
        )

    @property
    def carrier_behind(self) -> str:
        """The address that a proven alias service says is behind the sender's; "" where there is none."""
        return self.carrier.behind if self.carrier is not None else ""

    def speaks_for(self, brand: Brand) -> bool:
        """Whether a proof ties the message to a brand."""
        from sekisho.facts import carrier

        return carrier.speaks_for(brand, self.vouched, self.carrier)

    @cached_property
    def sender_name(self) -> SenderName:
        """What the name in From holds beside a name."""
        from sekisho.facts import sender_name

        return sender_name.read(self.identity)

    @cached_property
    def strange(self) -> Strange | None:
        """The sender's name, where nothing bears it; a message without links or a list's is not looked at."""
        if not self.links.seen or not self.identity.name or self.from_list:
            return None
        from sekisho.facts import namesakes
        from sekisho.facts.checkpoint import own_organisations

        own = own_organisations(self.settings)
        return namesakes.read(self.message, self.identity, self.links, self.vouched, own)

    @cached_property
    def leads_elsewhere(self) -> tuple[int, ...]:
        """The links, where all lead to one owner that nothing in the message names; () where the name is strange already."""
        if not self.links.seen or not self.identity.name or self.from_list or self.strange is not None:
            return ()
        from sekisho.facts import namesakes

        return namesakes.elsewhere(self.message, self.identity, self.links, self.vouched)

    @cached_property
    def recipients(self) -> frozenset[str]:
        """The addresses in To and Cc, lower case."""
        return frozenset(one.address.lower() for name in ("to", "cc") for one in self.message.addresses(name))

    @cached_property
    def answers(self) -> Answers | None:
        """Where an answer would go, if that is another organisation; without Reply-To its reader is not loaded."""
        if not self.message.addresses("reply-to"):
            return None
        from sekisho.facts import answers

        return answers.read(self.message, self.identity, self.recipients, self.from_list)

    @cached_property
    def answers_other_mailbox(self) -> str:
        """The private mailbox of another name that answers to a private mailbox go to; "" where they don't."""
        if not self.message.addresses("reply-to") or self.from_list:
            return ""
        from sekisho.facts import answers

        return answers.other_mailbox(self.message, self.identity, self.recipients)

    @property
    def handed_over(self) -> int | None:
        """When the reader's side took the message in, by the clock on its wall: seconds since 1970 there, for counting days."""
        date = self.route.entry.received.date if self.route.entry else None
        return date.epoch + 60 * date.offset if date else None

    def request_of(self, number: int) -> Impersonal:
        """Where a link leads as it would be requested, without what names the reader."""
        if number not in self._requests:
            from sekisho.mail import impersonal

            seen = self.links.seen[number]
            readers = {*self.identity.readers, *self.settings.own_addresses, *self.recipients} - {""}
            self._requests[number] = impersonal.of(seen.target, seen.target.segments, readers)
        return self._requests[number]

    def visit_of(self, number: int) -> State | None:
        """What is known of following a link; the reader may ask for it from here on."""
        request = self.request_of(number).url
        return self._ask.offer(Question("visit", "link", request), f"link:{number}") if request else None

    def _visits(self) -> dict[int, Visit]:
        """What came of the links that the reader had followed; their reader is loaded for those alone."""
        if not self._ask.knows("visit"):
            return {}
        from sekisho.facts import visits

        subject = self.message.unstructured("subject") or ""
        return visits.collect(self.links, self.identity, subject, self.visit_of, self.network)

    def places(self, domain: domains.Domain) -> tuple[str, ...]:
        """Where the message names a domain."""
        return domains.places(domain, self.message, self.route, self.links)

    def reverse_names(self, ip: str) -> tuple[network.ReverseName, ...] | None:
        """The names that an address has today; None: not known."""
        return network.reverse_names(ip, self._ask)

    def listings(self, ip: str) -> tuple[domains.Listing, ...]:
        """What the blocklists that the reader chose say of an address."""
        return domains.listings(ip, "ip", self.settings, self._ask)

    def line_of(self, ip: str, rdns: str = "", confirmed: bool | None = None) -> lines.Line | None:
        """What kind of line an address is; None where that is not known. `rdns`: a name of it that is known already, `confirmed`
        as in `network.ReverseName`."""
        named = [network.ReverseName(rdns, confirmed)] if rdns else []
        return lines.of(ip, [*named, *(self.reverse_names(ip) or ())], self.listings(ip), self.network(ip))

    def _line_of_entry(self) -> lines.Line | None:
        entry = self.route.entry
        if entry is None or not entry.received.ip or entry.hop.private:
            return None
        received = entry.received
        return self.line_of(received.ip, received.rdns, bool(confirmed_name(received)) or None)

    def network(self, ip: str) -> Network | None:
        """Who runs an address; None for one that is not routed or not known."""
        if ip not in self._networks:
            self._networks[ip] = network.of(ip, self._ask)
        return self._networks[ip]


def _edges(ask: Ask) -> Edges:
    """What the reader's mailbox has taught of its own servers; nothing when nobody has learnt from it."""
    answer = ask(LEARNT_EDGES)
    learnt = answer.records[0] if answer and answer.records else None
    return learnt if isinstance(learnt, Edges) else NOTHING


def _verified(
    message: Message, identity: identity.Identity, route: route.Route, settings: Settings, ask: Ask
) -> Verified | None:
    """None at the level `offline`: without keys and records there is nothing to verify with, unless they are known already."""
    if settings.privacy == OFFLINE and not ask.knows("dns"):
        return None
    from sekisho.facts import verification

    return verification.collect(message, identity, route, ask)


def _beside(message: Message, known: route.Route) -> Beside | None:
    """What stands beside the Received lines; few mails have such fields, and only for those their readers are loaded."""
    names = message.header.named
    if "x-received" not in names and not any(name.startswith("resent-") for name in names):
        return None
    from sekisho.facts import beside

    return beside.read(message, known)


def _opened(message: Message, ask: Ask) -> tuple[Opened, ...]:
    """What was read in images, PDFs and Office files; without such files their reader is not loaded."""
    if not message.files:
        return ()
    from sekisho.facts import opened

    return opened.collect(message, ask)


def _links_inside(files: tuple[Opened, ...]) -> list[tuple[str, list[HtmlLink]]]:
    if not files:
        return []
    from sekisho.facts import opened

    return opened.links(files)
