"""The lab's RDAP and WHOIS servers as a test sees them; they run in one process of their own (serving.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from . import registries, web
from .certificates import Authority
from .daemon import Address, Daemon
from .replies import Reply, pack

HOST = "127.0.0.1"
PACKAGES = Path(__file__).resolve().parents[1]
# Besides the registries: servers that answer as rdap.registry.test does, but are not what they ought to be.
STRANGER = "stranger.test"  # its certificate comes from an authority that nobody knows
OTHER = "other.test"  # its certificate is another's
PLAIN = "plain.test"  # speaks HTTP, also where TLS is expected
TRAP = "trap.test"  # on loopback; nobody must come here


class Request(NamedTuple):
    """One question that a server received. `asked` is an HTTP target or a WHOIS line, `headers` have lower-case names, `body` is read as
    Latin-1."""

    at: float
    host: str
    asked: str
    headers: Mapping[str, str]
    body: str


class Host:
    """One server. What a test tells it holds until the lab forgets."""

    def __init__(self, name: str, kind: str, address: Address, farm: Farm) -> None:
        self.name, self.kind, self.address, self._farm = name, kind, address, farm

    def latency(self, seconds: float) -> None:
        """Each answer begins that long after its question."""
        self._farm.order(do="set", host=self.name, latency=seconds)

    def charset(self, name: str) -> None:
        """A WHOIS server's answers come in this character set."""
        self._farm.order(do="set", host=self.name, charset=name)

    def reply(self, asked: str, reply: Reply) -> None:
        """The answer to this HTTP target (`/ip/192.0.2.1`) or WHOIS line, in place of its own."""
        self._farm.order(do="reply", host=self.name, asked=asked, reply=pack(reply))

    def always(self, reply: Reply) -> None:
        """The answer to everything else."""
        self._farm.order(do="reply", host=self.name, asked=None, reply=pack(reply))

    @property
    def log(self) -> list[Request]:
        return [request for request in self._farm.log if request.host == self.name]

    @property
    def most_connections(self) -> int:
        """How many connections were open at once, at the most."""
        return max((event["open"] for event in self._farm.events() if event["host"] == self.name), default=0)


class Hosts(Mapping[str, Host]):
    """Servers of one kind, by name."""

    def __init__(self, hosts: Iterable[Host]) -> None:
        self._hosts = {host.name: host for host in hosts}

    def __getitem__(self, name: str) -> Host:
        return self._hosts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._hosts)

    def __len__(self) -> int:
        return len(self._hosts)

    @property
    def log(self) -> list[Request]:
        """What was asked since the start or the last time the lab forgot, in the order of its arrival."""
        return sorted((request for host in self.values() for request in host.log), key=lambda request: request.at)

    def latency(self, seconds: float) -> None:
        for host in self.values():
            host.latency(seconds)


class Farm:
    """Runs within `with`. `rdap`, `whois` and `web` are the servers."""

    rdap: Hosts
    whois: Hosts
    web: Hosts

    def __init__(self, folder: Path, trusted: Authority, unknown: Authority) -> None:
        self.folder = folder / "registries"
        self._trusted, self._unknown = trusted, unknown
        self._log = self.folder / "asked.jsonl"
        self._read = 0

    def __enter__(self) -> Farm:
        self.folder.mkdir()
        names = {"http": self._http_names(), "whois": dict.fromkeys(registries.WHOIS), "web": self._web_names()}
        servers = [
            {"name": name, "kind": kind, "host": HOST, "certificate": own and str(own[0]), "key": own and str(own[1])}
            for kind, owned in names.items()
            for name, own in owned.items()
        ]
        wanted = {"log": str(self._log), "trap": f"http://{HOST}:{{port}}/domain/x", "servers": servers}
        (self.folder / "servers.json").write_text(json.dumps(wanted, indent=1), "utf-8")
        self._daemon = Daemon(
            "serving",
            [sys.executable, "-m", "lab.serving", "servers.json"],
            self.folder,
            {**os.environ, "PYTHONPATH": str(PACKAGES)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            ports = self._answer()
        except BaseException:
            self._daemon.stop()
            raise
        hosts = [Host(one["name"], one["kind"], Address(HOST, ports[one["name"]]), self) for one in servers]
        self.rdap = Hosts(host for host in hosts if host.kind == "http")
        self.whois = Hosts(host for host in hosts if host.kind == "whois")
        self.web = Hosts(host for host in hosts if host.kind == "web")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._daemon.stop()

    @property
    def log(self) -> list[Request]:
        return [
            Request(event["at"], event["host"], event["asked"], event.get("headers", {}), event.get("body", ""))
            for event in self.events()
            if event["event"] == "asked"
        ]

    def events(self) -> Iterator[dict[str, Any]]:
        """Each connection opened and closed, each question asked."""
        with self._log.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if line.endswith(b"\n"):  # the last one may still be on its way
                    yield json.loads(line)

    def forget(self) -> None:
        """Empty logs, no latency, no replies but the registries' own."""
        self.order(do="forget")
        self._read = self._log.read_bytes().rfind(b"\n") + 1

    def order(self, **order: Any) -> None:
        stdin = self._daemon.process.stdin
        assert stdin is not None
        stdin.write(json.dumps(order).encode("ascii") + b"\n")
        stdin.flush()
        self._answer()

    def _answer(self) -> Any:
        stdout = self._daemon.process.stdout
        assert stdout is not None
        line = stdout.readline()
        if not line:
            self._daemon.process.wait()
            raise self._daemon.failed(f"ended with status {self._daemon.process.returncode}")
        return json.loads(line)

    def _web_names(self) -> dict[str, Any]:
        right = self._trusted.issue("web", web.ADDRESSES)
        strange = self._unknown.issue("web", (web.STRANGER,))
        wrong = {web.STRANGER: strange, web.OTHER: self._trusted.issue("web-other", ("else.test",)), web.PLAIN: None}
        return {**dict.fromkeys(web.ADDRESSES, right), **wrong}

    def _http_names(self) -> dict[str, Any]:
        """Server name -> its certificate and key, or None."""
        names = (registries.IANA, *registries.TOLD, *registries.BASES)
        right = self._trusted.issue("registries", names)
        return {
            **dict.fromkeys(names, right),
            STRANGER: self._unknown.issue("registries", (STRANGER,)),
            OTHER: right,
            PLAIN: None,
            TRAP: None,
        }
