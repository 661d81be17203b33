"""Was the claimed sender's mailbox used, or was only its address borrowed?

A login (SMTP AUTH, RFC 4954) takes the password; a From line takes nothing. So a login of the claimed sender, in a line that
can be believed, decides: from where it is expected it is the sender's `own-login`, from a foreign network the mailbox is
`used`. Without one, `borrowed` is said only where something speaks against the sender's domain; that a server of another
name handed the message over does not, since most domains send through somebody else's. Else it is `unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sekisho.facts import checkpoint
from sekisho.facts.authentication import Outcome
from sekisho.facts.claims import organisation
from sekisho.facts.edges import outside
from sekisho.facts.identity import Identity
from sekisho.facts.lines import HOSTING, Line
from sekisho.facts.route import Route, Step
from sekisho.mail import domain
from sekisho.mail.ip import in_networks, is_loopback, is_private
from sekisho.mail.message import Message
from sekisho.mail.received import Received
from sekisho.mail.writers import confirmed_name
from sekisho.named import NamedTuple
from sekisho.report import Account, Network
from sekisho.settings import Settings
from sekisho.tables import countries, gateway_notices
from sekisho.tables.providers import CLOUDS, SUBMISSION, from_inside

# What a login from abroad adds up to. From `high` on somebody else has the password; below `medium` people travel.
WEIGHTS = {
    "virus": 2,
    "brand-claimed": 2,
    "abroad": 1,  # another country than the one the domain's name stands for
    "elsewhere": 0,  # another than the server's: weaker, many have their server abroad
    "answers-elsewhere": 1,
    "hidden-recipients": 1,
    "greeted-localhost": 1,
    "rented-server": 1,
    "login-unnamed": -1,
    "login-by-name": -1,
    "from-cloud": -2,
}
FAILURES = {"dmarc": "dmarc-failed", "spf": "spf-failed"}
HIGH, MEDIUM = 3, 2
CONFIDENCES = ("high", "medium", "low")
FAILED = {"dmarc-failed": "medium", "spf-failed": "low"}  # one of them alone; both together are sure


class Login(NamedTuple):
    """The login that handed the message in: where it is recorded, from which address, as whom."""

    hop: int
    ip: str
    user: str  # as it is written
    field: str | None  # the header field that says so, where it is not the line itself
    address: str  # the mailbox: the claimed sender's, one of that domain, or the reader's; "" for anybody else's
    kind: str  # the reason that says whose it is
    chain: str  # line-proven | line-verified | line-claimed


class Said(NamedTuple):
    """What the reader's own server said of the claimed sender's domain (RFC 8601): a pass in its name, and what failed."""

    passed: bool
    failed: frozenset[str]  # dmarc-failed, spf-failed


def decide(
    message: Message,
    settings: Settings,
    route: Route,
    identity: Identity,
    results: Sequence[Outcome],
    network: Callable[[str], Network | None],
    line_of: Callable[[str, str, bool | None], Line | None],
) -> Account:
    """The decision for one message. `results` are those of the reader's own side (`authentication.read`); `line_of`
    is told an address, its name and whether that is confirmed."""
    said = _said(results, identity)
    login = _login(route, identity, said.passed)
    if login is not None and login.address and not (login.chain == "line-claimed" and said.failed):
        return _logged_in(login, message, settings, route, identity, network, line_of)
    return _without_login(login, said, message, route, identity)


# ------------------------------------------------------------------ the login


def _login(route: Route, identity: Identity, vouched: bool) -> Login | None:
    """The login that handed the message in, as far as it can be followed.

    The checkpoint's own line is proven. Below it a login is verified where the reader's side knows whose server handed the
    message over (`submission`), or because the claimed sender's domain vouches for it; known by a HELO alone it is claimed.
    """
    entry, steps = route.entry, route.steps
    if entry is not None and entry.received.auth:
        return _found(route.boundary, entry.received, identity, "line-proven")
    extended = route.origin.extended if route.origin else None
    if extended is not None:
        line = steps[extended.hop].received
        script = any(one.shown.script and one.shown.standing == "plausible" for one in route.statements)
        if script and not line.auth:
            return None  # a web page sent it, for whoever looked at that
        owner = _owner(extended.account or "", line.by, identity)
        return Login(extended.hop, extended.ip or "", extended.account or "", extended.field, *owner, "line-verified")
    return _followed(route, identity, vouched) if steps else None


def _followed(route: Route, identity: Identity, vouched: bool) -> Login | None:
    """The first login on the way down through lines that name the peer's own organisation, or the domain that vouches for it."""
    start = route.boundary + 1
    top = route.steps[max(route.boundary, 0)].received
    mine = organisation(identity.author.domain) if identity.author and identity.author.domain else ""
    servers = {organisation(top.rdns or top.helo) if route.boundary >= 0 else organisation(top.by)}
    shared = servers != {mine}  # the servers of a provider, where others than the sender hand mail in
    if vouched:
        servers.add(mine)
    confirmed = vouched and route.boundary >= 0
    for hop in range(start, len(route.steps)):
        step, line = route.steps[hop], route.steps[hop].received
        if step.hop.standing == "contradicted":
            return None
        if line.relay and line.by and organisation(line.by) not in servers:
            return None  # a filter on the same machine (relay false) may call itself localhost
        if line.auth:
            return _found(hop, line, identity, "line-verified" if confirmed else "line-claimed")
        if outside(line) and organisation(line.rdns or line.helo) not in servers:
            return None  # it came in from elsewhere, and nobody logged in
        confirmed = confirmed and not (shared and _handed_in_locally(line))
    return None


def _found(hop: int, line: Received, identity: Identity, chain: str) -> Login:
    return Login(hop, line.ip, line.auth_user, None, *_owner(line.auth_user, line.by, identity), chain)


def _handed_in_locally(line: Received) -> bool:
    """Whether a program on the server itself handed the message in: a filter, or any customer's script, with what it made up below."""
    if line.relay:
        return False
    return is_loopback(line.ip) or any(sign in line.raw for sign in (" uid ", "userid ", "with local"))


def _owner(login: str, by: str, identity: Identity) -> tuple[str, str]:
    """Whose mailbox a login at the server `by` is, and the reason that says so; no mailbox where it is neither the claimed
    sender's nor the reader's."""
    author = identity.author
    address = author.address.lower() if author else ""
    at_own = bool(address) and organisation(by) == organisation(address.rpartition("@")[2])
    user = login.lower()
    if "@" not in user and user.count("%") == 1:
        user = user.replace("%", "@")  # some servers keep the @ for themselves
    if not user:
        return (address, "login-unnamed") if at_own else ("", "login-elsewhere")
    if user in identity.readers and user != address:
        return user, "login-of-reader"
    if "@" in user:
        if user == address:
            return address, "login-of-sender"
        if address and domain.same_organisation(user.rpartition("@")[2], address.rpartition("@")[2]):
            return user, "login-of-colleague"
        return "", "login-of-another"
    if at_own:
        return address, "login-of-sender" if user == address.partition("@")[0] else "login-by-name"
    for reader in sorted(identity.readers):
        local, _, host = reader.partition("@")
        if user == local and domain.same_organisation(by, host):
            return reader, "login-of-reader"
    return "", "login-of-another"


def _logged_in(
    login: Login,
    message: Message,
    settings: Settings,
    route: Route,
    identity: Identity,
    network: Callable[[str], Network | None],
    line_of: Callable[[str, str, bool | None], Line | None],
) -> Account:
    line = route.steps[login.hop].received
    place = _place(login, line, settings, route, network)
    reasons = [login.kind, login.chain, place]
    state = "used" if place in ("abroad", "elsewhere", "from-cloud") else "own-login"
    confidence = {"line-proven": "high", "line-verified": "medium"}.get(login.chain, "low")
    if state == "used":
        reasons += _signs_of_misuse(login, line, message, identity)
        known = line_of(login.ip, *named(line, login.ip)) if place != "from-cloud" else None
        if known is not None and known.kind == HOSTING:
            reasons.append("rented-server")
        weight = sum(WEIGHTS.get(reason, 0) for reason in reasons)
        confidence = "high" if weight >= HIGH else "medium" if weight >= MEDIUM else "low"
        if login.chain == "line-claimed":
            confidence = "low"  # whoever wrote the line may have wanted to blame the owner
    return Account(
        state,
        confidence,
        _whose(login, settings, route, identity),
        login.address,
        login.hop,
        login.user or None,
        login.ip or None,
        login.field,
        tuple(reasons),
    )


def named(line: Received, ip: str) -> tuple[str, bool | None]:
    """The name that a line has for an address, and whether its writer confirmed it; "" where the line is about another."""
    return (line.rdns, bool(confirmed_name(line)) or None) if ip == line.ip else ("", None)


def _signs_of_misuse(login: Login, line: Received, message: Message, identity: Identity) -> list[str]:
    """What an owner on a journey does not do."""
    signs = []
    if any(notice.virus for part in message.texts for notice in gateway_notices.find(part.text)):
        signs.append("virus")
    if identity.brand is not None and not identity.brand.runs(identity.organisation):
        signs.append("brand-claimed")
    answers = {domain.registrable(address.domain) for address in message.addresses("reply-to")} - {""}
    if answers and identity.organisation not in answers:
        signs.append("answers-elsewhere")
    if identity.to_self and login.address not in identity.readers:
        signs.append("hidden-recipients")
    if login.ip == line.ip and (is_loopback(line.helo) or line.helo.lower() == "localhost"):
        signs.append("greeted-localhost")
    return signs


def _place(
    login: Login, line: Received, settings: Settings, route: Route, network: Callable[[str], Network | None]
) -> str:
    """Where the login came from, as the reason that says so."""
    if not login.ip:
        return "from-nowhere"
    if is_private(login.ip):
        return "from-inside"
    if in_networks(login.ip, settings.trusted_networks) or in_networks(login.ip, settings.internal_networks):
        return "from-own-network"
    known = network(login.ip)
    if known is None or not known.country:
        return "home-unknown"
    cloud = known.asn in CLOUDS
    if cloud and login.ip == line.ip and organisation(line.rdns) in SUBMISSION:
        return "from-provider"
    home = countries.of_domain(login.address)
    homes = {home, countries.of_domain(line.by), _server_country(login, line, route, network)} - {""}
    if not homes:
        return "home-unknown"
    if known.country in homes:
        return "from-home"
    return "from-cloud" if cloud else "abroad" if home else "elsewhere"


def _server_country(login: Login, line: Received, route: Route, network: Callable[[str], Network | None]) -> str:
    """Where the server stands that took the login; "" where that says nothing: a large provider's servers stand anywhere."""
    server, entry = organisation(line.by), route.entry
    if not server or server in SUBMISSION:
        return ""
    known = network(line.by_ip) if line.by_ip else None
    if known is None and entry is not None and login.hop != route.boundary:
        peer = entry.received
        known = network(peer.ip) if organisation(peer.rdns or peer.helo) == server else None
    return (known.country or "") if known else ""


def _whose(login: Login, settings: Settings, route: Route, identity: Identity) -> str:
    """The reader's own mailbox, one that is kept on the reader's own servers, or a stranger's."""
    if login.address in identity.readers:
        return "reader"
    by = domain.registrable(route.steps[login.hop].received.by)
    own = checkpoint.own_organisations(settings)
    if route.entry is not None:
        own.add(domain.registrable(route.entry.received.by))
    return "fellow" if by and by in own else "stranger"


# ------------------------------------------------------------------ no login


def _said(results: Sequence[Outcome], identity: Identity) -> Said:
    """What speaks for and against the claimed sender's domain; a result in another domain's name says nothing of it."""
    mine = organisation(identity.author.domain) if identity.author and identity.author.domain else ""
    passed, failed = False, set()
    for result in results if mine else ():
        if result.method not in ("dmarc", "dkim", "spf"):
            continue
        about = organisation(result.domain)
        if result.method == "dmarc" and not about and result.result != "pass":
            about = mine  # a server that does not say whose policy was broken means the author's
        if about != mine:
            continue
        if result.result == "pass":
            passed = True
        elif result.method in FAILURES and result.result in ("fail", "softfail", "hardfail"):
            failed.add(FAILURES[result.method])
    return Said(passed, frozenset(failed))


def _without_login(login: Login | None, said: Said, message: Message, route: Route, identity: Identity) -> Account:
    author, entry = identity.author, route.entry
    if author is None or not author.domain or entry is None:
        return _unknown("no-handover")
    mine, line = organisation(author.domain), entry.received
    about = (login.kind,) if login and not login.address else ()
    confirmed = confirmed_name(line)
    if said.passed:
        return _unknown("authenticated", *about, login=login)
    if organisation(confirmed) == mine or from_inside(line.by, confirmed):
        return _unknown("own-server", *about, login=login)
    against = _against(login, said, message, identity, entry, route.steps[route.boundary + 1 :], mine)
    if not against:
        nothing = (
            "provider-elsewhere" if mine in SUBMISSION else "sent-through-another" if line.rdns else "peer-unnamed"
        )
        return _unknown(nothing, *about, login=login)
    reasons = sorted(against, key=lambda reason: CONFIDENCES.index(against[reason]))
    address = author.address.lower()
    whose = "reader" if address in identity.readers else "stranger"
    return _unknown(*reasons, *about, login=login)._replace(
        state="borrowed", confidence=against[reasons[0]], whose=whose, address=address
    )


def _unknown(*reasons: str, login: Login | None = None) -> Account:
    """Nothing decides; a login that is somebody else's is named all the same."""
    told = tuple(dict.fromkeys(reasons))
    if login is None:
        return Account("unknown", None, None, None, None, None, None, None, told)
    return Account("unknown", None, None, None, login.hop, login.user or None, login.ip or None, login.field, told)


def _against(
    login: Login | None,
    said: Said,
    message: Message,
    identity: Identity,
    entry: Step,
    below: Sequence[Step],
    mine: str,
) -> dict[str, str]:
    """What says that the claimed sender's side (`mine`) had no part in it: reasons, each with how sure it makes."""
    against: dict[str, str] = {}
    if said.failed:
        # A forwarder breaks SPF, and DMARC where nothing was signed; a list breaks signatures: the true sender's marks are below.
        line = entry.received
        forwarded = organisation(line.rdns or line.helo) != mine and any(
            step.hop.standing != "contradicted" and mine in _organisations(step.received) for step in below
        )
        for reason in sorted(said.failed):
            if forwarded or signed_as(message, mine):
                against[reason] = "low"
            else:
                against[reason] = "high" if len(said.failed) > 1 else FAILED[reason]
    if identity.to_self and not entry.received.auth and identity.author is not None:
        # Whoever writes to many in Bcc puts the own address in To: that counts only where it is the reader's.
        if identity.author.address.lower() in identity.readers:
            against["self-from-outside"] = "high"
        elif not identity.readers:
            against["self-from-outside"] = "low"
    made_up = [step.received for step in below if step.hop.standing == "contradicted"]
    if any(mine in (organisation(line.by), organisation(line.auth_user.rpartition("@")[2])) for line in made_up):
        against["made-up-line"] = "medium"
    elif made_up:
        against["made-up"] = "low"
    if login is not None and login.kind == "login-of-another" and login.chain != "line-claimed":
        against["login-of-another"] = "low"
    return against


def signed_as(message: Message, mine: str) -> bool:
    """Whether a signature in the name of that organisation is there at all, whole or broken (DKIM, RFC 6376 §3.5)."""
    for field in message.header.all("dkim-signature"):
        for tag in field.text.split(";"):
            name, _, value = tag.partition("=")
            if name.strip() == "d" and organisation(value.strip()) == mine:
                return True
    return False


def _organisations(line: Received) -> set[str]:
    """Whose hosts a line names, and whose login."""
    return {organisation(name) for name in (line.by, line.rdns, line.helo, line.auth_user.rpartition("@")[2]) if name}
