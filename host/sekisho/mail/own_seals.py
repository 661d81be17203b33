"""Signatures and encryption by the author's own program: S/MIME (RFC 8551) and OpenPGP (RFC 3156, RFC 9580 §7); and the logo that a
sender asks to be shown (BIMI). Only that they are there: none of it is verified, and anybody can make a message that looks like one.
What is encrypted is not read, nor what stands inside an S/MIME signature (RFC 8551 §3.5.2) that cannot be taken apart.
"""

from __future__ import annotations

from sekisho.mail.message import Message
from sekisho.mail.mime import SMIME, Part
from sekisho.named import NamedTuple

_ARMOUR = (
    ("-----BEGIN PGP SIGNED MESSAGE-----", "openpgp-signed"),
    ("-----BEGIN PGP MESSAGE-----", "openpgp-encrypted"),
)
_BIMI = ("bimi-indicator", "bimi-location")


class Seal(NamedTuple):
    """`kind`: smime-signed, smime-enclosed, smime-encrypted, openpgp-signed, openpgp-encrypted, bimi; `where`: the part or field."""

    kind: str
    where: str

    @property
    def closed(self) -> bool:
        """Whether there is something inside that was not read."""
        return self.kind.endswith(("-encrypted", "-enclosed"))


def find(message: Message) -> tuple[Seal, ...]:
    """The first of each kind, in the order they stand."""
    found: dict[str, str] = {}
    for part in message.parts:
        kind = _kind(part)
        if kind:
            found.setdefault(kind, f"part:{part.number}")
    for text in message.texts:
        for begin, kind in _ARMOUR:
            if begin in text.text:
                found.setdefault(kind, f"part:{text.part.number}")
    for name in _BIMI:
        field = message.header.first(name)
        if field is not None:
            found.setdefault("bimi", field.anchor)
    return tuple(Seal(kind, where) for kind, where in found.items())


def _kind(part: Part) -> str:
    protocol = part.parameters.get("protocol", "").lower()
    if part.content_type in ("multipart/signed", "multipart/encrypted"):
        if protocol in ("application/pkcs7-signature", "application/x-pkcs7-signature"):
            return "smime-signed"
        return {"application/pgp-signature": "openpgp-signed", "application/pgp-encrypted": "openpgp-encrypted"}.get(
            protocol, ""
        )
    if part.read_as in SMIME:
        if not part.leaf:
            return "smime-signed"
        return "smime-enclosed" if part.parameters.get("smime-type", "").lower() == "signed-data" else "smime-encrypted"
    return ""
