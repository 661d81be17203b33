"""HTTP and plain TCP to servers that may be hostile: bounded in bytes, redirects and connections, TLS verified (h11 reads HTTP).

The host's address comes from the reader's resolver, must be a public one, and is the one connected to: no server can send
us to a machine inside the reader's network. Time is bounded by whoever asks: every wait here can be cancelled.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urljoin, urlsplit

import h11

import sekisho
from sekisho.lookup import NoAnswerError
from sekisho.mail import domain
from sekisho.mail.ip import is_reachable
from sekisho.named import NamedTuple

MAX_BODY = 2 << 20  # bytes; the largest honest RDAP answer seen has 200 KB
MAX_REDIRECTS = 5
MAX_CONNECTIONS = 8  # to one server at a time
CONNECT = 2.0  # seconds for one address
MAX_ADDRESSES = 3
REST, LONGEST_REST = 30.0, 3600.0  # seconds for which a server that refused or failed is left alone
_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)

REDIRECTS = (301, 302, 303, 307, 308)  # RFC 9110 §15.4

Place = tuple[str, int]


class Response(NamedTuple):
    """`headers` in lower case; `url` that of the last redirect; `ip` the address that answered. `whole` False: more was to come."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str
    ip: str = ""
    whole: bool = True


class Bounds(NamedTuple):
    """How much of an answer is read. `until` (time.monotonic) and what is over `cap` end it: an error, or with `cut` what came until then.
    An answer that leads elsewhere is then read without its body."""

    cap: int
    until: float | None = None
    cut: bool = False


class Transport:
    """The ways to servers. `addresses` resolves a host; `via` leads some hosts elsewhere (a test's servers on loopback, which are
    then the only ones that need not be public), or connections to some public addresses; `ca` is a file of certificates to trust besides the system's; `anywhere`: the reader
    chose the server, and it may stand in the reader's own network."""

    def __init__(
        self,
        addresses: Callable[[str], Awaitable[list[str]]],
        via: Mapping[Place, Place] | None = None,
        ca: str | None = None,
        anywhere: bool = False,
    ) -> None:
        self._addresses = addresses
        self._via = dict(via or {})
        self._ca = ca
        self._anywhere = anywhere
        self._tls: ssl.SSLContext | None = None
        self._rooms: dict[str, asyncio.Semaphore] = {}
        self._resting: dict[str, tuple[float, str]] = {}  # host: until when (time.monotonic), and why

    async def get(self, url: str, accept: str, cap: int = MAX_BODY, redirects: int = MAX_REDIRECTS) -> Response:
        """What a URL answers; 404 and the like are answers. Raises NoAnswerError."""
        return await self._request("GET", url, {"Accept": accept}, b"", Bounds(cap), redirects)

    async def post(self, url: str, body: bytes, media_type: str, cap: int = MAX_BODY) -> Response:
        """What a URL answers to a body of its own media type. Raises NoAnswerError."""
        headers = {"Accept": media_type, "Content-Type": media_type}
        return await self._request("POST", url, headers, body, Bounds(cap), 0)

    async def page(self, url: str, headers: Mapping[str, str], cap: int, until: float) -> Response:
        """What a stranger's server answers, as it stands: a redirect is not followed, what is too long or too slow is cut. Raises
        NoAnswerError; where a certificate was refused its cause is ssl.SSLCertVerificationError."""
        return await self._once("GET", url, dict(headers), b"", Bounds(cap, until, cut=True))

    async def line(self, host: str, port: int, query: bytes, cap: int = MAX_BODY) -> bytes:
        """What a server answers to one line until it closes (RFC 3912). Raises NoAnswerError."""
        async with self._room(host), self._connection(host, port, None) as (reader, writer, _):
            try:
                writer.write(query + b"\r\n")
                await writer.drain()
                answer = bytearray()
                while piece := await reader.read(65536):
                    answer += piece
                    if len(answer) > cap:
                        raise NoAnswerError("too-large", host)
            except OSError as error:
                raise NoAnswerError(_why(error), host) from error
            return bytes(answer)

    async def close(self) -> None:
        """Nothing is kept open between two requests; here for whoever closes what it opened."""

    def rest(self, host: str, reason: str, seconds: float | None = None) -> None:
        """Leave a server alone for a while: what else would be asked of it fails at once, for the same reason."""
        self._resting[host] = (time.monotonic() + min(seconds or REST, LONGEST_REST), reason)

    async def _request(
        self, method: str, url: str, headers: dict[str, str], body: bytes, bounds: Bounds, redirects: int
    ) -> Response:
        while True:
            response = await self._once(method, url, headers, body, bounds)
            where = response.headers.get("location")
            if response.status not in REDIRECTS or not where:
                return response
            if redirects <= 0:
                raise NoAnswerError("malformed", urlsplit(url).hostname or "")
            redirects -= 1
            try:
                further = urljoin(url, where)
                secure = urlsplit(further).scheme == "https"
            except ValueError as error:
                raise NoAnswerError("malformed", urlsplit(url).hostname or "") from error
            if url.startswith("https:") and not secure:
                raise NoAnswerError("tls", urlsplit(url).hostname or "")  # a question asked in private stays so
            url = further

    async def _once(self, method: str, url: str, headers: dict[str, str], body: bytes, bounds: Bounds) -> Response:
        try:
            parts = urlsplit(url)
            host, port = domain.normalise(parts.hostname or ""), parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise NoAnswerError("malformed") from error
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise NoAnswerError("malformed", host)
        own = {
            "User-Agent": f"sekisho/{sekisho.__version__}",
            "Accept-Encoding": "identity",  # nothing here is worth a decompression bomb
        }
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            request = h11.Request(
                method=method,
                target=target.encode("ascii"),
                headers=[
                    ("Host", _authority(parts.scheme, host, port)),
                    *(own | headers).items(),
                    ("Connection", "close"),
                    *([("Content-Length", str(len(body)))] if body else []),
                ],
            )
        except (h11.LocalProtocolError, UnicodeError) as error:
            raise NoAnswerError("malformed", host) from error
        async with (
            self._room(host),
            self._connection(host, port, self._context() if parts.scheme == "https" else None) as (
                reader,
                writer,
                ip,
            ),
        ):
            try:
                response = await _exchange(reader, writer, request, body, bounds, url, host)
                return response._replace(ip=ip)
            except h11.RemoteProtocolError as error:
                raise NoAnswerError("malformed", host) from error
            except OSError as error:
                raise NoAnswerError(_why(error), host) from error

    @asynccontextmanager
    async def _room(self, host: str) -> AsyncIterator[None]:
        """One of the connections that a server may have at a time; raises at once while it is left alone."""
        async with self._rooms.setdefault(host, asyncio.Semaphore(MAX_CONNECTIONS)):
            until, reason = self._resting.get(host, (0.0, ""))
            if time.monotonic() < until:
                raise NoAnswerError(reason, host)
            yield

    @asynccontextmanager
    async def _connection(
        self, host: str, port: int, tls: ssl.SSLContext | None
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter, str]]:
        reader, writer, ip = await self._connect(host, port, tls)
        try:
            yield reader, writer, ip
        finally:
            writer.transport.abort()

    async def _connect(
        self, host: str, port: int, tls: ssl.SSLContext | None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
        """A connection, and the address that it leads to: the one that was checked."""
        mapped = self._via.get((host, port))
        places = [mapped] if mapped else [(address, port) for address in await self._public(host)]
        why = "no-server"
        for address, number in places[:MAX_ADDRESSES]:
            try:
                reader, writer = await asyncio.wait_for(
                    asyncio.open_connection(
                        *self._via.get((address, number), (address, number)),
                        ssl=tls,
                        server_hostname=host if tls else None,
                    ),
                    CONNECT,
                )
                return reader, writer, address
            except (TimeoutError, asyncio.TimeoutError):
                why = "timeout"
            except ssl.SSLError as error:
                raise NoAnswerError("tls", host) from error
            except OSError as error:
                why = _why(error)
        self.rest(host, why)
        raise NoAnswerError(why, host)

    async def _public(self, host: str) -> list[str]:
        found = await self._addresses(host)
        public = [address for address in found if self._anywhere or is_reachable(address)]
        if found and not public:
            raise NoAnswerError("blocked", host)  # it would lead into the reader's own network
        return public

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            if self._ca:
                self._tls.load_verify_locations(self._ca)
        return self._tls


def _authority(scheme: str, host: str, port: int) -> str:
    """What Host says (RFC 9110 §7.2): an IPv6 address in brackets, and the port unless it is the scheme's own."""
    name = f"[{host}]" if ":" in host else host
    return name if port == (443 if scheme == "https" else 80) else f"{name}:{port}"


async def _exchange(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    request: h11.Request,
    body: bytes,
    bounds: Bounds,
    url: str,
    host: str,
) -> Response:
    machine = h11.Connection(h11.CLIENT, max_incomplete_event_size=64 << 10)
    writer.write(machine.send(request) or b"")
    if body:
        writer.write(machine.send(h11.Data(data=body)) or b"")
    writer.write(machine.send(h11.EndOfMessage()) or b"")
    await writer.drain()
    response: h11.Response | None = None
    received, whole = bytearray(), True
    while True:
        event = machine.next_event()
        if event is h11.NEED_DATA:
            try:
                machine.receive_data(await _read(reader, bounds.until))
            except (TimeoutError, asyncio.TimeoutError) as error:
                if response is None:
                    raise NoAnswerError("timeout", host) from error
                whole = False
                break
        elif isinstance(event, h11.Response):
            response = event
            if bounds.cut and response.status_code in REDIRECTS:
                break
        elif isinstance(event, h11.Data):
            received += event.data
            if len(received) > bounds.cap:
                if not bounds.cut:
                    raise NoAnswerError("too-large", host)
                del received[bounds.cap :]
                whole = False
                break
        elif isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed)):
            break
    if response is None:
        raise NoAnswerError("malformed", host)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        return Response(response.status_code, headers, bytes(received), url, whole=whole)
    if not bounds.cut:
        raise NoAnswerError("malformed", host)
    plain = _inflated(bytes(received), coding, bounds.cap)
    return Response(response.status_code, headers, plain, url, whole=whole and len(plain) < bounds.cap)


async def _read(reader: asyncio.StreamReader, until: float | None) -> bytes:
    if until is None:
        return await reader.read(65536)
    return await asyncio.wait_for(reader.read(65536), max(0.001, until - time.monotonic()))


def _inflated(body: bytes, coding: str, cap: int) -> bytes:
    """What a server packed although it was asked not to, up to `cap` bytes; nothing where it cannot be unpacked."""
    if coding not in ("gzip", "x-gzip", "deflate"):
        return b""
    import zlib

    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, cap)  # 32: with the head of either
    except zlib.error:
        return b""


def retry_after(response: Response) -> float | None:
    """Seconds that a server asks to be left alone (RFC 9110 §10.2.3); None where it names none, or a date."""
    text = response.headers.get("retry-after", "").strip()
    return float(text) if text.isdecimal() and len(text) < 8 else None


def _why(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    return "unreachable" if error.errno in _NO_ROUTE else "server-failed"
