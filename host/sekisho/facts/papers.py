"""Whose word there is for the claimed sender's domain: what was verified here and what the reader's own servers reported, together.

The one place that decides who speaks for the sender, for the panel and all checks; `vouched` lists what proofs name. Reported and
verified can differ without anybody having lied: a list adds its footer, keys and records are changed. Each difference has its reason. Nobody's word is no accusation: most domains publish nothing that
could be kept; only where a domain asks to distrust what it does not vouch for (DMARC) is a message `refused`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sekisho.facts.authentication import Outcome
from sekisho.facts.identity import Identity
from sekisho.facts.route import Route
from sekisho.facts.vouched import Voucher
from sekisho.mail import domain
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.report import Account

if TYPE_CHECKING:
    from sekisho.facts.verification import Verified

VERIFIED, REPORTED = "verified", "reported"
LIST, FORWARDED = "list", "forwarded"
STRICT = ("quarantine", "reject")
_POLICIES = ("none", *STRICT)
_AGAINST = frozenset({"dmarc-failed", "spf-failed"})
_OPEN = ("unknown", "temperror")
_KEY_GONE = ("no-key", "revoked", "key-unreadable", "weak-key")
MAX_FOOTER = 4000  # characters at the end of a text


class Refusal(NamedTuple):
    """The author's domain does not vouch for the message, and says what is to be done with such mail.

    `policy`: none, quarantine, reject; "" where it is not known. `explained`: list, forwarded: how honest mail comes to it; "" for nothing.
    """

    how: str  # verified | reported
    by: str
    domain: str
    policy: str
    explained: str
    where: str


class Difference(NamedTuple):
    """A result that was reported, and what was found here.

    `reason`: list (a mailing list changed the message), body-changed, header-changed (or the key is another now), key-gone, right-here
    (it was not right then), records-changed, not-asked (here it is not known).
    """

    method: str
    domain: str
    by: str
    reported: str
    here: str
    reason: str
    where: str


class Papers(NamedTuple):
    """`vouches`: who speaks for the author's organisation. `failed`: something speaks against it, nothing for it, and neither a list nor a
    forwarder explains that; "not known" is neither passed nor failed."""

    vouches: tuple[Voucher, ...]
    refusal: Refusal | None
    failed: bool
    differences: tuple[Difference, ...]
    transit: tuple[str, ...]  # what a list does to a message, as far as seen: list-id, subject-tag, footer, body-only

    @property
    def passed(self) -> bool:
        """Whether a result that counts, or a verification here, is in the name of the author's organisation. A host's name alone says whose
        machine it was, and anybody may be a customer there."""
        return any(one.by != "host" for one in self.vouches)


def collect(
    message: Message,
    identity: Identity,
    route: Route,
    said: tuple[Outcome, ...],
    verified: Verified | None,
    vouched: tuple[Voucher, ...],
    account: Account,
) -> Papers:
    """All of it for one message. `said`: the reported results that count; `vouched`: every domain that a proof names."""
    mine = identity.organisation
    transit = _transit(message, identity, vouched, verified)
    vouches = tuple(one for one in vouched if mine and one.organisation == mine)
    passed = any(one.by != "host" for one in vouches)
    refusal, failed = None, False
    # A key that has gone since, or rules that were kept when it came: a pass is not undone here.
    if mine and not passed:
        if route.entry is not None and not route.entry.received.auth:
            refusal = _refusal(mine, message, route, said, verified, transit)
        failed = _failed(mine, message, refusal, account)
    return Papers(vouches, refusal, failed, tuple(_differences(said, verified, transit)), transit)


def _failed(mine: str, message: Message, refusal: Refusal | None, account: Account) -> bool:
    """By the reader's own server's word, as `account` weighs it, or verified here where the domain asks to distrust such mail. A
    signature of the author's that is there and broken leaves it open: old keys are gone, and lists and scanners change what they pass on."""
    if account.state == "borrowed" and account.confidence != "low" and not _AGAINST.isdisjoint(account.reasons):
        return True
    if refusal is None or refusal.how != VERIFIED or refusal.explained or refusal.policy not in STRICT:
        return False
    return account.state != "own-login" and not _signed(message, mine)


# ------------------------------------------------------------------ refused


def _refusal(
    mine: str,
    message: Message,
    route: Route,
    said: tuple[Outcome, ...],
    verified: Verified | None,
    transit: tuple[str, ...],
) -> Refusal | None:
    explained = ""
    if "list-id" in transit and _signed(message, mine):
        explained = LIST
    elif _forwarded(mine, route):
        explained = FORWARDED
    known = verified.dmarc if verified is not None else None
    known = known if known is not None and domain.registrable(known.domain) == mine else None
    if known is not None and known.result == "fail":
        return Refusal(VERIFIED, "", known.policy_domain or known.domain, known.policy or "", explained, "field:from")
    for one in said:
        if one.method == "dmarc" and one.result == "fail" and domain.registrable(one.domain) in (mine, ""):
            policy = (known.policy if known else None) or _stated(one)
            return Refusal(REPORTED, one.by, one.domain or mine, policy, explained, one.where)
    return None


def _signed(message: Message, mine: str) -> bool:
    """Whether the author's organisation signed it, broken as that may be: what asks for refusal signs, and a list breaks it."""
    if message.header.first("dkim-signature") is None:
        return False
    from sekisho.mail import dkim

    return any(domain.registrable(one.domain) == mine for one in dkim.signatures(message.header))


def _stated(one: Outcome) -> str:
    """The policy that the server wrote down beside its result: (p=REJECT sp=NONE), (policy=none), policy.published-domain-policy=reject,
    action=oreject (Microsoft: reject, but let in); "" where it did not."""
    properties = one.shown["properties"]
    words = one.shown["comment"].lower().replace(",", " ").replace(";", " ").split()
    stated = [word.partition("=")[2] for word in words if word.startswith(("p=", "policy="))]
    stated.append(properties.get("policy.published-domain-policy", "").lower())
    action = properties.get("action", "").lower()
    stated.append({"oreject": "reject", "reject": "reject", "quarantine": "quarantine"}.get(action, ""))
    return next((policy for policy in stated if policy in _POLICIES), "")


def _forwarded(mine: str, route: Route) -> bool:
    """Whether the lines below the checkpoint say that the message came from the author's own servers and was forwarded. That is the
    sender's word, and makes a doubt of it, no more."""
    for step in route.steps[route.boundary + 1 :]:
        if step.hop.standing == "contradicted":
            return False
        line = step.received
        if any(domain.registrable(name) == mine for name in (line.rdns, line.helo, line.by) if name):
            return True
    return False


# ------------------------------------------------------------------ what happened on the way


def _transit(
    message: Message, identity: Identity, vouched: Iterable[Voucher], verified: Verified | None
) -> tuple[str, ...]:
    """What a mailing list does to a message. `list-id` only where a proof names the list's own domain: anybody can write the field, and
    somebody who deceives is no list for it."""
    fields = [message.unstructured(name) or "" for name in ("list-id", "list-post")]
    if not any(fields):
        return ()
    homes = {domain.registrable(_host(text)) for text in fields} - {"", identity.organisation}
    found = []
    if any(one.organisation in homes for one in vouched):
        found.append("list-id")
    subject = (message.unstructured("subject") or "").lstrip()
    while subject[:3].lower() in ("re:", "aw:", "fw:"):
        subject = subject[3:].lstrip()
    if subject.startswith("[") and 0 < subject.find("]") < 60:
        found.append("subject-tag")
    ends = [part.text[-MAX_FOOTER:] for part in message.texts[:2]]
    if any("_" * 20 in end or "-" * 20 in end or any(home in end.lower() for home in homes) for end in ends):
        found.append("footer")
    author = (
        [one for one in verified.dkim if domain.same_organisation(one.domain, identity.organisation)]
        if verified
        else []
    )
    if author and all(one.reason == "body-changed" for one in author):
        found.append("body-only")
    return tuple(found)


def _host(text: str) -> str:
    """The host of "A list <users.lists.example.org>" or "<mailto:users@lists.example.org>"."""
    inside = text.rpartition("<")[2].partition(">")[0].removeprefix("mailto:").partition("?")[0].strip()
    return inside.rpartition("@")[2][: domain.MAX_HOST]


def _differences(
    said: tuple[Outcome, ...], verified: Verified | None, transit: tuple[str, ...]
) -> Iterable[Difference]:
    if verified is None:
        return
    for one in said:
        if one.method == "dkim":
            here = [known for known in verified.dkim if known.domain == one.domain]
            if not here or any(
                (known.result == "pass") == (one.result == "pass") for known in here if known.result not in _OPEN
            ):
                continue
            first = next((known for known in here if known.result not in _OPEN), here[0])
            yield Difference(
                "dkim",
                one.domain,
                one.by,
                one.result,
                first.result,
                _why(one, first.result, first.reason, transit),
                one.where,
            )
        elif one.method in ("spf", "dmarc"):
            known = verified.spf if one.method == "spf" else verified.dmarc
            if known is None or known.result == one.result or one.domain not in ("", known.domain):
                continue
            if known.result == "none" and one.result != "pass":
                continue
            reason = "not-asked" if known.result in _OPEN else "records-changed"
            yield Difference(one.method, known.domain, one.by, one.result, known.result, reason, one.where)


def _why(one: Outcome, here: str, reason: str, transit: tuple[str, ...]) -> str:
    if here in _OPEN:
        return "not-asked"
    if here == "pass":
        return "right-here"
    if reason in _KEY_GONE:
        return "key-gone"
    if "list-id" in transit:
        return "list"
    return "body-changed" if reason == "body-changed" else "header-changed"
