"""The lab's DNS does what it says, seen by dnspython."""

from __future__ import annotations

import base64
import socket
import ssl
import time
import urllib.request
from collections import Counter

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.reversename
import pytest

from . import Lab, zones
from .daemon import Address
from .nameservers import FAULTS, SLOW, TICK


def ask(front: Address, name: str, type_: str, seconds: float = 2.0) -> dns.message.Message:
    """Over UDP, and over TCP when the answer came cut."""
    question = dns.message.make_query(name, type_)
    return dns.query.udp_with_fallback(question, front.host, port=front.port, timeout=seconds)[0]


def told(answer: dns.message.Message) -> list[str]:
    """The answer's records, without aliases; TXT as one text of Latin-1."""
    return sorted(
        b"".join(record.strings).decode("latin-1") if hasattr(record, "strings") else record.to_text()
        for records in answer.answer
        for record in records
        if not dns.rdatatype.is_singleton(records.rdtype)
    )


def pointers(lab: Lab, ip: str) -> list[str]:
    return told(ask(lab.dns.plain, dns.reversename.from_address(ip).to_text(), "PTR"))


CASES = [
    ("w-support.jp", "A", ["202.226.37.191"]),
    ("w-support.jp", "NS", [f"ns{n}.xserver.jp." for n in range(1, 6)]),
    ("sv742.xserver.jp", "A", ["120.136.14.43"]),
    ("good.test", "MX", ["10 mail.good.test.", "20 backup.good.test."]),
    ("_dmarc.good.test", "TXT", ["v=DMARC1; p=reject; sp=quarantine; adkim=s; aspf=r; rua=mailto:dmarc@good.test"]),
    ("mail.good.test", "AAAA", ["2001:db8::10", "2620:4f:8000::10"]),
    ("nowhere.test", "A", []),
    ("43.14.136.120.origin.asn.cymru.com", "TXT", ["131965 | 120.136.8.0/21 | JP | apnic | 2008-05-28"]),
    (
        "AS3320.asn.cymru.com",
        "TXT",
        ["3320 | DE | ripencc | 1999-01-01 | DTAG Internet service provider operations, DE"],
    ),
    ("43.14.136.120.zen.spamhaus.org", "A", []),
    ("23.2.0.192.zen.spamhaus.org", "A", ["127.0.0.11", "127.0.0.2"]),
    ("24.2.0.192.zen.spamhaus.org", "A", ["127.255.255.254"]),
    ("2.0.0.127.addresses.blocklist.test", "A", ["127.0.0.2"]),
    ("1.0.0.127.dead.blocklist.test", "A", ["203.0.113.99"]),
    ("w-support.jp.names.blocklist.test", "A", ["127.0.1.4"]),
    ("d7.test", "A", ["198.51.100.107"]),
    ("markup.hostile.test", "TXT", ['<img src=x onerror=alert(1)>"><b>', "v=spf1 <script>alert(1)</script> -all"]),
    ("control.hostile.test", "TXT", ["\0\1\2\7\b\t\n\r\x1b[31mred\x7f\x9bend"]),
]


@pytest.mark.parametrize(("name", "type_", "expected"), CASES, ids=[f"{name} {type_}" for name, type_, _ in CASES])
@pytest.mark.parametrize("front", ["plain", "validating"])
def test_answers(lab: Lab, front: str, name: str, type_: str, expected: list[str]) -> None:
    assert expected == told(ask(getattr(lab.dns, front), name, type_))


@pytest.mark.parametrize(
    ("ip", "expected"),
    [
        ("120.136.14.43", ["sv742.xserver.jp."]),
        ("84.129.205.43", ["p5481cd2b.dip0.t-ipconnect.de."]),
        ("27.147.195.220", []),
        ("192.0.2.10", ["mail.good.test."]),
        ("192.31.196.11", ["mail.bank.test."]),
        ("192.0.2.12", []),
        ("192.0.2.15", ["alias.good.test."]),
        ("192.31.196.16", [r"<script>alert\032\(1\)\000\027</script>.hostile.test."]),
        ("2001:db8::10", ["mail.good.test."]),
        ("2620:4f:8000::11", ["mail.bank.test."]),
        ("2001:db8::12", []),
    ],
)
def test_reverse_names(lab: Lab, ip: str, expected: list[str]) -> None:
    assert expected == pointers(lab, ip)


def test_thousand_records(lab: Lab) -> None:
    """They come over TCP, since no datagram holds them."""
    cut = dns.query.udp(
        dns.message.make_query("many.test", "A"), lab.dns.plain.host, port=lab.dns.plain.port, timeout=2
    )
    assert cut.flags & dns.flags.TC
    for type_ in ("A", "TXT", "MX"):
        assert zones.MANY == len(told(ask(lab.dns.plain, "many.test", type_)))


@pytest.mark.parametrize("name", ["servfail.test", "below.refused.test", "3.113.0.203.in-addr.arpa"])
def test_refused_and_failed(lab: Lab, name: str) -> None:
    expected = dns.rcode.REFUSED if "refused" in name else dns.rcode.SERVFAIL
    assert expected == ask(lab.dns.plain, name, "A").rcode()


@pytest.mark.parametrize("name", ["lost.test", "list.lost.test", "2.193.52.192.in-addr.arpa"])
def test_lost(lab: Lab, name: str) -> None:
    """No answer comes, over UDP or TCP, and the log has the question."""
    for send in (dns.query.udp, dns.query.tcp):
        with pytest.raises((dns.exception.Timeout, EOFError)):
            send(dns.message.make_query(name, "A"), lab.dns.plain.host, port=lab.dns.plain.port, timeout=0.1)
    assert [("plain", name, "A")] * 2 == [asked[1:] for asked in lab.dns.log]


def test_truncated(lab: Lab) -> None:
    question = dns.message.make_query("truncated.test", "A")
    cut = dns.query.udp(question, lab.dns.plain.host, port=lab.dns.plain.port, timeout=2)
    assert (True, []) == (bool(cut.flags & dns.flags.TC), told(cut))
    assert ["192.0.2.80"] == told(ask(lab.dns.plain, "truncated.test", "A"))


@pytest.mark.parametrize(("front", "name", "least"), [("plain", "slow.test", SLOW), ("delayed", "good.test", 50)])
def test_late_answers(lab: Lab, front: str, name: str, least: int) -> None:
    """No answer comes before its time; how long after it depends on the machine."""
    address = lab.dns.plain if front == "plain" else lab.dns.delayed[50]
    begun = time.monotonic()
    assert told(ask(address, name, "A"))
    assert least / 1000 <= time.monotonic() - begun


def test_validation(lab: Lab) -> None:
    """AD comes from unbound alone, and what is signed with another key is refused by it."""
    for front, authenticated in ((lab.dns.plain, False), (lab.dns.validating, True)):
        question = dns.message.make_query("signed.test", "A", want_dnssec=True)
        answer = dns.query.udp(question, front.host, port=front.port, timeout=2)
        assert authenticated == bool(answer.flags & dns.flags.AD)
    assert dns.rcode.SERVFAIL == ask(lab.dns.validating, "bogus.test", "A").rcode()
    assert ["192.0.2.80"] == told(ask(lab.dns.plain, "bogus.test", "A"))


def test_tls(lab: Lab) -> None:
    question = dns.message.make_query("signed.test", "A", want_dnssec=True)
    ca = str(lab.trusted.certificate)
    host, port = lab.dns.tls
    answer = dns.query.tls(question, host, port=port, timeout=2, server_hostname="dns.lab.test", verify=ca)
    assert answer.flags & dns.flags.AD
    with pytest.raises(ssl.SSLCertVerificationError):
        dns.query.tls(question, host, port=port, timeout=2)
    assert ["tls"] == [asked.front for asked in lab.dns.log]


def test_https(lab: Lab) -> None:
    """RFC 8484 section 4.1, over HTTP/1.1, by the standard library."""
    wire = dns.message.make_query("w-support.jp", "A", id=0).to_wire()
    url = f"{lab.dns.https}?dns={base64.urlsafe_b64encode(wire).rstrip(b'=').decode()}"
    context = ssl.create_default_context(cafile=lab.trusted.certificate)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(url, timeout=2) as answer:
        assert ["202.226.37.191"] == told(dns.message.from_wire(answer.read()))
    assert [("https", "w-support.jp", "A")] == [asked[1:] for asked in lab.dns.log]


def test_log(lab: Lab) -> None:
    """Every question, in its order and with its time; forgotten on demand."""
    begun = time.time()
    for front, name, type_ in ((lab.dns.plain, "Good.TEST", "MX"), (lab.dns.delayed[50], "nowhere.test", "TXT")):
        ask(front, name, type_)
    assert [("plain", "good.test", "MX"), ("delayed-50", "nowhere.test", "TXT")] == [one[1:] for one in lab.dns.log]
    assert all(begun - TICK <= asked.at <= time.time() for asked in lab.dns.log)
    lab.dns.forget()
    assert [] == lab.dns.log


def test_in_flight(lab: Lab) -> None:
    """Questions one after the other never wait together; those sent at once do."""
    for _ in range(3):
        ask(lab.dns.delayed[50], "good.test", "A")
    assert 1 == lab.dns.most_in_flight(50)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.settimeout(5)
        for number in range(5):
            out.sendto(dns.message.make_query(f"d{number + 1}.test", "A").to_wire(), lab.dns.delayed[500])
        for _ in range(5):
            out.recv(4096)
    assert 5 == lab.dns.most_in_flight(500)
    assert Counter({"delayed-50": 3, "delayed-500": 5}) == Counter(asked.front for asked in lab.dns.log)


def test_faults_hide_what_is_there() -> None:
    """A fault stands before a name that would answer: who sees no answer has seen the fault, not a missing name."""
    assert {name for name in FAULTS if name.endswith(".test")} <= {path.stem for path in zones.SOURCE.glob("*.zone")}
