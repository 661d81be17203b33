"""What came of following a link: where it ends, whose that is, and what the page there says and asks for.

Loaded for mails of which a link was followed, and that happens on the reader's word alone (gate.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sekisho.facts.identity import Identity
from sekisho.facts.links import Links, Seen
from sekisho.mail import domain, url
from sekisho.mail.ip import canonical
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import Answer, State
from sekisho.report import Network, as_json
from sekisho.tables import brands
from sekisho.tables.brands import Brand

if TYPE_CHECKING:
    from typing import Any

MAX_STEPS = 12
ARRIVED = ("page", "file")
_ASKS = ("password", "card", "pin", "code")
_WAYS = ("redirect", "refresh", "meta", "script")
_FAULTS = ("future", "expired", "self-signed", "unknown", "name")
# Why a visit went no further: what lookup/visits.py adds to the reasons of questions.Failed.
STOPS = ("loop", "hops", "scheme", "port", "inside", "own", "certificate")
_REASONS = (
    "timeout",
    "refused",
    "server-failed",
    "unreachable",
    "rate-limited",
    "too-large",
    "tls",
    "no-server",
    "cancelled",
)


class Step(NamedTuple):
    """One request. `how`: link, redirect, refresh, meta, script; `certificate`: what is wrong with it, None: nothing, or there is none."""

    url: str
    defanged: str
    host: str
    domain: str
    how: str
    status: int | None
    ip: str | None
    network: Network | None
    certificate: str | None

    @property
    def secure(self) -> bool:
        return self.url.startswith("https:")


class Visit(NamedTuple):
    """One link followed. `owner`: the brand at whose own domain it ended; `claimed`: the one that the mail speaks for."""

    number: int
    outcome: str  # lookup/visits.py
    steps: tuple[Step, ...]
    title: str
    brands: tuple[Brand, ...]  # whose names stand on the page
    asks: tuple[str, ...]  # password, card, pin, code
    owner: Brand | None
    claimed: Brand | None
    at: str

    @property
    def arrived(self) -> bool:
        return self.outcome in ARRIVED and bool(self.steps)

    @property
    def ends_at(self) -> str:
        """The registrable domain of the last server, or its address."""
        return self.steps[-1].domain or self.steps[-1].host if self.steps else ""

    @property
    def genuine(self) -> Brand | None:
        """The brand to whose genuine site a link led that is not the brand's: so does a cloak for whom it does not want to deceive."""
        begins = brands.of_domain(self.steps[0].domain) if self.steps else None
        return self.owner if self.arrived and self.owner is not begins else None

    @property
    def shown(self) -> dict[str, Any]:
        """As the report has it."""
        return {
            "outcome": self.outcome,
            "chain": [
                {
                    "url": step.defanged,
                    "how": step.how,
                    "status": step.status,
                    "ip": step.ip,
                    "network": as_json(step.network),
                    "secure": step.secure,
                    "certificate": step.certificate,
                }
                for step in self.steps
            ],
            "ends_at": self.ends_at,
            "owner": self.owner.name if self.owner else None,
            "genuine": self.genuine is not None,
            "title": self.title,
            "brands": [brand.name for brand in self.brands],
            "claimed": self.claimed.name if self.claimed else None,
            "asks": list(self.asks),
            "at": self.at,
        }


def collect(
    links: Links,
    identity: Identity,
    subject: str,
    heard: Callable[[int], State | None],
    network: Callable[[str], Network | None],
) -> dict[int, Visit]:
    """The visits that have been answered, by the number of the link; `heard` is what is known of following one."""
    out = {}
    for number, seen in enumerate(links.seen):
        answer = heard(number)
        record = answer.records[0] if isinstance(answer, Answer) and answer.records else None
        if isinstance(answer, Answer) and isinstance(record, Mapping):
            out[number] = _visit(number, record, _claimed(seen, identity, subject), answer.at, network)
    return out


def _claimed(seen: Seen, identity: Identity, subject: str) -> Brand | None:
    """For whom the link or the mail pretends to speak, or does."""
    return seen.imitated or identity.brand or brands.of_domain(identity.organisation) or brands.named_in(subject)


def _visit(
    number: int, record: Mapping[str, Any], claimed: Brand | None, at: str, network: Callable[[str], Network | None]
) -> Visit:
    steps = tuple(_step(one, network) for one in _list(record, "chain")[:MAX_STEPS] if isinstance(one, Mapping))
    named = [str(name) for name in _list(record, "brands")]
    outcome = str(record.get("outcome", ""))
    return Visit(
        number=number,
        outcome=outcome if outcome in (*ARRIVED, *STOPS, *_REASONS) else "malformed",
        steps=steps,
        title=str(record.get("title", "")),
        brands=tuple(brand for brand in brands.all_brands() if brand.name in named),
        asks=tuple(asked for asked in _ASKS if asked in _list(record, "asks")),
        owner=brands.of_domain(steps[-1].domain) if steps and outcome in ARRIVED else None,
        claimed=claimed,
        at=at,
    )


def _list(record: Mapping[str, Any], name: str) -> list[object]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def _step(one: Mapping[str, Any], network: Callable[[str], Network | None]) -> Step:
    text = str(one.get("url", ""))
    parsed = url.parse(text)
    ip = canonical(str(one.get("ip") or ""))
    status, certificate = one.get("status"), one.get("certificate")
    return Step(
        url=text,
        defanged=url.defang(parsed) if parsed else text.replace(":", "[:]", 1),
        host=parsed.host if parsed else "",
        domain=domain.registrable(parsed.host) if parsed and not parsed.ip else "",
        how=how if (how := str(one.get("how"))) in _WAYS else "link",
        status=status if isinstance(status, int) else None,
        ip=ip or None,
        network=network(ip) if ip else None,
        certificate=(certificate if certificate in _FAULTS else "other") if certificate else None,
    )
