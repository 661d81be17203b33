"""DKIM signatures and ARC chains verified (RFC 6376 §6, RFC 8617 §5.2), by dkimpy, with the keys that are known.

A key's absence today is no proof that it was never there: keys are rotated. `no-key` says so, and is neither pass nor fail.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from functools import cache

from sekisho.facts.verification import libraries
from sekisho.mail import dkim as fields
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.questions import Answer, Ask, Question

if TYPE_CHECKING:
    from typing import Any

MAX_MESSAGE = 16 << 20  # bytes; dkimpy keeps several copies
MAX_LINES = 500_000  # of a message; dkimpy makes an object of each
MAX_WORK = 48 << 20  # bytes that are canonicalized for one message: each signature takes the whole message
MAX_RECORD = 4096  # characters of a key record; 8192-bit keys have 1,500
MAX_KEYS = 3  # at one name
MAX_KEY = 1200  # bytes of a key
MAX_EXPONENT = 1 << 64
MIN_BITS = 1024  # RFC 8301 §3.2
MAX_CHAIN = 10  # sets that are verified; real chains have up to 5
SLOP = 36_000  # seconds that a signer's clock may be wrong
# dkimpy's reasons, by how its messages begin, in ours.
_REASONS = (("body hash mismatch", "body-changed"), ("public key too small", "weak-key"))


class Dkim(NamedTuple):
    """A signature's result: pass, fail, policy (right, but not to be relied on), permerror, temperror, unknown."""

    result: str
    reason: str  # "" with pass
    domain: str
    selector: str
    algorithm: str
    bits: int | None  # of the key
    signed: tuple[str, ...]
    oversigned: tuple[str, ...]  # fields of which no further one can be added
    length: int | None  # octets of the body that are signed; the rest may be anybody's
    time: int | None
    expires: int | None
    testing: bool  # the domain says that it is only trying out (t=y)
    where: str
    beyond: int = 0  # octets of text that follow behind those that l= has signed


class Arc(NamedTuple):
    """A chain's result: none, pass, fail, unknown. `sealers`: the domains that sealed it, the newest first."""

    result: str
    reason: str
    instances: int
    sealers: tuple[str, ...]


class _Key(NamedTuple):
    """What is known of a key: `record` None where nothing is; `reason` why it cannot be used; `more`: other keys at its name."""

    record: bytes | None
    reason: str
    testing: bool
    more: tuple[_Key, ...] = ()


def verify(message: Message, arrived: int | None, ask: Ask) -> tuple[Dkim, ...]:
    """Every DKIM signature, topmost first."""
    out = []
    for signature in fields.signatures(message.header):
        key = _key(signature, ask)
        kept = ("dkim", signature.nth, key)
        known = message.kept.get(kept)
        if known is None:
            known = message.kept[kept] = _verified(message, signature, key)
        result: Dkim = known
        over = arrived is not None and signature.expires is not None and arrived > signature.expires + SLOP
        out.append(result._replace(result="policy", reason="expired") if over and result.result == "pass" else result)
    return tuple(out)


def verify_chain(message: Message, ask: Ask) -> Arc | None:
    """The ARC chain; None where there is none."""
    sets = fields.chain(message.header)
    if not sets:
        return None
    sealers = tuple(one.seal.domain if one.seal else "" for one in sets)
    if len(sets) > MAX_CHAIN:
        return Arc("unknown", "too-long", len(sets), sealers[:MAX_CHAIN])
    keys: dict[str, _Key] = {}
    for one in sets:
        for signature in (one.seal, one.signature):
            if signature is not None and signature.key_name:
                keys[signature.key_name] = _key(signature, ask)
    kept = ("arc", tuple(keys.items()))
    known = message.kept.get(kept)
    if known is None:
        known = message.kept[kept] = _verified_chain(message, sets, keys)._replace(instances=len(sets), sealers=sealers)
    result: Arc = known
    return result


def _key(signature: fields.Signature, ask: Ask) -> _Key:
    """The key under which a signature was made, as far as anybody has said."""
    if not signature.key_name:
        return _Key(None, "syntax", False)
    question = Question("dns", "TXT", signature.key_name)
    answer = ask(question)
    if answer is None:
        return _Key(None, "no-answer" if ask.failed(question) else "not-asked", False)
    return _read_key(answer)


def _read_key(answer: Answer) -> _Key:
    """The key at a name. Where there are several, in whatever order they came, each is tried (RFC 6376 §3.6.2.2)."""
    texts = sorted(text for text in answer.records if isinstance(text, str))
    keys = [text for text in texts if text.replace(" ", "")[:7].upper() == "V=DKIM1"]
    first, *more = [_key_of(text) for text in (keys or texts[:1] or [""])[:MAX_KEYS]]
    return first._replace(more=tuple(more))


def _key_of(record: str) -> _Key:
    if not record:
        return _Key(b"", "no-key", False)
    found = fields.tags(record)
    flags = [flag.strip().lower() for flag in found.get("t", "").split(":")]
    if "p" in found and not found["p"]:
        return _Key(b"", "revoked", "y" in flags)  # RFC 6376 §3.6.1
    if len(record) > MAX_RECORD or not record.isascii():
        return _Key(b"", "key-unreadable", False)
    return _Key(record.encode("ascii"), "", "y" in flags)


def _verified(message: Message, signature: fields.Signature, key: _Key) -> Dkim:
    result, reason, bits = _judged(message, signature, key)
    for other in key.more:
        if result != "pass":
            tried = _judged(message, signature, other)
            if tried[0] in ("pass", "policy"):
                key, (result, reason, bits) = other, tried
    written = {name: signature.signed.count(name) for name in signature.signed}
    there = {name: len(message.header.all(name)) for name in written}
    return Dkim(
        result=result,
        reason=reason,
        domain=signature.domain,
        selector=signature.selector,
        algorithm=signature.algorithm,
        bits=bits,
        signed=signature.signed,
        oversigned=tuple(name for name, times in written.items() if times > there[name]),
        length=signature.length,
        time=signature.time,
        expires=signature.expires,
        testing=key.testing,
        where=signature.anchor,
        beyond=_beyond(message, signature) if result == "pass" and signature.length is not None else 0,
    )


def _beyond(message: Message, signature: fields.Signature) -> int:
    """The octets of a canonical body (RFC 6376 §3.4) behind its signed ones; 0 where those are blank."""
    policy = libraries.dkimpy().canonicalization.CanonicalizationPolicy
    body = b"\r\n".join(message.source[message.header.body :].replace(b"\r\n", b"\n").split(b"\n"))
    way = policy.from_c_value(signature.tags.get("c", "simple/simple").encode("latin-1", "replace"))
    behind: bytes = way.canonicalize_body(body)[signature.length :]
    return len(behind) if behind.strip() else 0


def _judged(message: Message, signature: fields.Signature, key: _Key) -> tuple[str, str, int | None]:
    """Result, reason, and the bits of the key."""
    if key.reason in ("not-asked", "no-answer"):
        return ("temperror" if key.reason == "no-answer" else "unknown"), key.reason, None
    if key.reason:
        return "permerror", key.reason, None
    if "from" not in signature.signed:
        return "permerror", "from-not-signed", None  # RFC 6376 §5.4
    if unusual(message) or message.size * (signature.nth + 1) > MAX_WORK:
        return "unknown", "too-large", None
    record = key.record or b""
    if not sound(record):
        return "permerror", "key-unreadable", None
    module = libraries.dkimpy()
    libraries.CLOCK.now = signature.time or 0  # neither early nor late: that is told by when it arrived
    bits: int | None = None
    verifier = None
    try:
        verifier = module.DKIM(message.source, minkey=MIN_BITS)
        right = verifier.verify(idx=signature.nth, dnsfunc=lambda name, timeout=0: record)
        bits = verifier.keysize or None
    except module.DKIMException as error:
        reason = next((ours for theirs, ours in _REASONS if str(error).startswith(theirs)), "syntax")
        result = {"body-changed": "fail", "weak-key": "policy"}.get(reason, "permerror")
        return result, reason, getattr(verifier, "keysize", 0) or None
    except Exception:  # a library's fault at what the sender wrote; it verified nothing
        return "permerror", "syntax", bits
    if not right:
        return "fail", "header-changed", bits
    if signature.algorithm == "rsa-sha1":
        return "policy", "sha1", bits  # RFC 8301 §3.1
    return "pass", "", bits


def _verified_chain(message: Message, sets: list[fields.Set], keys: dict[str, _Key]) -> Arc:
    states = {key.reason for key in keys.values()}
    if states & {"not-asked", "no-answer"}:
        return Arc("unknown", "no-answer" if "no-answer" in states else "not-asked", 0, ())
    if unusual(message) or message.size * len(sets) > MAX_WORK:
        return Arc("unknown", "too-large", 0, ())
    if not all(sound(key.record or b"") for key in keys.values() if not key.reason):
        return Arc("fail", "key-unreadable", 0, ())
    module = libraries.dkimpy()
    libraries.CLOCK.now = max((one.seal.time or 0 for one in sets if one.seal), default=0)

    def record(name: bytes, timeout: int = 0) -> bytes | None:
        found = keys.get(name.decode("latin-1").rstrip(".").lower())
        return found.record or None if found else None

    try:
        status, _, why = module.ARC(message.source, minkey=MIN_BITS).verify(dnsfunc=record)
    except Exception:  # as above
        return Arc("fail", "syntax", 0, ())
    if status is None:
        return Arc(
            "none", "ended", 0, ()
        )  # a sealer found it broken and said so (RFC 8617 §5.1.2): nothing is vouched for
    result = status.decode("ascii")
    if result == "pass":
        return Arc("pass", "", 0, ())
    reason = "message-changed" if "Message-Signature did not validate" in str(why) else "seal-broken"
    if states & {"no-key", "revoked"}:
        reason = "no-key"  # with it the seal may have been right: keys are rotated
    return Arc(result, reason if result == "fail" else "", 0, ())


def sound(record: bytes) -> bool:
    """Whether a key can be reckoned with in a moment: RSA with a huge modulus or exponent takes hours."""
    found = fields.tags(record.decode("latin-1"))
    if found.get("k", "rsa").lower() != "rsa":
        return True
    try:
        key = a2b_base64("".join(found.get("p", "").split()))
        if not 0 < len(key) <= MAX_KEY:
            return False
        read: dict[str, Any] = libraries.dkimpy().parse_public_key(key)
    except (Error, ValueError, KeyError, IndexError, TypeError):
        return False
    except Exception:  # dkimpy's own kinds of "no key"
        return False
    return bool(read["modulus"] > 1 and 1 < read["publicExponent"] < MAX_EXPONENT)


@cache
def _runs() -> re.Pattern[bytes]:
    return re.compile(rb"\s{100}")


def unusual(message: Message) -> bool:
    """Whether a message is one that no honest server signs: too large for the library, or made so that its patterns hang."""
    if message.size > MAX_MESSAGE or message.header.body > fields.MAX_FIELD * 32:
        return True
    if message.source.count(b"\n") > MAX_LINES:
        return True
    names = {"dkim-signature", fields.SEAL, fields.MESSAGE_SIGNATURE, fields.RESULTS}
    for field in message.header.fields:
        if field.name in names and (
            field.end - field.start > fields.MAX_FIELD or _runs().search(message.source, field.start, field.end)
        ):
            return True
    return False
