"""The lab's RDAP and WHOIS servers do what they say, seen by http.client and a bare socket."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
import urllib.parse
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from . import Lab
from .faults import MARKUP, RDAP, WHOIS, network
from .hosts import OTHER, PLAIN, STRANGER, TRAP
from .replies import Reply

SECONDS = 5.0


@contextmanager
def get(lab: Lab, url: str, connection: http.client.HTTPConnection | None = None) -> Iterator[http.client.HTTPResponse]:
    """The answer to one GET, its body unread; over TLS to whoever listens for that name."""
    parts = urllib.parse.urlsplit(url)
    assert parts.hostname is not None
    made = connection or connect(lab, parts.hostname, parts.scheme == "https")
    try:
        made.request("GET", parts.path, headers={"Host": parts.hostname, "Accept": "application/rdap+json"})
        yield made.getresponse()
    finally:
        if not connection:
            made.close()


def connect(lab: Lab, host: str, tls: bool = True) -> http.client.HTTPConnection:
    address = lab.addresses[host, 443 if tls else 80]
    made = http.client.HTTPConnection(*address, timeout=SECONDS)
    if tls:
        context = ssl.create_default_context(cafile=lab.trusted.certificate)
        made.sock = context.wrap_socket(socket.create_connection(address, SECONDS), server_hostname=host)
    return made


def document(lab: Lab, url: str) -> Any:
    """The JSON at the end of its redirects."""
    for _ in range(5):
        with get(lab, url) as answer:
            if answer.status != 302:
                assert 200 == answer.status
                return json.load(answer)
            url = answer.headers["Location"]
    raise AssertionError(url)


def whois(lab: Lab, host: str, query: str) -> bytes:
    """All that the server says until it closes."""
    with socket.create_connection(lab.addresses[host, 43], SECONDS) as out:
        out.sendall(query.encode() + b"\r\n")
        return b"".join(iter(lambda: out.recv(65536), b""))


@pytest.mark.parametrize(
    ("url", "server", "name", "country"),
    [
        ("https://rdap.apnic.net/ip/120.136.14.43", "jpnic.rdap.apnic.net", "XSERVER", "JP"),
        ("https://rdap.apnic.net/ip/202.226.37.191", "jpnic.rdap.apnic.net", "XSERVER", "JP"),
        ("https://rdap.apnic.net/ip/27.147.195.220", "rdap.apnic.net", "LINK3-BD", "BD"),
        ("https://rdap.db.ripe.net/ip/84.129.205.43", "rdap.db.ripe.net", "DTAG-DIAL", "DE"),
        ("https://rdap.arin.net/registry/ip/192.31.196.1", "rdap.arin.net", "AS112-V4", None),
        ("https://rdap.arin.net/registry/ip/192.52.193.1", "rdap.afrinic.net", "EXAMPLE-KE", "KE"),
        ("https://rdap.arin.net/registry/ip/192.52.193.200", "rdap.lacnic.net", "", "BR"),
        ("https://rdap.arin.net/registry/ip/192.175.48.70", "krnic.rdap.apnic.net", "EXAMPLE-KR", "KR"),
        ("https://rdap.apnic.net/ip/203.0.113.130", "twnic.rdap.apnic.net", "EXAMPLE-TW-NET", "TW"),
        ("https://rdap.apnic.net/ip/2001:db8::10", "rdap.apnic.net", "DOCUMENTATION-AP", "AU"),
        ("https://rdap.arin.net/registry/ip/2620:4f:8000::10", "rdap.arin.net", "AS112-V6", None),
    ],
)
def test_networks(lab: Lab, url: str, server: str, name: str, country: str | None) -> None:
    """Each registry's, after the referrals that lead to it."""
    found = document(lab, url)
    assert ("ip network", name, country) == (found["objectClassName"], found["name"], found.get("country"))
    assert server == lab.rdap.log[-1].host


def test_domains(lab: Lab) -> None:
    """A thin registry and the registrar it leads to, a registry that tells more, and one that knows nobody."""
    thin = document(lab, "https://rdap.verisign.com/com/v1/domain/EXAMPLE.COM")
    [registrar] = [link["href"] for link in thin["links"] if link["rel"] == "related"]
    assert "Privacy service provided by Example Registrar" in json.dumps(document(lab, registrar))
    assert "Example Foundation" in json.dumps(
        document(lab, "https://rdap.publicinterestregistry.org/rdap/domain/example.org")
    )
    assert "d7.test" == document(lab, "https://rdap.registry.test/domain/d7.test")["ldhName"]
    with get(lab, "https://rdap.verisign.com/com/v1/domain/nobody.com") as answer:
        assert (404, 404) == (answer.status, json.load(answer)["errorCode"])


def test_registered_lately(lab: Lab) -> None:
    """Three days before now, whenever now is."""
    events = document(lab, "https://rdap.registry.test/domain/new.test")["events"]
    [created] = [event["eventDate"] for event in events if event["eventAction"] == "registration"]
    age = datetime.now(timezone.utc) - datetime.fromisoformat(created.replace("Z", "+00:00"))
    assert timedelta(days=3) <= age < timedelta(days=4)


def test_bootstrap(lab: Lab) -> None:
    """Every server that the bootstrap files name is there."""
    for name in ("dns", "ipv4", "ipv6", "asn"):
        for _, urls in document(lab, f"https://data.iana.org/rdap/{name}.json")["services"]:
            assert all((urllib.parse.urlsplit(url).hostname, 443) in lab.addresses for url in urls)


@pytest.mark.parametrize("name", [name for name, reply in RDAP.items() if reply.pace == "at once" and not reply.raw])
def test_faults_that_end(lab: Lab, name: str) -> None:
    with get(lab, f"https://rdap.registry.test/domain/{name}.test") as answer:
        assert RDAP[name].status == answer.status
        assert RDAP[name].body == answer.read()


def test_bomb() -> None:
    """A megabyte makes sixteen, and there is more."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    assert 16 << 20 == len(unpacker.decompress(RDAP["bomb"].body, 16 << 20))
    assert unpacker.unconsumed_tail and len(RDAP["bomb"].body) < 2 << 20


@pytest.mark.parametrize("name", ["endless", "headers", "drip", "never", "cut", "closed", "nothttp"])
def test_faults_that_do_not_end(lab: Lab, name: str) -> None:
    """Seen without a reader of HTTP: what has come when it ends, when there is enough of it, or when nothing comes."""
    made = connect(lab, "rdap.registry.test")
    made.sock.settimeout(0.3 if name == "never" else SECONDS)
    made.sock.sendall(f"GET /domain/{name}.test HTTP/1.1\r\nHost: rdap.registry.test\r\n\r\n".encode())
    got, ended = b"", False
    try:
        while len(got) < 1 << 20 and not ended:
            more = made.sock.recv(65536)
            got, ended = got + more, not more
            if name == "drip" and len(got.partition(b"\r\n\r\n")[2]) == 2:
                break
    except TimeoutError:
        pass
    made.close()
    head, _, body = got.partition(b"\r\n\r\n")
    expected = {
        "endless": (False, b"HTTP/1.1 200", 1 << 19),
        "headers": (False, b"HTTP/1.1 200", 0),
        "drip": (False, b"HTTP/1.1 200", 2),
        "never": (False, b"", 0),
        "cut": (True, b"HTTP/1.1 200", len(RDAP["cut"].body) // 2),
        "closed": (True, b"", 0),
        "nothttp": (True, b"220 mail.reg", 0),
    }[name]
    assert expected[:2] == (ended, head[:12])
    assert len(body) >= expected[2] if name == "endless" else len(body) == expected[2]


def test_trap(lab: Lab) -> None:
    """The redirect to loopback leads to a server that notes who comes."""
    with get(lab, "https://rdap.registry.test/domain/inside.test") as answer:
        location = urllib.parse.urlsplit(answer.headers["Location"])
    assert lab.rdap[TRAP].address == (location.hostname, location.port)
    assert [] == lab.rdap[TRAP].log
    made = http.client.HTTPConnection(*lab.rdap[TRAP].address, timeout=SECONDS)
    made.request("GET", location.path)
    made.getresponse().read()
    made.close()
    assert ["/domain/x"] == [request.asked for request in lab.rdap[TRAP].log]


@pytest.mark.parametrize(
    ("host", "error"),
    [(STRANGER, ssl.SSLCertVerificationError), (OTHER, ssl.SSLCertVerificationError), (PLAIN, ssl.SSLError)],
)
def test_wrong_tls(lab: Lab, host: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        connect(lab, host)


def test_plain_http(lab: Lab) -> None:
    with get(lab, "http://rdap.registry.test/domain/good.test") as answer:
        assert "good.test" == json.load(answer)["ldhName"]
    assert [(PLAIN, "rdap.registry.test")] == [(request.host, request.headers["host"]) for request in lab.rdap.log]


def test_told_reply(lab: Lab) -> None:
    """What a test tells a server holds until the lab forgets."""
    told = Reply(json.dumps(network("120.136.14.43", MARKUP)).encode())
    lab.rdap["rdap.apnic.net"].reply("/ip/120.136.14.43", told)
    assert MARKUP == document(lab, "https://rdap.apnic.net/ip/120.136.14.43")["name"]
    lab.rdap["rdap.apnic.net"].always(Reply(b"{}", 503))
    with get(lab, "https://rdap.apnic.net/ip/27.147.195.220") as answer:
        assert 503 == answer.status
    lab.forget()
    assert "XSERVER" == document(lab, "https://rdap.apnic.net/ip/120.136.14.43")["name"]


def test_server_without_a_register(lab: Lab) -> None:
    """One that is no registry answers what it was told, to a body too."""
    lab.rdap["safebrowsing.googleapis.com"].reply("/v5/hashes:search", Reply(b'{"fullHashes":[]}'))
    connection = connect(lab, "safebrowsing.googleapis.com")
    for _ in range(2):
        connection.request("POST", "/v5/hashes:search", b"body\r\n\r\n")
        assert b'{"fullHashes":[]}' == connection.getresponse().read()
    connection.request("GET", "/other")
    assert 404 == connection.getresponse().status
    connection.close()
    log = lab.rdap["safebrowsing.googleapis.com"].log
    assert [("/v5/hashes:search", "body\r\n\r\n")] * 2 + [("/other", "")] == [(one.asked, one.body) for one in log]


def test_latency_and_log(lab: Lab) -> None:
    lab.rdap.latency(0.05)
    lab.whois["whois.jprs.jp"].latency(0.05)
    begun, first = time.monotonic(), time.time()
    document(lab, "https://rdap.db.ripe.net/ip/84.129.205.43")
    whois(lab, "whois.jprs.jp", "w-support.jp/e")
    assert 0.1 <= time.monotonic() - begun
    assert ["/ip/84.129.205.43"] == [request.asked for request in lab.rdap.log]
    assert ["w-support.jp/e"] == [request.asked for request in lab.whois.log]
    assert first <= lab.rdap.log[0].at <= lab.whois.log[0].at <= time.time()
    lab.forget()
    assert ([], []) == (lab.rdap.log, lab.whois.log)


def test_connections(lab: Lab) -> None:
    """How many were open at once, however many there were; one connection carries several questions."""
    host = lab.rdap["rdap.registry.test"]
    for _ in range(3):
        document(lab, "https://rdap.registry.test/domain/good.test")
    made = [connect(lab, host.name) for _ in range(3)]
    for connection in made:
        for _ in range(2):
            with get(lab, "https://rdap.registry.test/domain/d1.test", connection) as answer:
                answer.read()
    assert 9 == len(host.log)
    assert 3 <= host.most_connections <= 6  # of the first three some may not have gone yet
    for connection in made:
        connection.close()


@pytest.mark.parametrize(
    ("host", "query", "charset", "parts"),
    [
        (
            "whois.jprs.jp",
            "w-support.jp",
            "utf-8",
            ["[登録者名]", "エックスサーバー株式会社", "[有効期限]", "ns5.xserver.jp"],
        ),
        (
            "whois.jprs.jp",
            "DOM w-support.jp/e",
            "ascii",
            ["[Registrant]                    Xserver Inc.", "2021/05/10"],
        ),
        (
            "whois.jprs.jp",
            "example.co.jp",
            "utf-8",
            ["f. [組織名]                     株式会社サンプル商事①", "Connected ("],
        ),
        ("whois.jprs.jp", "nobody.jp", "ascii", ["No match!!"]),
        ("whois.nic.ad.jp", "120.136.14.43", "iso-2022-jp", ["f. [組織名]", "o. [Abuse]                      abuse@"]),
        (
            "whois.nic.ad.jp",
            "NET 202.226.37.191/e",
            "ascii",
            ["202.226.36.0/22", "g. [Organization]               Xserver"],
        ),
        ("whois.kr", "192.175.48.70", "utf-8", ["기관명", "Organization Name  : Example Telecom"]),
        ("whois.kr", "example.co.kr", "utf-8", ["Registered Date             : 2007. 03. 02."]),
        ("whois.iana.org", "w-support.jp", "ascii", ["refer:        whois.jprs.jp"]),
        ("whois.iana.org", "84.129.205.43", "ascii", ["refer:        whois.ripe.net"]),
        ("whois.verisign-grs.com", "=example.com", "ascii", ["Registrar WHOIS Server: whois.registrar.test"]),
        ("whois.verisign-grs.com", "nobody.com", "ascii", ['No match for "NOBODY.COM".']),
        ("whois.registrar.test", "example.com", "ascii", ["Registrant Organization: Privacy service"]),
        ("whois.apnic.net", "120.136.14.43", "ascii", ["netname:        XSERVER", "source:         JPNIC"]),
        ("whois.ripe.net", "-B 84.129.205.43", "ascii", ["'abuse@dtag.example'", "country:        DE"]),
        ("whois.arin.net", "n + 192.0.2.1", "ascii", ["OrgAbuseEmail:  abuse@arin-member.example"]),
        ("whois.cymru.com", "-v 27.147.195.220", "ascii", ["23688   | 27.147.195.220    |"]),
    ],
)
def test_whois(lab: Lab, host: str, query: str, charset: str, parts: list[str]) -> None:
    answer = whois(lab, host, query)
    assert answer.count(b"\n") == answer.count(b"\r\n") > 0
    text = answer.decode(charset)
    assert [] == [part for part in parts if part not in text]
    assert [(host, query)] == [(request.host, request.asked) for request in lab.whois.log]


def test_whois_in_another_character_set(lab: Lab) -> None:
    lab.whois["whois.jprs.jp"].charset("iso-2022-jp")
    answer = whois(lab, "whois.jprs.jp", "w-support.jp")
    assert answer.isascii() and "エックスサーバー株式会社" in answer.decode("iso-2022-jp")


@pytest.mark.parametrize("name", [name for name, reply in WHOIS.items() if reply.pace in ("at once", "cut", "closed")])
def test_whois_faults_that_end(lab: Lab, name: str) -> None:
    lab.whois["whois.jprs.jp"].reply("w-support.jp", WHOIS[name])
    whole = WHOIS[name].body
    expected = {"cut": whole[: len(whole) // 2], "closed": b""}.get(WHOIS[name].pace, whole)
    assert expected == whois(lab, "whois.jprs.jp", "w-support.jp")


@pytest.mark.parametrize(("name", "least"), [("dead", 0), ("drip", 2), ("endless", 1 << 20)])
def test_whois_faults_that_do_not_end(lab: Lab, name: str, least: int) -> None:
    lab.whois["whois.kr"].always(WHOIS[name])
    with socket.create_connection(lab.addresses["whois.kr", 43], SECONDS if least else 0.3) as out:
        out.sendall(b"example.co.kr\r\n")
        if not least:
            with pytest.raises(TimeoutError):
                out.recv(1)
        got = 0
        while got < least:
            more = len(out.recv(65536))
            assert more, "it ended"
            got += more
