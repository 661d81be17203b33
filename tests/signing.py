"""Mails signed in the test: keys made for it, signatures by dkimpy, and the records under which they verify."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, NamedTuple

import dkim
import dkim.crypto
import nacl.signing

KEYS = Path(__file__).parent / "keys"
RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier (RFC 3279 §2.3.1)
MAIL = (
    b"From: Hanako <hanako@shop.example>\r\n"
    b"To: taro@office.example\r\n"
    b"Subject: An order\r\n"
    b"Date: Tue, 04 Jun 2024 15:00:00 +0900\r\n"
    b"Message-ID: <1@shop.example>\r\n"
    b"\r\n"
    b"Thank you for your order.\r\n"
)


class Key(NamedTuple):
    """A private key as dkimpy takes it, and the record of its public half (RFC 6376 §3.6.1)."""

    private: bytes
    record: str
    algorithm: bytes


def rsa(bits: int = 2048, **more: str) -> Key:
    """A key of tests/keys; `more` are further tags of its record."""
    private = (KEYS / f"rsa{bits}.pem").read_bytes()
    read = dkim.crypto.parse_pem_private_key(private)
    bare = public_key(read["modulus"], read["publicExponent"])
    # SubjectPublicKeyInfo (RFC 5280 §4.1), as names publish it and every verifier reads it.
    whole = _der(0x30, RSA_ENCRYPTION + _der(3, b"\0" + bare))
    return Key(private, _record("rsa", whole, more), b"rsa-sha256")


def ed25519(**more: str) -> Key:
    seed = nacl.signing.SigningKey(bytes(range(32)))
    return Key(base64.b64encode(bytes(seed)), _record("ed25519", bytes(seed.verify_key), more), b"ed25519-sha256")


def public_key(modulus: int, exponent: int) -> bytes:
    """RSAPublicKey in DER (RFC 8017 §A.1.1)."""
    return _der(
        0x30, b"".join(_der(2, number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in (modulus, exponent))
    )


def _der(tag: int, body: bytes) -> bytes:
    size = len(body)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x80 | len(octets)]) + octets) + body


def _record(kind: str, public: bytes, more: dict[str, str]) -> str:
    tags = {"v": "DKIM1", "k": kind, "p": base64.b64encode(public).decode("ascii"), **more}
    return "; ".join(f"{name}={value}" for name, value in tags.items())


def signed(mail: bytes, key: Key, domain: str = "shop.example", selector: str = "s1", **options: Any) -> bytes:
    """The mail with a signature on top."""
    algorithm = options.pop("algorithm", key.algorithm)
    field: bytes = dkim.sign(
        mail, selector.encode(), domain.encode(), key.private, signature_algorithm=algorithm, **options
    )
    return field + mail


def sealed(mail: bytes, key: Key, domain: str, authserv_id: str, selector: str = "s1") -> bytes:
    """The mail with one more ARC set on top (RFC 8617 §5.1); it needs that server's Authentication-Results."""
    fields: list[bytes] = dkim.arc_sign(mail, selector.encode(), domain.encode(), key.private, authserv_id.encode())
    assert fields, "no Authentication-Results of that server"
    return b"".join(fields) + mail
