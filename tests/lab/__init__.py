"""Real servers on loopback, started by the tests that need them; README.md beside this file says what they serve."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from . import web
from .certificates import Authority
from .daemon import Address
from .hosts import PLAIN, Farm, Hosts
from .nameservers import Dns


class Lab:
    """All that answers a look-up. Runs within `with`; every server's log and configuration stay in the folder.

    `trusted` is the authority that issued the servers' certificates; `addresses` says where a server is that a client knows by
    its name and port: ("rdap.apnic.net", 443), ("whois.jprs.jp", 43); web servers stand behind the public addresses that DNS has for them. Whoever comes to port 80 meets plain.test.
    """

    dns: Dns
    rdap: Hosts
    whois: Hosts
    web: Hosts
    trusted: Authority
    addresses: dict[tuple[str, int], Address]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = ExitStack()

    def __enter__(self) -> Lab:
        self.trusted = Authority(self.folder, "trusted")
        unknown = Authority(self.folder, "unknown")
        with ExitStack() as stack:  # what has started is stopped when the next does not start
            self._farm = stack.enter_context(Farm(self.folder, self.trusted, unknown))
            self.dns = stack.enter_context(Dns(self.folder, self.trusted))
            self._stack = stack.pop_all()
        self.rdap, self.whois, self.web = self._farm.rdap, self._farm.whois, self._farm.web
        self.addresses = {(name, 80): self.rdap[PLAIN].address for name in self.rdap}
        self.addresses |= {(host.name, 443): host.address for host in self.rdap.values()}
        self.addresses |= {(host.name, 43): host.address for host in self.whois.values()}
        for name, address in web.ADDRESSES.items():
            self.addresses[address, 443] = self.web[name].address
            self.addresses[address, 80] = self.web[web.PLAIN].address
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def forget(self) -> None:
        """As after the start: empty logs, no latency, no replies but the servers' own."""
        self.dns.forget()
        self._farm.forget()
