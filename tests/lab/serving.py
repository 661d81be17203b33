"""The process of the lab's HTTP and WHOIS servers: `python -m lab.serving FILE`.

FILE is JSON: where to log, and of each server its name, kind (http, whois), host address, and certificate and key if it speaks TLS.
When all listen, one line on standard output has their ports; then each line on standard input is an order, answered with a line:
{"do": "set", "host", "latency" or "charset"}, {"do": "reply", "host", "asked" or null, "reply" or null}, {"do": "forget"}.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import sys
import time
import urllib.parse
from collections.abc import Iterator
from typing import IO, Any

from . import registries
from .replies import Reply, unpack

LONGEST = 30.0  # seconds that an answer is dripped, repeated or withheld at most
TICK = 0.1  # seconds between two bytes that drip
MAX_QUESTION = 65536
REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 307: "Temporary Redirect", 404: "Not Found"}


class Server:
    """One server, with what a test has told it to do."""

    def __init__(self, name: str, kind: str, log: IO[str]) -> None:
        self.name, self.kind, self._log = name, kind, log
        self.open = 0
        self.trap = ""
        self.forget()

    def forget(self) -> None:
        self.latency = 0.0
        self.charset: str | None = None
        self.replies: dict[str | None, Reply] = {}

    def note(self, event: str, **values: Any) -> None:
        self._log.write(
            json.dumps({"at": time.time(), "host": self.name, "event": event, "open": self.open} | values) + "\n"
        )
        self._log.flush()

    @contextlib.contextmanager
    def connection(self) -> Iterator[None]:
        self.open += 1
        self.note("opened")
        try:
            yield
        finally:
            self.open -= 1
            self.note("closed")

    def answer(self, asked: str) -> Reply:
        told = self.replies.get(asked) or self.replies.get(None)
        if told:
            return told
        if self.kind == "whois":
            return registries.whois(self.name, asked, self.charset)
        if self.kind == "web":
            return Reply(b"<!doctype html><title>Not found</title>", 404)
        path = urllib.parse.unquote(urllib.parse.urlsplit(asked).path)
        known = self.name in (registries.IANA, *registries.TOLD, *registries.BASES)
        return registries.rdap(self.name if known else registries.TEST, path)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self.connection(), contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            talk = self._whois if self.kind == "whois" else self._http
            try:
                await asyncio.wait_for(talk(reader, writer), LONGEST)
            except asyncio.TimeoutError:
                pass
            finally:
                writer.close()

    async def _whois(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip("\r\n")
        self.note("asked", asked=asked)
        await asyncio.sleep(self.latency)
        await self._send(reader, writer, b"", self.answer(asked))

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        more = True
        while more:
            first = await reader.readexactly(1)
            if not first.isalpha():  # no method begins so: a TLS client, probably
                writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                return
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            request, *lines = head.rstrip("\r\n").split("\r\n")
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            method, asked, _ = (request + "  ").split(" ", 2)
            length = headers.get("content-length", "0")
            body = await reader.readexactly(min(int(length), MAX_QUESTION) if length.isdecimal() else 0)
            self.note("asked", asked=asked, method=method, headers=headers, body=body.decode("latin-1"))
            await asyncio.sleep(self.latency)
            reply = self.answer(asked)
            more = reply.pace == "at once" and not reply.raw and headers.get("connection", "").lower() != "close"
            await self._send(reader, writer, b"" if reply.raw else self._head(reply, more), reply)

    def _head(self, reply: Reply, more: bool) -> bytes:
        lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Something')}", "Server: lab"]
        names = {name.lower() for name, _ in reply.headers}
        if "content-type" not in names:
            lines.append(f"Content-Type: {'text/html' if self.kind == 'web' else 'application/rdap+json'}")
        if reply.pace != "endless" and "content-length" not in names:
            lines.append(f"Content-Length: {len(reply.body)}")
        lines += [f"{name}: {value.replace('{trap}', self.trap)}" for name, value in reply.headers]
        lines.append(f"Connection: {'keep-alive' if more else 'close'}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    async def _send(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, reply: Reply
    ) -> None:
        if reply.pace == "closed":
            return
        if reply.pace == "never":
            await reader.read()  # until the other side gives up
            return
        writer.write(head + (b"HTTP/1.1 200 OK\r\n" if reply.raw and reply.pace == "endless" else b""))
        if reply.pace == "drip":
            for number in range(len(reply.body)):
                writer.write(reply.body[number : number + 1])
                await writer.drain()
                await asyncio.sleep(TICK)
        elif reply.pace == "endless":
            while True:
                writer.write(reply.body)
                await writer.drain()
                await asyncio.sleep(0)
        else:
            writer.write(reply.body[: len(reply.body) // 2] if reply.pace == "cut" else reply.body)
            await writer.drain()


def obey(servers: dict[str, Server], order: dict[str, Any]) -> None:
    if order["do"] == "forget":
        for server in servers.values():
            server.forget()
        return
    server = servers[order["host"]]
    if order["do"] == "set":
        server.latency = order.get("latency", server.latency)
        server.charset = order.get("charset", server.charset)
    elif order["reply"] is None:
        server.replies.pop(order["asked"], None)
    else:
        server.replies[order["asked"]] = unpack(order["reply"])


async def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        wanted = json.load(file)
    with open(wanted["log"], "a", encoding="utf-8") as log:
        servers, ports = {}, {}
        for one in wanted["servers"]:
            server = servers[one["name"]] = Server(one["name"], one["kind"], log)
            context = None
            if one["certificate"]:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(one["certificate"], one["key"])
            listening = await asyncio.start_server(server.serve, one["host"], 0, ssl=context, limit=MAX_QUESTION)
            ports[one["name"]] = listening.sockets[0].getsockname()[1]
        for server in servers.values():
            server.trap = wanted["trap"].replace("{port}", str(ports["trap.test"]))
        print(json.dumps(ports), flush=True)
        orders = asyncio.StreamReader(limit=1 << 28)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        while line := await orders.readline():
            obey(servers, json.loads(line))
            print("{}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
