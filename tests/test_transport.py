"""What a server is told about whom it is asked for, by a server on this machine."""

from __future__ import annotations

import asyncio
import time

import pytest

from sekisho.lookup.transport import Transport


async def heard(url: str, place: tuple[str, int]) -> str:
    """The Host line of a request for `url`, which the transport would send to `place`."""
    lines: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.extend((await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    async def nowhere(host: str) -> list[str]:
        raise AssertionError(host)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        via = {place: server.sockets[0].getsockname()[:2]}
        await Transport(nowhere, via).page(url, {}, 1000, time.monotonic() + 10)
    return next(line for line in lines if line.startswith("Host:"))


@pytest.mark.parametrize(
    ("url", "place", "said"),
    [
        ("http://a.example/", ("a.example", 80), "a.example"),
        ("http://a.example:443/", ("a.example", 443), "a.example:443"),
        ("http://[2001:db8::1]/", ("2001:db8::1", 80), "[2001:db8::1]"),
    ],
)
def test_a_server_is_asked_for_by_its_name(url: str, place: tuple[str, int], said: str) -> None:
    """RFC 9110 §7.2: an address in brackets, and the port where it is not the scheme's own."""
    assert f"Host: {said}" == asyncio.run(heard(url, place))
