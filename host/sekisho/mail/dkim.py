"""DKIM-Signature fields and ARC sets as they stand: who signed what, under which key (RFC 6376 §3.5, RFC 8617 §4.1).

Read here, verified in facts/verification: nothing of this proves anything.
"""

from __future__ import annotations

from sekisho.mail import domain
from sekisho.mail.fields import Field, Header
from sekisho.named import NamedTuple

MAX_SIGNATURES = 10  # looked at of one message; real mails have up to 4
MAX_SETS = 50  # RFC 8617 §4.2.1
MAX_FIELD = 16_384  # bytes; a longer one is nobody's honest signature
MAX_TAGS = 40
MAX_SIGNED = 500  # names in h=

SEAL, MESSAGE_SIGNATURE, RESULTS = "arc-seal", "arc-message-signature", "arc-authentication-results"


class Signature(NamedTuple):
    """One signature's tags; what is missing or no number is "" or None. `nth` counts the fields of its name from the top."""

    nth: int
    anchor: str
    domain: str  # d=, A-labels, lower case
    selector: str  # s=
    algorithm: str  # a=: rsa-sha256, ed25519-sha256, rsa-sha1
    identity: str  # i=
    signed: tuple[str, ...]  # h=, lower case, in order
    length: int | None  # l=: octets of the body that are signed
    time: int | None  # t=, seconds since 1970
    expires: int | None  # x=
    instance: int | None  # i= of an ARC field
    verdict: str  # cv= of an ARC seal
    tags: dict[str, str]

    @property
    def key_name(self) -> str:
        """The DNS name of its key; "" where the signature does not lead to one."""
        return f"{self.selector}._domainkey.{self.domain}" if self.selector and self.domain else ""


class Set(NamedTuple):
    """One hop of an ARC chain (RFC 8617 §4.2): its three fields, each None when it is not there once."""

    instance: int
    seal: Signature | None
    signature: Signature | None
    results: Field | None


def tags(text: str) -> dict[str, str]:
    """A tag list (RFC 6376 §3.2), white space around its parts taken away; the first of two tags of one name counts."""
    found: dict[str, str] = {}
    for part in text[:MAX_FIELD].split(";")[:MAX_TAGS]:
        name, sign, value = part.partition("=")
        if sign and name.strip() and len(name) <= 100:
            found.setdefault(name.strip(), value.strip())
    return found


def signatures(header: Header) -> list[Signature]:
    """The DKIM-Signature fields, topmost first."""
    return [_signature(field) for field in header.all("dkim-signature")[:MAX_SIGNATURES]]


def chain(header: Header) -> list[Set]:
    """The ARC sets, the newest first. A set that is not whole has None in it."""
    found: dict[int, dict[str, list[Field]]] = {}
    for name in (SEAL, MESSAGE_SIGNATURE, RESULTS):
        for field in header.all(name)[: 2 * MAX_SETS]:
            number = _number(tags(field.text).get("i", ""))
            if number and number <= MAX_SETS:
                found.setdefault(number, {}).setdefault(name, []).append(field)
    sets = []
    for number in sorted(found, reverse=True):
        only = {name: fields[0] for name, fields in found[number].items() if len(fields) == 1}
        seal, signature = only.get(SEAL), only.get(MESSAGE_SIGNATURE)
        sets.append(
            Set(
                number,
                _signature(seal) if seal else None,
                _signature(signature) if signature else None,
                only.get(RESULTS),
            )
        )
    return sets


def _signature(field: Field) -> Signature:
    found = tags(field.text)
    packed = {name: "".join(value.split()) for name, value in found.items()}  # no value of these has blanks of its own
    signed = [name.strip().lower() for name in packed.get("h", "").split(":")[:MAX_SIGNED]]
    return Signature(
        nth=field.nth,
        anchor=field.anchor,
        domain=domain.normalise(packed.get("d", "")[:255]),
        selector=packed.get("s", "")[:255].lower(),
        algorithm=packed.get("a", "")[:40].lower(),
        identity=packed.get("i", "")[:320],
        signed=tuple(name for name in signed if name),
        length=_number(packed.get("l", "")),
        time=_number(packed.get("t", "")),
        expires=_number(packed.get("x", "")),
        instance=_number(packed.get("i", "")),
        verdict=packed.get("cv", "")[:10].lower(),
        tags=packed,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else None
