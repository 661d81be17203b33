"""A report that strangers may read: what is the reader's own is cut out, what the sender could know his reader by as well.

What is kept is named here field by field; every text of it goes through the veil, which finds the reader's own in any writing. The panel
is not kept: an article takes its place (`article.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sekisho.mail import domain
from sekisho.mail.impersonal import opaque
from sekisho.mail.ip import is_loopback
from sekisho.mail.url_contents import tokens
from sekisho.named import TYPE_CHECKING
from sekisho.paint.article_words import TEXT
from sekisho.paint.veil import MASK, MIN_LOCAL, ROLES, Own, Veil
from sekisho.settings import Settings
from sekisho.tables import mailbox_providers

if TYPE_CHECKING:
    from typing import Any

# Fields in which the reader's side writes to whom it delivered.
DELIVERED = frozenset(
    [
        "delivered-to",
        "x-original-to",
        "x-delivered-to",
        "envelope-to",
        "x-envelope-to",
        "x-rcpt-to",
        "x-apparently-to",
        "x-forwarded-to",
        "x-forwarded-for",
        "x-real-to",
        "x-yahoo-forwarded",
        "x-resolved-to",
        "x-mailfrom-to",
        "bcc",
        "resent-to",
        "resent-cc",
        "resent-bcc",
        "apparently-to",
        "original-recipient",
    ]
)
CUT_ROLES = frozenset({"recipient"})  # segments of links that name the reader, whoever reads
PUBLIC_ROLES = frozenset({"token", "userinfo"})  # and those that may
MAX_ADDRESSES = 200  # recipients of one message


def own_of(report: dict[str, Any], settings: Settings) -> Own:
    """What is the reader's own: as the settings say it, as the reader's side wrote it, and who else the message was sent to."""
    message, hops = report["message"], report["hops"]
    sure = [*settings.own_addresses, *_delivered(report)]
    sure += [hop["for"] for hop in hops if hop["for"] and hop["trust"] != "claimed"]
    account = report.get("account") or {}
    if account.get("whose") in ("reader", "fellow") and account.get("address"):
        sure.append(account["address"])
    named = [*message["to"], *message["cc"], *(to for block in report["resent"] for to in block["to"])]
    hearsay = [mailbox["address"] for mailbox in named if "@" in mailbox["address"]]
    hearsay += [hop["for"] for hop in hops if hop["for"] and hop["trust"] == "claimed"]
    own = {*settings.own_domains, *(_organisation(one) for one in sure if "@" in one)}
    own |= {_organisation(f"@{server}") for server in settings.incoming_servers}
    theirs = _suspects(report)
    own |= {place for place in map(_organisation, hearsay) if place not in theirs}
    own = {place for place in own if place and "." in place and not mailbox_providers.shared(place)}
    imitations = [
        finding["values"].get("other") for finding in report["findings"] if finding["id"] == "near-own-domain"
    ]
    hosts, ips = _own_side(report, settings)
    names = [
        *settings.own_names,
        *(mailbox["name"] for mailbox in named if mailbox["name"] and "@" not in mailbox["name"]),
    ]
    said = {part.lower() for name in names for part in _parts(name)}
    said |= {one.lower() for one in sure if "@" not in one and len(one) >= MIN_LOCAL and one.lower() not in ROLES}
    common = {part.lower() for part in _claimed_names(report)} - {
        part.lower() for name in settings.own_names for part in _parts(name)
    }
    return Own(
        addresses=tuple(dict.fromkeys(address for address in [*sure, *hearsay][:MAX_ADDRESSES] if "@" in address)),
        domains=tuple(sorted(own)),
        names=tuple(dict.fromkeys(name for name in names if len(name.strip()) > 1)),
        words=tuple(sorted(said - common)),
        hosts=tuple(dict.fromkeys([*hosts, *(text for text in imitations if isinstance(text, str))])),
        ips=tuple(dict.fromkeys(ips)),
        networks=(*settings.trusted_networks, *settings.internal_networks),
    )


def for_strangers(report: dict[str, Any], settings: Settings, *, public: bool = True) -> dict[str, Any]:
    """The report without what is the reader's own, its panel left out. `public`: also without other people's names and the marks
    in links and ids by which the sender knows his reader; what goes to a response team in confidence keeps these."""
    own = own_of(report, settings)
    if public:
        own = _with_victim(report, own)
    return _Cut(Veil(own, TEXT["ja" if settings.locale == "ja" else "en"]["left-out"]), own, public).report(report)


def _with_victim(report: dict[str, Any], own: Own) -> Own:
    """Whoever's mailbox was used for it has suffered enough: name, address and domain are left out as the reader's are."""
    account = report.get("account") or {}
    if account.get("state") != "used" or not account.get("address"):
        return own
    names = [mailbox["name"] for mailbox in report["message"]["from"] if len(mailbox["name"]) > 1]
    place = _organisation(account["address"])
    return own._replace(
        addresses=(*own.addresses, account["address"]),
        names=(*own.names, *names),
        domains=(*own.domains, place) if place and not mailbox_providers.shared(place) else own.domains,
    )


class _Cut:
    """One report on its way; each method has one part of it."""

    def __init__(self, veil: Veil, own: Own, public: bool) -> None:
        self._veil = veil
        self._own = own
        self._public = public
        self._cached: dict[str, str] = {}

    def report(self, report: dict[str, Any]) -> dict[str, Any]:
        inner = _inner(report)
        kept = {
            "schema": report["schema"],
            "message": self._message(report["message"]),
            "verdict": self._all(report["verdict"]),
            "findings": [self._finding(finding) for finding in report["findings"]],
            "hops": [self._hop(hop, number in inner, number) for number, hop in enumerate(report["hops"])],
            "origin": self._all(report["origin"]),
            "submission": [self._all(one) for one in report["submission"]],
            "resent": [],
            "timing": report["timing"],
            "account": self._all(report.get("account")),
            "identity": self._all(report.get("identity")),
            "authentication": {
                "reported": [],
                "verified": self._all(report["authentication"]["verified"]),
            },
            "links": [self._link(link) for link in report["links"]],
            "attachments": [self._attachment(file, report) for file in report["attachments"]],
            "defects": [defect.partition(":")[0] for defect in report["defects"]],
            "panel": [],
            "lookups": {
                **report["lookups"],
                "log": [{**self._all(entry), "source": _source(entry)} for entry in report["lookups"]["log"]],
            },
            "final": report["final"],
        }
        return kept

    # -------------------------------------------------------------- texts

    def _text(self, text: str) -> str:
        """A text that anybody may have written."""
        known = self._cached.get(text)
        if known is None:
            known = self._cached[text] = self._strict(self._veil.text(text))
        return known

    def _strict(self, text: str) -> str:
        if not self._public:
            return text
        text = _names_cut(text)
        if len(text) < 16:
            return text
        out, at = "", 0
        for span in tokens(text):
            out += text[at : span.start] + MASK
            at = span.end
        return out + text[at:]

    def _all(self, value: Any) -> Any:
        """Any value with its texts cut; members that only this program writes stay as they are."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self._all(item) for item in value]
        if isinstance(value, dict):
            return {name: item if name in _OURS else self._all(item) for name, item in value.items()}
        return value

    def _network(self, network: dict[str, Any] | None) -> dict[str, Any] | None:
        if network is None:
            return None
        return {**network, **{name: self._all(network[name]) for name in ("ip", "prefix", "name", "place", "abuse")}}

    # -------------------------------------------------------------- parts

    def _message(self, message: dict[str, Any]) -> dict[str, Any]:
        masked = {"name": "", "address": MASK, "domain": MASK}
        return {
            "sha256": None,  # who finds the mail under it where samples are shared has the reader's address
            "size": message["size"],
            "complete": message["complete"],
            "subject": self._all(message["subject"]),
            "date": message["date"],
            "message_id": self._id(message["message_id"]),
            "from": [self._mailbox(mailbox) for mailbox in message["from"]],
            "to": [masked] if message["to"] else [],
            "cc": [masked] if message["cc"] else [],
            "reply_to": [self._mailbox(mailbox) for mailbox in message["reply_to"]],
            "sender": self._mailbox(message["sender"]) if message["sender"] else None,
            "return_path": self._all(message["return_path"]),
        }

    def _mailbox(self, mailbox: dict[str, Any]) -> dict[str, Any]:
        place = self._text(mailbox["domain"])
        return {"name": self._text(mailbox["name"]), "address": self._text(mailbox["address"]), "domain": place}

    def _id(self, identity: str | None) -> str | None:
        """A Message-ID is one message's: its sender's log says to whom it went."""
        if identity is None:
            return None
        if self._public:
            identity = f"{MASK}@{identity.rpartition('@')[2]}"
        return self._veil.text(identity)

    def _finding(self, finding: dict[str, Any]) -> dict[str, Any]:
        where = [_place(place) for place in finding["where"]]
        texts = {name: self._text(finding[name]) for name in ("title", "why", "advice")}
        return {**finding, **texts, "where": where, "values": self._all(finding["values"])}

    def _hop(self, hop: dict[str, Any], inner: bool, number: int) -> dict[str, Any]:
        """A line of the sender's side without recipient; of the reader's side only from whom it took the message."""
        kept = {**hop, **{name: self._all(hop[name]) for name in _LINE}}
        kept["network"] = self._network(hop["network"])
        kept["for"] = MASK if hop["for"] else None
        own = hop["trust"] != "claimed" or number == 0
        if own:
            kept["by"], kept["by_ip"], kept["id"] = (MASK if hop[name] else None for name in ("by", "by_ip", "id"))
            kept["tls"] = None
        else:
            kept["by"], kept["by_ip"] = self._all(hop["by"]), self._all(hop["by_ip"])
            kept["id"] = MASK if hop["id"] and self._public else self._all(hop["id"])
        if inner:
            kept["helo"], kept["rdns"], kept["ip"] = (MASK if hop[name] else None for name in ("helo", "rdns", "ip"))
            kept["ident"] = kept["envelope_from"] = kept["auth"] = kept["network"] = None
        kept["raw"] = self._raw(hop, kept, own)
        return kept

    def _raw(self, hop: dict[str, Any], kept: dict[str, Any], own: bool) -> str:
        """The line again: whole where the sender's side wrote it, put together from what is kept where the reader's did."""
        if not own:
            raw = _recipient().sub(rf"\1{MASK}", self._text(hop["raw"]))
            return _identifier().sub(rf"\1{MASK}", raw) if self._public else raw
        said = [kept["helo"] or "unknown"]
        if kept["rdns"] or kept["ip"]:
            said.append("(" + " ".join(filter(None, (kept["rdns"], kept["ip"] and f"[{kept['ip']}]"))) + ")")
        line = f"from {' '.join(said)} by {MASK}"
        if hop["with"]:
            line += f" with {self._text(hop['with'])}"
        return f"{line} for {MASK}; {hop['date'] or ''}".rstrip("; ")

    def _link(self, link: dict[str, Any]) -> dict[str, Any]:
        segments = self.segments(link["segments"])
        url = "".join(segment["text"] for segment in segments)
        kept = {
            **link,
            "url": url,
            "defanged": defanged(segments),
            "segments": segments,
            "text": self._all(link["text"]),
            "host": self._text(link["host"]),
            "display_host": self._text(link["display_host"]),
            "registrable_domain": self._all(link["registrable_domain"]),
            "path": _path(segments),
            "unwrapped": [self._url(inner) for inner in link["unwrapped"]],
            "network": self._network(link["network"]),
            "registration": self._all(link["registration"]),
            "reputation": self._all(link["reputation"]),
            "visit": self._all(link["visit"]),
        }
        if link["visit"]:
            kept["visit"]["chain"] = [
                {**self._all(one), "url": self._url(one["url"]), "network": self._network(one["network"])}
                for one in link["visit"]["chain"]
            ]
        return kept

    def segments(self, segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The pieces of a link, cut alike one by one and as a whole."""
        cut = CUT_ROLES | PUBLIC_ROLES if self._public else CUT_ROLES
        whole = self._veil.pieces([segment["text"] for segment in segments])
        out = []
        for segment, text in zip(segments, whole, strict=True):
            if segment["role"] in cut:
                text = MASK + ("@" if segment["role"] == "userinfo" and text.endswith("@") else "")
            elif self._public and segment["role"] in _LOOSE:
                text = _pieces_cut(text)
            elif self._public and segment["role"] == "nested":
                text = _pieces_cut(_names_cut(text))
            if text:
                out.append({**segment, "text": text})
        return out

    def _url(self, url: str) -> str:
        """A URL that nobody has taken apart."""
        text = self._veil.text(url)
        return _names_cut(_pieces_cut(text)) if self._public else text

    def _attachment(self, file: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
        """A file that names its reader is one reader's, and so is its hash."""
        roles = {
            segment["role"]
            for link in report["links"]
            if link["where"] == file["where"]
            for segment in link["segments"]
        }
        personal = bool(roles & (CUT_ROLES | PUBLIC_ROLES))
        return {
            **file,
            "filename": self._all(file["filename"]),
            "sha256": None if personal else file["sha256"],
            "removed_by_gateway": self._all(file["removed_by_gateway"]),
            "members": [
                {**member, "name": self._text(member["name"]), "inside": self._all(member["inside"])}
                for member in file["members"]
            ],
        }


# ------------------------------------------------------------------ the reader's own


def _own_side(report: dict[str, Any], settings: Settings) -> tuple[list[str], list[str]]:
    """Hosts and addresses of the servers on the reader's side, as their own lines name them."""
    hosts, ips = [*settings.incoming_servers], []
    inner = _inner(report)
    for number, hop in enumerate(report["hops"]):
        if hop["trust"] == "claimed" and number:
            continue
        hosts.append(hop["by"])
        ips.append(hop["by_ip"])
        if number in inner:
            hosts += [hop["helo"], hop["rdns"]]
            ips.append(hop["ip"])
    for relay in settings.relays:
        (ips if domain.registrable(relay) == "" else hosts).append(relay)
    for given in report["authentication"]["reported"]:
        if given.get("standing") in ("yours", "named"):
            hosts.append(given["authserv_id"])
    origin = report["origin"]
    peer = report["hops"][origin["hop"]] if origin and origin["hop"] < len(report["hops"]) else {}
    evidence = {peer.get("helo"), peer.get("rdns"), *_suspects(report), "localhost", "localhost.localdomain", "unknown"}
    return (
        [host.strip("[]").lower() for host in hosts if host and host not in evidence and len(host) > 3],
        [ip for ip in ips if ip and not is_loopback(ip) and ip != peer.get("ip")],
    )


def _inner(report: dict[str, Any]) -> frozenset[int]:
    """The lines in which one server of the reader's side took the message from another."""
    origin = report["origin"]
    entry = origin["hop"] if origin else 0
    return frozenset(range(entry)) | frozenset(
        number for number, hop in enumerate(report["hops"]) if number < entry and hop["trust"] != "claimed"
    )


def _delivered(report: dict[str, Any]) -> Iterator[str]:
    """Addresses, or names of mailboxes, in the fields in which the reader's side says to whom it delivered, as the source block shows them."""
    for block in report["panel"]:
        if block.get("block") != "source":
            continue
        for item in block["body"]:
            name = str(item.get("anchor") or "").removeprefix("field:").partition(":")[0]
            if name in DELIVERED:
                written = "".join(span["text"] for span in item.get("spans") or ())
                yield from _mail_address().findall(written) or _mailbox().findall(written)


@cache
def _recipient() -> re.Pattern[str]:
    return re.compile(r"(\bfor\s{1,8})<?[^\s;>]+>?", re.IGNORECASE)


@cache
def _identifier() -> re.Pattern[str]:
    return re.compile(r"(\bid\s{1,8})[^\s;()]+", re.IGNORECASE)


@cache
def _mail_address() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]{1,64}@[A-Za-z0-9.\-\u0080-\U0010ffff]{1,253}")


@cache
def _mailbox() -> re.Pattern[str]:
    """A mailbox that its server knows by a name without a domain, the last word of such a field."""
    return re.compile(r"[^\s:;<>]{3,64}(?=\s*\Z)")


def _organisation(address: str) -> str:
    return domain.registrable(address.rpartition("@")[2])


def _suspects(report: dict[str, Any]) -> set[str]:
    """Registrable domains of which the sender speaks as his own, and of the links."""
    message = report["message"]
    mailboxes = [*message["from"], *message["reply_to"], *([message["sender"]] if message["sender"] else [])]
    places = {_organisation(mailbox["address"]) for mailbox in mailboxes}
    places |= {link["registrable_domain"] for link in report["links"] if link["registrable_domain"]}
    return places - {""}


def _parts(name: str) -> list[str]:
    """The parts of a person's name that may stand alone."""
    parts = [part.strip(".,;:()\"'") for part in re.split(r"[\s\u3000,・·]+", name)]
    return [part for part in parts if len(part) > (2 if part.isascii() else 1)]


def _claimed_names(report: dict[str, Any]) -> Iterator[str]:
    """Words that the sender's side goes by: where the To field has them too, they are evidence first."""
    identity = report.get("identity") or {}
    yield from _parts(identity.get("brand") or "")
    for mailbox in report["message"]["from"]:
        yield from _parts(mailbox["name"])
    for finding in report["findings"]:
        yield from _parts(str(finding["values"].get("brand") or ""))
    yield from (
        "mail",
        "customer",
        "user",
        "support",
        "service",
        "account",
        "team",
        "info",
        "admin",
        "お客様",
        "会員",
        "各位",
    )


# ------------------------------------------------------------------ what the sender may know his reader by


def _names_cut(text: str) -> str:
    """Other people's addresses: the local part is theirs, the domain is evidence. A public desk keeps its name."""
    if "@" not in text:
        return text
    out, at = [], 0
    for match in _mail_address().finditer(text):
        local, _, place = match.group().rpartition("@")
        if local.lower() in ROLES or MASK in local:
            continue
        out.append(
            text[at : match.start()] + (local[0] if len(local) > 1 and local[0].isalpha() else "") + MASK + "@" + place
        )
        at = match.end()
    return "".join(out) + text[at:]


_LOOSE = frozenset({"path", "query", "fragment", "subdomain"})


def _path(segments: list[dict[str, Any]]) -> str:
    """The path of a link that was cut: from its first piece to query or fragment."""
    first = next((at for at, segment in enumerate(segments) if segment["role"] == "path"), len(segments))
    rest = "".join(segment["text"] for segment in segments[first:])
    return rest.partition("?")[0].partition("#")[0]


def _pieces_cut(text: str) -> str:
    """A piece of a link with the words cut out that no person would have chosen."""
    return _word().sub(lambda match: MASK if opaque(match.group()) else match.group(), text)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]*={0,2}")


def defanged(segments: list[dict[str, Any]]) -> str:
    """A link that no program makes one of."""
    hosts = ("subdomain", "registrable", "ip", "imitation", "separator", "port")
    text = "".join(s["text"].replace(".", "[.]") if s["role"] in hosts else s["text"] for s in segments)
    return text.replace("http", "hxxp", 1) if text.startswith("http") else text


def _source(entry: dict[str, Any]) -> str:
    """Who answered; which resolver the reader asks through is nobody's business."""
    if entry["question"].get("kind") in ("rdap", "registration", "whois"):
        return str(entry["source"])
    before, bracket, _ = str(entry["source"]).partition(" (")
    return before if bracket else "DNS"


def _place(place: str) -> str:
    """Where a finding's evidence is; a header field of an unknown name may be named after the reader."""
    kind, _, name = place.partition(":")
    return place if kind != "field" or name.partition(":")[0] in _FIELDS else "field:x-masked"


_LINE = ("helo", "rdns", "ip", "via", "with", "ident", "envelope_from", "why", "auth", "tls")
_FIELDS = frozenset(
    [
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "reply-to",
        "sender",
        "return-path",
        "message-id",
        "received",
        "list-id",
        "authentication-results",
        "received-spf",
        "dkim-signature",
        "x-mailer",
        "user-agent",
        "content-type",
        "x-originating-ip",
        "list-unsubscribe",
    ]
)
# Members whose values only this program writes: codes, numbers and times.
_OURS = frozenset(
    [
        "id",
        "level",
        "severity",
        "reasons",
        "rule",
        "standing",
        "trust",
        "state",
        "confidence",
        "whose",
        "role",
        "kind",
        "at",
        "as_of",
        "country",
        "lat",
        "lon",
        "precision",
        "asn",
        "how",
        "status",
        "outcome",
        "asks",
        "secure",
        "certificate",
        "reading",
        "disguise",
        "from_list",
        "opened",
        "failed",
        "hop",
    ]
)
