"""The lab's DNS: knot has the zones, unbound validates, dnsdist stands before both, makes faults by name and keeps the log.

Every front answers the same zones: `plain` at once, `delayed[n]` n milliseconds later (UDP only: dnsdist cannot hold back TCP),
`validating`, `tls` and `https` through unbound, with AD for signed.test and SERVFAIL for bogus.test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import dns.exception
import dns.message
import dns.query
import dns.rdatatype
from dns.rdtypes.dnskeybase import DNSKEYBase

from . import programs, web, zones
from .certificates import Authority
from .daemon import Address, Daemon, free_port

HOST = "127.0.0.53"
SLOW = 800  # milliseconds
TICK = 0.02  # seconds: dnsdist's clock may be the kernel's coarse one
SIGNED = ("signed.test", "bogus.test")
# What is asked at or below these names fares so, at every front.
FAULTS = {
    "slow.test": f"DelayAction({SLOW})",
    "lost.test": "DropAction()",
    "servfail.test": "RCodeAction(DNSRCode.SERVFAIL)",
    "refused.test": "RCodeAction(DNSRCode.REFUSED)",
    "truncated.test": "TCAction()",  # over UDP only
}
# The first question for the address of such a name is answered with a public one, each later one with loopback.
FAULTS["rebind.test"] = (
    "LuaAction(function(dq) local name = dq.qname:toString() if dq.qtype ~= DNSQType.A then return DNSAction.Nxdomain end "
    f'if asked[name] then return DNSAction.Spoof, "127.0.0.1" end asked[name] = true return DNSAction.Spoof, "{web.REBOUND}" end)'
)
# The same for reverse names: the last number of an address in 203.0.113.0/24 and 192.52.193.0/24.
FAULTS |= {
    f"{number}.{network}.in-addr.arpa": FAULTS[name]
    for network in ("113.0.203", "193.52.192")
    for number, name in enumerate(("slow.test", "lost.test", "servfail.test", "refused.test", "truncated.test"), 1)
}
# dnsdist: "[1795328229.540679967] Packet from 127.0.0.1:43849 for h1.test. A with id 58505"
LINE = re.compile(r"\[(?P<at>[\d.]+)\] Packet from \S+ for (?P<name>\S+) (?P<type>\S+) with id \d+\n")
# Reverse and test zones that unbound would otherwise answer with "no such name" by itself.
NODEFAULT = ("test.", "2.0.192.in-addr.arpa.", "100.51.198.in-addr.arpa.", "113.0.203.in-addr.arpa.")


class Asked(NamedTuple):
    """One question that a server received. `at` is in seconds since 1970; `name` is in lower case, without the last dot."""

    at: float
    front: str  # plain, delayed-50, validating, tls, https
    name: str
    type: str


class Dns:
    """Runs within `with`."""

    def __init__(self, folder: Path, authority: Authority, delays: Sequence[int] = (50, 500)) -> None:
        self.folder = folder / "dns"
        self._authority = authority
        self._daemons: list[Daemon] = []
        self._knot = Address(HOST, free_port(HOST))
        self._unbound = Address(HOST, free_port(HOST))
        self.plain = Address(HOST, free_port(HOST))
        self.validating = Address(HOST, free_port(HOST))
        self.delayed = {delay: Address(HOST, free_port(HOST)) for delay in delays}
        self.tls = Address(HOST, free_port(HOST))
        self._https = Address(HOST, free_port(HOST))
        self.https = f"https://{self._https}/dns-query"
        self._fronts = {"plain": self.plain, "validating": self.validating, "tls": self.tls, "https": self._https}
        self._fronts |= {f"delayed-{delay}": address for delay, address in self.delayed.items()}
        self._read: dict[str, int] = {}

    def __enter__(self) -> Dns:
        self.folder.mkdir()
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._daemons:
            self._daemons.pop().stop()

    @property
    def log(self) -> list[Asked]:
        """What was asked since the start or the last `forget`, in the order of its arrival."""
        return sorted(asked for front in self._fronts for asked in self._log_of(front))

    def forget(self) -> None:
        for front in self._fronts:
            path = self._log_path(front)
            self._read[front] = path.stat().st_size if path.exists() else 0

    def most_in_flight(self, delay: int) -> int:
        """The greatest number of questions that waited at once at the front that answers after `delay` milliseconds."""
        times = [asked.at for asked in self._log_of(f"delayed-{delay}")]
        return max((sum(at - delay / 1000 + TICK < other <= at for other in times) for at in times), default=0)

    def _log_path(self, front: str) -> Path:
        return self.folder / f"asked-{front}.log"

    def _log_of(self, front: str) -> list[Asked]:
        path = self._log_path(front)
        text = path.read_bytes()[self._read.get(front, 0) :].decode("ascii") if path.exists() else ""
        return [
            Asked(float(line["at"]), front, line["name"].rstrip(".").lower(), line["type"])
            for line in LINE.finditer(text)
        ]

    # -- starting

    def _start(self) -> None:
        (self.folder / "knot.conf").write_text(self._knot_configuration(zones.write(self.folder / "zones")), "utf-8")
        knot = self._daemon("knot", "knotd", "-c", "knot.conf")
        knot.wait_until(lambda: self._answers(self._knot))
        (self.folder / "unbound.conf").write_text(self._unbound_configuration(), "utf-8")
        (self.folder / "dnsdist.conf").write_text(self._dnsdist_configuration(), "utf-8")
        unbound = self._daemon("unbound", "unbound", "-d", "-p", "-c", "unbound.conf")
        dnsdist = self._daemon("dnsdist", "dnsdist", "--supervised", "--disable-syslog", "-C", "dnsdist.conf")
        dnsdist.wait_until(lambda: self._answers(self.plain))
        unbound.wait_until(lambda: self._answers(self.validating))
        self.forget()

    def _daemon(self, name: str, program: str, *arguments: str) -> Daemon:
        command: list[str | Path] = [programs.program("dns", program), *arguments]
        daemon = Daemon(name, command, self.folder, programs.environment("dns"))
        self._daemons.append(daemon)
        return daemon

    def _answers(self, address: Address) -> bool:
        question = dns.message.make_query("ns.lab.test", "A")
        try:
            return bool(dns.query.udp(question, address.host, port=address.port, timeout=0.2).answer)
        except (dns.exception.DNSException, OSError):
            return False

    def _knot_configuration(self, origins: Sequence[str]) -> str:
        listed = "".join(
            f'- domain: "{origin}"\n'
            + ("  dnssec-signing: on\n" if origin in SIGNED else "")
            + ('  file: "root.zone"\n' if origin == "." else "")
            for origin in origins
        )
        return f"""server:
  listen: {HOST}@{self._knot.port}
  rundir: {self.folder}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
log:
- target: stderr
  any: info
database:
  storage: {self.folder}
template:
- id: default
  storage: {self.folder}/zones
  file: "%s.zone"
  zonefile-sync: -1
  zonefile-load: whole
  journal-content: none
zone:
{listed}"""

    def _unbound_configuration(self) -> str:
        """bogus.test is to be signed with the key of signed.test, which it is not."""
        question = dns.message.make_query("signed.test", "DNSKEY", want_dnssec=True)
        answer = dns.query.tcp(question, self._knot.host, port=self._knot.port, timeout=5).answer
        [key] = [
            record
            for records in answer
            for record in records
            if isinstance(record, DNSKEYBase) and record.flags == 257  # the key-signing key, RFC 4034 section 2.1.1
        ]
        anchors = "".join(f'  trust-anchor: "{origin}. IN DNSKEY {key.to_text()}"\n' for origin in SIGNED)
        own = "".join(f'  local-zone: "{zone}" nodefault\n' for zone in (*NODEFAULT, "8.b.d.0.1.0.0.2.ip6.arpa."))
        return f"""server:
  interface: {HOST}@{self._unbound.port}
  do-daemonize: no
  use-syslog: no
  chroot: ""
  username: ""
  pidfile: ""
  directory: "{self.folder}"
  root-hints: ""
  num-threads: 1
  do-not-query-localhost: no
  qname-minimisation: no
  module-config: "validator iterator"
{anchors}{own}remote-control:
  control-enable: no
stub-zone:
  name: "."
  stub-addr: {self._knot.host}@{self._knot.port}
"""

    def _dnsdist_configuration(self) -> str:
        identity = self._authority.issue("dns", ("dns.lab.test",), (HOST,))
        lines = [
            'setACL({"127.0.0.0/8"})',
            'setSecurityPollSuffix("")',  # or it would ask its makers whether it is up to date
            f'setLocal("{self.plain}")',
            *(f'addLocal("{address}")' for address in (self.validating, *self.delayed.values())),
            f'addTLSLocal("{self.tls}", "{identity.certificate}", "{identity.key}")',
            f'addDOHLocal("{self._https}", "{identity.certificate}", "{identity.key}", "/dns-query")',
            # set up: no questions of its own to see whether they are there
            f'newServer({{address="{self._knot}", name="knot"}}):setUp()',
            f'newServer({{address="{self._unbound}", name="unbound", pool="validating"}}):setUp()',
        ]
        for front, address in self._fronts.items():
            log = f'LogAction("{self._log_path(front)}", false, true, false, false, true)'  # unbuffered, with the time
            lines.append(f"addAction(DSTPortRule({address.port}), {log})")
        lines += [f"addAction(DSTPortRule({address.port}), DelayAction({n}))" for n, address in self.delayed.items()]
        lines.append("asked = {}")
        for name, fault in FAULTS.items():
            rule = f'makeRule("{name}.")'
            if fault.startswith("TC"):
                rule = f"AndRule({{{rule}, TCPRule(false)}})"
            lines.append(f"addAction({rule}, {fault})")
        through = (self.validating, self.tls, self._https)
        lines += [f'addAction(DSTPortRule({address.port}), PoolAction("validating"))' for address in through]
        return "\n".join(lines) + "\n"
