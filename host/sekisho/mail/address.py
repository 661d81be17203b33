"""Address lists (RFC 5322 §3.4), read as leniently as mail programs do, with the text decoded (RFC 2047)."""

from __future__ import annotations

import re

from sekisho.mail.charset import guess
from sekisho.mail.words import decode_words
from sekisho.report import Address

MAX_ADDRESSES = 500
MAX_BODY = 1 << 16


_PLAIN = re.compile(rb"""[^\\\x1b"()<>,;:]+""")  # what means the same wherever it stands
# Most fields: one mailbox, its name in quotes or not.
_ONE = re.compile(rb"""(?:"([^\\\x1b"]*)"|([^\\\x1b"()<>,;:]*))[ \t]*<([^\\\x1b"()<>,;]*)>|([^\\\x1b"()<>,;:]*)""")


def parse(body: bytes) -> tuple[Address, ...]:
    """The mailboxes of one address field. A group's members are listed, its name is dropped. Linear, never raises."""
    out: list[Address] = []
    name = bytearray()
    comment = bytearray()
    angle: bytearray | None = None
    closed: bytes | None = None
    depth = 0
    quoted = False
    at = 0
    data = body[:MAX_BODY]
    single = _ONE.fullmatch(data)
    if single is not None:
        said, written, spec, bare = single.groups()
        one = _mailbox(bare, None, b"") if spec is None else _mailbox(written if said is None else said, spec, b"")
        return (one,) if one is not None else ()

    def finish() -> None:
        nonlocal angle, closed, depth, quoted
        spec = closed if closed is not None else bytes(angle) if angle is not None else None
        mailbox = _mailbox(bytes(name), spec, bytes(comment))
        if mailbox is not None:
            out.append(mailbox)
        name.clear()
        comment.clear()
        angle, closed, depth, quoted = None, None, 0, False

    while at < len(data) and len(out) < MAX_ADDRESSES:
        byte = data[at : at + 1]
        target = comment if depth else name if angle is None else angle
        if byte == b"\\" and (quoted or depth):
            target += data[at + 1 : at + 2]
            at += 2
            continue
        if byte == b"\x1b":
            # An unencoded ISO-2022-JP run: its bytes look like specials (RFC 1468).
            end = data.find(b"\x1b(", at + 1)
            end = len(data) if end < 0 else end + 3
            target += data[at:end]
            at = end
            continue
        plain = _PLAIN.match(data, at)
        if plain is not None:
            target += plain[0]
            at = plain.end()
            continue
        if quoted:
            if byte == b'"':
                quoted = False
            else:
                target += byte
        elif byte == b'"' and not depth:
            quoted = True
        elif byte == b"(":
            depth += 1
            if depth > 1:
                comment += byte
        elif byte == b")" and depth:
            depth -= 1
            if depth:
                comment += byte
        elif depth:
            comment += byte
        elif byte == b"<" and closed is None:
            angle = bytearray()
        elif byte == b">" and angle is not None and closed is None:
            closed, angle = bytes(angle), None
        elif byte in (b",", b";") and angle is None:
            finish()
        elif byte == b":" and angle is None and b"@" not in name:
            name.clear()  # a group's name: undisclosed-recipients:;
        else:
            target += byte
        at += 1
    finish()
    return tuple(out)


def domain_of(address: str) -> str:
    """The domain of an addr-spec, lower case, without a trailing dot; "" if it has none."""
    return address.rpartition("@")[2].strip().rstrip(".").lower() if "@" in address else ""


def _mailbox(name: bytes, spec: bytes | None, comment: bytes) -> Address | None:
    if spec is None:
        address = guess(b"".join(name.split()))
        shown = decode_words(comment).strip()
        if not address:
            return None
        if "@" not in address:
            return Address(" ".join(decode_words(name).split()), "", "")
    else:
        address = guess(b"".join(spec.split()))
        if address.startswith("@") and ":" in address:
            address = address.partition(":")[2]  # obsolete source route
        shown = " ".join(decode_words(name).split()) or decode_words(comment).strip()
    return Address(shown, address, domain_of(address))
