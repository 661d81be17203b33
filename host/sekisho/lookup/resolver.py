"""DNS through the resolver that the reader chose (dnspython): the system's, a named one, over TLS or over HTTPS.

Bounded: so many queries at a time, so many records of an answer, so many characters of a record. What a name server sends
is text and stays text.
"""

from __future__ import annotations

import asyncio
import errno
import time
from urllib.parse import urlsplit

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.nameserver
import dns.rcode
import dns.rdatatype
import dns.resolver

from sekisho.lookup import NoAnswerError
from sekisho.mail.ip import canonical, is_loopback
from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

    from sekisho.lookup.transport import Transport

MAX_AT_ONCE = 32
MAX_RECORDS = 64
MAX_TEXT = 4096
MAX_MESSAGE = 65535  # bytes of one DNS message
NO_NETWORK = 5.0  # seconds for which nobody is asked when no server could be reached
TRY, ALTOGETHER = (
    1.4,
    2.9,
)  # seconds for one packet (an answer that is later than that finds nobody), and for a question with its repetition
_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.ECONNREFUSED)
_DOH_PATH = "/dns-query"


class Found(NamedTuple):
    """Records as text, and whose word they are; that of a validating resolver over a way that nobody can tamper with is named so."""

    texts: tuple[str, ...]
    source: str


class Resolver:
    """`spec` as in the settings: None, `192.0.2.1`, `192.0.2.1:5353`, `tls://192.0.2.1#dns.example`, `https://dns.example/dns-query`.

    `ca` is a file of certificates to trust besides the system's, for a resolver of one's own.
    """

    def __init__(self, spec: str | None = None, ca: str | None = None) -> None:
        self._room = asyncio.Semaphore(MAX_AT_ONCE)
        self._no_network_until = 0.0
        try:
            self._resolver = dns.asyncresolver.Resolver(configure=not spec)
        except dns.resolver.NoResolverConfiguration:
            self._resolver = dns.asyncresolver.Resolver(configure=False)
        if spec:
            self._resolver.nameservers = [_nameserver(spec, ca)]
        self._resolver.timeout, self._resolver.lifetime = TRY, ALTOGETHER
        self._resolver.use_edns(0, 0, 1232)
        self._resolver.flags = dns.flags.RD | dns.flags.AD  # AD asks for the validator's word (RFC 6840 §5.7)
        servers = self._resolver.nameservers
        self.source = spec or ", ".join(str(server) for server in servers[:2]) or "no resolver"
        # A validator's word counts only where nobody on the way can put it there.
        self._tamper_proof = self.source.startswith(("https://", "tls://")) or all(
            is_loopback(getattr(server, "address", str(server))) for server in servers
        )

    async def query(self, name: str, kind: str) -> Found:
        """The records of a name (TXT strings joined); none when the name or the type does not exist.

        Raises NoAnswerError.
        """
        if not self._resolver.nameservers:
            raise NoAnswerError("no-server", self.source)
        if time.monotonic() < self._no_network_until:
            raise NoAnswerError("unreachable", self.source)
        try:
            async with self._room:
                answer = await self._resolver.resolve(
                    dns.name.from_text(name), kind, raise_on_no_answer=False, search=False
                )
        except dns.resolver.NXDOMAIN:
            return Found((), self.source)
        except dns.resolver.LifetimeTimeout as error:
            raise self._no_answer(error, "timeout") from error
        except dns.resolver.NoNameservers as error:
            raise self._no_answer(error, _refusal(error)) from error
        except dns.resolver.YXDOMAIN as error:
            raise NoAnswerError("malformed", self.source) from error
        except (dns.exception.DNSException, ValueError, UnicodeError) as error:
            raise NoAnswerError("malformed", self.source) from error
        except OSError as error:
            raise NoAnswerError("unreachable", self.source) from error
        validated = bool(answer.response.flags & dns.flags.AD) and self._tamper_proof
        source = self.source + ", DNSSEC" if validated else self.source
        if answer.rrset is None:
            return Found((), source)
        return Found(tuple(_text(record) for record in list(answer.rrset)[:MAX_RECORDS]), source)

    def _no_answer(
        self, error: dns.resolver.LifetimeTimeout | dns.resolver.NoNameservers, otherwise: str
    ) -> NoAnswerError:
        """Without a network every question fails at once for a while: one clear word, not forty waits."""
        faults = [entry[3] for entry in error.kwargs.get("errors", ()) if len(entry) > 3]
        if faults and all(isinstance(fault, OSError) and fault.errno in _NO_ROUTE for fault in faults):
            self._no_network_until = time.monotonic() + NO_NETWORK
            return NoAnswerError("unreachable", self.source)
        return NoAnswerError(otherwise, self.source)

    async def addresses(self, host: str) -> list[str]:
        """The addresses of a host, IPv4 first; an address is its own. Raises NoAnswerError."""
        if canonical(host):
            return [canonical(host)]
        four, six = await asyncio.gather(self.query(host, "A"), self.query(host, "AAAA"), return_exceptions=True)
        found = [canonical(text) for answer in (four, six) if isinstance(answer, Found) for text in answer.texts]
        if not any(found):
            for answer in (four, six):
                if isinstance(answer, BaseException):
                    raise answer
        return [address for address in found if address]


class _Https(dns.nameserver.Nameserver):
    """DNS over HTTPS (RFC 8484) by our own bounded transport; the server's own name is asked of the system's resolver."""

    def __init__(self, url: str, ca: str | None) -> None:
        self._url = url
        self._ca = ca
        self._transport: Transport | None = None

    def __str__(self) -> str:
        return self._url

    def kind(self) -> str:
        return "DoH"

    def is_always_max_size(self) -> bool:
        return True

    def answer_nameserver(self) -> str:
        return self._url

    def answer_port(self) -> int:
        return urlsplit(self._url).port or 443

    async def async_query(self, request: Any, timeout: float, *_: Any, **__: Any) -> dns.message.Message:
        from sekisho.lookup.transport import Transport

        if self._transport is None:
            self._transport = Transport(Resolver().addresses, ca=self._ca, anywhere=True)
        request.id = 0  # RFC 8484 §4.1
        try:
            response = await asyncio.wait_for(
                self._transport.post(self._url, request.to_wire(), "application/dns-message", MAX_MESSAGE), timeout
            )
        except (TimeoutError, asyncio.TimeoutError) as error:
            raise dns.exception.Timeout from error
        except NoAnswerError as error:
            raise OSError(errno.ENETUNREACH if error.reason == "unreachable" else 0, error.reason) from error
        if response.status != 200:
            raise OSError(0, f"status {response.status}")
        return dns.message.from_wire(response.body)


def _nameserver(spec: str, ca: str | None) -> Any:
    if spec.startswith("https://"):
        return _Https(spec if urlsplit(spec).path not in ("", "/") else spec.rstrip("/") + _DOH_PATH, ca)
    secure = spec.startswith("tls://")
    place, _, name = spec.removeprefix("tls://").partition("#")
    host, port = _host_and_port(place, 853 if secure else 53)
    if secure:
        return dns.nameserver.DoTNameserver(host, port, name or None, ca or True)
    return dns.nameserver.Do53Nameserver(host, port)


def _host_and_port(place: str, usual: int) -> tuple[str, int]:
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        return host, int(rest[1:]) if rest[1:].isdecimal() else usual
    if place.count(":") == 1:
        host, _, port = place.partition(":")
        return host, int(port) if port.isdecimal() else usual
    return place, usual


def _text(record: Any) -> str:
    if record.rdtype == dns.rdatatype.TXT:
        return b"".join(record.strings).decode("utf-8", "replace")[:MAX_TEXT]
    return str(record.to_text())[:MAX_TEXT].lower().removesuffix(".")


def _refusal(error: dns.resolver.NoNameservers) -> str:
    responses = [entry[4] for entry in error.kwargs.get("errors", ()) if len(entry) > 4 and entry[4] is not None]
    codes = {response.rcode() for response in responses if isinstance(response, dns.message.Message)}
    return "refused" if dns.rcode.REFUSED in codes else "server-failed"
